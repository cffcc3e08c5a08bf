"""Who has practised what: for the staff's page, the central team and the board."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from onboarding.training.exercise import Exercise, exercises_for
from onboarding.training.models import ExerciseDone
from sportello.accounts.models import Account, Role, RoleGrant
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists


@dataclass(frozen=True, slots=True)
class PersonTraining:
    """Somebody on the staff of a Comune: how many of the exercises of her roles she has done."""

    public_id: UUID
    full_name: str
    roles: frozenset[Role]
    done: int
    total: int

    @property
    def role_names(self) -> str:
        """Her roles in words."""
        return ", ".join(str(role.label) for role in sorted(self.roles))

    @property
    def is_trained(self) -> bool:
        """Whether nothing of her roles is left to practise."""
        return self.total > 0 and self.done == self.total


def training_of(municipality: Municipality, today: date) -> list[PersonTraining]:
    """The staff of a Comune today, by name; nobody while it has no schema. Three queries."""
    if not schema_exists(municipality.schema_name):
        return []
    with in_schema(municipality.schema_name):
        return trained_here(today)


def trained_here(today: date) -> list[PersonTraining]:
    """The staff of the current Comune, by name. Two queries."""
    return list(_people(today))


def administrators_trained(municipality: Municipality, today: date) -> int:
    """How many administrators have done every exercise of an administrator."""
    wanted = {(one.code, one.version) for one in exercises_for(frozenset({Role.ADMINISTRATOR}))}
    if not schema_exists(municipality.schema_name):
        return 0
    with in_schema(municipality.schema_name):
        held = _done_by_account()
        grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, valid_during__contains=today)
        accounts = set(grants.filter(account__is_active=True).order_by("pk").values_list("account_id", flat=True))
    return sum(wanted <= held.get(account, set()) for account in accounts)


def done_by(account: Account) -> dict[tuple[str, int], ExerciseDone]:
    """What one person has done, by code and version."""
    return {(one.exercise, one.version): one for one in ExerciseDone.objects.filter(account=account).order_by("pk")}


def _people(today: date) -> Iterator[PersonTraining]:
    grants = RoleGrant.objects.filter(valid_during__contains=today, account__is_active=True).select_related("account")
    roles: dict[Account, set[Role]] = {}
    for grant in grants.order_by("account__family_name", "account__given_name", "account_id"):
        roles.setdefault(grant.account, set()).add(Role(grant.role))
    held = _done_by_account()
    for account, hers in roles.items():
        wanted = exercises_for(frozenset(hers))
        if wanted:
            yield PersonTraining(
                public_id=account.public_id,
                full_name=account.full_name,
                roles=frozenset(hers),
                done=_count(wanted, held.get(account.pk, set())),
                total=len(wanted),
            )


def _done_by_account() -> dict[int, set[tuple[str, int]]]:
    held: dict[int, set[tuple[str, int]]] = {}
    rows = ExerciseDone.objects.order_by("pk").values_list("account_id", "exercise", "version")
    for account, code, version in rows:
        held.setdefault(account, set()).add((code, version))
    return held


def _count(wanted: tuple[Exercise, ...], held: set[tuple[str, int]]) -> int:
    return sum((one.code, one.version) in held for one in wanted)
