"""The URL map of the host of a Comune. Each room names its own paths in full."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

ROOMS = [
    "sportello.desk",
    "sportello.accounts",
    "sportello.schools",
    "sportello.notifications",
    "sportello.families",
    "sportello.means",
    "services_catalog",
    "sportello.fees",
    "sportello.billing",
    "sportello.billing.carts",
    "sportello.billing.credits",
    "sportello.billing.debts",
    "sportello.billing.receipts",
    "sportello.billing.issuing",
    "sportello.billing.ladder",
    "sportello.billing.documents",
    "sportello.billing.publishing",
    "sportello.billing.reconciliation",
    "sportello.billing.accounting",
    "sportello.applications",
    "sportello.enrolment",
    "sportello.canteen",
    "sportello.rollover",
    "onboarding",
    "onboarding.leaving",
    "onboarding.crossing",
    "onboarding.training",
    "onboarding.golive",
    "onboarding.shadow",
    "onboarding.assessment",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("lingua/", set_language, name="set_language"),
    path("api/v1/", include(("sportello.config.urls_api", "api"))),
    path("", include("sportello.desk.urls_jobs")),
    path("", include("sportello.desk.urls_office")),
    path("", include("sportello.desk.urls_staff")),
    path("", include("sportello.desk.urls_support")),
    path("", include("sportello.desk.urls_connectors")),
    path("", include("sportello.desk.urls_look")),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
]
if settings.DEMO:
    urlpatterns.append(path("", include("sportello.demo.urls")))

handler400 = "sportello.config.error_pages.bad_request"
handler403 = "sportello.config.error_pages.forbidden"
handler404 = "sportello.config.error_pages.not_found"
handler500 = "sportello.config.error_pages.server_error"
