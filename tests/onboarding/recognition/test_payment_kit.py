"""The layouts of the payment kit of the Comune di Bari: debt positions (GePos) and the treasury journal (MyPivot)."""

import random
from datetime import date, timedelta
from pathlib import Path

from onboarding.mapping.structs import Mapping
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.recognition.world import World, facts

GEPOS = (
    "CREDITORE|TIPO_DEBITO|DEBITORI|ID_DEBITO|ID_PAGAMENTO|DATA_SCADENZA|DATA_INIZIO_VALIDITA|DATA_FINE_VALIDITA|"
    "CAUSALE_DEBITO|STATO_PAGAMENTO|IMPORTO_PAGAMENTO|VOCI_PAGAMENTO|ANNO_RIFERIMENTO|NOTE_DEBITO|CAUSALE_PAGAMENTO|"
    "IBAN_RIACCREDITO|IMPORTO_PAGATO|DATA_VALUTA_ACCREDITO|CANALE_PAGAMENTO|DATA_PAGAMENTO|NOTE_PAGAMENTO|PAGATO_IDP"
)
GEPOS_FIELDS = {
    "CREDITORE": "creditor",
    "TIPO_DEBITO": "debt_type",
    "DEBITORI": "debtor_fiscal_codes",
    "ID_DEBITO": "debt_id",
    "ID_PAGAMENTO": "payment_id",
    "DATA_SCADENZA": "due_on",
    "DATA_INIZIO_VALIDITA": "valid_from",
    "DATA_FINE_VALIDITA": "valid_until",
    "CAUSALE_DEBITO": "reason",
    "STATO_PAGAMENTO": "status",
    "IMPORTO_PAGAMENTO": "amount",
    "VOCI_PAGAMENTO": "items",
    "ANNO_RIFERIMENTO": "year",
    "NOTE_DEBITO": "note",
    "IBAN_RIACCREDITO": "iban",
    "IMPORTO_PAGATO": "paid",
    "DATA_VALUTA_ACCREDITO": "value_date",
    "CANALE_PAGAMENTO": "channel",
    "DATA_PAGAMENTO": "paid_on",
    "PAGATO_IDP": "paid_through_node",
}
MYPIVOT = "de_anno_bolletta;cod_bolletta;dt_contabile;de_denominazione;de_causale;num_importo;dt_valuta"
MYPIVOT_FIELDS = ["year", "entry_id", "booked_on", "payer_name", "reason", "amount", "value_date"]


def gepos(header: str = GEPOS) -> bytes:
    dice = random.Random(5)  # noqa: S311 -- test data
    world = World(5, "A662")
    lines = [header]
    for number in range(1, 200):
        people = [world.person(date(1960, 1, 1), date(2000, 1, 1)).code for _ in range(dice.choice((1, 1, 1, 2)))]
        cents, due = dice.randrange(500, 90000), date(2025, 1, 1) + timedelta(days=dice.randrange(300))
        paid = dice.random() < 0.6
        day = (due - timedelta(days=9)).isoformat()
        cells = (
            "C_A662", "C_A662_MENSA_SCOLASTICA_ATTESO", ";".join(people), f"MENSA.2025.{number}",
            f"PAG.{number}" if paid else "", f"{due}T00:00:00", "2025-01-01T00:00:00", "2026-12-31T23:59:59",
            f"servizio=mensa;periodo=2025-{1 + number % 12:02d}", "PAGATO" if paid else "DA_PAGARE", str(cents * 10),
            f"Quota mensa={cents * 10}", "2025", "", f"Mensa scolastica rata {number}",
            "IT60X0542811101000000123456;Comune di Bari", str(cents * 10) if paid else "",
            f"{day}T00:00:00" if paid else "",
            "PSP" if paid else "", f"{day}T10:11:12" if paid else "", "", "SI" if paid else "",
        )  # fmt: skip
        lines.append("|".join(cells))
    return "\n".join(lines).encode()


def mypivot(header: str = MYPIVOT) -> bytes:
    dice = random.Random(6)  # noqa: S311 -- test data
    world = World(6, "A662")
    lines = [header]
    for number in range(1, 200):
        person = world.person(date(1960, 1, 1), date(2000, 1, 1))
        day = date(2025, 1, 1) + timedelta(days=dice.randrange(300))
        iuv = f"{dice.randrange(10**14, 3 * 10**14)}"
        amount = dice.randrange(500, 90000)
        lines.append(
            f"2025;{number};{day};{person.surname} {person.given};"
            f"/RFB/{iuv}/{amount / 100:.2f}/TXT/Mensa scolastica;{amount / 100:.2f};{day + timedelta(days=1)}"
        )
    return "\n".join(lines).encode()


def proposed(content: bytes, folder: Path) -> Mapping:
    (folder / "export").write_bytes(content)
    return propose(open_source(folder / "export"), facts())


def test_debt_positions(tmp_path: Path) -> None:
    mapping = proposed(gepos(), tmp_path)
    assert mapping.kind == "debts"
    assert {column.source: column.field for column in mapping.columns if column.field} == GEPOS_FIELDS
    amounts = {column.field: column.unit for column in mapping.columns if column.field in {"amount", "paid"}}
    assert amounts == {"amount": "thousandths", "paid": "thousandths"}


def test_debt_positions_without_their_names(tmp_path: Path) -> None:
    header = "|".join(f"C{number}" for number in range(1, 23))
    mapping = proposed(gepos(header), tmp_path)
    assert mapping.kind == "debts"
    by_name = dict(zip((column.source for column in mapping.columns), GEPOS.split("|"), strict=True))
    found = {by_name[column.source]: column.field for column in mapping.columns if column.field}
    told_by_content = (
        "DEBITORI",
        "STATO_PAGAMENTO",
        "IMPORTO_PAGAMENTO",
        "VOCI_PAGAMENTO",
        "ANNO_RIFERIMENTO",
        "IBAN_RIACCREDITO",
    )
    assert {name: found.get(name) for name in told_by_content} == {name: GEPOS_FIELDS[name] for name in told_by_content}
    assert not [
        c for c in mapping.columns if c.field and c.confidence > 0.9 and c.field != GEPOS_FIELDS.get(by_name[c.source])
    ]


def test_the_treasury_journal(tmp_path: Path) -> None:
    mapping = proposed(mypivot(), tmp_path)
    assert (mapping.kind, [column.field for column in mapping.columns]) == ("treasury", MYPIVOT_FIELDS)
    assert [column.date_order for column in mapping.columns if column.field in {"booked_on", "value_date"}] == [
        "ymd"
    ] * 2
    assert next(column.decimal for column in mapping.columns if column.field == "amount") == "."


def test_the_treasury_journal_without_its_names(tmp_path: Path) -> None:
    mapping = proposed(mypivot(";".join(f"C{number}" for number in range(1, 8))), tmp_path)
    fields = [column.field for column in mapping.columns]
    assert mapping.kind == "treasury"
    assert (fields[0], fields[4], fields[5]) == ("year", "reason", "amount")
