"""Where a person lands after entering: the page from which she started, if it is one of this host."""

from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from sportello.accounts.models import Account, Role
from sportello.accounts.rules import ADULT_AGE, MINIMUM_AGE
from sportello.kernel import clock
from tenants.current import is_central

LONGEST = 500
PARTICIPATION = "/partecipazione/"
HOMES: Final = (
    (Role.CLERK, "office:home"),
    (Role.ADMINISTRATOR, "office:home"),
    (Role.ACCOUNTANT, "reconciliation:days"),
    (Role.SUPPORT, "support:list"),
    (Role.SCHOOL, "canteen:school"),
    (Role.ONBOARDER, "onboarding:list"),
)
"""Where those who work here begin; who has more roles, at the first of them."""


def safe_next(request: HttpRequest) -> str:
    """The parameter `next` as a path of this very host; empty for another host, scheme or a login page."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    login_pages = (reverse("accounts:login"), reverse("accounts:logout"))
    local = url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=request.is_secure())
    return path if local and path.startswith("/") and len(path) <= LONGEST and not path.startswith(login_pages) else ""


def age_for(path: str) -> int:
    """How old one must be for a page: the projects of the community are open from 14 years, all else to adults."""
    return MINIMUM_AGE if path.startswith(PARTICIPATION) else ADULT_AGE


def landing(account: Account, next_path: str) -> str:
    """`next_path`, or else the home of what the person does here."""
    if next_path:
        return next_path
    if is_central():
        return "/"
    today = clock.today()
    if account.is_minor_on(today):
        return _address("desk:participation")
    roles = account.roles_on(today)
    return _address(next((home for role, home in HOMES if role in roles), "desk:area"))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return "/"
