"""The URL map of the access host: where the identity providers speak with us. It belongs to no Comune."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("lingua/", set_language, name="set_language"),
    path("", include("sportello.accounts.urls_access")),
]
handler500 = "sportello.config.error_pages.server_error"
