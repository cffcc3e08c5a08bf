"""What a household states to know what it would pay: only what some fee reads, and nothing of it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sportello.desk.quote_services import Quoted
from sportello.kernel.money import Money
from sportello.schools.models import Level
from sportello.ui.fields import DateField, MoneyField

MOST_CHILDREN: Final = 6
HAVE, NONE = "si", "no"
_MONTHS: Final = {
    9: gettext_lazy("settembre"), 10: gettext_lazy("ottobre"), 11: gettext_lazy("novembre"),
    12: gettext_lazy("dicembre"), 1: gettext_lazy("gennaio"), 2: gettext_lazy("febbraio"), 3: gettext_lazy("marzo"),
    4: gettext_lazy("aprile"), 5: gettext_lazy("maggio"), 6: gettext_lazy("giugno"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A child the Comune knows already: what to call it, and what its part of the form holds at first."""

    name: str
    school: str
    school_name: str
    services: frozenset[str]
    conditions: frozenset[str]


@dataclass(frozen=True, slots=True)
class StatedChild:
    """A child as stated. ``services`` are those used, with how many times a week (None where no fee asks)."""

    name: str
    level: str
    school_code: str
    services: Mapping[str, int | None]
    conditions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stated:
    """The household as stated; ``isee`` None: it has none. ``new_isee`` with its day: the one it may file."""

    isee: Money | None
    resident: bool
    first_month: int
    children: tuple[StatedChild, ...]
    new_isee: tuple[Money, date] | None


@dataclass(frozen=True, slots=True)
class ChildFields:
    """The fields of a child, as the template draws them."""

    title: str
    school: BoundField | None
    services: list[tuple[BoundField, BoundField | None]]
    times: list[BoundField]
    conditions: list[BoundField]


class HouseholdForm(forms.Form):
    """Built for some services and a number of children: a field exists only if some fee, or the calendar, reads it."""

    hides_optional = True

    def __init__(
        self,
        quoted: Sequence[Quoted],
        *args: Any,  # Any: Django's own arguments pass through
        children: int = 1,
        known: Sequence[Known] = (),
        **kwargs: Any,  # Any: as above
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.quoted = quoted
        self.known = known
        self.number = min(max(children, 1), MOST_CHILDREN)
        self.reads_isee = any(one.reads.isee for one in quoted)
        self.levels = [level.value for level in Level if any(level.value in one.levels for one in quoted)]
        self.asks_level = _asks_level(quoted, self.levels)
        self._of_the_household()
        for place in range(1, self.number + 1):
            self._of_a_child(place)
        if self.reads_isee:
            self._of_a_new_isee()

    def _of_the_household(self) -> None:
        self.fields["figli"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        if self.reads_isee:
            self.fields["ha_isee"] = forms.ChoiceField(
                label=_("Hai un ISEE per prestazioni ai minorenni?"),
                choices=[(HAVE, _("Sì")), (NONE, _("Non ho ISEE, o non lo presento"))],
                widget=forms.RadioSelect(attrs={"class": "choices-inline"}),
                error_messages={"required": _("Di' se hai un ISEE.")},
            )
            self.fields["isee"] = MoneyField(
                label=_("Valore dell'ISEE"), required=False, help_text=_("Per esempio 12.500,00")
            )
        if any(one.reads.residence for one in self.quoted):
            self.fields["residente"] = forms.ChoiceField(
                label=_("La famiglia risiede in questo Comune?"),
                choices=[(HAVE, _("Sì")), (NONE, _("No"))],
                initial=HAVE,
                widget=forms.RadioSelect(attrs={"class": "choices-inline"}),
            )
        self.fields["dal"] = forms.TypedChoiceField(
            label=_("Da che mese?"),
            choices=[(str(number), str(name).capitalize()) for number, name in _MONTHS.items()],
            coerce=int,
            initial="9",
        )

    def _of_a_child(self, place: int) -> None:
        known = self.known[place - 1] if place <= len(self.known) else None
        if self.asks_level:
            choices = [(code, str(Level(code).label).capitalize()) for code in self.levels]
            if known is not None and known.school:
                choices.insert(0, (known.school, known.school_name))
            self.fields[f"f{place}_scuola"] = forms.ChoiceField(
                label=_("Scuola"), choices=choices, initial=known.school if known else None,
                error_messages={"required": _("Scegli la scuola.")}, widget=forms.RadioSelect,
            )  # fmt: skip
        for one in self.quoted:
            if len(self.quoted) > 1 or self.number > 1 or known is not None:
                used = len(self.quoted) == 1 or (known is not None and one.code in known.services)
                self.fields[f"f{place}_s_{one.code}"] = forms.BooleanField(
                    label=one.title, required=False, initial=used
                )
            if one.reads.times and one.times > 1:
                times = range(one.times, 0, -1)
                self.fields[f"f{place}_q_{one.code}"] = forms.TypedChoiceField(
                    label=_("%(service)s: quanti giorni alla settimana?") % {"service": one.title},
                    choices=[(str(number), str(number)) for number in times], coerce=int, required=False,
                    empty_value=None,
                )  # fmt: skip
        for code, label in self._conditions().items():
            self.fields[f"f{place}_c_{code}"] = forms.BooleanField(
                label=label, required=False, initial=known is not None and code in known.conditions
            )

    def _of_a_new_isee(self) -> None:
        self.fields["nuovo_isee"] = MoneyField(label=_("Valore del nuovo ISEE"), required=False)
        self.fields["presentato"] = DateField(label=_("Giorno in cui lo presenti"), required=False)

    def _conditions(self) -> dict[str, str]:
        """The conditions some fee reads, with their names; one read by two services is asked once."""
        language = get_language() or "it"
        return {
            condition.code: _capital(condition.label.within(language))
            for one in self.quoted
            for condition in one.content.conditions
            if condition.code in one.reads.conditions
        }

    @property
    def asks_conditions(self) -> bool:
        """Whether some fee reads a condition of the children."""
        return bool(self._conditions())

    @property
    def children(self) -> list[ChildFields]:
        """The fields, child by child."""
        return [self._fields_of(place) for place in range(1, self.number + 1)]

    def _fields_of(self, place: int) -> ChildFields:
        def bound(name: str) -> BoundField | None:
            return self[f"f{place}_{name}"] if f"f{place}_{name}" in self.fields else None

        services = [(box, bound(f"q_{one.code}")) for one in self.quoted if (box := bound(f"s_{one.code}"))]
        alone = [] if services else [field for one in self.quoted if (field := bound(f"q_{one.code}"))]
        conditions = [field for code in self._conditions() if (field := bound(f"c_{code}"))]
        return ChildFields(self._title(place), bound("scuola"), services, alone, conditions)

    def _title(self, place: int) -> str:
        if place <= len(self.known):
            return self.known[place - 1].name
        return _("Il tuo bambino") if self.number == 1 else _("Figlio %(number)s") % {"number": place}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("ha_isee") == HAVE and "isee" not in self.errors:
            self._check_amount("isee", values.get("isee"), _("Scrivi il valore dell'ISEE."))
        day, new = values.get("presentato"), values.get("nuovo_isee")
        if new is not None:
            self._check_amount("nuovo_isee", new, "")
        if "presentato" not in self.errors and "nuovo_isee" not in self.errors:
            if new is not None and day is None:
                self.add_error("presentato", _("Scrivi il giorno in cui lo presenti."))
            if new is None and day is not None:
                self.add_error("nuovo_isee", _("Scrivi il valore del nuovo ISEE."))
        if not self.errors and not any(child.services for child in self.stated().children):
            self.add_error(None, _("Scegli almeno un servizio per un figlio."))
        return values

    def _check_amount(self, name: str, amount: Money | None, missing: str) -> None:
        if amount is None:
            self.add_error(name, missing)
        elif amount.cents < 0:
            self.add_error(name, _("L'ISEE non può essere negativo."))

    def stated(self) -> Stated:
        """The household stated; only of a form without errors."""
        values = self.cleaned_data
        new, day = values.get("nuovo_isee"), values.get("presentato")
        return Stated(
            isee=values["isee"] if values.get("ha_isee") == HAVE else None,
            resident=values.get("residente", HAVE) == HAVE,
            first_month=values["dal"],
            children=tuple(self._stated_child(place) for place in range(1, self.number + 1)),
            new_isee=(new, day) if new is not None and day is not None else None,
        )

    def _stated_child(self, place: int) -> StatedChild:
        values = self.cleaned_data
        level, _colon, school = (values.get(f"f{place}_scuola") or self.levels[0]).partition(":")
        used = [one for one in self.quoted if values.get(f"f{place}_s_{one.code}", True)]
        return StatedChild(
            name=self._title(place),
            level=level,
            school_code=school,
            services={one.code: values.get(f"f{place}_q_{one.code}") for one in used},
            conditions=frozenset(code for code in self._conditions() if values.get(f"f{place}_c_{code}")),
        )


def typed(form: HouseholdForm, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as initial values of the same form with other children: nothing is lost, nothing is judged."""
    held = {name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()}
    return {name: value for name, value in held.items() if value is not None}


def _asks_level(quoted: Sequence[Quoted], levels: Sequence[str]) -> bool:
    """Whether the school matters: for a fee, for the days of service, or for which services there are."""
    if len(levels) < 2:
        return False
    spans = {
        (one.code, level, next((s.first_day, s.last_day) for s in one.content.calendar.spans if s.level == level))
        for one in quoted
        for level in one.levels
    }
    periods = {(code, days) for code, _level, days in spans}
    same_days = len(periods) == len({code for code, _days in periods})
    return any(one.reads.level for one in quoted) or not same_days or len({one.levels for one in quoted}) > 1


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
