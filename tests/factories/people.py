"""Accounts, adults, children and what ties them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sportello.accounts.models import Account, Role, RoleGrant, Scheme
from sportello.families.models import Act, Adult, Child, Delegation, Guardianship, Household, PayerAssignment
from sportello.kernel import clock
from sportello.kernel.fiscal_code import FiscalCode
from tests.factories.numbering import ALWAYS, TODAY, next_number

type Period = tuple[date | None, date | None]
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")


def invented_name(number: int) -> str:
    """A name of four syllables that is different for 38,416 numbers in a row."""
    parts: list[str] = []
    for _ in range(4):
        number, place = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[place])
    return "".join(parts).capitalize()


def fiscal_code(
    *,
    family_name: str | None = None,
    given_name: str = "Prova",
    birth_date: date | None = None,
    sex: Literal["F", "M"] = "F",
    birthplace_code: str = "A662",
) -> str:
    """A valid fiscal code; different at each call unless everything is given."""
    number = next_number()
    return FiscalCode.compute(
        last_name=family_name or invented_name(number),
        first_name=given_name,
        sex=sex,
        birth_date=birth_date or date(1960, 1, 1) + timedelta(days=number),
        birthplace_code=birthplace_code,
    ).value


def account(*roles: Role, valid_during: Period = ALWAYS, **fields: Any) -> Account:
    """A person who logs in with a digital identity, with these roles (a local account would need a code as well)."""
    number = next_number()
    values = {
        "scheme": Scheme.FISCAL_CODE,
        "identifier": fiscal_code(),
        "given_name": "Prova",
        "family_name": invented_name(number),
        "email": f"utente{number}@example.org",
    }
    made = Account.objects.create(**{**values, **fields})
    for role in roles:
        grant(made, role, valid_during=valid_during)
    return made


def citizen(person: Adult | None = None, **fields: Any) -> Account:
    """The account of a citizen identified by fiscal code; of that adult when one is given."""
    if person is not None:
        known = {"identifier": person.fiscal_code, "email": person.email}
        fields = {**known, "given_name": person.given_name, "family_name": person.family_name, **fields}
    return account(**fields)


def grant(holder: Account, role: Role, *, valid_during: Period = ALWAYS) -> RoleGrant:
    """A role of an account, since 2020 unless said."""
    return RoleGrant.objects.create(account=holder, role=role, valid_during=valid_during)


def adult(**fields: Any) -> Adult:
    """An adult born in the sixties, with a mail address."""
    number = next_number()
    values: dict[str, Any] = {
        "given_name": "Adulta",
        "family_name": invented_name(number),
        "sex": "F",
        "birth_date": date(1980, 1, 1) + timedelta(days=number % 3650),
        "birthplace_code": "A662",
        "email": f"adulta{number}@example.org",
    }
    return Adult.objects.create(**_with_code({**values, **fields}))


def child(*guardians: Adult, payer_is_first: bool = True, **fields: Any) -> Child:
    """A child of primary school age; the adults given are its parents, the first of them pays."""
    number = next_number()
    values: dict[str, Any] = {
        "given_name": "Bimba",
        "family_name": guardians[0].family_name if guardians else invented_name(number),
        "sex": "F",
        "birth_date": date(2016, 1, 1) + timedelta(days=number % 1460),
        "birthplace_code": "A662",
        "residence_code": "A662",
    }
    if "household" not in fields:
        values["household"] = Household.objects.create()
    made = Child.objects.create(**_with_code({**values, **fields}))
    for guardian in guardians:
        guardianship(guardian, made)
    if guardians and payer_is_first:
        payer(guardians[0], made)
    return made


def guardianship(person: Adult, minor: Child, *, valid_during: Period = ALWAYS, **fields: Any) -> Guardianship:
    """The adult acts for the child."""
    return Guardianship.objects.create(adult=person, child=minor, valid_during=valid_during, **fields)


def delegation(
    minor: Child, giver: Adult, holder: Account | Adult, *acts: Act, valid_during: Period | None = None, **fields: Any
) -> Delegation:
    """The giver delegates the holder for those acts (all of them unless said), from yesterday for a month."""
    assert holder.fiscal_code is not None
    values: dict[str, Any] = {
        "granted_at": clock.now(),
        "delegate_code": holder.fiscal_code,
        "delegate_given_name": holder.given_name,
        "delegate_family_name": holder.family_name,
        "acts": [act.value for act in acts or Act],
        "valid_during": valid_during or (TODAY - timedelta(days=1), TODAY + timedelta(days=30)),
    }
    return Delegation.objects.create(child=minor, granted_by=giver, **{**values, **fields})


def payer(person: Adult, minor: Child, *, valid_during: Period = ALWAYS) -> PayerAssignment:
    """The adult pays for the child."""
    return PayerAssignment.objects.create(adult=person, child=minor, valid_during=valid_during)


@dataclass(frozen=True, slots=True)
class Family:
    """A parent who logs in, and her children."""

    account: Account
    parent: Adult
    children: list[Child]


def family(*, children: int = 1, **child_fields: Any) -> Family:
    """A parent with an account and as many children, who share one household."""
    parent = adult()
    household = Household.objects.create()
    made = [child(parent, household=household, **child_fields) for _ in range(children)]
    return Family(account=citizen(parent), parent=parent, children=made)


def _with_code(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the fiscal code they would give, unless one is named (None included)."""
    if "fiscal_code" in values:
        return values
    computed = fiscal_code(
        family_name=values["family_name"],
        given_name=values["given_name"],
        birth_date=values["birth_date"],
        sex=values["sex"],
        birthplace_code=values["birthplace_code"],
    )
    return {**values, "fiscal_code": computed}
