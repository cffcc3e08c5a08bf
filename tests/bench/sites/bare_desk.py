"""The URL map of a Comune with a view that answers nothing: what a page of a logged-in person is measured by."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:  # as Django calls it
    """Answers nothing to somebody it knows."""
    return HttpResponse(b"" if request.user.is_authenticated else b"?")


urlpatterns = [path("nulla/", nothing), path("", include("sportello.config.urls_municipality"))]
