"""A debt position of the payment kit, and an entry of the treasurer's journal."""

import re
from collections.abc import Callable
from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.themes.means import amount_of
from onboarding.judging.themes.ride import read_day, read_due
from onboarding.judging.themes.taxes import OLDEST_YEAR
from onboarding.judging.words.amounts import cents_of, read_amount
from onboarding.judging.words.answers import read_yes_no
from onboarding.judging.words.codes import read_code

TEXT_LENGTH: Final = 512
_WRONG_CODE: Final = {"check_digit": "cf_check_digit", "malformed": "cf_malformed"}
STATUSES: Final = frozenset(["DA_PAGARE", "PAGATO", "NON_PAGABILE", "PAGATO_IRREGOLARE", "CHIUSO", "CANCELLATO"])
_ID: Final = re.compile(r"[a-zA-Z0-9 ._]{1,35}")
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_IUV: Final = re.compile(r"(?:/(?:RFB|RFS|URI|PUR)/|\bIUV[ :=]*)([A-Z0-9]{15,25})")
_IUF: Final = re.compile(r"(?:/URI/|\bIUF[ :=]*)?(\d{4}-\d{2}-\d{2}[A-Z0-9]{3,11}-[A-Z0-9_.-]+)")
_TEXTS: Final = ("creditor", "debt_type", "payment_id", "reason", "note", "channel")
_DAYS: Final = ("due_on", "valid_from", "valid_until", "value_date", "paid_on")


def read_debt(line: Line, plan: Plan) -> None:
    """A position of GePos: identifiers, days, status, amounts in the unit of its column."""
    for field in _TEXTS:
        if plan.has(field):
            line.record[field] = line.shortened(field, TEXT_LENGTH) or None
    for field in _DAYS:
        if plan.has(field):
            read_day(line, plan, field)
    for field, read in _PARTS.items():
        if plan.has(field):
            read(line, plan)


def read_entry(line: Line, plan: Plan) -> None:
    """An entry of the journal; all of its fields are required. IUV and IUF are cut out of the reason."""
    for field in ("payer_name", "reason", "entry_id"):
        if plan.has(field):
            line.record[field] = line.shortened(field, TEXT_LENGTH) or None
            if not line.record[field]:
                line.note("id_missing" if field == "entry_id" else "text_missing", field)
    for field in ("booked_on", "value_date"):
        if plan.has(field):
            read_day(line, plan, field)
            if not line.texts[field]:
                line.note("date_unreadable", field)
    if plan.has("year"):
        read_year(line, plan)
    if plan.has("amount"):
        _read_entered(line, plan)
    _cut_references(line)


def _cut_references(line: Line) -> None:
    reason = line.texts.get("reason", "")
    for field, shape in (("iuv", _IUV), ("iuf", _IUF)):
        found = shape.search(reason)
        if found is not None:
            line.record[field] = found[1]


def _read_entered(line: Line, plan: Plan) -> None:
    """The treasurer writes money that goes back below zero."""
    amount = amount_of(line, plan, "amount")
    line.record["amount"] = amount.text
    if amount.cents is None:
        line.note(
            "amount_unreadable" if line.texts["amount"] else "amount_missing", "amount", line.texts["amount"][:20]
        )
    elif not amount.as_usual:
        line.note("amount_format", "amount")


def read_year(line: Line, plan: Plan) -> None:
    """A year of four digits; an empty one stays empty."""
    written = line.texts["year"]
    year = int(written) if written.isascii() and written.isdigit() else 0
    line.record["year"] = year if OLDEST_YEAR <= year <= plan.known.today.year + 1 else None
    if written and line.record["year"] is None:
        line.note("year_wrong", "year", written[:10])


def _read_id(line: Line, _plan: Plan) -> None:
    written = line.texts["debt_id"]
    line.record["debt_id"] = written or None
    if not written:
        line.note("id_missing", "debt_id")
    elif _ID.fullmatch(written) is None:
        line.note("id_characters", "debt_id")


def _read_debtors(line: Line, _plan: Plan) -> None:
    """Several codes stand in one cell; each must be one."""
    written = [part.strip() for part in line.texts["debtor_fiscal_codes"].split(";") if part.strip()]
    found = [read_code(part) for part in written]
    line.record["debtor_fiscal_codes"] = ";".join(read.written for read in found) or None
    if not found:
        line.note("cf_missing", "debtor_fiscal_codes")
    for read in found:
        if read.defect in _WRONG_CODE:
            line.note(_WRONG_CODE[read.defect], "debtor_fiscal_codes")


def _read_status(line: Line, _plan: Plan) -> None:
    status = line.texts["status"].upper().replace(" ", "_")
    line.record["status"] = status if status in STATUSES else None
    if line.record["status"] is None:
        line.note("status_unknown" if status else "status_missing", "status", status[:30])


def _read_items(line: Line, plan: Plan) -> None:
    """`description=amount;...` in the unit of the column: their sum is the amount."""
    written = line.texts["items"]
    line.record["items"] = written or None
    own, whole = plan.columns["items"], plan.columns.get("amount", plan.columns["items"])
    unit = own.unit if own.unit != "euro" else whole.unit
    amounts = [read_amount(part.rpartition("=")[2].strip(), unit).cents for part in written.split(";") if part.strip()]
    total = line.record.get("amount")
    known = [cents for cents in amounts if cents is not None]
    if written and isinstance(total, str) and (len(known) < len(amounts) or sum(known) != cents_of(total)):
        line.note("items_vs_amount", "items")


def _read_iban(line: Line, _plan: Plan) -> None:
    """`iban;beneficiary`; the remainder of its number is one (ISO 13616)."""
    iban = line.texts["iban"].split(";")[0].replace(" ", "").upper()
    line.record["iban"] = iban or None
    if not iban:
        return
    digits = "".join(str(int(char, 36)) for char in iban[4:] + iban[:4] if char.isascii() and char.isalnum())
    if _IBAN.fullmatch(iban) is None or int(digits) % 97 != 1:
        line.note("iban_invalid", "iban")


def _read_due(line: Line, plan: Plan) -> None:
    read_due(line, plan, "amount")


def _read_paid(line: Line, plan: Plan) -> None:
    line.record["paid"] = None
    if line.texts["paid"]:
        read_due(line, plan, "paid")


def _read_node(line: Line, _plan: Plan) -> None:
    """Empty where nothing was paid yet."""
    written = line.texts["paid_through_node"]
    line.record["paid_through_node"] = read_yes_no(written) if written else None
    if written and line.record["paid_through_node"] is None:
        line.note("yes_no_unreadable", "paid_through_node", written[:20])


_PARTS: Final[dict[str, Callable[[Line, Plan], None]]] = {
    "debt_id": _read_id,
    "debtor_fiscal_codes": _read_debtors,
    "status": _read_status,
    "year": read_year,
    "amount": _read_due,
    "paid": _read_paid,
    "items": _read_items,
    "iban": _read_iban,
    "paid_through_node": _read_node,
}
