"""Staff and minors for the demo identity page. Loaded only where the simulator is installed."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.simulator.people import FictionalPerson
from sportello.accounts.models import Account, Role, RoleGrant, Scheme
from sportello.kernel.fiscal_code import FiscalCode

MOST: Final = 20
BIRTHPLACE: Final = "A662"  # any place of the registry will do for an invented minor


def staff(today: date) -> Iterator[FictionalPerson]:
    """Everybody who holds a role today and enters with a digital identity."""
    current = RoleGrant.objects.filter(valid_during__contains=today).order_by("role")
    accounts = Account.objects.filter(scheme=Scheme.FISCAL_CODE, is_active=True, grants__in=current).distinct()
    for account in accounts.prefetch_related(Prefetch("grants", queryset=current))[:MOST]:
        roles = ", ".join(str(Role(grant.role).label) for grant in account.grants.all())
        yield FictionalPerson(
            fiscal_code=account.identifier,
            given_name=account.given_name,
            family_name=account.family_name,
            birth_date=account.birth_date or FiscalCode.parse(account.identifier).birth_date(today=today),
            email=account.email,
            description=roles,
        )


def minors(today: date) -> Iterator[FictionalPerson]:
    """One too young to enter, one old enough to enter but not to use the parents' services."""
    yield _minor("Viola", "Demarco", 13, today, _("13 anni: l'accesso è rifiutato"))
    yield _minor("Giada", "Demarco", 15, today, _("15 anni: entra solo nella partecipazione"))


def _minor(given_name: str, family_name: str, age: int, today: date, description: object) -> FictionalPerson:
    born = date(today.year - age, 1, 1)
    code = FiscalCode.compute(
        last_name=family_name, first_name=given_name, sex="F", birth_date=born, birthplace_code=BIRTHPLACE
    )
    return FictionalPerson(code.value, given_name, family_name, born, description=str(description))
