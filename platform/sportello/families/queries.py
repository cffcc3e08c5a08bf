"""Who is whose: the one door by which every room asks which children a person may see, and for which act."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from sportello.accounts.models import Account, Scheme
from sportello.families.models import Act, Adult, Child, Delegation, Guardianship, Pupil
from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person may do for a child she may see: all of it as its guardian, else the acts of a delegation."""

    delegation: Delegation | None = None

    @property
    def is_guardian(self) -> bool:
        """Whether nothing is kept from her."""
        return self.delegation is None

    def allows(self, act: Act) -> bool:
        """Whether she may do that."""
        return self.delegation is None or act in self.delegation.acts


def adult_of(account: Account) -> Adult | None:
    """The person of the families who has logged in: the adult with the same fiscal code."""
    code = account.fiscal_code
    return None if code is None else Adult.objects.filter(fiscal_code=code).first()


def children_of(account: Account, today: date) -> QuerySet[Child]:
    """The children of whom the person is guardian in force on that day, not barred by a court.

    For what a guardian alone may see or do; whatever may be delegated asks :func:`children_for`.
    """
    code = account.fiscal_code
    if code is None:
        return Child.objects.none()
    return Child.objects.filter(Exists(_acting(today).filter(child=OuterRef("pk"), adult__fiscal_code=code)))


def children_for(account: Account, act: Act, today: date) -> QuerySet[Child]:
    """The children for whom the person may do the act on that day: her own, and those delegated to her for it."""
    return _within_reach(account, [act], today)


def children_within_reach(account: Account, today: date) -> QuerySet[Child]:
    """The children for whom the person may do anything at all; what, :func:`reach_over` says."""
    return _within_reach(account, Act.values, today)


def reach_over(account: Account, children: Iterable[Child], today: date) -> dict[int, Reach]:
    """How far the person reaches over each of the children, by the child's id; no entry for one she may not see.

    Two queries, however many they are.
    """
    wanted = [child.pk for child in children]
    own = set(children_of(account, today).filter(pk__in=wanted).values_list("pk", flat=True))
    held = delegations_in_force(account, today).filter(child__in=wanted).select_related("granted_by")
    delegated = {one.child_id: Reach(one) for one in held}
    return delegated | {pk: Reach() for pk in own}


def delegations_in_force(account: Account, today: date) -> QuerySet[Delegation]:
    """The delegations that count for the person on that day.

    Not ended; of that day; given by somebody who still acts for the child; for a child from whom no court bars her.
    """
    return delegations_held(account, today).filter(valid_during__contains=today)


def delegations_held(account: Account, today: date) -> QuerySet[Delegation]:
    """Those that count for the person or will, as things stand: :func:`delegations_in_force` without its day."""
    code = account.fiscal_code
    if code is None:
        return Delegation.objects.none()
    held = Delegation.objects.filter(
        delegate_code=code, revoked_at__isnull=True, valid_during__endswith__gt=today
    ).filter(_granted_by_a_guardian(today))
    return held.exclude(child__in=barred_from(account, today))


def delegations_about(children: QuerySet[Child], today: date) -> list[tuple[Delegation, bool]]:
    """Every delegation ever given for the children, the last first; one query.

    Each with whether it may have effect: who gave it still acts for the child, who holds it is not barred from it.
    """
    barred = Guardianship.objects.filter(
        child=OuterRef("child"), adult__fiscal_code=OuterRef("delegate_code"), barred=True, valid_during__contains=today
    )
    about = Delegation.objects.filter(child__in=children).select_related("child", "granted_by")
    told = about.annotate(counts=Q(_granted_by_a_guardian(today)) & ~Exists(barred))
    return [(one, bool(one.counts)) for one in told]


def guardians_of(child: Child, today: date) -> QuerySet[Adult]:
    """The adults who act for the child on that day, those barred by a court left out."""
    return Adult.objects.filter(Exists(_acting(today).filter(child=child, adult=OuterRef("pk"))))


def guardians_by_child(children: Collection[int], today: date) -> dict[int, list[int]]:
    """Who acts for each of the children on that day, by id; those barred by a court left out. One query."""
    acting = _acting(today).filter(child__in=children).order_by("child", "pk")
    found: dict[int, list[int]] = {}
    for child_id, adult_id in acting.values_list("child", "adult"):
        found.setdefault(child_id, []).append(adult_id)
    return found


def homes_of_guardians(children: Iterable[Child], today: date) -> dict[int, frozenset[str]]:
    """The Belfiore codes of where those who act for each child live, by the child's id; one query."""
    acting = _acting(today).filter(child__in=[child.pk for child in children])
    homes: dict[int, frozenset[str]] = {}
    for child, home in acting.order_by("pk").values_list("child", "adult__residence_code"):
        homes[child] = homes.get(child, frozenset()) | {home}
    return homes


def accounts_of(adults: Collection[Adult] | QuerySet[Adult]) -> QuerySet[Account]:
    """The accounts of those among the adults who have ever entered."""
    return accounts_with(adult.fiscal_code for adult in adults if adult.fiscal_code)


def accounts_with(codes: Iterable[str | None]) -> QuerySet[Account]:
    """The accounts of those of these fiscal codes who have ever entered."""
    return Account.objects.filter(scheme=Scheme.FISCAL_CODE, identifier__among=list(codes))


def accounts_acting_for(children: Collection[int], today: date) -> list[tuple[Account, list[Child]]]:
    """Who is told of news about many children (by id) at once: each guardian's account with her children among them.

    One entry for a person however many her children are; those barred by a court are left out. Two queries.
    """
    of_code: dict[str, list[Child]] = {}
    acting = _acting(today).filter(child__in=children).select_related("child", "adult")
    for guardianship in acting.order_by("child__birth_date", "pk"):
        if guardianship.adult.fiscal_code:
            of_code.setdefault(guardianship.adult.fiscal_code, []).append(guardianship.child)
    accounts = Account.objects.filter(scheme=Scheme.FISCAL_CODE, identifier__in=list(of_code)).order_by("pk")
    return [(account, of_code[account.identifier]) for account in accounts]


def barred_from(account: Account, today: date) -> QuerySet[Child]:
    """The children whom a court keeps from the person on that day."""
    code = account.fiscal_code
    if code is None:
        return Child.objects.none()
    barred = Guardianship.objects.filter(
        child=OuterRef("pk"), adult__fiscal_code=code, barred=True, valid_during__contains=today
    )
    return Child.objects.filter(Exists(barred))


def _acting(today: date) -> QuerySet[Guardianship]:
    return Guardianship.objects.filter(barred=False, valid_during__contains=today)


def _within_reach(account: Account, acts: Collection[str], today: date) -> QuerySet[Child]:
    delegated = delegations_in_force(account, today).filter(child=OuterRef("pk"), acts__overlap=list(acts))
    own = children_of(account, today).filter(pk=OuterRef("pk"))
    return Child.objects.filter(Exists(own) | Exists(delegated))


def _granted_by_a_guardian(today: date) -> Exists:
    return Exists(_acting(today).filter(adult=OuterRef("granted_by"), child=OuterRef("child")))


def placement_on(child: Child, day: date) -> Pupil | None:
    """The section in which the child sits on that day, with its school; None when there is none."""
    return Pupil.objects.filter(child=child, valid_during__contains=day).select_related("section__school").first()


def placements_on(children: Iterable[Child], day: date) -> dict[int, Pupil]:
    """As :func:`placement_on` for many children at once, by the child's id."""
    placed = Pupil.objects.filter(child__in=[child.pk for child in children], valid_during__contains=day)
    return {pupil.child_id: pupil for pupil in placed.select_related("section__school")}


def placements_during(child: Child, period: DateRange) -> list[Pupil]:
    """The sections in which the child sits on some day of the period, each with its school; one query."""
    held = Pupil.objects.filter(child=child, valid_during__overlap=period.bounds)
    return list(held.select_related("section__school").order_by("valid_during"))


def siblings_of(child: Child) -> QuerySet[Child]:
    """The other children of the same household."""
    if child.household_id is None:
        return Child.objects.none()
    return Child.objects.filter(household=child.household_id).exclude(pk=child.pk)
