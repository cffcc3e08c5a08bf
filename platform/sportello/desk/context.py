"""What every page's frame needs: whose desk this is, how it looks, and where one can go from here."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from sportello.accounts.models import Account, Role
from sportello.accounts.permissions import is_identified
from sportello.accounts.visits import visit_of
from sportello.desk.navigation import CENTRAL, CITIZEN, DESKS, MINOR, OFFICE, PUBLIC, SCHOOL, Item, items
from sportello.kernel import clock
from sportello.notifications.models import Notice
from tenants.branding import theme_name
from tenants.models import Municipality


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context for templates/base: municipality (None at the central team's), theme_css_url, logo_url, navigation,
    desks, unread_notices, support_visit (None unless support acts as somebody), demo_mode, opening
    (None unless the Comune is closed to families). What costs a query is a
    function, called once by the template that draws it.
    """
    municipality: Municipality | None = getattr(request, "municipality", None)
    account = _account(request)
    return {
        "municipality": municipality,
        "theme_css_url": reverse("look:theme", args=[theme_name(municipality)]) if municipality else "",
        "logo_url": _logo(municipality),
        "navigation": cache(lambda: _navigation(request, account)),
        "desks": cache(lambda: _desks(request, account)),
        "unread_notices": cache(lambda: _unread(request, account)),
        "support_visit": visit_of(request),
        "demo_mode": settings.DEMO,
        "opening": getattr(request, "opening", None),
    }


def _account(request: HttpRequest) -> Account | None:
    user = getattr(request, "user", None)
    return user if is_identified(user) else None


def _logo(municipality: Municipality | None) -> str:
    if municipality is None or not municipality.coat_of_arms:
        return ""
    return reverse("look:coat_of_arms", args=[str(municipality.coat_of_arms).rpartition("/")[2]])


def _roles(account: Account | None) -> frozenset[Role]:
    return account.roles_on(clock.today()) if account else frozenset()


def _navigation(request: HttpRequest, account: Account | None) -> list[Item]:
    path = request.path
    if getattr(request, "municipality", None) is None:
        at_a_comune = path.startswith("/comuni/")
        return items(CENTRAL, roles=_roles(account), path="/" if at_a_comune else path)
    if path.startswith("/ufficio/"):
        return items(OFFICE, roles=_roles(account), path=path)
    if path.startswith("/scuola/"):
        return items(SCHOOL, roles=_roles(account), path=path)
    if account is None:
        return items(PUBLIC, roles=frozenset(), path=path)
    if account.is_minor_on(clock.today()):
        return items(MINOR, roles=frozenset(), path=path)
    return items(CITIZEN, roles=frozenset(), path=path, counts={"unread": _unread(request, account)})


def _desks(request: HttpRequest, account: Account | None) -> list[Item]:
    """The desks that the person may enter, for the menu under her name."""
    if account is None or getattr(request, "municipality", None) is None:
        return []
    return items(DESKS, roles=_roles(account), path=request.path)


def _unread(request: HttpRequest, account: Account | None) -> int:
    if account is None:
        return 0
    known: int | None = getattr(request, "unread_count", None)
    if known is None:
        known = Notice.objects.filter(account=account, read_at__isnull=True).count()
        request.unread_count = known  # type: ignore[attr-defined]  # remembered for this request
    return known
