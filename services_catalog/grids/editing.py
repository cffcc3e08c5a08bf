"""All the forms of an edition: filled from its content, or from what was posted; rows change without JavaScript."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from services_catalog.findings import Finding, Severity
from services_catalog.grids.columns import KEPT
from services_catalog.grids.fields import RowForm, initial_of, row_form
from services_catalog.grids.pasting import Pasted, read_pasted
from services_catalog.grids.pieces import Piece, pieces_of
from services_catalog.grids.words import LABELS
from services_catalog.reading import SchemaError, from_builtins, to_builtins
from services_catalog.schema import EditionContent

_ROW = re.compile(r"^(?P<list>.*?)\[(?P<index>\d+)\](?P<below>[.\[].*)?$")
_NAMED = re.compile(r"«([a-z_.]+)»")
_MOST_ROWS = 200
_FOLDED = frozenset(
    {
        "Column",
        "IseePolicy",
        "FilingWindow",
        "SiblingCounting",
        "ArrearsPolicy",
        "CreditPolicy",
        "PaymentPolicy",
        "Statement",
        "PerMeal",
    }
)

type Plain = dict[str, Any]  # Any: plain data of the language


@dataclass(slots=True)
class RowSet:
    """A grid on the page; ``pasted`` is the text that waits in its box, ``reading`` what was made of it."""

    piece: Piece
    rows: "forms.BaseFormSet[RowForm]"
    pasted: str = ""
    reading: Pasted | None = None

    @property
    def prefix(self) -> str:
        """Its name on the page."""
        return self.piece.prefix

    @property
    def place(self) -> str:
        """The path of its list in the content."""
        return self.piece.place

    @property
    def title(self) -> str:
        """Its heading."""
        return self.piece.title

    @property
    def columns(self) -> list[str]:
        """The headings of the visible fields."""
        return [str(field.label) for field in self.rows.empty_form.visible_fields()]

    @property
    def is_folded(self) -> bool:
        """Whether it waits closed: it is empty or seldom changed, and nothing is wrong in it."""
        quiet = not self.rows.forms or self.piece.struct in _FOLDED
        return quiet and self.place != "windows" and not self.reading and not _has_errors(self.rows)


@dataclass(slots=True)
class Block:
    """Single fields on the page: what stands outside the grids."""

    piece: Piece
    form: RowForm

    @property
    def title(self) -> str:
        """Its heading."""
        return self.piece.title

    @property
    def is_folded(self) -> bool:
        """Whether it waits closed: it is seldom changed, and nothing is wrong in it."""
        return self.piece.struct in _FOLDED and not self.form.errors


@dataclass(frozen=True, slots=True)
class Beside:
    """A finding with the piece it speaks of and where a link leads; both empty when it belongs to no piece."""

    finding: Finding
    title: str = ""
    anchor: str = ""
    row: int | None = None


@dataclass(slots=True)
class EditionForms:
    """The grids and blocks of an edition.

    ``data`` with a button that adds, removes, moves or pastes gives the same page back, changed and unchecked;
    pasted text that nobody turned into rows is turned when the page is saved, so that it is never lost.
    """

    held: EditionContent
    data: QueryDict | None = None
    pieces: list[RowSet | Block] = field(init=False)
    errors: list[str] = field(init=False, default_factory=list)
    is_reshaping: bool = field(init=False)

    def __post_init__(self) -> None:
        shapes = ("add", "remove", "up", "down", "paste", "paste_after")
        data, pieces = self.data, pieces_of(self.held)
        waiting = data is not None and any(data.get(f"{one.prefix}-pasted", "").strip() for one in pieces)
        self.is_reshaping = data is not None and (waiting or any(name in data for name in shapes))
        self.pieces = [self._grid(piece) if piece.is_grid else self._block(piece) for piece in pieces]

    @property
    def sets(self) -> list[RowSet]:
        """The grids alone."""
        return [piece for piece in self.pieces if isinstance(piece, RowSet)]

    @property
    def blocks(self) -> list[Block]:
        """The blocks of fields alone."""
        return [piece for piece in self.pieces if isinstance(piece, Block)]

    @property
    def misread(self) -> bool:
        """Whether some pasted text could not be read."""
        return any(rowset.reading is not None and rowset.reading.errors for rowset in self.sets)

    def show(self, findings: list[Finding]) -> list[Beside]:
        """Put each finding beside its row; gives back all of them with the way there. A row shows its assumption."""
        found = [self._beside(finding) for finding in findings]
        for one in found:
            row = self._form_at(one.finding.place)
            if row is not None and one.finding.severity is not Severity.ASSUMPTION:
                row.findings.append(one.finding)
        return [one for one in found if one.finding.code != "assumption" or not one.anchor]

    def content(self) -> EditionContent | None:
        """The content as edited; None when a row or the whole is not in the language, with the errors in place."""
        valid = [*(block.form.is_valid() for block in self.blocks), *(one.rows.is_valid() for one in self.sets)]
        if not all(valid):
            return None
        plain = to_builtins(self.held)
        for block in self.blocks:
            values = block.form.as_builtins()
            for path, value in values.items():
                if value is not None or _is_there(plain, f"{block.piece.place}.{path}"):
                    _set(_node(plain, block.piece.place), path, value)
        for rowset in self.sets:
            owner, _dot, name = rowset.place.rpartition(".")
            rows = [_row(form, rowset.piece) for form in rowset.rows]
            if _is_there(plain, rowset.place):
                _keep(rows, _node(plain, owner)[name])
            if rows or _is_there(plain, rowset.place):
                _node(plain, owner)[name] = rows
        try:
            content = from_builtins(plain, EditionContent)
        except SchemaError as error:
            self._blame(error)
            return None
        return self.held if content == self.held else content

    def _blame(self, error: SchemaError) -> None:
        """The error of the language at its row or block, in the words of the page."""
        sentence = error.message.removeprefix(error.place).removeprefix(": ")
        sentence = _NAMED.sub(lambda found: f"«{LABELS.get(found[1], found[1])}»", sentence)
        form = self._form_at(error.place)
        if form is None:
            self.errors.append(f"{self._beside_place(error.place)}{sentence}")
        else:
            form.add_error(None, sentence[:1].upper() + sentence[1:])

    def _beside_place(self, place: str) -> str:
        piece = self._piece_at(place)
        return f"{piece.title}: " if piece else ""

    def _beside(self, finding: Finding) -> Beside:
        piece = self._piece_at(finding.place)
        if piece is None:
            return Beside(finding)
        match = _ROW.match(finding.place.removeprefix(piece.piece.place))
        if isinstance(piece, RowSet) and match and not match["list"]:
            index = int(match["index"])
            return Beside(finding, piece.title, f"{piece.prefix}-riga-{index}", index + 1)
        return Beside(finding, piece.title, f"tabella-{piece.piece.prefix}")

    def _piece_at(self, place: str) -> RowSet | Block | None:
        """The piece that a place of the content is in; else the first that is in the place."""
        above = [one for one in self.pieces if _within(place, one.piece.place) and one.piece.place != "fees"]
        if above:
            return max(above, key=lambda one: len(one.piece.place))
        below = [one for one in self.pieces if _within(one.piece.place, place) and place not in ("", "fees")]
        whole = [one for one in self.pieces if place.startswith("fees") and one.piece.place == "fees"]
        return next(iter((*below, *whole)), None)

    def _form_at(self, place: str) -> RowForm | None:
        piece = self._piece_at(place)
        if isinstance(piece, Block):
            return piece.form
        match = _ROW.match(place.removeprefix(piece.place)) if piece else None
        if piece is None or match is None or match["list"]:
            return None
        return piece.rows.forms[int(match["index"])] if int(match["index"]) < len(piece.rows.forms) else None

    def _block(self, piece: Piece) -> Block:
        kind, initial = row_form(piece.columns), initial_of(piece.columns, piece.rows[0])
        if self.is_reshaping and self.data is not None:
            return Block(piece, kind(prefix=piece.prefix, initial=_typed(kind, piece.prefix, self.data)))
        return Block(piece, kind(self.data, prefix=piece.prefix, initial=initial))

    def _grid(self, piece: Piece) -> RowSet:
        kind = row_form(piece.columns)
        formset = forms.formset_factory(kind, extra=0, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS)
        if not self.is_reshaping or self.data is None:
            initial = [initial_of(piece.columns, row) for row in piece.rows]
            return _named(RowSet(piece, formset(self.data, prefix=piece.prefix, initial=initial)))
        return _named(self._reshaped(piece, kind, formset, self.data))

    def _reshaped(
        self, piece: Piece, kind: type[RowForm], formset: "type[forms.BaseFormSet[RowForm]]", data: QueryDict
    ) -> RowSet:
        """A grid as it was typed, with the row asked for more, less or elsewhere, and with what was pasted."""
        said = data.get(f"{piece.prefix}-TOTAL_FORMS", "")
        count = min(int(said) if said.isdigit() else 0, _MOST_ROWS)
        rows = _moved([_typed(kind, f"{piece.prefix}-{index}", data) for index in range(count)], piece.prefix, data)
        pasted, reading = data.get(f"{piece.prefix}-pasted", ""), None
        if pasted.strip():
            reading = read_pasted(pasted, piece.columns)
            if not reading.errors:
                new = [initial_of(piece.columns, row) for row in reading.rows]
                after = data.get("paste_after") == piece.prefix
                rows, pasted = ([*rows, *new] if after else _in_place(new, rows, piece))[:_MOST_ROWS], ""
        return RowSet(piece, formset(prefix=piece.prefix, initial=rows), pasted, reading)


def _named(rowset: RowSet) -> RowSet:
    for number, form in enumerate(rowset.rows.forms, start=1):
        form.name_cells(number)
    return rowset


def _keep(rows: Sequence[dict[str, Any]], before: Sequence[dict[str, Any]]) -> None:
    """Give each row what it has no cell for, as it stood under its code."""
    held = {row["code"]: row for row in before if "code" in row}
    for row in rows:
        old = held.get(row.get("code"), {})
        row.update({name: old[name] for name in KEPT if name in old})


def _has_errors(rows: "forms.BaseFormSet[RowForm]") -> bool:
    return rows.is_bound and any(form.errors or form.findings for form in rows.forms)


def _within(place: str, above: str) -> bool:
    return place == above or place.startswith((f"{above}.", f"{above}["))


def _typed(form: type[RowForm], prefix: str, data: QueryDict) -> Plain:
    """What was typed in the fields of a row, right or wrong."""
    return {
        name: field.widget.value_from_datadict(data, {}, f"{prefix}-{name}") for name, field in form.base_fields.items()
    }


def _in_place(new: list[Plain], old: list[Plain], piece: Piece) -> list[Plain]:
    """Pasted rows, with what the page does not show (the code of a window) from the row each takes the place of."""
    hidden = [column.field for column in piece.columns if column.hidden]
    kept = [{name: row[name] for name in hidden} for row in old]
    return [row | (kept[index] if index < len(kept) else {}) for index, row in enumerate(new)]


def _moved(rows: list[Plain], prefix: str, data: QueryDict) -> list[Plain]:
    """The rows with the one asked for added, taken away or moved."""
    if data.get("add") == prefix:
        rows.append({})
    for button, step in (("remove", 0), ("up", -1), ("down", 1)):
        owner, _dash, index = data.get(button, "").rpartition("-")
        if owner == prefix and index.isdigit() and int(index) < len(rows):
            row = rows.pop(int(index))
            if step:
                rows.insert(max(0, int(index) + step), row)
    return rows


def _row(form: RowForm, piece: Piece) -> Plain:
    """A row as the language writes it; a new window takes its code from its place."""
    node: Plain = {}
    for path, value in form.as_builtins().items():
        if value is not None:
            _set(node, path, value)
    if piece.struct == "Window" and "code" not in node:
        number = str(form.prefix).rpartition("-")[2]
        node["code"] = f"window_{number}_{node['opens'].replace('-', '')}"
    return node


def _is_there(plain: Plain, place: str) -> bool:
    """Whether something is written at a path; what is as usual is left out and stays so."""
    node: Any = plain
    for step in re.findall(r"[a-z_]+|\d+", place):
        if not step.isdigit() and step not in node:
            return False
        node = node[int(step) if step.isdigit() else step]
    return True


def _node(plain: Plain, place: str) -> Plain:
    """The object at a path such as ``fees.reductions[0]``; what is left out because it is as usual is made."""
    node: Any = plain
    for step in re.findall(r"[a-z_]+|\d+", place):
        node = node[int(step)] if step.isdigit() else node.setdefault(step, {})
    held: Plain = node
    return held


def _set(node: Plain, path: str, value: object) -> None:
    """Set a value below an object, or take it away; amounts of a matrix stand in a list."""
    *way, last = path.split(".")
    if last.isdigit():
        node.setdefault(way[0], []).append(value)
        return
    for step in way:
        node = node.setdefault(step, {})
    if value is None:
        node.pop(last, None)
    else:
        node[last] = value
