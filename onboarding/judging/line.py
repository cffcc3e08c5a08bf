"""A line while it is being judged: its cells by field, and what has been found so far."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from onboarding.judging.types import Defect, Record
from sportello.kernel.fiscal_code import FiscalCode

LOST: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(slots=True)
class Line:
    """`texts` are the trimmed cells by field, after the value tables; `parts` those of a field with several columns."""

    texts: dict[str, str]
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    record: Record = field(default_factory=dict)
    beside: Record = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)
    suggestion: dict[str, str] = field(default_factory=dict)
    child: FiscalCode | None = None

    def note(self, code: str, place: str = "", detail: str = "") -> None:
        """Hold something against the line (or tell an oddity of it)."""
        self.defects.append(Defect(code, place, detail))

    def has(self, code: str) -> bool:
        """Whether that was noted already."""
        return any(defect.code == code for defect in self.defects)

    def born(self) -> date | None:
        """The birth date of the record."""
        written = self.record.get("birth_date")
        return date.fromisoformat(written) if isinstance(written, str) else None

    def suggest(self, place: str, value: str) -> None:
        """The value that would put a field right; nobody applies it but a person."""
        self.suggestion[place] = value

    def shortened(self, place: str, limit: int) -> str:
        """The text of a field; beyond the limit it is cut, and characters that were lost are told: a person decides."""
        text = self.texts.get(place, "")
        if len(text) > limit:
            self.note("text_too_long", place)
            text = text[:limit]
        if LOST in text or "?" in text:
            self.note("characters_lost", place)
        return text
