"""The grid in which an operator says what each column of a file becomes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec.structs import replace

from onboarding.fields import FIELDS
from onboarding.judging.labels import label
from onboarding.mapping.masking import masked
from onboarding.mapping.sampling import Sampled
from onboarding.mapping.structs import Column, Mapping
from onboarding.models import ExportKind

TABLED: Final = frozenset({"yes_no", "diet", "trip", "school", "tax", "status", "month", "sex", "residence"})
"""Readers whose words may need a table: what the file says -> what we say."""
MOST_WORDS: Final = 30
SURE: Final = 0.85
"""From which confidence on a column asks nothing."""
ASIDE: Final = gettext_lazy("— non serve —")


class KindForm(forms.Form):
    """What the file is, and what the office calls the programme it comes from."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=gettext_lazy("Di che cosa parla"), choices=ExportKind.choices)
    source_name = forms.CharField(
        label=gettext_lazy("Nome della fonte"),
        max_length=80,
        help_text=gettext_lazy(
            "Come chiamate il programma o l'ufficio da cui arriva: serve a riconoscerlo la prossima volta."
        ),
    )


class ColumnForm(forms.Form):
    """What one column becomes and how it is written."""

    use_required_attribute = False
    hides_optional = True

    field = forms.ChoiceField(label=gettext_lazy("Diventa"), required=False)
    part = forms.CharField(label=gettext_lazy("Mese della colonna"), max_length=20, required=False)
    date_order = forms.ChoiceField(
        label=gettext_lazy("Ordine delle date"),
        required=False,
        choices=(
            ("dmy", gettext_lazy("giorno mese anno")),
            ("mdy", gettext_lazy("mese giorno anno")),
            ("ymd", gettext_lazy("anno mese giorno")),
        ),
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Decimali"),
        required=False,
        choices=(("", gettext_lazy("come capita")), (",", gettext_lazy("virgola")), (".", gettext_lazy("punto"))),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Unità"),
        required=False,
        choices=(
            ("euro", gettext_lazy("euro")),
            ("cents", gettext_lazy("centesimi")),
            ("thousandths", gettext_lazy("millesimi di euro")),
        ),
    )
    sign = forms.ChoiceField(
        label=gettext_lazy("Sopra zero vuol dire"),
        required=False,
        choices=(
            ("credit", gettext_lazy("credito della famiglia")),
            ("debt", gettext_lazy("debito della famiglia")),
        ),
    )
    names = forms.ChoiceField(
        label=gettext_lazy("Ordine dei nomi"),
        required=False,
        choices=(
            ("surname_first", gettext_lazy("prima il cognome")),
            ("given_first", gettext_lazy("prima il nome")),
        ),
    )

    def __init__(self, *args: Any, kind: str, heading: str, **kwargs: Any) -> None:  # Any: Django's own keywords
        super().__init__(*args, **kwargs)
        choices = [(each.name, label(each.name)) for each in FIELDS.get(kind, ())]
        self.fields["field"].choices = [("", ASIDE), *choices]  # type: ignore[attr-defined]
        self.fields["field"].widget.attrs["aria-label"] = _("Che cosa diventa la colonna %(name)s") % {"name": heading}


@dataclass(frozen=True, slots=True)
class Word:
    """A line of a value table: the name of its box, what the file says, what we say."""

    name: str
    written: str
    said: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A column of the file as the grid shows it."""

    place: int
    column: Column
    heading: str
    examples: Sequence[str]
    form: ColumnForm
    words: Sequence[Word]
    reader: str

    @property
    def is_sure(self) -> bool:
        return self.column.confidence >= SURE

    @property
    def details(self) -> list[Any]:  # Any: Django's bound fields
        """How the cells are written, as far as it matters for what the column becomes."""
        names = {"date": ["date_order"], "amount": ["decimal", "unit"], "full_name": ["names"], "count": ["part"]}
        signed = ["sign"] if self.form["field"].value() == "balance" else []
        return [self.form[name] for name in [*names.get(self.reader, []), *signed]]


class Grid:
    """All columns; `posted` is what the operator sent, if anything."""

    def __init__(self, mapping: Mapping, sample: Sampled, *, source_name: str, posted: QueryDict | None = None) -> None:
        self.mapping, self.sample, self.posted = mapping, sample, posted
        kind = posted.get("kind", mapping.kind) if posted else mapping.kind
        self.kind = kind if kind in FIELDS else mapping.kind
        self.head = KindForm(posted, initial={"kind": mapping.kind, "source_name": source_name})
        self.rows = [self._row(place, column) for place, column in enumerate(mapping.columns)]

    def _row(self, place: int, column: Column) -> GridRow:
        heading = column.source or _("colonna %(number)s") % {"number": column.place}
        form = ColumnForm(
            self.posted,
            prefix=f"c{place}",
            kind=self.kind,
            heading=heading,
            initial={
                "field": column.field,
                "part": column.part,
                "date_order": column.date_order,
                "decimal": column.decimal,
                "unit": column.unit,
                "sign": column.sign,
                "names": column.names,
            },
        )
        chosen = str(form["field"].value() or "")
        reader = reader_of(self.kind, chosen)
        guessed = reader or reader_of(self.kind, column.field) or "unknown"
        examples = [masked(text, guessed) for text in self.sample.examples(place)]
        return GridRow(place, column, heading, examples, form, list(self._words(place, column, reader)), reader)

    def _words(self, place: int, column: Column, reader: str) -> Iterator[Word]:
        if reader not in TABLED and not column.values:
            return
        held = list(self.sample.values[place])[:MOST_WORDS] if place < len(self.sample.values) else []
        for number, written in enumerate(dict.fromkeys([*column.values, *held])):
            name = f"c{place}-v{number}"
            said = self.posted.get(name) if self.posted else None
            yield Word(name, written, column.values.get(written, "") if said is None else said.strip())

    def is_valid(self) -> bool:
        """Whether all that was posted can be understood."""
        return all([self.head.is_valid(), *(row.form.is_valid() for row in self.rows)])

    def result(self) -> Mapping:
        """The mapping as the operator wants it; a column that was touched is as sure as its operator."""
        return replace(
            self.mapping,
            kind=self.kind,
            name=self.head.cleaned_data["source_name"],
            columns=tuple(self._column(row) for row in self.rows),
        )

    def _column(self, row: GridRow) -> Column:
        chosen = row.form.cleaned_data
        values = {word.written: word.said for word in row.words if word.said or word.written in row.column.values}
        changed = replace(
            row.column,
            field=chosen["field"],
            part=chosen["part"] or "",
            date_order=chosen["date_order"] or row.column.date_order,
            decimal=chosen["decimal"],
            unit=chosen["unit"] or row.column.unit,
            sign=chosen["sign"] or row.column.sign,
            names=chosen["names"] or row.column.names,
            values=values,
        )
        if changed == row.column:
            return changed
        return replace(changed, confidence=1.0, reason=_("scelto da chi controlla"))


def reader_of(kind: str, field: str) -> str:
    """How the cells of a field are read; empty for a column that nobody reads."""
    return next((each.reader for each in FIELDS.get(kind, ()) if each.name == field), "")
