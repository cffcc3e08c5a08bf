"""Where the central team leaves for a Comune."""

from django.urls import URLPattern, path

from onboarding.crossing.views import leaving

app_name = "central_crossing"
urlpatterns: list[URLPattern] = [
    path("comuni/<slug:belfiore>/caricamenti/", leaving.loads, name="loads"),
    path("comuni/<slug:belfiore>/caricamenti/passaggio/", leaving.passage, name="passage"),
]
