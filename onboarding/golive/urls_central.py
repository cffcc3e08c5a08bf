"""The check-list on the central team's host."""

from django.urls import URLPattern, path

from onboarding.golive.views import central

app_name = "central_golive"
urlpatterns: list[URLPattern] = [
    path("comuni/<slug:belfiore>/avvio/", central.checks, name="checks"),
    path("comuni/<slug:belfiore>/avvio/giorno/", central.day, name="day"),
    path("comuni/<slug:belfiore>/avvio/prova/", central.rehearse, name="rehearse"),
    path("comuni/<slug:belfiore>/avvio/parti/", central.start, name="start"),
    path("comuni/<slug:belfiore>/avvio/ritorno/", central.take_back, name="take_back"),
    path("comuni/<slug:belfiore>/avvio/deroghe/<slug:code>/", central.waive, name="waive"),
    path("comuni/<slug:belfiore>/avvio/deroghe/<slug:code>/togli/", central.unwaive, name="unwaive"),
]
