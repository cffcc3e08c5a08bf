"""Who may handle the loads of a Comune: its clerks and administrators; until it is live, the central team too."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from onboarding.crossing.central import hindrance
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, refuse, role_required
from sportello.kernel import clock
from tenants.current import current_municipality

type Handling[**P] = Callable[Concatenate[IdentifiedRequest, P], HttpResponseBase]
type Guarded[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def handles_loads[**P](view: Handling[P]) -> Guarded[P]:
    """The guard of every page of loads."""

    @role_required(Role.CLERK, Role.ADMINISTRATOR, Role.ONBOARDER)
    @wraps(view)
    def guarded(request: IdentifiedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        kept_out = hindrance(account=request.user, municipality=current_municipality(), today=clock.today())
        if kept_out is not None:
            return refuse(request, str(kept_out))
        return view(request, *args, **kwargs)

    return guarded
