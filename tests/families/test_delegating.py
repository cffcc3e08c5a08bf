"""A mother delegates a grandmother for some acts and some days; either parent revokes, the grandmother renounces."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sportello.accounts.models import Account
from sportello.audit.models import Action, Event
from sportello.families.delegating import delegate, revoke
from sportello.families.errors import (
    AlreadyDelegated,
    AlreadyGuardian,
    DelegateBarred,
    DelegationAlreadyEnded,
    DelegationNotYours,
    NoActs,
    NotAGuardian,
)
from sportello.families.models import Act, Adult, Child, Delegation, DelegationEnd, Guardianship
from sportello.families.queries import Reach, children_for, children_within_reach, reach_over
from sportello.families.rules import Delegate
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.fiscal_code import FiscalCode
from sportello.notifications.models import Notice, OutboxMail
from tenants.models import Municipality
from tests.factories import adult, child, citizen, delegation, family, guardianship
from tests.factories.people import Family

TODAY = date(2026, 11, 23)
MONTH = DateRange(TODAY, date(2026, 12, 23))


@pytest.fixture
def mother(bari: Municipality) -> Family:
    return family()


@pytest.fixture
def grandmother(bari: Municipality) -> Adult:
    return adult(given_name="Rosa", family_name="Loiacono", birth_date=date(1955, 3, 8))


def named(person: Adult) -> Delegate:
    assert person.fiscal_code is not None
    return Delegate(FiscalCode.parse(person.fiscal_code), person.given_name, person.family_name)


def delegated(mother: Family, person: Adult, *acts: Act, **changes: Any) -> Delegation:
    stated: dict[str, Any] = {
        "child": mother.children[0],
        "delegate": named(person),
        "acts": acts or [Act.SEE],
        "period": MONTH,
        "actor": mother.account,
        "now": clock.now(),
    }
    return delegate(**{**stated, **changes})


def seen_by(account: Account, day: date = TODAY) -> dict[Act, list[Child]]:
    return {act: list(children_for(account, act, day)) for act in Act}


def test_the_grandmother_does_what_she_was_delegated_for_and_nothing_else(mother: Family, grandmother: Adult) -> None:
    made, holder = delegated(mother, grandmother, Act.SEE, Act.PAY), citizen(grandmother)
    assert seen_by(holder) == {Act.SEE: mother.children, Act.PAY: mother.children, Act.APPLY: []}
    reach = reach_over(holder, mother.children, TODAY)
    assert reach == {mother.children[0].pk: Reach(made)}
    assert [reach[mother.children[0].pk].allows(act) for act in Act] == [True, True, False]
    assert reach_over(mother.account, mother.children, TODAY) == {mother.children[0].pk: Reach()}


def test_it_counts_from_its_first_day_to_its_last(mother: Family, grandmother: Adult) -> None:
    delegated(mother, grandmother, period=DateRange.inclusive(date(2026, 12, 1), date(2026, 12, 31)))
    holder = citizen(grandmother)
    days = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [bool(children_within_reach(holder, day)) for day in days] == [False, True, True, False]


def test_it_is_recorded_without_names(mother: Family, grandmother: Adult) -> None:
    made = delegated(mother, grandmother, Act.SEE)
    event = Event.objects.get(action=Action.DELEGATION_GRANTED)
    assert (event.actor, event.subject) == (mother.account.pk, str(made.public_id))
    assert event.details == {"child": str(mother.children[0].public_id), "acts": ["see"]}


def test_the_other_parent_and_the_delegate_are_told_and_no_name_is_written(mother: Family, grandmother: Adult) -> None:
    father, barred = adult(given_name="Pietro"), adult(given_name="Ezio")
    guardianship(father, mother.children[0])
    guardianship(barred, mother.children[0], barred=True)
    told = {citizen(father), citizen(grandmother)}
    citizen(barred)
    made = delegated(mother, grandmother)
    notices = list(Notice.objects.all())
    assert {notice.account for notice in notices} == told
    assert OutboxMail.objects.count() == 2
    for notice in notices:
        assert mother.children[0].given_name not in notice.subject + notice.body
        assert notice.link == "/area/deleghe/"
    revoke(delegation=made, actor=mother.account, now=clock.now())
    assert {notice.account for notice in Notice.objects.filter(key__endswith=":ended")} == told


def test_both_parents_revoke_at_once(mother: Family, grandmother: Adult) -> None:
    father = adult()
    guardianship(father, mother.children[0])
    made, holder, other = delegated(mother, grandmother), citizen(grandmother), citizen(father)
    now = clock.now()
    ended = revoke(delegation=made, actor=other, now=now)
    assert (ended.revoked_at, ended.revoked_by, ended.end_reason) == (now, other, DelegationEnd.REVOKED)
    assert list(children_within_reach(holder, TODAY)) == []
    assert Event.objects.get(action=Action.DELEGATION_REVOKED).actor == other.pk
    with pytest.raises(DelegationAlreadyEnded):
        revoke(delegation=made, actor=mother.account, now=now)


def test_the_grandmother_renounces(mother: Family, grandmother: Adult) -> None:
    made, holder = delegated(mother, grandmother), citizen(grandmother)
    assert revoke(delegation=made, actor=holder, now=clock.now()).end_reason == DelegationEnd.RENOUNCED
    assert list(children_within_reach(holder, TODAY)) == []
    assert Event.objects.get(action=Action.DELEGATION_RENOUNCED).actor == holder.pk
    assert Notice.objects.get(key__endswith=":ended").account == mother.account


def test_nobody_else_ends_it(mother: Family, grandmother: Adult) -> None:
    made = delegated(mother, grandmother)
    for stranger in (citizen(), family().account):
        with pytest.raises(DelegationNotYours):
            revoke(delegation=made, actor=stranger, now=clock.now())
    assert Delegation.objects.get().revoked_at is None


def test_after_a_revocation_a_new_one_is_given(mother: Family, grandmother: Adult) -> None:
    made = delegated(mother, grandmother)
    with pytest.raises(AlreadyDelegated):
        delegated(mother, grandmother, Act.PAY)
    revoke(delegation=made, actor=mother.account, now=clock.now())
    delegated(mother, grandmother, Act.PAY)
    assert seen_by(citizen(grandmother)) == {Act.SEE: [], Act.PAY: mother.children, Act.APPLY: []}


def test_only_a_guardian_who_is_not_barred_delegates(mother: Family, grandmother: Adult) -> None:
    for actor in (citizen(), family().account, citizen(grandmother)):
        with pytest.raises(NotAGuardian):
            delegated(mother, adult(), actor=actor)
    Guardianship.objects.filter(adult=mother.parent).update(barred=True)
    with pytest.raises(NotAGuardian):
        delegated(mother, grandmother)
    assert Delegation.objects.count() == 0


def test_a_delegate_does_not_delegate_further(mother: Family, grandmother: Adult) -> None:
    delegated(mother, grandmother, *Act)
    with pytest.raises(NotAGuardian):
        delegated(mother, adult(), actor=citizen(grandmother))


def test_not_to_the_other_parent_nor_to_who_is_barred_nor_for_nothing(mother: Family, grandmother: Adult) -> None:
    father, barred, minor = adult(), adult(), mother.children[0]
    guardianship(father, minor)
    # The order begins within the days of the delegation.
    guardianship(barred, minor, valid_during=(date(2020, 1, 1), date(2026, 12, 1)))
    guardianship(barred, minor, valid_during=(date(2026, 12, 1), None), barred=True)
    with pytest.raises(AlreadyGuardian):
        delegated(mother, father)
    with pytest.raises(DelegateBarred):
        delegated(mother, barred)
    with pytest.raises(NoActs):
        delegated(mother, grandmother, acts=[])
    assert (Delegation.objects.count(), Notice.objects.count()) == (0, 0)


def barred_today(mother: Family) -> None:
    Guardianship.objects.filter(adult=mother.parent).update(barred=True)


def ended_yesterday(mother: Family) -> None:
    Guardianship.objects.filter(adult=mother.parent).update(valid_during=(date(2020, 1, 1), TODAY))


@pytest.mark.parametrize("loses", [barred_today, ended_yesterday])
def test_it_stops_when_who_gave_it_acts_no_more(
    mother: Family, grandmother: Adult, loses: Callable[[Family], None]
) -> None:
    delegated(mother, grandmother, *Act)
    holder = citizen(grandmother)
    loses(mother)
    assert seen_by(holder) == {act: [] for act in Act}


def test_a_delegation_never_opens_a_child_from_whom_a_court_keeps_the_delegate(mother: Family) -> None:
    barred, minor = adult(), mother.children[0]
    delegation(minor, mother.parent, barred)
    guardianship(barred, minor, barred=True)
    assert seen_by(citizen(barred)) == {act: [] for act in Act}


def test_the_database_refuses_what_makes_no_sense(mother: Family, grandmother: Adult) -> None:
    minor, now = mother.children[0], clock.now()
    live = delegation(minor, mother.parent, grandmother)
    wrong: list[dict[str, Any]] = [
        {"acts": []},
        {"acts": ["fly"]},
        {"valid_during": (TODAY, None)},
        {"valid_during": (None, TODAY)},
        {"valid_during": (TODAY, TODAY)},
        {"delegate_code": "rosa"},
        {"revoked_at": now},
        {"end_reason": "revoked"},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            delegation(minor, mother.parent, adult(), **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        delegation(minor, mother.parent, grandmother)
    end = {"revoked_at": now, "revoked_by": mother.account, "end_reason": "revoked"}
    Delegation.objects.filter(pk=live.pk).update(**end)
    delegation(minor, mother.parent, grandmother)
    delegation(child(mother.parent), mother.parent, grandmother)
    assert Delegation.objects.count() == 3


def test_one_child_delegated_opens_no_sibling(bari: Municipality, grandmother: Adult) -> None:
    made = family(children=2)
    delegation(made.children[1], made.parent, grandmother, Act.SEE)
    assert seen_by(citizen(grandmother))[Act.SEE] == [made.children[1]]


def test_tomorrow_it_is_over_tonight_it_counts(mother: Family, grandmother: Adult) -> None:
    delegated(mother, grandmother, period=DateRange.one_day(TODAY))
    holder = citizen(grandmother)
    assert list(children_within_reach(holder, TODAY)) == mother.children
    assert list(children_within_reach(holder, TODAY + timedelta(days=1))) == []
