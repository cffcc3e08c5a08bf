"""From the Comune into its twin, without another password: who has entered there enters here, with the roles she has.

What she does in the twin touches no real person, so nothing more is asked than the code of `onboarding.crossing`.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.http import HttpRequest

from onboarding.crossing.passing import give_code, take_code
from onboarding.training.errors import NotOfStaff, NoTwin
from sportello.accounts.entering import open_session
from sportello.accounts.granting import grant_role
from sportello.accounts.models import Account, Role, RoleGrant, Scheme, WayIn
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import Section, StaffScope
from tenants.current import current_schema, in_schema
from tenants.models import Municipality
from tenants.twins import twin_of

STAFF: Final = frozenset({Role.CLERK, Role.ADMINISTRATOR, Role.SCHOOL, Role.SUPPORT})
LEVEL: Final = 2


@transaction.atomic
def give_passage(*, municipality: Municipality, account: Account, nonce_digest: str, now: datetime) -> str:
    """The code with which the account enters the twin; run in the Comune. Raises NoTwin, NotOfStaff, PassageRefused."""
    twin = twin_of(municipality)
    if twin is None:
        raise NoTwin
    if not account.roles_on(now.date()) & STAFF:
        raise NotOfStaff
    return give_code(account=account, towards=twin.schema_name, nonce_digest=nonce_digest, now=now)


@transaction.atomic
def enter_twin(*, request: HttpRequest, municipality: Municipality, code: str, nonce: str, now: datetime) -> Account:
    """Takes the code back and opens a session of the mirrored account; run in the twin of `municipality`.

    Her roles here become those that she has there today; a person of a school sees one school of the twin.
    Raises PassageRefused, NotOfStaff.
    """
    today, here = now.date(), current_schema()
    with in_schema(municipality.schema_name):
        there = take_code(code=code, towards=here, nonce=nonce, now=now)
        roles = there.roles_on(today) & STAFF
    if not roles:
        raise NotOfStaff
    account = _mirrored(there, roles, now)
    open_session(request=request, account=account, provider=WayIn.MIRROR.value, level=LEVEL, now=now)
    return account


def _mirrored(there: Account, roles: frozenset[Role], now: datetime) -> Account:
    """Her account in the twin: the same public id, a name, no fiscal code and no address."""
    account, _created = Account.objects.update_or_create(
        public_id=there.public_id,
        defaults={
            "scheme": Scheme.MIRROR,
            "identifier": str(there.public_id),
            "given_name": there.given_name,
            "family_name": there.family_name,
        },
    )
    today = now.date()
    for role in sorted(roles - account.roles_on(today)):
        grant_role(account=account, role=role, reason="ambiente di prova", actor=None, now=now)
    lost = RoleGrant.objects.filter(account=account, valid_during__contains=today).exclude(role__in=roles)
    for grant in lost.order_by("pk"):
        grant.valid_during = (grant.valid_during.lower, today)
        grant.save(update_fields=["valid_during"])
    if Role.SCHOOL in roles:
        _let_see_a_school(account, today)
    return account


def _let_see_a_school(account: Account, today: date) -> None:
    """The school with the first classes of the year: enough to call a roll."""
    year = SchoolYear.of(today)
    section = Section.objects.filter(school_year=year.start_year).order_by("school_id", "pk").first()
    if section is not None and not StaffScope.objects.filter(account=account).exists():
        StaffScope.objects.create(account=account, school=section.school, valid_during=year.period.bounds)
