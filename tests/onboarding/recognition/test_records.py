"""Files of fixed width without any name, of layouts that nobody has seen: cut, understood, and proved by their tail."""

from pathlib import Path

import msgspec
import pytest

from onboarding.judging.types import Verdict
from onboarding.mapping.structs import Column, Mapping
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.recognition.records import Records, draw_records
from tests.onboarding.recognition.world import facts
from tests.onboarding.unseen.reading import children, read_export

SEEDS = range(200, 212)


def proposed(records: Records, folder: Path) -> Mapping:
    path = folder / "export"
    path.write_bytes(records.content)
    return propose(open_source(path), facts())


def understood(mapping: Mapping, records: Records) -> dict[tuple[int, int, str], Column]:
    """Columns with a field; a text may be told with the blanks behind it, which no one can tell from a filler."""
    fillers = [(place, width) for place, width, field in records.columns if not field]
    found = {}
    for column in mapping.columns:
        for place, width in fillers:
            if column.place < place and column.place + column.width == place + width:
                column = msgspec.structs.replace(column, width=column.width - width)  # noqa: PLW2901
        if column.field:
            found[column.place, column.width, column.field] = column
    return found


def test_unseen_layouts_are_cut_and_understood(tmp_path: Path) -> None:
    right = several = 0
    for seed in SEEDS:
        records = draw_records(seed)
        mapping = proposed(records, tmp_path)
        truth = {column for column in records.columns if column[2]}
        found = understood(mapping, records)
        right += len(truth & found.keys())
        several += len(truth)
        wrong = [column for place, column in found.items() if place not in truth and column.confidence > 0.9]
        assert wrong == [], seed
        amounts = [column for column in mapping.columns if column.field in {"due", "paid"}]
        assert {column.unit for column in amounts} == {"cents"}, seed
    assert right >= 0.95 * several, (right, several)


@pytest.mark.parametrize("seed", SEEDS)
def test_marks_and_declared_sums_are_found(seed: int, tmp_path: Path) -> None:
    records = draw_records(seed)
    mapping = proposed(records, tmp_path)
    mark = mapping.layout.mark
    assert ((mark.header, mark.detail, mark.trailer) if mark is not None else ("", "", "")) == records.mark
    assert {control.of for control in mapping.controls} == records.declared


def test_dates_are_told_apart_by_their_order(tmp_path: Path) -> None:
    orders = set()
    for seed in SEEDS:
        records = draw_records(seed)
        mapping = proposed(records, tmp_path)
        day = next(column for column in mapping.columns if column.field == "last_payment")
        place = next(place for place, _, field in records.columns if field == "last_payment")
        texts = [line[place - 1 : place + 7] for line in records.content.decode("latin-1").splitlines()[1:-1]]
        year_leads = sum(text[:2] == "20" for text in texts) > len(texts) / 2
        assert day.date_order == ("ymd" if year_leads else "dmy"), seed
        orders.add(day.date_order)
    assert orders == {"dmy", "ymd"}


def test_letters_as_marks_a_flag_of_one_value_and_lines_that_moved(tmp_path: Path) -> None:
    people = [one.payer for one in children(80)]
    lines = [f"A{'TARI':<10}20260115{'':<91}"]
    for number, one in enumerate(people, 1):
        due, paid = 10_000 + number * 371, (number % 3) * 5_000
        year, day = 2024 + number % 2, f"{number % 12 + 1:02d}{number % 27 + 1:02d}"
        line = f"B{number:06d}{one.surname:<30}{one.given:<20}{one.code}{year}{due:010d}{paid:010d}{year}{day}NTARI"
        lines.append(line if number != 50 else f"{line[:30]}{line[33:]}   ")
    lines.append(f"Z{len(people):06d}".ljust(110))
    mapping, found = read_export(tmp_path, "\r\n".join(lines).encode())
    assert [(one.place, one.width) for one in mapping.columns if one.field == "instalments"] == [(106, 1)]
    assert [one.verdict for one in found].count(Verdict.GOOD) == len(people) - 1
    assert (found[50].verdict, [defect.code for defect in found[50].defects]) == (Verdict.REJECT, ["columns_shifted"])
    assert found[1].record is not None
    assert found[1].record["instalments"] is False


def test_small_raised_numbers_are_no_digits(tmp_path: Path) -> None:
    lines = [f"{number:06d}{one.person.code}20\u00b2{number % 10}ABCDEF" for number, one in enumerate(children(40))]
    assert proposed_of("\r\n".join(lines).encode("latin-1"), tmp_path).columns


def proposed_of(content: bytes, folder: Path) -> Mapping:
    path = folder / "export"
    path.write_bytes(content)
    return propose(open_source(path), facts())
