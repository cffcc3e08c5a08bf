"""The URL map of the provider's own host."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from integrations.spid_cie.simulator import logout_views, views

pages = [
    path("", logout_views.home, name="home"),
    path("<slug:scheme>/sso", views.sign_on, name="sign_on"),
    path("<slug:_scheme>/slo", logout_views.logged_out, name="logged_out"),
    path("sessioni/<str:name_id>/chiudi/", logout_views.close, name="close"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("lingua/", set_language, name="set_language"),
    path("", include((pages, "simulator"))),
]
