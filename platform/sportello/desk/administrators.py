"""The first administrator of a Comune: named by the central team, she names all the others."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from sportello.accounts.granting import grant_role, register_person
from sportello.accounts.models import Account, Role, RoleGrant
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.fiscal_code import FiscalCode
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists
from tenants.stages import SchemaMissing


@dataclass(frozen=True, slots=True)
class Administrator:
    """An administrator of a Comune, as the central team sees her."""

    full_name: str
    since: date


def appoint_administrator(
    *,
    municipality: Municipality,
    fiscal_code: FiscalCode,
    given_name: str,
    family_name: str,
    email: str,
    actor: Account,
    now: datetime,
) -> None:
    """Registers the person in the Comune and makes her its administrator; recorded there and at the central team.

    She enters with her digital identity: no password is made. Raises SchemaMissing, RoleAlreadyGranted.
    """
    if not schema_exists(municipality.schema_name):
        raise SchemaMissing
    with transaction.atomic():
        with in_schema(municipality.schema_name):
            account = register_person(
                fiscal_code=fiscal_code, given_name=given_name, family_name=family_name, email=email
            )
            grant_role(
                account=account, role=Role.ADMINISTRATOR, reason="nomina della squadra centrale", actor=None, now=now
            )
            appointed = account.public_id
        record(
            action=Action.ROLE_GRANTED,
            actor=actor.pk,
            subject_kind="account",
            subject=appointed,
            now=now,
            details={"role": Role.ADMINISTRATOR.value, "municipality": municipality.belfiore_code},
        )


def administrators_of(municipality: Municipality, today: date) -> list[Administrator]:
    """Who administers the Comune today; nobody while it has no schema."""
    if not schema_exists(municipality.schema_name):
        return []
    with in_schema(municipality.schema_name):
        grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, valid_during__contains=today)
        ordered = grants.select_related("account").order_by("account__family_name", "account__given_name", "pk")
        return [Administrator(full_name=grant.account.full_name, since=grant.valid_during.lower) for grant in ordered]
