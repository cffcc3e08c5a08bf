"""Giving and taking roles: dated, and recorded."""

from datetime import date, datetime

from django.db import transaction

from sportello.accounts.errors import OwnRole, OwnSupport, RoleAlreadyEnded, RoleAlreadyGranted, RoleNotAllowedHere
from sportello.accounts.models import Account, EndReason, Role, RoleGrant, Scheme
from sportello.accounts.sessions import close_all_sessions
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.dates import DateRange
from sportello.kernel.fiscal_code import FiscalCode
from tenants.current import is_central


@transaction.atomic
def grant_role(
    *, account: Account, role: Role, reason: str, actor: Account | None, now: datetime, until: date | None = None
) -> RoleGrant:
    """Gives the role from today on, up to the day before `until`, or without end.

    `actor` is None only when the central team's grant comes from outside this Comune. The central role exists in the
    central team's schema and nowhere else, and is the only one there. Nobody makes herself a supporter. Raises
    RoleNotAllowedHere, RoleAlreadyGranted, OwnSupport.
    """
    if (role == Role.CENTRAL) != is_central():
        raise RoleNotAllowedHere
    if role == Role.SUPPORT and actor is not None and actor.pk == account.pk:
        raise OwnSupport
    Account.objects.select_for_update().get(pk=account.pk)  # two grants at once would both find nothing
    today = now.date()
    if RoleGrant.objects.filter(account=account, role=role, valid_during__contains=today).exists():
        raise RoleAlreadyGranted
    grant = RoleGrant.objects.create(
        account=account, role=role, valid_during=DateRange(today, until).bounds, granted_by=actor, reason=reason
    )
    record(
        action=Action.ROLE_GRANTED,
        actor=actor.pk if actor else None,
        subject_kind="account",
        subject=account.public_id,
        now=now,
        details={"role": role.value},
    )
    return grant


@transaction.atomic
def revoke_role(*, grant: RoleGrant, actor: Account, now: datetime) -> None:
    """Ends the role at once: it counts until yesterday. A grant of today is emptied, and its row stays.

    Who is left without any role is put out of every browser: she enters again as the citizen she is.
    Raises RoleAlreadyEnded, and OwnRole so that a Comune never locks itself out.
    """
    held = RoleGrant.objects.select_for_update(of=("self",)).select_related("account").get(pk=grant.pk)
    today = now.date()
    if held.account_id == actor.pk:
        raise OwnRole
    if held.valid_during.isempty or (held.valid_during.upper is not None and held.valid_during.upper <= today):
        raise RoleAlreadyEnded
    held.valid_during = (held.valid_during.lower, today)
    held.save(update_fields=["valid_during"])
    record(
        action=Action.ROLE_REVOKED,
        actor=actor.pk,
        subject_kind="account",
        subject=held.account.public_id,
        now=now,
        details={"role": held.role},
    )
    if not RoleGrant.objects.filter(account=held.account_id, valid_during__contains=today).exists():
        close_all_sessions(account=held.account, reason=EndReason.ROLE, actor=actor.pk, now=now)


@transaction.atomic
def register_person(*, fiscal_code: FiscalCode, given_name: str, family_name: str, email: str) -> Account:
    """The account of a person named by an officer before her first entrance; an existing one is left as it is."""
    account, _created = Account.objects.get_or_create(
        scheme=Scheme.FISCAL_CODE,
        identifier=fiscal_code.value,
        defaults={"given_name": given_name, "family_name": family_name, "email": email},
    )
    return account
