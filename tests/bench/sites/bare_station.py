"""The URL map of the payments' host with a view beside it that does nothing: what the station is measured by."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:  # as Django calls it
    """Answers nothing."""
    return HttpResponse(b"")


urlpatterns = [path("nulla/", nothing), path("", include("sportello.billing.receipts.urls_station"))]
