"""What PostgreSQL itself keeps: one price a day among the sent and among the drafts, and a sent decision for ever."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from services_catalog.models import Edition
from sportello.families.models import Child
from sportello.fees.models import PriceDecision
from tenants.models import Municipality
from tests.factories import child
from tests.factories.editions import edition as edition_in_force

INSERT = """
INSERT INTO fees_pricedecision (child_id, service_id, edition_id, valid_during, unit_price_cents, unit, inputs, steps,
                                decided_at, status, version, sent_at, ends)
VALUES (%s, %s, %s, %s, 190, 'meal', '{}', '[]', now(), %s, %s, CASE WHEN %s = 'draft' THEN NULL ELSE now() END, %s)
RETURNING id
"""
AUTUMN, WINTER, NOVEMBER = "[2026-09-01,2027-01-01)", "[2027-01-01,2027-09-01)", "[2026-11-01,2026-12-01)"


@pytest.fixture
def mensa(bari: Municipality) -> Edition:
    return edition_in_force()


@pytest.fixture
def minor(mensa: Edition) -> Child:
    return child()


def write(
    minor: Child, edition: Edition, days: str, *, status: str = "sent", version: int = 1, ends: bool = False
) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        values = [minor.pk, edition.service_id, edition.pk, days, status, version, status, ends]
        cursor.execute(INSERT, values)
        return int(cursor.fetchone()[0])


def sql(statement: str, *values: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def test_two_sent_decisions_never_share_a_day(minor: Child, mensa: Edition) -> None:
    write(minor, mensa, AUTUMN)
    write(minor, mensa, WINTER, version=2)
    with pytest.raises(IntegrityError, match="price_sent_no_overlap"):
        write(minor, mensa, NOVEMBER, version=3)
    write(child(), mensa, NOVEMBER)


def test_two_drafts_never_share_a_day_and_a_draft_may_lie_over_a_sent_one(minor: Child, mensa: Edition) -> None:
    write(minor, mensa, AUTUMN)
    write(minor, mensa, AUTUMN, status="draft", version=0)
    with pytest.raises(IntegrityError, match="price_draft_no_overlap"):
        write(minor, mensa, NOVEMBER, status="draft", version=0)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"status": "draft", "version": 1}, "price_sent_has_version"),
        ({"status": "sent", "version": 0}, "price_sent_has_version"),
        ({"status": "sent", "ends": True}, "price_ended_only_by_an_end"),
        ({"status": "ended"}, "price_ended_only_by_an_end"),
        ({"status": "superseded"}, "price_superseded_says_when"),
    ],
)
def test_a_status_that_contradicts_its_row_is_refused(
    minor: Child, mensa: Edition, fields: dict[str, Any], named: str
) -> None:
    with pytest.raises(IntegrityError, match=named):
        write(minor, mensa, AUTUMN, **fields)


def test_a_number_is_given_once(minor: Child, mensa: Edition) -> None:
    write(minor, mensa, AUTUMN)
    with pytest.raises(IntegrityError, match="price_version_once"):
        write(minor, mensa, WINTER)


@pytest.mark.parametrize(
    "change",
    [
        "unit_price_cents = 0",
        "valid_during = '[2026-09-01,2026-10-01)'",
        "inputs = '{\"isee_cents\": 1}'",
        "steps = '[{}]'",
        "reasons = '[\"first\"]'",
        "status = 'draft', version = 0, sent_at = NULL",
        "sent_by = 7",
        "version = 9",
        "status = 'superseded', superseded_at = now(), unit_price_cents = 0",
    ],
)
def test_a_sent_decision_never_changes(minor: Child, mensa: Edition, change: str) -> None:
    row = write(minor, mensa, AUTUMN)
    before = PriceDecision.objects.filter(pk=row).values().get()
    with pytest.raises(IntegrityError, match="never changes"):
        sql(f"UPDATE fees_pricedecision SET {change} WHERE id = %s", row)
    with pytest.raises(IntegrityError, match="never deleted"):
        sql("DELETE FROM fees_pricedecision WHERE id = %s", row)
    assert PriceDecision.objects.filter(pk=row).values().get() == before


def test_a_sent_decision_is_superseded_once_and_then_rests(minor: Child, mensa: Edition) -> None:
    row = write(minor, mensa, AUTUMN)
    supersede = "UPDATE fees_pricedecision SET status = 'superseded', superseded_at = now() WHERE id = %s"
    assert sql(supersede, row) == 1
    write(minor, mensa, NOVEMBER, version=2)
    for statement in (supersede, "UPDATE fees_pricedecision SET status = 'sent', superseded_at = NULL WHERE id = %s"):
        with pytest.raises(IntegrityError, match="never changes"):
            sql(statement, row)


def test_a_draft_may_change_and_go(minor: Child, mensa: Edition) -> None:
    row = write(minor, mensa, AUTUMN, status="draft", version=0)
    assert sql("UPDATE fees_pricedecision SET unit_price_cents = 5 WHERE id = %s", row) == 1
    assert sql("DELETE FROM fees_pricedecision WHERE id = %s", row) == 1


def test_only_what_was_sent_is_in_force(minor: Child, mensa: Edition) -> None:
    sent = write(minor, mensa, AUTUMN)
    draft = write(minor, mensa, AUTUMN, status="draft", version=0)
    write(minor, mensa, WINTER, status="ended", version=2, ends=True)
    on_the_day = PriceDecision.objects.filter(valid_during__contains=date(2026, 11, 23))
    assert list(on_the_day.in_force().values_list("pk", flat=True)) == [sent]
    assert list(PriceDecision.objects.to_send().values_list("pk", flat=True)) == [draft]
    assert list(PriceDecision.objects.in_force().values_list("pk", flat=True)) == [sent]
