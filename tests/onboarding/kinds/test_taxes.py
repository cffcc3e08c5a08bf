"""Local taxes: the standing of the adults of ours alone, by the rules of the room of means, with undo and reload."""

from datetime import date

import pytest

from onboarding.commit.taxes import day_of
from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.models import RosterLoad
from sportello.audit.models import Action, Event
from sportello.families.models import Adult
from sportello.means.models import TaxPosition
from sportello.means.tax_errors import TaxFileTooOld
from tenants.current import in_schema
from tenants.models import Municipality
from tests.onboarding.judging.mappings import TAXES
from tests.onboarding.judging.samples import SAMPLES
from tests.onboarding.kinds.loads import committed, counts, everything, left_out, undone

TODAY = date(2025, 12, 1)
OWES, PAID, OTHER, DOUBTED = "FRRSFO74M44F205C", "RNRMGR94M67H501D", "GDLNLC87L44A662G", "LCTSVR80R06A662D"
COLUMNS = ("fiscal_code", "surname_or_name", "tax", "year", "due", "paid", "instalments", "last_payment")
HEAD = ";".join(name.upper() for name in COLUMNS)


def known(*codes: str) -> None:
    for code in codes:
        Adult.objects.create(given_name="X", family_name="Y", fiscal_code=code)


def of(*rows: str, head: str = "Estratto del 15/11/2025", today: date = TODAY) -> RosterLoad:
    layout = Layout(
        form="delimited", encoding="utf-8", separator=";", header_line=2, header=tuple(name.upper() for name in COLUMNS)
    )
    columns = tuple(Column(source=name.upper(), place=at, field=name) for at, name in enumerate(COLUMNS, 1))
    content = "\n".join([head, HEAD, *rows, ""]).encode()
    mapping = Mapping(kind="taxes", layout=layout, columns=columns, municipality="A662")
    return committed(content, mapping, today=today, year=2025, source="tributi")


def held() -> dict[str | None, tuple[str, str, list[str]]]:
    rows = TaxPosition.objects.select_related("adult").order_by("adult__fiscal_code")
    return {one.adult.fiscal_code: (one.verdict, one.reason, one.taxes) for one in rows}


def test_what_follows_from_the_rows_of_each_person(ready: Municipality) -> None:
    known(OWES, PAID, DOUBTED)
    load = of(
        f"{OWES};FERRARA;IMU;2023;647,05;0,00;N;",
        f"{OWES};FERRARA;TARI;2024;10,00;10,00;N;2024-05-01",
        f"{PAID};RANIERI;TARI;2023;553,84;553,84;N;17/03/2023",
        f"{DOUBTED};LACITIGNOLA;TARI;2025;10,00;10,00;N;17/03/2025",
        f"{DOUBTED};LACITIGNOLA;TARI;2024;dieci;10,00;N;",
        f"{OTHER};GADALETA;TARI;2024;697,98;0,00;N;",
    )
    assert held() == {
        OWES: ("in_arrears", "unpaid", ["IMU"]),
        DOUBTED: ("unknown", "to_review", []),
        PAID: ("regular", "paid", ["TARI"]),
    }
    assert {one.as_of for one in TaxPosition.objects.all()} == {date(2025, 11, 15)}
    assert (load.result["positions_created"], left_out(load)) == (3, {"not_ours": 1})


def test_the_same_file_changes_nothing_a_later_one_what_differs_and_undo_gives_it_back(ready: Municipality) -> None:
    known(OWES, PAID)
    nothing = everything()
    rows = (f"{OWES};FERRARA;IMU;2023;647,05;0,00;N;", f"{PAID};RANIERI;TARI;2023;5,00;5,00;N;17/03/2023")
    first = of(*rows)
    before = everything()
    again = of(*rows, today=date(2025, 12, 2))
    assert everything() == before
    assert counts(again) == {"rows": 2, "positions_unchanged": 2}
    paid = f"{OWES};FERRARA;IMU;2023;647,05;647,05;N;20/11/2025"
    later = of(paid, rows[1], head="Estratto del 22/11/2025", today=date(2025, 12, 3))
    assert later.counts["since"] == {"created": 0, "updated": 1, "unchanged": 1, "disappeared": 0}
    assert held()[OWES] == ("regular", "paid", ["IMU"])
    changed = Event.objects.filter(action=Action.TAX_POSITION_CHANGED)
    assert changed.count() == 4
    for load, was in ((later, before), (again, before), (first, nothing)):
        undone(load)
        assert everything() == was


def test_the_sample_tells_of_our_adults_alone(ready: Municipality) -> None:
    known(OWES, PAID)
    bitonto = Municipality.objects.get(slug="bitonto")
    with in_schema(bitonto.schema_name):
        known(OWES, PAID)
        elsewhere = everything()
    before = everything()
    load = committed(SAMPLES[2].content(), TAXES, today=TODAY, year=2025)
    assert day_of(load, TODAY) == date(2025, 11, 15)
    assert held() == {OWES: ("in_arrears", "unpaid", ["IMU"]), PAID: ("regular", "paid", ["TARI"])}
    with in_schema(bitonto.schema_name):
        assert everything() == elsewhere
    undone(load)
    assert everything() == before


def test_without_a_day_of_its_own_a_file_is_as_old_as_its_last_payment(ready: Municipality) -> None:
    known(PAID)
    of(f"{PAID};RANIERI;TARI;2023;5,00;5,00;N;17/10/2025", head="TRIBUTI")
    assert TaxPosition.objects.get().as_of == date(2025, 10, 17)


def test_an_old_file_is_refused_with_its_day(ready: Municipality) -> None:
    known(PAID)
    with pytest.raises(TaxFileTooOld, match=r"15/11/2025"):
        of(f"{PAID};RANIERI;TARI;2023;5,00;5,00;N;17/03/2023", today=date(2026, 11, 23))
    assert not TaxPosition.objects.exists()
