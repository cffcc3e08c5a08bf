"""Where the central team arrives in a Comune."""

from django.urls import URLPattern, path

from onboarding.crossing.views import arriving

app_name = "crossing"
urlpatterns: list[URLPattern] = [
    path("ufficio/squadra-centrale/", arriving.enter, name="enter"),
    path("ufficio/squadra-centrale/arrivo/", arriving.arrive, name="arrive"),
]
