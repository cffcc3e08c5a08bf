"""Diet, ISEE, the balance brought over, the meals of the year."""

import re
from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import OWED, Plan
from onboarding.judging.words.amounts import Amount, euro, read_amount
from onboarding.mapping.structs import Column

DIETS: Final = {
    "": "standard",
    "STANDARD": "standard",
    "CEL": "medical:celiac",
    "ALL. UOVO": "medical:egg_allergy",
    "NO MAIALE": "ethical_religious:no_pork",
    "VEG": "ethical_religious:vegetarian",
}
DIET_CODES: Final = re.compile(r"standard|(?:medical|ethical_religious):[a-z_]+")
_COUNT: Final = re.compile(r"(\d{1,4})(?:[.,]0+)?")
_TYPED: Final = re.compile(r"-?\d+(?:,\d+)?")
"""How the reader of spreadsheets writes a number: it has no form of its own. All else a person has typed as text."""
_NONE: Final = frozenset({"", "-", "--", "/"})


def read_diet(line: Line, _plan: Plan) -> None:
    """Empty is the menu of everybody; an unknown word is never guessed: a wrong menu may harm."""
    written = line.texts["diet"]
    diet = written if DIET_CODES.fullmatch(written) else DIETS.get(written.upper())
    line.record["diet"] = diet
    if diet is None:
        line.note("diet_unknown", "diet", written[:40])


def read_isee(line: Line, plan: Plan) -> None:
    """Empty means not declared."""
    written = line.texts["isee"]
    line.record["isee"] = None
    if not written:
        return
    amount = amount_of(line, plan, "isee")
    if amount.cents is None or amount.cents < 0:
        line.note("isee_unreadable", "isee", written[:20])
        return
    line.record["isee"] = amount.text
    if not amount.as_usual:
        line.note("isee_format", "isee")


def read_balance(line: Line, plan: Plan) -> None:
    """More than zero is in the family's favour, less is due. Empty is not zero: nobody wrote it.

    In a column of debts more than zero is due, and less than zero may mean either: a person decides.
    """
    column = plan.columns["balance"]
    sides = [(line.texts["balance"], column)]
    if plan.owed is not None:
        sides.append((line.texts[OWED], plan.owed))
    written = [(text, side) for text, side in sides if text]
    line.record["balance"] = None
    if not written:
        line.note("balance_missing", "balance")
        return
    cents = 0
    for text, side in written:
        amount = _amount(text, side, plan)
        if amount.cents is None:
            line.note("balance_unreadable", "balance", text[:20])
            return
        if amount.cents < 0 and (side.sign == "debt" or plan.owed is not None):
            line.note("negative_amount", "balance")
            return
        if not amount.as_usual and not line.has("balance_format"):
            line.note("balance_format", "balance")
        cents += -amount.cents if side.sign == "debt" else amount.cents
    line.record["balance"] = euro(cents)


def read_meals(line: Line, plan: Plan) -> None:
    """Meals by month or in one number, and their sum where the file says it."""
    parts = line.parts.get("meals")
    if parts is not None:
        found = {part: _count(text) for part, text in parts.items()}
        unread = [part for part, count in found.items() if count is None]
        line.record["meals"] = {part: count for part, count in found.items() if count is not None}
        for part in unread:
            line.note("count_unreadable", "meals", f"{part} {parts[part][:20]}")
    elif plan.has("meals"):
        _read_count(line, "meals")
    if plan.has("meals_total"):
        _read_count(line, "meals_total")
        _check_sum(line)


def amount_of(line: Line, plan: Plan, field: str) -> Amount:
    """The amount of a field as its column writes amounts."""
    return _amount(line.texts[field], plan.columns[field], plan)


def _amount(text: str, column: Column, plan: Plan) -> Amount:
    if plan.mapping.layout.form == "sheet" and _TYPED.fullmatch(text):
        return read_amount(text, column.unit)
    return read_amount(text, column.unit, column.decimal, column.thousands)


def _read_count(line: Line, field: str) -> None:
    count = _count(line.texts[field])
    line.record[field] = count
    if count is None:
        line.note("count_unreadable", field, line.texts[field][:20])


def _check_sum(line: Line) -> None:
    meals, total = line.record.get("meals"), line.record.get("meals_total")
    if not isinstance(meals, dict) or line.has("count_unreadable") or total == sum(meals.values()):
        return
    line.note("row_total_mismatch", "meals_total", str(total))
    line.suggest("meals_total", str(sum(meals.values())))


def _count(text: str) -> int | None:
    if text in _NONE:
        return 0
    match = _COUNT.fullmatch(text)
    return int(match[1]) if match is not None and text.isascii() else None
