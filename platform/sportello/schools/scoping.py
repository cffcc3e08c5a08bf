"""Which classes the people of a school may see: a whole school or single sections, for a period."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account, Role
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.schools.models import School, Section, StaffScope


class ScopeAlreadyAssigned(DomainError):
    def __init__(self) -> None:
        super().__init__(_("La persona vede già questa scuola o questa classe."))


class ScopeAlreadyEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'assegnazione è già terminata."))


class NoSchoolRole(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Prima assegna alla persona il ruolo della scuola."))


class SectionOfAnotherSchool(DomainError):
    def __init__(self) -> None:
        super().__init__(_("La classe non è della scuola scelta."))


def sections_visible_to(account: Account, today: date) -> QuerySet[Section]:
    """The sections that the account may see that day: all for the office, those of its scopes for a school.

    A scope counts only while the school role lasts; nobody else sees any.
    """
    roles = account.roles_on(today)
    if roles & {Role.CLERK, Role.ADMINISTRATOR}:
        return Section.objects.all()
    if Role.SCHOOL not in roles:
        return Section.objects.none()
    covering = StaffScope.objects.filter(
        account=account, valid_during__contains=today, school=OuterRef("school")
    ).filter(Q(section__isnull=True) | Q(section=OuterRef("pk")))
    return Section.objects.filter(Exists(covering))


def schools_governed_by(account: Account, today: date) -> QuerySet[School]:
    """The schools for the whole of which the account may speak that day: all for the office, else its whole scopes."""
    roles = account.roles_on(today)
    if roles & {Role.CLERK, Role.ADMINISTRATOR}:
        return School.objects.all()
    if Role.SCHOOL not in roles:
        return School.objects.none()
    whole = StaffScope.objects.filter(
        account=account, valid_during__contains=today, school=OuterRef("pk"), section__isnull=True
    )
    return School.objects.filter(Exists(whole))


@transaction.atomic
def assign_scope(
    *, account: Account, school: School, section: Section | None, actor: Account | None, now: datetime
) -> StaffScope:
    """Lets the account see the school (section None) or one of its sections, from today on.

    Raises NoSchoolRole, SectionOfAnotherSchool, ScopeAlreadyAssigned. `actor` is None when the demo is laid.
    """
    Account.objects.select_for_update().get(pk=account.pk)  # two assignments at once would both find nothing
    today = now.date()
    if Role.SCHOOL not in account.roles_on(today):
        raise NoSchoolRole
    if section is not None and section.school_id != school.pk:
        raise SectionOfAnotherSchool
    held = StaffScope.objects.filter(account=account, school=school, valid_during__contains=today)
    if held.filter(Q(section__isnull=True) | Q(section=section)).exists():
        raise ScopeAlreadyAssigned
    scope = StaffScope.objects.create(
        account=account, school=school, section=section, valid_during=DateRange(today).bounds
    )
    _record(Action.SCOPE_ASSIGNED, scope, actor, now)
    return scope


@transaction.atomic
def end_scope(*, scope: StaffScope, actor: Account, now: datetime) -> None:
    """Ends the scope at once: it counts until yesterday. Raises ScopeAlreadyEnded."""
    held = StaffScope.objects.select_for_update().get(pk=scope.pk)
    today = now.date()
    if held.valid_during.isempty or (held.valid_during.upper is not None and held.valid_during.upper <= today):
        raise ScopeAlreadyEnded
    held.valid_during = (held.valid_during.lower, today)
    held.save(update_fields=["valid_during"])
    _record(Action.SCOPE_ENDED, held, actor, now)


def _record(action: Action, scope: StaffScope, actor: Account | None, now: datetime) -> None:
    record(
        action=action,
        actor=actor.pk if actor else None,
        subject_kind="account",
        subject=scope.account.public_id,
        now=now,
        details={"school": scope.school.school_code, "section": scope.section_id},
    )
