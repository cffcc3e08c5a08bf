"""The pages of training on the central team's host."""

from django.urls import URLPattern, path

from onboarding.training.views import central

app_name = "central_training"
urlpatterns: list[URLPattern] = [
    path("comuni/<slug:belfiore>/formazione/", central.training, name="training"),
    path("comuni/<slug:belfiore>/formazione/ambiente/", central.prepare, name="prepare"),
]
