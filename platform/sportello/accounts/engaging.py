"""Taking somebody on: an account and its first role, together or not at all."""

from datetime import datetime

from django.db import transaction

from sportello.accounts.granting import grant_role, register_person
from sportello.accounts.local_accounts import open_local_account
from sportello.accounts.models import Account, Role
from sportello.kernel.fiscal_code import FiscalCode


@transaction.atomic
def engage_person(
    *,
    fiscal_code: FiscalCode,
    given_name: str,
    family_name: str,
    email: str,
    role: Role,
    reason: str,
    actor: Account,
    now: datetime,
) -> Account:
    """A person who will enter with her digital identity. Raises RoleNotAllowedHere, RoleAlreadyGranted."""
    account = register_person(fiscal_code=fiscal_code, given_name=given_name, family_name=family_name, email=email)
    grant_role(account=account, role=role, reason=reason, actor=actor, now=now)
    return account


@transaction.atomic
def engage_local(
    *,
    identifier: str,
    given_name: str,
    family_name: str,
    email: str,
    role: Role,
    reason: str,
    actor: Account,
    now: datetime,
) -> tuple[Account, str]:
    """A person with a local account, and the token of its activation link. Raises IdentifierTaken as well."""
    account, token = open_local_account(
        identifier=identifier, given_name=given_name, family_name=family_name, email=email, actor=actor, now=now
    )
    grant_role(account=account, role=role, reason=reason, actor=actor, now=now)
    return account, token
