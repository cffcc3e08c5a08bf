"""Who may see a page. Decorators for views; a class-based view takes them through `method_decorator`.

Somebody unknown goes to the login page and comes back; somebody known without the right gets a page that says why.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, TypeGuard, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from sportello.accounts.models import Account, Role
from sportello.accounts.visits import visit_of
from sportello.kernel import clock


class IdentifiedRequest(HttpRequest):
    """A request whose `user` is an account: what a decorated view receives."""

    user: Account


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
type IdentifiedView[**P] = Callable[Concatenate[IdentifiedRequest, P], HttpResponseBase]


def entered[**P](view: IdentifiedView[P]) -> View[P]:
    """Anybody who has entered, of whatever age: for what concerns her own entrance."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_identified(request.user):
            return to_login(request)
        return view(cast("IdentifiedRequest", request), *args, **kwargs)

    return guarded


def identified[**P](view: IdentifiedView[P]) -> View[P]:
    """Any adult who has entered, citizen or staff. A minor with her own identity has no place in parents' services."""

    @entered
    @wraps(view)
    def guarded(request: IdentifiedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_minor_on(clock.today()):
            sentence = _("Questi servizi sono per i genitori: possono usarli le persone con almeno 18 anni.")
            return refuse(request, sentence, minor=True)
        return view(request, *args, **kwargs)

    return guarded


def in_person[**P](view: IdentifiedView[P]) -> IdentifiedView[P]:
    """Stands below `identified`: what only the person herself may do, never support on her behalf.

    A declaration under DPR 445/2000 is hers and nobody else's; so are what binds her to pay and her own entrance.
    """

    @wraps(view)
    def guarded(request: IdentifiedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visit = visit_of(request)
        if visit is not None:
            sentence = _("Questo può farlo solo %(name)s di persona: chi assiste prepara, ma non invia né firma.")
            return refuse(request, sentence % {"name": visit.citizen.full_name})
        return view(request, *args, **kwargs)

    return guarded


def role_required[**P](*roles: Role) -> Callable[[IdentifiedView[P]], View[P]]:
    """Only who holds one of the roles today."""

    def decorate(view: IdentifiedView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not is_identified(user):
                return to_login(request)
            if not user.roles_on(clock.today()).intersection(roles):
                return refuse(
                    request,
                    _("Questa pagina è riservata a chi ha il ruolo: %(roles)s.")
                    % {"roles": ", ".join(str(role.label) for role in roles)},
                )
            return view(cast("IdentifiedRequest", request), *args, **kwargs)

        return guarded

    return decorate


def is_identified(user: object) -> TypeGuard[Account]:
    """Whether somebody has entered completely: a local account counts only once its code was verified."""
    return isinstance(user, Account) and (not user.is_local or bool(user.is_verified()))  # type: ignore[attr-defined]


def to_login(request: HttpRequest) -> HttpResponse:
    """To the login page and back to this one; a fragment asked by htmx sends the whole page there."""
    htmx = request.headers.get("HX-Request") == "true"
    path = _page_of_htmx(request) if htmx else request.get_full_path()
    if not htmx and request.method not in {"GET", "HEAD"}:
        path = "/"  # what was posted is lost: do not come back to an address that only takes posts
    address = f"{reverse('accounts:login')}?{urlencode({'next': path})}"
    return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def refuse(request: HttpRequest, sentence: str, *, minor: bool = False) -> HttpResponse:
    """The page that says why not (403); it shows a minor where she may go."""
    return render(request, "errors/403.html", {"sentence": sentence, "minor": minor}, status=403)


def _page_of_htmx(request: HttpRequest) -> str:
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{page.path or '/'}{'?' + page.query if page.query else ''}"
