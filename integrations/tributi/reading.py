"""A tax file from its bytes to its rows: every error of every row is told, and the sums of the tail must come out."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from integrations.errors import ConnectorError
from integrations.tributi import values
from integrations.tributi.mapping import CsvLayout, Cut, FixedColumn, FixedLayout, Format, Layout
from integrations.tributi.rows import ReadRow, RowVerdict, read_row, worst

LONGEST_SHIFT: Final = 8
NEEDED: Final = frozenset({"fiscal_code", "tax", "due", "paid"})


class FileUnreadable(ConnectorError):
    """The file as a whole is not what the mapping says."""

    words = _("Il file dei tributi non è come dice la mappatura.")

    def __init__(self, template: object, **params: object) -> None:
        super().__init__(template, permanent=True, **params)


@dataclass(frozen=True, slots=True)
class ControlSum:
    """A sum of the tail: what it declares and what the rows give; `found` is None when a row could not be read."""

    name: str
    declared: int
    found: int | None

    @property
    def is_off(self) -> bool:
        """Whether the sum is certainly wrong."""
        return self.found is not None and self.found != self.declared


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All that was read. `as_of` is the day of the header, None without one; `sums` are those of the tail."""

    sha256: str
    as_of: date | None
    rows: tuple[ReadRow, ...]
    sums: tuple[ControlSum, ...]
    tail_missing: bool

    @property
    def comes_out(self) -> bool:
        """Whether nothing speaks against the whole of the file."""
        return not self.tail_missing and not any(one.is_off for one in self.sums)


def read_file(content: bytes, layout: Layout) -> ReadFile:
    """Reads the whole file. Raises FileUnreadable when no row could be told from another."""
    missing = NEEDED - {column.name for column in layout.columns}
    if missing:
        raise FileUnreadable(_("Nella mappatura mancano le colonne: %(names)s."), names=", ".join(sorted(missing)))
    try:
        text = content.decode("utf-8-sig" if layout.encoding == "utf-8" else layout.encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileUnreadable(
            _("Riga %(line)s: un carattere non è %(encoding)s."), line=line, encoding=layout.encoding
        ) from error
    lines = text.removesuffix("\n").replace("\r\n", "\n").split("\n")
    if not text.strip():
        raise FileUnreadable(_("Il file è vuoto."))
    digest = hashlib.sha256(content).hexdigest()
    if isinstance(layout, FixedLayout):
        return _read_fixed(lines, layout, digest)
    return _read_csv(lines, layout, digest)


def _read_fixed(lines: list[str], layout: FixedLayout, digest: str) -> ReadFile:
    header, tail = layout.header, layout.tail
    first = lines[0] if header is not None and lines[0].startswith(header.mark) else ""
    if header is not None and not first:
        raise FileUnreadable(_("Riga 1: manca il record di testa «%(mark)s»."), mark=header.mark)
    comune = _cut(first, header.comune).strip().upper() if header and header.comune else ""
    last = lines[-1] if tail is not None and lines[-1].startswith(tail.mark) else ""
    rows = _marked_repeats(lines, [_fixed_row(n, text, layout, comune) for n, text in enumerate(lines, start=1)])
    if not any(row.verdict is not RowVerdict.NOT_DATA and row.verdict is not RowVerdict.CONTROL for row in rows):
        raise FileUnreadable(_("Nessuna riga comincia con «%(mark)s»."), mark=layout.detail_mark)
    return ReadFile(
        sha256=digest,
        as_of=_day_of(first, header.as_of) if header and header.as_of else None,
        rows=tuple(rows),
        sums=tuple(_sums(last, layout, rows)) if last else (),
        tail_missing=tail is not None and not last,
    )


def _fixed_row(number: int, text: str, layout: FixedLayout, comune: str) -> ReadRow:
    if layout.header is not None and text.startswith(layout.header.mark):
        return ReadRow(number, RowVerdict.NOT_DATA, ("header_record",))
    if layout.tail is not None and text.startswith(layout.tail.mark):
        return ReadRow(number, RowVerdict.CONTROL)
    if not text.startswith(layout.detail_mark):
        return ReadRow(number, RowVerdict.NOT_DATA if not text.strip() else RowVerdict.REJECT, ())
    reach = max(column.last for column in layout.columns)
    if len(text) < reach:
        return ReadRow(number, RowVerdict.REJECT, ("too_short",))
    found = ["trailing_spaces_trimmed"] if len(text) < layout.width else []
    if "\t" in text[reach:]:
        found.append("tab_in_filler")
    cells: dict[str, str] = {column.name: _cut(text, column) for column in layout.columns}
    forms: Mapping[str, Format] = {column.name: column.format for column in layout.columns}
    row = read_row(number, cells, forms, layout, comune=comune, found=found)
    return _with_shifted_amounts(row, text, layout, comune) if "columns_shifted" in row.defects else row


def _with_shifted_amounts(row: ReadRow, text: str, layout: FixedLayout, comune: str) -> ReadRow:
    """The amounts of a row whose cells slid left, for the sums of the tail alone: for nobody's verdict."""
    column = {one.name: one for one in layout.columns}
    home = column["comune"].first - 1
    slid = next((n for n in range(1, LONGEST_SHIFT) if text[home - n : home - n + len(comune)] == comune), 0)
    try:
        due, paid = (
            values.cents(text[column[name].first - 1 - slid : column[name].last - slid], column[name].format)
            for name in ("due", "paid")
        )
    except values.NoNumber:
        return row
    return replace(row, due_cents=due, paid_cents=paid) if slid else row


def _marked_repeats(lines: list[str], rows: list[ReadRow]) -> list[ReadRow]:
    """A line that was there before is a repeat; the same number on another line is for a person to decide."""
    seen: dict[str, int] = {}
    numbers: set[int] = set()
    marked: list[ReadRow] = []
    for text, row in zip(lines, rows, strict=True):
        if row.verdict in {RowVerdict.NOT_DATA, RowVerdict.CONTROL}:
            marked.append(row)
        elif seen.setdefault(text, row.line) != row.line:
            marked.append(replace(row, verdict=RowVerdict.DUPLICATE, defects=("same_progressive",), duty=None))
        else:
            repeated = row.duty is not None and row.duty.progressive in numbers - {0}
            defects = [*row.defects, "progressive_conflict"] if repeated else list(row.defects)
            marked.append(replace(row, defects=tuple(defects), verdict=worst(defects)) if repeated else row)
            numbers |= {row.duty.progressive} if row.duty else set()
    return marked


def _sums(last: str, layout: FixedLayout, rows: list[ReadRow]) -> Iterator[ControlSum]:
    tail = layout.tail
    counted = [row for row in rows if _is_counted(row)]
    if tail is None:
        return
    for name, cut in (("records", tail.records), ("due", tail.due), ("paid", tail.paid)):
        if cut is None:
            continue
        try:
            declared = (
                values.number(_cut(last, cut)) if name == "records" else values.cents(_cut(last, cut), cut.format)
            )
        except values.NoNumber as error:
            raise FileUnreadable(_("Record di coda: la somma «%(name)s» non è un numero."), name=name) from error
        yield ControlSum(name, declared, len(counted) if name == "records" else _total(counted, name))


def _is_counted(row: ReadRow) -> bool:
    return row.verdict not in {RowVerdict.NOT_DATA, RowVerdict.CONTROL, RowVerdict.DUPLICATE}


def _total(rows: list[ReadRow], name: str) -> int | None:
    amounts = [row.due_cents if name == "due" else row.paid_cents for row in rows]
    return None if None in amounts else sum(amount for amount in amounts if amount is not None)


def _read_csv(lines: list[str], layout: CsvLayout, digest: str) -> ReadFile:
    table = list(csv.reader(lines, delimiter=layout.separator))
    headings = [cell.strip() for cell in table[0]]
    missing = [column.heading for column in layout.columns if column.heading not in headings]
    if missing:
        raise FileUnreadable(_("Riga 1: mancano le intestazioni %(names)s."), names=", ".join(missing))
    places: dict[str, int] = {column.name: headings.index(column.heading) for column in layout.columns}
    rows = [ReadRow(1, RowVerdict.NOT_DATA, ("header_record",))]
    rows += [_csv_row(n, cells, len(headings), places, layout) for n, cells in enumerate(table[1:], start=2)]
    marked = _marked_repeats([layout.separator.join(cells) for cells in table], rows)
    tail = next((cells for cells in table if layout.total_mark and cells and cells[0] == layout.total_mark), None)
    sums = _csv_sums(tail, places, layout, marked) if tail else ()
    return ReadFile(digest, None, tuple(marked), tuple(sums), tail_missing=bool(layout.total_mark) and tail is None)


def _csv_row(number: int, cells: list[str], width: int, places: Mapping[str, int], layout: CsvLayout) -> ReadRow:
    if not any(cell.strip() for cell in cells):
        return ReadRow(number, RowVerdict.NOT_DATA)
    if layout.total_mark and cells[0] == layout.total_mark:
        return ReadRow(number, RowVerdict.CONTROL)
    if len(cells) != width:
        return ReadRow(number, RowVerdict.REJECT, ("columns_shifted",))
    forms: Mapping[str, Format] = {column.name: column.format for column in layout.columns}
    held = {name: cells[place] for name, place in places.items()}
    return read_row(number, held, forms, layout, comune="", found=[])


def _csv_sums(
    tail: list[str], places: Mapping[str, int], layout: CsvLayout, rows: list[ReadRow]
) -> Iterator[ControlSum]:
    forms: dict[str, Format] = {column.name: column.format for column in layout.columns}
    counted = [row for row in rows if _is_counted(row)]
    for name in ("due", "paid"):
        cell = tail[places[name]] if places[name] < len(tail) else ""
        if cell.strip():
            try:
                declared = values.cents(cell, forms[name])
            except values.NoNumber as error:
                raise FileUnreadable(_("Riga dei totali: «%(name)s» non è un numero."), name=name) from error
            yield ControlSum(name, declared, _total(counted, name))


def _cut(text: str, place: Cut | FixedColumn) -> str:
    return text[place.first - 1 : place.last]


def _day_of(text: str, place: Cut) -> date | None:
    try:
        return values.day(_cut(text, place), place.format)
    except values.NoDate as error:
        raise FileUnreadable(_("Record di testa: la data non esiste.")) from error
