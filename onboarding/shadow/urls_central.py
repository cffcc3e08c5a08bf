"""The shadow month on the central team's host."""

from django.urls import URLPattern, path

from onboarding.shadow.views import central

app_name = "central_shadow"
urlpatterns: list[URLPattern] = [
    path("comuni/<slug:belfiore>/mese-di-prova/", central.overview, name="overview"),
]
