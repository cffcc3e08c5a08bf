"""The pages of training on the host of a Comune and on that of its twin."""

from django.urls import URLPattern, path

from onboarding.training.views import office, passage

app_name = "training"
urlpatterns: list[URLPattern] = [
    path("ufficio/formazione/", office.mine, name="mine"),
    path("ufficio/formazione/elenco-di-prova.csv", office.roster, name="roster"),
    path("ufficio/formazione/ambiente/", office.prepare, name="prepare"),
    path("ufficio/formazione/<slug:code>/", office.exercise, name="exercise"),
    path("ufficio/formazione/<slug:code>/controlla/", office.check, name="check"),
    path("formazione/entra/", passage.enter, name="enter"),
    path("formazione/passaggio/", passage.passage, name="passage"),
    path("formazione/arrivo/", passage.arrive, name="arrive"),
]
