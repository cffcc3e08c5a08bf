"""The URL map of the host of a Comune."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sportello.desk.urls")),
    path("", include("sportello.accounts.urls")),
]
