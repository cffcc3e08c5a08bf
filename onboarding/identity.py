"""What makes a row of one load the same fact as a row of the next."""

from collections.abc import Callable
from typing import Final

from onboarding.judging.types import Record


def _text(record: Record, *names: str) -> str:
    values = [record.get(name) for name in names]
    return "" if any(value in (None, "") for value in values) else "|".join(str(value) for value in values)


def _child(record: Record) -> str:
    code = _text(record, "child_fiscal_code")
    return code or _text(record, "child_surname", "child_given_name", "birth_date")


def _ride(record: Record) -> str:
    who = _text(record, "child_fiscal_code") or _text(record, "legacy_id")
    month = _text(record, "month")
    return f"{who}|{month}" if who and month else ""


_KEYS: Final[dict[str, Callable[[Record], str]]] = {
    "roster": _child,
    "transport": _ride,
    "taxes": lambda record: _text(record, "fiscal_code", "tax", "year"),
    "debts": lambda record: _text(record, "debt_id"),
    "treasury": lambda record: _text(record, "year", "entry_id"),
}


def key_of(kind: str, record: Record | None) -> str:
    """Equal for rows that speak of the same fact in two loads of a source; empty where a row cannot be known again."""
    reader = _KEYS.get(kind)
    return "" if reader is None or record is None else reader(record)[:200]
