"""Debt positions: what is still to pay opens the account of the one child it can be; the rest is left out and told."""

from datetime import date

import pytest

from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.models import RosterLoad
from sportello.billing.models import LedgerAccount
from sportello.billing.verification import ledger_differences
from sportello.families.models import Adult, Child
from tenants.models import Municipality
from tests.golive.test_checks import asked
from tests.onboarding.kinds.loads import committed, counts, everything, left_out, undone
from tests.onboarding.rosters import committed as committed_roster
from tests.onboarding.rosters import roster
from tests.onboarding.test_committing import EMMA, LUCA, NICOLO, emma, luca

TODAY = date(2026, 11, 23)
COLUMNS = ("debt_type", "debtor_fiscal_codes", "debt_id", "status", "amount", "paid", "reason")
KINDS = {"mensa": "C_A662_MENSA", "bus": "C_A662_TRASPORTO_SCOLASTICO", "gates": "C_A662_PASSI_CARRABILI"}


def debt(number: int, who: str = NICOLO, *, of: str = "bus", status: str = "DA_PAGARE", **more: str) -> str:
    row = {"amount": "20120", "paid": "", "reason": "causale"} | more
    return "|".join([KINDS[of], who, f"D.{number}", status, row["amount"], row["paid"], row["reason"]])


def load_of(*rows: str, today: date = TODAY) -> RosterLoad:
    header = tuple(name.upper() for name in COLUMNS)
    thousandths = {"amount", "paid"}
    columns = tuple(
        Column(source=name.upper(), place=at, field=name, unit="thousandths" if name in thousandths else "euro")
        for at, name in enumerate(COLUMNS, 1)
    )
    layout = Layout(form="delimited", encoding="utf-8", separator="|", header_line=1, header=header)
    mapping = Mapping(kind="debts", layout=layout, columns=columns, municipality="A662")
    return committed("\n".join(["|".join(header), *rows, ""]).encode(), mapping, today=today, year=2026)


@pytest.fixture
def family(ready: Municipality) -> Municipality:
    """Emma and Luca, for whom Nicolò pays; their canteen is opened at 40.01 and -12.50."""
    committed_roster(roster(emma(), luca()))
    return ready


def balances(service: str = "trasporto") -> dict[str | None, int]:
    held = LedgerAccount.objects.filter(service_code=service).order_by("pk")
    return dict(held.values_list("child__fiscal_code", "balance_cents"))


def test_a_debt_goes_to_the_child_it_names(family: Municipality) -> None:
    load = load_of(
        debt(1, EMMA),
        debt(2, f"{NICOLO};{LUCA}"),
        debt(3, reason=f"alunno={EMMA};rata=1", paid="10000"),
        debt(4, EMMA, status="PAGATO"),
        debt(5, EMMA, status="CANCELLATO"),
    )
    assert balances() == {EMMA: -2012 - 1012, LUCA: -2012}
    assert counts(load) == {"rows": 5, "debts_carried": 3, "entries_posted": 2}
    assert left_out(load) == {}


def test_what_cannot_be_known_is_left_out_and_told(family: Municipality) -> None:
    load = load_of(
        debt(1),
        debt(2, "LRSDNC95H25A662M", of="mensa"),
        debt(3, EMMA, of="gates"),
        debt(4, EMMA, status="PAGATO_IRREGOLARE"),
        debt(5, EMMA, status="NON_PAGABILE"),
        debt(6, EMMA, of="mensa"),
    )
    assert (balances(), balances("mensa")) == ({}, {EMMA: 4001, LUCA: -1250})
    assert left_out(load) == {
        "carried_elsewhere": 1,
        "child_unknown": 1,
        "debt_irregular": 1,
        "debt_not_payable": 1,
        "debtor_unknown": 1,
        "service_unknown": 1,
    }
    assert sum(one["cents"] for one in load.result["left_out"]) == -6 * 2012


def test_the_only_child_paid_for_or_the_only_one_who_uses_the_service(family: Municipality) -> None:
    luca_alone = Child.objects.get(fiscal_code=LUCA)
    luca_alone.subscriptions.all().delete()
    load = load_of(debt(1, of="mensa"), debt(2))
    assert left_out(load) == {"carried_elsewhere": 1, "child_unknown": 1}
    Adult.objects.get(fiscal_code=NICOLO).paid_children.filter(child=luca_alone).delete()
    assert left_out(load_of(debt(3), today=date(2026, 11, 24))) == {}
    assert balances() == {EMMA: -2012}


def test_a_later_file_corrects_and_undo_gives_back(family: Municipality) -> None:
    nothing = everything()
    first = load_of(debt(1, EMMA), debt(2, EMMA), debt(3, LUCA))
    before = everything()
    again = load_of(debt(1, EMMA), debt(2, EMMA), debt(3, LUCA), today=date(2026, 11, 24))
    assert everything() == before
    assert counts(again) == {"rows": 3, "debts_carried": 3, "accounts_unchanged": 2}
    paid = load_of(debt(1, EMMA), debt(2, EMMA, status="PAGATO"), debt(3, LUCA, status="PAGATO"))
    assert paid.counts["since"] == {"created": 0, "updated": 2, "unchanged": 1, "disappeared": 0}
    assert balances() == {EMMA: -2012, LUCA: 0}
    assert ledger_differences() == []
    for load, was in ((paid, before), (again, before), (first, nothing)):
        undone(load)
        assert everything() == was


def test_a_roster_does_not_count_again_what_a_file_of_debts_opened(ready: Municipality) -> None:
    committed_roster(roster(luca()))
    Child.objects.create(given_name="EMMA", family_name="RUSSO", fiscal_code=EMMA)
    opened: dict[str | None, int] = {EMMA: -2012}
    load_of(debt(1, EMMA, of="mensa"))
    assert balances("mensa") == opened | {LUCA: -1250}
    load = committed_roster(roster(emma(SALDO="-20,12"), luca()), today=date(2026, 12, 1))
    assert balances("mensa") == opened | {LUCA: -1250}
    assert left_out(load) == {"carried_elsewhere": 1}


def test_the_check_of_the_start_counts_every_kind_once(family: Municipality) -> None:
    load_of(debt(1, EMMA), debt(2, of="gates"), debt(3, LUCA, status="PAGATO"))
    assert asked(family, "balances") == (True, "I saldi riportati sono uguali all'elenco precedente: 7,39 €.")
