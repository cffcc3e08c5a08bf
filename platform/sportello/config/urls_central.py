"""The URL map of the central team's host."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sportello.accounts.urls")),
]
