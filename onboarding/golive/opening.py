"""A Comune that is not live is closed to families: they read what is offered and when it opens, and do nothing yet.

The staff work as ever, so that the month of trial is a month of real work. A live Comune pays nothing for this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from onboarding.golive.standing import chosen_day, last_return
from sportello.accounts.models import Account
from sportello.kernel import clock
from tenants.models import Municipality, Stage

READ: Final = ("/servizi/", "/quanto-pagherei/", "/appuntamento/", "/api/v1/")
"""What everybody may read before the start: the sheets of the services, where the office is, and the public API, which
only reads and tells the same public facts: what an act decided is public from that act on.
"""
STAFF: Final = ("/ufficio/", "/scuola/", "/assistenza/", "/formazione/", "/accedi/", "/esci/", "/lingua/")
"""Doors of the staff, which ask for roles by themselves."""
LOOK: Final = ("/tema/", "/stemma/")
UNAVAILABLE: Final = 503


@dataclass(frozen=True, slots=True)
class Opening:
    """What families are told: the notice of who took the Comune back, or the day chosen for the start."""

    notice: str
    day: date | None


class OpeningMiddleware:
    """Stands after the session: who works here goes in anyway."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        municipality: Municipality | None = getattr(request, "municipality", None)
        if municipality is None or municipality.stage == Stage.LIVE or request.path.startswith(LOOK):
            return self.get_response(request)
        request.opening = opening_of(municipality)  # type: ignore[attr-defined]  # read by the frame of the pages
        if request.path == "/" or request.path.startswith(READ + STAFF) or _works_here(request):
            return self.get_response(request)
        return render(request, "golive/closed.html", {}, status=UNAVAILABLE)


def opening_of(municipality: Municipality) -> Opening:
    """What to tell families of a Comune that is not live; a day that has passed is not told."""
    back, day = last_return(municipality), chosen_day(municipality)
    later = day is not None and day.day >= clock.today() and (back is None or day.chosen_at > back.made_at)
    return Opening(notice=back.notice if back is not None else "", day=day.day if day is not None and later else None)


def _works_here(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, Account) and bool(user.roles_on(clock.today()))
