"""The forms of the fee table editor: rows added and taken away without JavaScript, checked by the language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services_catalog.fee_table import CostShare, FlatBands, PerBlock, SiblingDiscounts, SiblingPrices, SinglePrice
from services_catalog.lint import Finding, Severity
from services_catalog.reading import SchemaError, from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.kernel.money import Money
from sportello.schools.models import Level
from sportello.ui.fields import DateField, MoneyField

_ROW = re.compile(r"^(?P<list>.*)\[(?P<index>\d+)\]$")


class RowForm(forms.Form):
    """One row of a table of the editor. ``findings`` are what the linter asks about it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments pass through
        super().__init__(*args, **kwargs)
        self.findings: list[Finding] = []
        number = str(self.prefix or "").rpartition("-")[2]
        for field in self.fields.values():
            place = int(number) + 1 if number.isdigit() else 1
            words = {"field": str(field.label), "number": place}
            field.widget.attrs["aria-label"] = gettext("%(field)s, riga %(number)s") % words

    def as_builtins(self) -> dict[str, Any]:
        """The row as the language writes it: amounts as text, empty values left out."""
        plain = {name: _plain(value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in plain.items() if value not in (None, "", False)}


class IseeRowForm(RowForm):
    """The interval that every row of a fee table has."""

    isee_from = MoneyField(label=_("ISEE da"))
    isee_to = MoneyField(label=_("a (compreso)"), required=False)


class BandForm(IseeRowForm):
    """An amount for an interval."""

    amount = MoneyField(label=_("Importo"))
    assumption = forms.CharField(label=_("Ipotesi da confermare"), required=False)


class ShareForm(IseeRowForm):
    """A share of the cost for an interval."""

    share_percent = forms.DecimalField(label=_("Quota %"), min_value=0, max_value=100, localize=True)
    assumption = forms.CharField(label=_("Ipotesi da confermare"), required=False)


class UnitCostForm(RowForm):
    """What a meal costs the Comune at a school level."""

    level = forms.ChoiceField(label=_("Grado di scuola"), choices=Level.choices)
    unit_cost = MoneyField(label=_("Costo intero"))


class SiblingForm(RowForm):
    """For which children a sibling reduction holds."""

    rank_from = forms.IntegerField(label=_("Dal figlio numero"), min_value=1, max_value=20)
    rank_to = forms.IntegerField(label=_("al numero"), min_value=1, max_value=20, required=False)
    children_from = forms.IntegerField(label=_("se sono almeno"), min_value=1, max_value=20, required=False)
    children_to = forms.IntegerField(label=_("al massimo"), min_value=1, max_value=20, required=False)


class SiblingDiscountForm(SiblingForm):
    """A percentage less."""

    discount_percent = forms.DecimalField(label=_("Riduzione %"), min_value=0, max_value=100, localize=True)
    assumption = forms.CharField(label=_("Ipotesi da confermare"), required=False)


class SiblingPriceForm(SiblingForm):
    """A fixed price."""

    amount = MoneyField(label=_("Prezzo fisso"))
    assumption = forms.CharField(label=_("Ipotesi da confermare"), required=False)


class WindowForm(RowForm):
    """A window of applications; its code and its English name are kept as they are."""

    code = forms.CharField(required=False, widget=forms.HiddenInput)
    label_en = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=_("Nome"), max_length=80)
    opens = forms.DateField(label=_("Si apre il"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    closes = forms.DateField(label=_("Si chiude il"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    late = forms.BooleanField(label=_("Fuori termine"), required=False)

    def as_builtins(self) -> dict[str, Any]:
        """The window with its code; a new one takes it from its place."""
        plain = super().as_builtins()
        english = plain.pop("label_en", "")
        label = {"it": plain["label"]} | ({"en": english} if english else {})
        number = str(self.prefix).rpartition("-")[2]
        return {
            **plain,
            "label": label,
            "code": plain.get("code") or f"window_{number}_{plain['opens'].replace('-', '')}",
        }


class HeadForm(forms.Form):
    """What stands outside the tables. Fields the kind of fee does not have are taken away."""

    use_required_attribute = False
    meals = forms.IntegerField(label=_("Pasti di un blocchetto"), min_value=1, max_value=400)
    amount = MoneyField(label=_("Prezzo unico"))
    minimum = MoneyField(label=_("Importo minimo"), required=False)
    maximum = MoneyField(label=_("Importo massimo"), required=False)


@dataclass(frozen=True, slots=True)
class RowSet:
    """A table of rows on the page; ``place`` is the path of its list in the content."""

    prefix: str
    title: str | Promise
    place: str
    rows: "forms.BaseFormSet[RowForm]"

    @property
    def columns(self) -> list[str]:
        """The headings of the visible fields."""
        return [str(field.label) for field in self.rows.empty_form.visible_fields()]


class EditionForms:
    """All the forms of an edition: filled from its content, or from what was posted.

    ``data`` with a button ``add`` or ``remove`` gives back the same page with a row more or less, unchecked.
    """

    def __init__(self, content: EditionContent, data: QueryDict | None = None) -> None:
        self._content = content
        self._data = data
        self.is_reshaping = data is not None and ("add" in data or "remove" in data)
        checked = None if self.is_reshaping else data
        self.head = self._head(checked)
        self.sets = [self._rows(*parts, checked=checked) for parts in _parts(content)]
        self.errors: list[str] = []

    def show(self, findings: list[Finding]) -> list[Finding]:
        """Put each finding beside its row; gives back those that belong to no row. A row shows its own assumption."""
        rest: list[Finding] = []
        for finding in findings:
            match = _ROW.match(finding.place)
            row = self._row(match["list"], int(match["index"])) if match else None
            if row is None:
                rest.append(finding)
            elif finding.severity is not Severity.ASSUMPTION:
                row.findings.append(finding)
        return rest

    def content(self) -> EditionContent | None:
        """The content as edited; None when a row or the whole is not in the language, with the errors in place."""
        if not all([self.head.is_valid(), *(rowset.rows.is_valid() for rowset in self.sets)]):
            return None
        plain = to_builtins(self._content)
        _put_head(plain, self.head.cleaned_data)
        for rowset in self.sets:
            _put(plain, rowset.place, [form.as_builtins() for form in rowset.rows])
        try:
            return from_builtins(msgspec.to_builtins(plain), EditionContent)
        except SchemaError as error:
            self._blame(error)
            return None

    def _blame(self, error: SchemaError) -> None:
        match = _ROW.match(error.place)
        row = self._row(match["list"], int(match["index"])) if match else None
        if row is None:
            self.errors.append(error.message)
        else:
            row.add_error(None, error.message)

    def _row(self, place: str, index: int) -> RowForm | None:
        for rowset in self.sets:
            if rowset.place == place and index < len(rowset.rows.forms):
                return rowset.rows.forms[index]
        return None

    def _head(self, checked: QueryDict | None) -> HeadForm:
        fees = self._content.fees
        initial: dict[str, Any] = {"minimum": fees.minimum, "maximum": fees.maximum}
        if isinstance(fees.unit, PerBlock):
            initial["meals"] = fees.unit.meals
        if isinstance(fees.base, SinglePrice):
            initial["amount"] = fees.base.amount
        if self.is_reshaping and self._data is not None:
            initial = {name: self._data.get(f"head-{name}", "") for name in HeadForm.base_fields}
        form = HeadForm(checked, prefix="head", initial=initial)
        if not isinstance(fees.unit, PerBlock):
            del form.fields["meals"]
        if not isinstance(fees.base, SinglePrice):
            del form.fields["amount"]
        return form

    def _rows(
        self,
        prefix: str,
        title: str | Promise,
        place: str,
        form: type[RowForm],
        initial: list[dict[str, Any]],
        *,
        checked: QueryDict | None,
    ) -> RowSet:
        formset = forms.formset_factory(form, extra=0, max_num=200, absolute_max=200)
        if self.is_reshaping and self._data is not None:
            initial = _reshaped(prefix, form, self._data)
        return RowSet(prefix, title, place, formset(checked, prefix=prefix, initial=initial))


def _parts(content: EditionContent) -> Iterator[tuple[str, str | Promise, str, type[RowForm], list[dict[str, Any]]]]:
    """The tables of an edition: prefix, title, place, form and rows."""
    base = content.fees.base
    if isinstance(base, FlatBands):
        yield "bands", _("Fasce"), "fees.base.bands", BandForm, _initial(base.bands)
    if isinstance(base, CostShare):
        yield (
            "costs",
            _("Costo intero per grado di scuola"),
            "fees.base.unit_costs",
            UnitCostForm,
            _initial(base.unit_costs),
        )
        yield "bands", _("Quote del costo"), "fees.base.bands", ShareForm, _initial(base.bands)
    for index, step in enumerate(content.fees.reductions):
        place = f"fees.reductions[{index}].rows"
        if isinstance(step, SiblingDiscounts):
            yield f"siblings{index}", _("Riduzioni per fratelli"), place, SiblingDiscountForm, _initial(step.rows)
        if isinstance(step, SiblingPrices):
            yield f"siblings{index}", _("Prezzi per fratelli"), place, SiblingPriceForm, _initial(step.rows)
    windows = [
        {
            "code": w.code,
            "label": w.label.it,
            "label_en": w.label.en,
            "opens": w.opens,
            "closes": w.closes,
            "late": w.late,
        }
        for w in content.windows
    ]
    yield "windows", _("Finestre di iscrizione"), "windows", WindowForm, windows


def _initial(rows: tuple[msgspec.Struct, ...]) -> list[dict[str, Any]]:
    """The rows as the forms show them: a bound that excludes no child is left empty."""
    plain = [msgspec.structs.asdict(row) for row in rows]
    return [{**row, "children_from": None} if row.get("children_from") == 1 else row for row in plain]


def _reshaped(prefix: str, form: type[RowForm], data: QueryDict) -> list[dict[str, Any]]:
    """What was typed in the rows, with the one asked for added or taken away."""
    count = min(int(data.get(f"{prefix}-TOTAL_FORMS") or 0), 200)
    rows = [
        {
            name: field.widget.value_from_datadict(data, {}, f"{prefix}-{index}-{name}")
            for name, field in form.base_fields.items()
        }
        for index in range(count)
    ]
    if data.get("add") == prefix:
        rows.append({})
    owner, _dash, index = data.get("remove", "").rpartition("-")
    if owner == prefix and index.isdigit() and int(index) < len(rows):
        del rows[int(index)]
    return rows


def _plain(value: object) -> object:
    if isinstance(value, Money):
        return value.as_decimal_string()
    return msgspec.to_builtins(value)


def _put(plain: dict[str, Any], place: str, rows: list[dict[str, Any]]) -> None:
    """Set the list at a path such as ``fees.reductions[0].rows``."""
    node: Any = plain
    *way, last = re.findall(r"[a-z_]+|\d+", place)
    for step in way:
        node = node[int(step)] if step.isdigit() else node[step]
    node[last] = rows


def _put_head(plain: dict[str, Any], head: dict[str, Any]) -> None:
    fees = plain["fees"]
    for name in ("minimum", "maximum"):
        fees.pop(name, None)
        if head[name] is not None:
            fees[name] = head[name].as_decimal_string()
    if "meals" in head:
        fees["unit"] = {"kind": "block", "meals": head["meals"]}
    if "amount" in head:
        fees["base"] = {"kind": "single_price", "amount": head["amount"].as_decimal_string()}


class RevisionForm(forms.Form):
    """From when a correction holds."""

    use_required_attribute = False
    valid_from = DateField(label=_("Da che giorno vale la nuova revisione"))
