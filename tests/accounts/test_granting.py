"""Roles and school scopes: given from a day, taken from a day, recorded, one at a time."""

from datetime import date, datetime, timedelta

import pytest

from sportello.accounts.errors import OwnRole, RoleAlreadyEnded, RoleAlreadyGranted, RoleNotAllowedHere
from sportello.accounts.granting import grant_role, register_person, revoke_role
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.kernel.clock import ROME
from sportello.kernel.fiscal_code import FiscalCode
from sportello.schools.scoping import (
    NoSchoolRole,
    ScopeAlreadyAssigned,
    ScopeAlreadyEnded,
    SectionOfAnotherSchool,
    assign_scope,
    end_scope,
    sections_visible_to,
)
from tests.factories import account, fiscal_code, school, scope, section

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ROME)
TODAY, TOMORROW = NOW.date(), NOW.date() + timedelta(days=1)


def fresh(person: Account) -> Account:
    """The same account without the roles remembered on the instance."""
    return Account.objects.get(pk=person.pk)


def test_a_role_is_given_from_today(bari: None) -> None:
    chief, person = account(Role.ADMINISTRATOR), account()
    grant_role(account=person, role=Role.CLERK, reason="ordine 12", actor=chief, now=NOW)
    assert fresh(person).roles_on(TODAY) == {Role.CLERK}
    assert fresh(person).roles_on(TODAY - timedelta(days=1)) == frozenset()
    event = Event.objects.get(action=Action.ROLE_GRANTED)
    assert (event.actor, event.subject, event.details) == (chief.pk, str(person.public_id), {"role": "clerk"})


def test_a_role_is_given_once(bari: None) -> None:
    person = account(Role.CLERK)
    with pytest.raises(RoleAlreadyGranted):
        grant_role(account=person, role=Role.CLERK, reason="", actor=None, now=NOW)


def test_the_central_role_lives_at_the_central_team_alone(bari: None) -> None:
    with pytest.raises(RoleNotAllowedHere):
        grant_role(account=account(), role=Role.CENTRAL, reason="", actor=None, now=NOW)


def test_the_central_team_has_no_clerks(central: None) -> None:
    with pytest.raises(RoleNotAllowedHere):
        grant_role(account=account(), role=Role.CLERK, reason="", actor=None, now=NOW)


def test_a_role_taken_counted_until_yesterday(bari: None) -> None:
    chief, person = account(Role.ADMINISTRATOR), account(Role.CLERK)
    revoke_role(grant=person.grants.get(), actor=chief, now=NOW)
    assert fresh(person).roles_on(TODAY) == frozenset()
    assert fresh(person).roles_on(TODAY - timedelta(days=1)) == {Role.CLERK}
    with pytest.raises(RoleAlreadyEnded):
        revoke_role(grant=person.grants.get(), actor=chief, now=NOW)
    assert Event.objects.get(action=Action.ROLE_REVOKED).details == {"role": "clerk"}


def test_a_role_of_today_is_taken_and_given_again(bari: None) -> None:
    chief, person = account(Role.ADMINISTRATOR), account()
    given = grant_role(account=person, role=Role.CLERK, reason="", actor=chief, now=NOW)
    revoke_role(grant=given, actor=chief, now=NOW)
    assert fresh(person).roles_on(TODAY) == frozenset()
    grant_role(account=person, role=Role.CLERK, reason="", actor=chief, now=NOW)
    assert fresh(person).roles_on(TODAY) == {Role.CLERK}


def test_nobody_takes_her_own_role(bari: None) -> None:
    chief = account(Role.ADMINISTRATOR)
    with pytest.raises(OwnRole):
        revoke_role(grant=chief.grants.get(), actor=chief, now=NOW)


def test_a_person_named_before_she_enters_is_the_one_who_enters(bari: None) -> None:
    code = FiscalCode.parse(fiscal_code())
    first = register_person(fiscal_code=code, given_name="Ada", family_name="Prima", email="")
    again = register_person(fiscal_code=code, given_name="Altra", family_name="Altra", email="")
    assert (first, again.given_name) == (again, "Ada")


def test_a_teacher_sees_her_classes_and_no_other(bari: None) -> None:
    ours, theirs = school(), school()
    mine, colleague = section(ours), section(ours)
    section(theirs)
    teacher = account(Role.SCHOOL)
    assert list(sections_visible_to(teacher, TODAY)) == []
    assign_scope(account=teacher, school=ours, section=mine, actor=None, now=NOW)
    assert list(sections_visible_to(fresh(teacher), TODAY)) == [mine]
    assign_scope(account=teacher, school=ours, section=None, actor=None, now=NOW)
    assert set(sections_visible_to(fresh(teacher), TODAY)) == {mine, colleague}


def test_a_scope_without_the_role_shows_nothing(bari: None) -> None:
    mine = section(school())
    person = account(Role.SCHOOL, valid_during=(date(2020, 1, 1), TODAY))
    scope(person, mine)
    assert list(sections_visible_to(person, TODAY)) == []


def test_the_office_sees_every_class(bari: None) -> None:
    made = {section(school()), section(school())}
    assert set(sections_visible_to(account(Role.CLERK), TODAY)) == made
    assert list(sections_visible_to(account(), TODAY)) == []


def test_a_scope_is_given_once_and_ends(bari: None) -> None:
    mine, chief, teacher = section(school()), account(Role.ADMINISTRATOR), account(Role.SCHOOL)
    given = assign_scope(account=teacher, school=mine.school, section=mine, actor=chief, now=NOW)
    with pytest.raises(ScopeAlreadyAssigned):
        assign_scope(account=teacher, school=mine.school, section=mine, actor=chief, now=NOW)
    end_scope(scope=given, actor=chief, now=NOW)
    assert list(sections_visible_to(teacher, TODAY)) == []
    with pytest.raises(ScopeAlreadyEnded):
        end_scope(scope=given, actor=chief, now=NOW)
    actions = Event.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [Action.SCOPE_ASSIGNED, Action.SCOPE_ENDED]


def test_a_scope_needs_the_role_and_a_class_of_the_school(bari: None) -> None:
    mine = section(school())
    with pytest.raises(NoSchoolRole):
        assign_scope(account=account(), school=mine.school, section=mine, actor=None, now=NOW)
    with pytest.raises(SectionOfAnotherSchool):
        assign_scope(account=account(Role.SCHOOL), school=school(), section=mine, actor=None, now=NOW)
