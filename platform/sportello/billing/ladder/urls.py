from django.urls import path

from sportello.billing.ladder.views import office, people

app_name = "ladder"
OF_RUN = "ufficio/solleciti/<uuid:public_id>/"
urlpatterns = [
    path("ufficio/solleciti/", office.runs, name="runs"),
    path("ufficio/solleciti/regole/", office.rules, name="rules"),
    path("ufficio/solleciti/persone/<uuid:public_id>/", people.payer, name="payer"),
    path(OF_RUN, office.run, name="run"),
    path(f"{OF_RUN}elenco/<slug:file_format>/", office.injunctions, name="injunctions"),
    path(f"{OF_RUN}lettere/", office.letters, name="letters"),
    path(f"{OF_RUN}lettere/<uuid:payer>/", office.letter, name="letter"),
]
