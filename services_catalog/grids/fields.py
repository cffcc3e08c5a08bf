"""The controls of a cell, by its kind; a row of them as a form."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services_catalog.findings import Finding
from services_catalog.grids.cells import read_cell, shown
from services_catalog.grids.columns import GridColumn, Kind
from services_catalog.grids.words import VALUES, Words
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.ui.widgets import MoneyInput


class CellField(forms.Field):
    """A cell that is read as a pasted one is: «€ 2,00», «12,5%», «oltre»."""

    def __init__(self, *, column: GridColumn, **kwargs: Any) -> None:  # Any: Django's own keywords pass through
        super().__init__(**kwargs)
        self.column = column

    def to_python(self, value: object) -> object:
        """Read the text; raises ValidationError with the sentence of the cell. An empty one is left to ``required``."""
        if value is None or value == "":
            return None
        try:
            return read_cell(self.column, str(value))
        except DomainError as error:
            raise ValidationError(error.message, code=error.code) from error

    def prepare_value(self, value: object) -> object:
        """The value as a cell shows it; what was typed stays as it was."""
        if value == self.column.empty_as:
            return ""
        if self.column.kind is Kind.LINES and isinstance(value, tuple):
            return "\n".join(value)
        return value if isinstance(value, str) else shown(value)


class RowForm(forms.Form):
    """One row of a grid, or a block of fields. ``findings`` are what the linter asks about it."""

    use_required_attribute = False
    columns: Sequence[GridColumn] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments pass through
        super().__init__(*args, **kwargs)
        self.findings: list[Finding] = []

    def name_cells(self, number: int) -> None:
        """Say the column and the row on each control of a grid, whose label stands far above."""
        for field in self.fields.values():
            words = {"field": str(field.label), "number": number}
            field.widget.attrs["aria-label"] = gettext("%(field)s, riga %(number)s") % words

    def as_builtins(self) -> dict[str, Any]:  # Any: plain data of the language
        """The values by the path of their column, as the language writes them; empty and usual ones are None."""
        given = {column: self.cleaned_data.get(column.field) for column in self.columns}
        return {column.name: None if value == column.default else _plain(value) for column, value in given.items()}


@cache
def row_form(columns: tuple[GridColumn, ...]) -> type[RowForm]:
    """The form of a row with these columns."""
    fields = {column.field: _field(column) for column in columns}
    return type("GridRowForm", (RowForm,), {**fields, "columns": columns})


def initial_of(columns: Sequence[GridColumn], row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row as its form starts from them."""
    initial = {column.field: row[column.name] for column in columns}
    return {name: _answer(value) for name, value in initial.items()}


def _answer(value: object) -> object:
    """A list of choices as Django holds it; yes and no keep being values of their select."""
    return list(value) if isinstance(value, tuple) and value and value[0] in VALUES else value


def _plain(value: object) -> object:
    if isinstance(value, Money):
        return value.as_decimal_string()
    if value in ("", None, ()):
        return None
    return msgspec.to_builtins(value)


def _field(column: GridColumn) -> forms.Field:
    """The control of a cell. What may be empty is said by the column, yes and no never ask to be ticked."""
    required = not column.optional
    match column.kind:
        case _ if column.hidden:
            return forms.CharField(required=False, widget=forms.HiddenInput)
        case Kind.FLAG:
            field: forms.Field = forms.BooleanField(required=False)
        case Kind.YES_NO:
            answers = [("", _("non importa")), (True, _("sì")), (False, _("no"))]
            field = forms.TypedChoiceField(required=False, choices=answers, coerce=_is_yes, empty_value=None)
        case Kind.CHOICE:
            field = forms.ChoiceField(required=required, choices=_choices(column))
        case Kind.CHOICES:
            boxes = forms.CheckboxSelectMultiple
            field = forms.MultipleChoiceField(required=False, choices=_choices(column), widget=boxes)
        case Kind.DAY:
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            field = forms.DateField(required=required, widget=widget)
        case _:
            field = CellField(column=column, widget=_widget(column), required=required)
    field.label = column.label  # type: ignore[assignment]  # a lazy sentence is a label, the stubs know another kind
    return field


def _is_yes(text: object) -> bool:
    return text in ("True", True)


def _choices(column: GridColumn) -> list[tuple[str, Words]]:
    known: list[tuple[str, Words]] = [(value, VALUES.get(value, value)) for value in column.values]
    return [("", _("nessuno")), *known] if column.optional and column.kind is Kind.CHOICE else known


def _widget(column: GridColumn) -> forms.Widget:
    match column.kind:
        case Kind.MONEY:
            return MoneyInput()
        case Kind.PERCENT | Kind.COUNT:
            mode = "decimal" if column.kind is Kind.PERCENT else "numeric"
            return forms.TextInput({"class": "input-number", "inputmode": mode, "autocomplete": "off"})
        case Kind.LINES:
            return forms.Textarea({"rows": 3})
        case _:
            return forms.TextInput({"autocomplete": "off"})
