"""An edition is drafted, put in force by an act, followed by another; once in force nothing changes it."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from services_catalog.approval import propose_edition
from services_catalog.models import Edition, EditionStatus
from services_catalog.publication import (
    Act,
    ActMissing,
    EditionHasErrors,
    EditionNotDraft,
    LaterEditionInForce,
    copy_as_draft,
    discard_draft,
    put_in_force,
    revise_draft,
)
from services_catalog.queries import NoEditionInForce, edition_on
from sportello.audit.models import Action, Event
from sportello.kernel.dates import DateRange
from tenants.models import Municipality
from tests.factories.editions import NOW, act, canteen, draft, edition, edition_content
from tests.factories.numbering import YEAR
from tests.factories.people import account

NEW_YEAR = date(2027, 1, 1)


def test_a_draft_counts_for_nothing_until_an_act_puts_it_in_force(bari: Municipality) -> None:
    drafted = draft()
    with pytest.raises(NoEditionInForce):
        edition_on("mensa", date(2026, 11, 23))
    propose_edition(edition=drafted, actor=account(), now=NOW)
    another = account()
    held = put_in_force(edition=drafted, act=act(), actor=another, now=NOW)
    assert edition_on("mensa", date(2026, 11, 23)) == held
    assert (held.status, held.period, held.revision) == (EditionStatus.IN_FORCE, YEAR.period, 1)
    events = Event.objects.filter(action=Action.EDITION_CHANGED, subject=str(held.pk)).order_by("pk")
    assert [event.details["event"] for event in events] == ["drafted", "proposed", "put_in_force"]
    assert [event.actor for event in events][::2] == [None, another.pk]


def test_a_new_revision_from_a_date_closes_the_one_before(bari: Municipality) -> None:
    first = edition()
    dearer = edition_content(fees={"base": {"kind": "single_price", "amount": "4.00"}})
    second = edition(first.service, content=dearer, valid_from=NEW_YEAR)
    first.refresh_from_db()
    assert (first.status, first.period) == (EditionStatus.IN_FORCE, DateRange(YEAR.period.start, NEW_YEAR))
    assert edition_on("mensa", date(2026, 12, 31)) == first
    assert edition_on("mensa", NEW_YEAR) == second
    assert second.revision == 2


def test_a_revision_of_the_whole_year_supersedes_the_one_before(bari: Municipality) -> None:
    first = edition()
    second = edition(first.service)
    first.refresh_from_db()
    assert first.status == EditionStatus.SUPERSEDED
    assert edition_on("mensa", date(2026, 9, 1)) == second


def test_a_revision_of_the_whole_year_follows_two_editions(bari: Municipality) -> None:
    first = edition()
    second = edition(first.service, valid_from=NEW_YEAR)
    edition(first.service)
    assert {row.status for row in Edition.objects.filter(pk__in=[first.pk, second.pk])} == {EditionStatus.SUPERSEDED}


def test_an_edition_that_runs_past_the_school_year_is_not_cut_in_two(bari: Municipality) -> None:
    drafted = draft()
    other = draft(drafted.service, school_year=YEAR.next)
    put_in_force(edition=other, act=act(), actor=None, now=NOW, valid_from=date(2027, 8, 1))
    with pytest.raises(LaterEditionInForce):
        put_in_force(edition=drafted, act=act(), actor=None, now=NOW)


def test_an_edition_with_a_hole_is_not_put_in_force(bari: Municipality) -> None:
    holed = {"kind": "flat_bands", "bands": [{"isee_to": "3500", "amount": "1"}, {"isee_from": "3501", "amount": "2"}]}
    drafted = draft(content=edition_content(fees={"base": holed}))
    with pytest.raises(EditionHasErrors) as refused:
        put_in_force(edition=drafted, act=act(), actor=None, now=NOW)
    assert [finding.code for finding in refused.value.findings] == ["gap"]


def test_an_edition_without_an_act_is_not_put_in_force(bari: Municipality) -> None:
    with pytest.raises(ActMissing):
        put_in_force(edition=draft(), act=Act(number="12"), actor=None, now=NOW)


def test_only_a_draft_may_be_changed_or_thrown_away(bari: Municipality) -> None:
    held = edition()
    with pytest.raises(EditionNotDraft):
        revise_draft(edition=held, content=edition_content(), actor=None, now=NOW)
    with pytest.raises(EditionNotDraft):
        discard_draft(edition=held, actor=None, now=NOW)
    drafted = copy_as_draft(edition=held, valid_from=NEW_YEAR, actor=None, now=NOW)
    changed = edition_content(fees={"base": {"kind": "single_price", "amount": "4.00"}})
    revised = revise_draft(edition=drafted, content=changed, actor=None, now=NOW)
    assert revised.rules == changed
    assert revised.fingerprint != held.fingerprint
    discard_draft(edition=drafted, actor=None, now=NOW)
    assert list(Edition.objects.all()) == [held]


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "act_number = 'altro'",
        "fingerprint = 'x'",
        "school_year = 2027",
        "status = 'draft'",
        "valid_during = daterange('2026-09-01', '2028-09-01')",
        "valid_during = daterange('2026-10-01', '2027-09-01')",
        "valid_during = 'empty'",
    ],
)
def test_the_database_refuses_to_change_an_edition_in_force(bari: Municipality, change: str) -> None:
    held = edition()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE services_catalog_edition SET {change} WHERE id = %s", [held.pk])


def test_the_database_refuses_to_delete_an_edition_that_was_in_force(bari: Municipality) -> None:
    held = edition()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        held.delete()


def test_the_database_refuses_two_editions_in_force_on_one_day(bari: Municipality) -> None:
    held = edition()
    other = draft(canteen())
    other.status, other.act_number, other.act_date = EditionStatus.IN_FORCE, "1", held.act_date
    with pytest.raises(IntegrityError, match="edition_in_force_no_overlap"), transaction.atomic():
        other.save()
