"""What a commit writes is noted once, as the commit left it, whichever way and however often it touched the row."""

from typing import Any

import pytest
from django.db import connection

from onboarding.commit import images
from onboarding.commit.images import begin_images, changed, columns_of, keep_images, made, mark_of, note_made
from onboarding.models import BeforeImage, RosterLoad, WrittenRows
from sportello.families.models import Adult
from tenants.models import Municipality
from tests.factories.people import adult
from tests.onboarding.rosters import roster, row, uploaded

TABLE = "families_adult"
INSERT = """
INSERT INTO families_adult
    (public_id, given_name, family_name, sex, birthplace_code, address, postal_code, residence_code, email, phone)
SELECT gen_random_uuid(), 'ADA', 'RUSSO' || number, '', '', '', '', '', '', '' FROM generate_series(1, %(many)s) number
"""


def move(cursor: Any, address: str, ids: list[int]) -> int:
    """Any: psycopg's cursor behind Django's wrapper."""
    return changed(
        cursor,
        TABLE,
        chosen="SELECT held.id, to_jsonb(held) AS image FROM families_adult held WHERE held.id = ANY(%(ids)s)",
        update="UPDATE families_adult held SET address = %(address)s FROM differing WHERE held.id = differing.id",
        values={"address": address, "ids": ids},
    )


def noted(load: RosterLoad) -> dict[int, tuple[bool, int]]:
    """Row -> whether it was made, and its mark; each row stands in one piece alone."""
    found: dict[int, tuple[bool, int]] = {}
    for piece in WrittenRows.objects.filter(load=load, table=TABLE):
        assert not found.keys() & set(piece.row_ids)
        found |= {row_id: (piece.was_made, mark) for row_id, mark in zip(piece.row_ids, piece.marks, strict=True)}
    return found


def marks_now() -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {mark_of('held', columns_of(TABLE))} FROM families_adult held")
        return dict(cursor.fetchall())


@pytest.fixture
def load(ready: Municipality) -> RosterLoad:
    return uploaded(roster(row()))


def test_rows_are_cut_into_pieces_and_none_is_lost(load: RosterLoad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "PIECE", 4)
    with connection.cursor() as cursor:
        begin_images(cursor)
        assert made(cursor, TABLE, INSERT, {"many": 10}) == 10
        assert made(cursor, TABLE, INSERT, {"many": 0}) == 0
        keep_images(cursor, load.pk)
    assert WrittenRows.objects.filter(load=load).count() == 3
    assert noted(load) == {row_id: (True, mark) for row_id, mark in marks_now().items()}


def test_a_row_made_then_changed_has_no_image_and_its_last_mark(load: RosterLoad) -> None:
    with connection.cursor() as cursor:
        begin_images(cursor)
        made(cursor, TABLE, INSERT, {"many": 3})
        first = Adult.objects.order_by("pk")[0].pk
        assert move(cursor, "VIA NUOVA 1", [first]) == 0
        keep_images(cursor, load.pk)
    assert noted(load) == {row_id: (True, mark) for row_id, mark in marks_now().items()}
    assert not BeforeImage.objects.exists()


def test_a_row_changed_twice_keeps_its_first_image_and_its_last_mark(load: RosterLoad) -> None:
    before, other = adult(address="VIA VECCHIA 1"), adult(address="VIA ALTRA 2")
    with connection.cursor() as cursor:
        begin_images(cursor)
        assert move(cursor, "VIA NUOVA 1", [before.pk]) == 1
        assert move(cursor, "VIA NUOVA 2", [before.pk, other.pk]) == 1
        keep_images(cursor, load.pk)
    now = marks_now()
    assert noted(load) == {before.pk: (False, now[before.pk]), other.pk: (False, now[other.pk])}
    assert {kept.row_id: kept.image["address"] for kept in BeforeImage.objects.all()} == {
        before.pk: "VIA VECCHIA 1",
        other.pk: "VIA ALTRA 2",
    }


def test_rows_of_another_room_are_noted_by_their_ids(load: RosterLoad) -> None:
    theirs = adult()
    with connection.cursor() as cursor:
        begin_images(cursor)
        note_made(cursor, TABLE, "SELECT id FROM families_adult", {})
        move(cursor, "VIA NUOVA 1", [theirs.pk])
        keep_images(cursor, load.pk)
    assert noted(load) == {theirs.pk: (True, marks_now()[theirs.pk])}
    assert not BeforeImage.objects.exists()
