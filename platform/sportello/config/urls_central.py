"""The URL map of the central team's host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("lingua/", set_language, name="set_language"),
    path("", include("onboarding.leaving.urls_central")),
    path("", include("sportello.desk.urls_central")),
    path("", include("onboarding.assessment.urls_central")),
    path("", include("onboarding.board.urls_central")),
    path("", include("sportello.desk.urls_staff")),
    path("", include("sportello.accounts.urls")),
    path("", include("sportello.desk.urls_jobs")),
    path("", include("sportello.notifications.urls")),
    path("", include("onboarding.crossing.urls_central")),
    path("", include("onboarding.training.urls_central")),
    path("", include("onboarding.golive.urls_central")),
    path("", include("onboarding.shadow.urls_central")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("sportello.demo.urls")))

handler400 = "sportello.config.error_pages.bad_request"
handler403 = "sportello.config.error_pages.forbidden"
handler404 = "sportello.config.error_pages.not_found"
handler500 = "sportello.config.error_pages.server_error"
