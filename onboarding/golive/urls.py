"""The check-list on the host of the Comune."""

from django.urls import URLPattern, path

from onboarding.golive.views import office

app_name = "golive"
urlpatterns: list[URLPattern] = [
    path("ufficio/avvio/", office.mine, name="mine"),
    path("ufficio/avvio/giorno/", office.day, name="day"),
    path("ufficio/avvio/prova/", office.rehearse, name="rehearse"),
]
