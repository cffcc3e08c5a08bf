"""The people who work for the services of a Comune: roles and school scopes, for the administrator's page."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from sportello.accounts.models import Account, RoleGrant
from sportello.schools.models import StaffScope


@dataclass(frozen=True, slots=True)
class Member:
    """A person with her roles and scopes of today."""

    account: Account
    grants: list[RoleGrant]
    scopes: list[StaffScope]


def staff_on(day: date) -> QuerySet[Account]:
    """The accounts that hold a role that day, with `grants` and `school_scopes` of that day ready: three queries."""
    current = RoleGrant.objects.filter(valid_during__contains=day)
    scopes = StaffScope.objects.filter(valid_during__contains=day).select_related("school", "section")
    return Account.objects.filter(Exists(current.filter(account=OuterRef("pk")))).prefetch_related(
        Prefetch("grants", queryset=current.order_by("role", "pk")),
        Prefetch("school_scopes", queryset=scopes.order_by("school__name", "section_id", "pk")),
    )


def member(account: Account, day: date) -> Member:
    """One person of the staff, also without a role left."""
    return Member(
        account=account,
        grants=list(account.grants.filter(valid_during__contains=day).order_by("role", "pk")),
        scopes=list(
            account.school_scopes.filter(valid_during__contains=day)
            .select_related("school", "section")
            .order_by("school__name", "section_id", "pk")
        ),
    )
