"""From the central team into a Comune that is not live yet, to bring its exports in: both sides keep a record of it.

Her account in the Comune opens the pages of loads and nothing else, for a day; the Comune sees her among its staff, by
name, and may suspend her. Once the Comune is live nobody of the team enters any more, nor goes on who was in.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from onboarding.crossing.errors import AlreadyLive, NotOfTheTeam, ShutOutHere
from onboarding.crossing.passing import give_code, take_code
from sportello.accounts.entering import open_session
from sportello.accounts.granting import grant_role
from sportello.accounts.models import Account, Role, RoleGrant, Scheme, WayIn
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.models import Municipality, Stage
from tenants.provisioning import schema_exists
from tenants.stages import SchemaMissing

LEVEL: Final = 2
A_DAY: Final = timedelta(days=1)


@transaction.atomic
def send_into(*, municipality: Municipality, account: Account, nonce_digest: str, now: datetime) -> str:
    """The code with which a member of the team enters the Comune, on record; run in the central team's schema.

    Raises SchemaMissing, AlreadyLive, NotOfTheTeam, PassageRefused.
    """
    _check_open(municipality)
    if Role.CENTRAL not in account.roles_on(now.date()):
        raise NotOfTheTeam
    code = give_code(account=account, towards=municipality.schema_name, nonce_digest=nonce_digest, now=now)
    record(
        action=Action.COMUNE_ENTERED,
        actor=account.pk,
        subject_kind="municipality",
        subject=municipality.belfiore_code,
        now=now,
    )
    return code


@transaction.atomic
def receive(*, request: HttpRequest, municipality: Municipality, code: str, nonce: str, now: datetime) -> Account:
    """Takes the code back and opens a session in the Comune in which it runs; entrance and role are on record there.

    Raises SchemaMissing, AlreadyLive, PassageRefused, NotOfTheTeam, ShutOutHere.
    """
    _check_open(municipality)
    with in_schema(settings.CENTRAL_SCHEMA):
        member = take_code(code=code, towards=municipality.schema_name, nonce=nonce, now=now)
    if not _is_of_the_team(member, now.date()):
        raise NotOfTheTeam
    account, _created = Account.objects.update_or_create(
        public_id=member.public_id,
        defaults={
            "scheme": Scheme.CENTRAL,
            "identifier": str(member.public_id),
            "given_name": member.given_name,
            "family_name": member.family_name,
        },
    )
    if not account.is_active:
        raise ShutOutHere
    if Role.ONBOARDER not in account.roles_on(now.date()):
        grant_role(
            account=account,
            role=Role.ONBOARDER,
            reason="squadra centrale",
            actor=None,
            now=now,
            until=now.date() + A_DAY,
        )
    open_session(request=request, account=account, provider=WayIn.CENTRAL.value, level=LEVEL, now=now)
    return account


def hindrance(*, account: Account, municipality: Municipality, today: date) -> DomainError | None:
    """What keeps somebody from the loads of the Comune in spite of her role; asked at each page of theirs.

    Nothing for the Comune's own staff. One of the team must still be of it, and the Comune not live.
    """
    if account.scheme != Scheme.CENTRAL:
        return None
    if municipality.stage == Stage.LIVE:
        return AlreadyLive()
    return None if _is_of_the_team(account, today) else NotOfTheTeam()


def _is_of_the_team(account: Account, today: date) -> bool:
    with in_schema(settings.CENTRAL_SCHEMA):
        held = RoleGrant.objects.filter(role=Role.CENTRAL, valid_during__contains=today)
        return held.filter(account__public_id=account.public_id, account__is_active=True).exists()


def why_closed(municipality: Municipality) -> DomainError | None:
    """Why the team cannot enter this Comune at all; None where it can."""
    if not schema_exists(municipality.schema_name):
        return SchemaMissing()
    return AlreadyLive() if municipality.stage == Stage.LIVE else None


def _check_open(municipality: Municipality) -> None:
    closed = why_closed(municipality)
    if closed is not None:
        raise closed
