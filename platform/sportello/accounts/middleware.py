"""Each request is asked whether its session still counts."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sportello.accounts.sessions import still_open
from sportello.kernel import clock


class OpenSessionMiddleware:
    """Shows an ended session the door. Stands after the authentication and the messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without the cookie there is nothing to ask, and the probes live in no schema that has sessions.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "municipality"):
            read_before = request.session.accessed
            if still_open(request=request, now=clock.now()):
                # What is public stays so: our own look at the session makes no page vary on the cookie.
                request.session.accessed = read_before
            else:
                logout(request)
        return self.get_response(request)
