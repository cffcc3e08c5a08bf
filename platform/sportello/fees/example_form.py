"""The form of an example: it asks what the fee table reads, and what must come out."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from services_catalog.examples import Example, Refusal
from services_catalog.fee_table import (
    AbsenceShare,
    Counted,
    CountSteps,
    EachTime,
    FeeTable,
    IncomeLimit,
    NotDue,
    Parts,
    PerBlock,
    PerDay,
    PerMeal,
    StatedAmount,
    Unit,
    structs_of,
)
from services_catalog.reading import from_builtins
from services_catalog.schema import EditionContent
from sportello.fees.example_facts import COUNTED, REFUSALS, STATES
from sportello.kernel.money import Money
from sportello.schools.models import Level
from sportello.ui.fields import MoneyField

PAYS: Final = "pays"


class ExampleForm(forms.Form):
    """An example of an edition. Fields of facts that the table does not read are not there."""

    use_required_attribute = False
    isee = MoneyField(label=_("ISEE"), required=False, help_text=_("Vuoto: la famiglia non l'ha presentato."))
    isee_state = forms.ChoiceField(label=_("L'ISEE è"), choices=list(STATES.items()), initial="attested")
    level = forms.ChoiceField(label=_("Grado di scuola"))
    sibling_rank = forms.IntegerField(label=_("Figlio numero"), min_value=1, max_value=20, initial=1)
    children_using = forms.IntegerField(label=_("di quanti figli"), min_value=1, max_value=20, initial=1)
    resident = forms.BooleanField(label=_("Risiede nel Comune"), required=False, initial=True)
    conditions = forms.MultipleChoiceField(label=_("Condizioni"), required=False, widget=forms.CheckboxSelectMultiple)
    minors = forms.IntegerField(label=_("Minorenni in famiglia"), min_value=0, max_value=20, initial=1)
    enrolled = forms.IntegerField(label=_("Figli iscritti al servizio"), min_value=0, max_value=20, initial=1)
    members = forms.IntegerField(label=_("Componenti della famiglia"), min_value=1, max_value=20, initial=1)
    income = MoneyField(label=_("Reddito annuo della famiglia"), required=False)
    units = forms.IntegerField(label=_("Quantità"), min_value=0, max_value=1000, initial=1)
    month = forms.IntegerField(label=_("Mese (da 1 a 12)"), min_value=1, max_value=12, required=False)
    outcome = forms.ChoiceField(label=_("Che cosa ci si aspetta"), initial=PAYS)
    pays = MoneyField(label=_("Importo"), required=False)
    because = forms.CharField(
        label=_("Perché"),
        max_length=200,
        help_text=_("Per esempio: seconda fascia, il secondo figlio paga il 25 per cento in meno."),
    )

    def __init__(self, content: EditionContent, data: Any = None, *, example: Example | None = None) -> None:
        super().__init__(data, initial={} if example is None else _initial(example))
        self._content = content
        table = content.fees
        for name in _unread(table, example):
            del self.fields[name]
        language = get_language() or "it"
        self._offer("level", [(code, capfirst(str(Level(code).label))) for code in content.audience.levels])
        self._offer("conditions", [(one.code, one.label.within(language)) for one in content.conditions])
        self._offer("outcome", [(PAYS, _("un importo")), *REFUSALS.items()])
        self.fields[PAYS].required = self["outcome"].value() == PAYS
        for name in _amounts(table, example):
            self.fields[f"amount_{name}"] = MoneyField(label=name.replace("_", " ").capitalize(), required=False)
        for name in _counts(table, example):
            self.fields[f"count_{name}"] = forms.IntegerField(
                label=str(COUNTED[name]), min_value=0, max_value=400, required=False
            )
        self.order_fields([name for name in self.fields if name not in ("outcome", PAYS, "because")])

    def example(self) -> Example:
        """The example as written."""
        given = dict(self.cleaned_data)
        outcome = given.pop("outcome")
        plain: dict[str, Any] = {"because": given.pop("because")}
        pays: Money | None = given.pop(PAYS)
        plain |= {"pays": pays} if outcome == PAYS else {"refused": cast("Refusal", outcome)}
        plain["amounts"] = _taken(given, "amount_")
        plain["counts"] = _taken(given, "count_")
        plain |= {name: value for name, value in given.items() if value is not None}
        return from_builtins(_as_written(plain), Example)

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


def _initial(example: Example) -> dict[str, Any]:
    """What the form shows of an example."""
    names = (*ExampleForm.base_fields,)
    shown = {name: getattr(example, name) for name in names if name != "outcome"}
    shown["conditions"] = list(example.conditions)
    shown["outcome"] = example.refused or PAYS
    shown |= {f"amount_{name}": amount for name, amount in example.amounts.items()}
    return shown | {f"count_{name}": count for name, count in example.counts.items()}


def _unread(table: FeeTable, example: Example | None) -> Iterator[str]:
    """Fields of facts that neither the table reads nor the example states."""
    known = example or Example(pays=Money(0), because="-")
    income = any(isinstance(one, IncomeLimit) for one in structs_of(table))
    months = any(isinstance(one, NotDue) and one.months for one in structs_of(table))
    if not table.conditions() and not known.conditions:
        yield "conditions"
    if not table.reads_household() and (known.minors, known.enrolled) == (1, 1):
        yield from ("minors", "enrolled")
    if not income and known.income is None and known.members == 1:
        yield from ("members", "income")
    if not months and known.month is None:
        yield "month"


def _amounts(table: FeeTable, example: Example | None) -> list[str]:
    named = {one.name for one in structs_of(table) if isinstance(one, StatedAmount)}
    return sorted(named | set(example.amounts if example else ()))


def _counts(table: FeeTable, example: Example | None) -> list[Counted]:
    """What the register must have counted for this table, in the order of the list of words."""
    read: set[Counted] = set(example.counts if example else ())
    for one in structs_of(table):
        if isinstance(one, Parts | CountSteps | AbsenceShare | EachTime):
            read.add(one.counted)
        if isinstance(one, AbsenceShare):
            read.add("days_of_service")
        if isinstance(one, NotDue) and one.counted is not None:
            read.add(one.counted)
    read |= {_counted_by(part.unit) for part in table.parts}
    if isinstance(table.unit, PerDay):
        read.add("days_present")
    return [name for name in COUNTED if name in read]


def _counted_by(unit: Unit) -> Counted:
    match unit:
        case PerMeal():
            return "meals"
        case PerDay():
            return "days_present"
        case PerBlock():
            return "blocks"
        case _:
            return "months"


def _taken(given: dict[str, Any], prefix: str) -> dict[str, Any]:
    names = [name for name in given if name.startswith(prefix)]
    held = {name.removeprefix(prefix): given.pop(name) for name in names}
    return {name: value for name, value in held.items() if value is not None}


def _as_written(value: object) -> object:
    """Amounts as the language writes them."""
    if isinstance(value, Money):
        return value.as_decimal_string()
    if isinstance(value, Mapping):
        return {name: _as_written(one) for name, one in value.items()}
    return value
