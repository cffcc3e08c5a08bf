"""The Comune's front page, the sheet of a service, and what one would pay."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from services_catalog.models import Service
from services_catalog.schema import EditionContent, Window
from sportello.applications.calls import Call, call_on, calls_on
from sportello.applications.estimating import estimate
from sportello.applications.explaining import ToldPrice, told
from sportello.desk import to_confirm
from sportello.desk.fee_sheet import fee_sheet
from sportello.fees.explanation import act_sentence
from sportello.fees.rules import Facts
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.schools.models import Level
from sportello.ui.fields import MoneyField
from sportello.ui.templatetags.ui import it_date


def _state(call: Call) -> tuple[str, str, str]:
    """(tone, words, detail) of the windows on the day asked about."""
    if call.window is not None:
        return "success", _("Iscrizioni aperte"), _("fino al %(day)s") % {"day": it_date(call.window.closes)}
    if call.next_window is not None:
        return "info", _("Iscrizioni chiuse"), _("riaprono il %(day)s") % {"day": it_date(call.next_window.opens)}
    if not call.content.windows:
        return "neutral", _("Domanda non online"), ""
    return "neutral", _("Iscrizioni chiuse"), ""


def _card(call: Call) -> dict[str, Any]:
    sheet = call.content.sheet.within(get_language() or "it")
    tone, words, detail = _state(call)
    return {
        "code": call.edition.service.code,
        "title": sheet.title,
        "description": sheet.description,
        "state": tone,
        "state_text": words,
        "detail": detail,
        "to_confirm": False,
    }


def home(request: HttpRequest) -> HttpResponse:
    """The services that the Comune offers, open or closed."""
    calls = calls_on(clock.today(), *Service.objects.order_by("name"))
    return render(
        request, "desk/home.html", {"services": [*(_card(call) for call in calls.values()), *to_confirm.cards()]}
    )


def _call(code: str) -> Call:
    call = call_on(get_object_or_404(Service, code=code), clock.today())
    if call is None:
        raise Http404
    return call


def _windows(call: Call, today: date) -> list[dict[str, Any]]:
    return [
        {
            "label": window.label.within(get_language() or "it"),
            "when": _("dal %(opens)s al %(closes)s")
            % {"opens": it_date(window.opens), "closes": it_date(window.closes)},
            "late": window.late,
            "state": _window_state(window, today),
        }
        for window in call.content.windows
    ]


def _window_state(window: Window, today: date) -> str:
    if today < window.opens:
        return _("non ancora aperta")
    return _("aperta") if today <= window.closes else _("chiusa")


def service(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet with the mandated headings, in their order."""
    if (unpriced := to_confirm.sheet_page(request, code)) is not None:
        return unpriced
    call = _call(code)
    tone, words, detail = _state(call)
    context = {
        "call": call,
        "service": call.edition.service,
        "sheet": call.content.sheet.within(get_language() or "it"),
        "procedure": call.content.procedure,
        "state": tone,
        "state_text": words,
        "state_detail": detail,
        "fees": fee_sheet(call.content),
        "act": act_sentence(call.edition),
        "windows": _windows(call, clock.today()),
        "spans": [
            {"level": Level(span.level).label, "first_day": span.first_day, "last_day": span.last_day}
            for span in call.content.calendar.spans
        ],
    }
    return render(request, "desk/service.html", context)


def _places_by_age() -> list[tuple[str, str]]:
    return [(str(n), _("il %(n)s° in ordine di età") % {"n": n}) for n in range(1, 7)]


class QuoteForm(forms.Form):
    """What a price depends on, stated by anybody: nothing is kept."""

    HAVE, NONE = "si", "no"
    hides_optional = True
    ha_isee = forms.ChoiceField(
        label=gettext_lazy("Hai un ISEE per prestazioni ai minorenni?"),
        choices=[(HAVE, gettext_lazy("Sì")), (NONE, gettext_lazy("Non ho ISEE"))],
        widget=forms.RadioSelect(attrs={"class": "choices-inline"}),
        error_messages={"required": gettext_lazy("Di' se hai un ISEE.")},
    )
    isee = MoneyField(
        label=gettext_lazy("Valore dell'ISEE"), required=False, help_text=gettext_lazy("Per esempio 12.500,00")
    )
    grado = forms.ChoiceField(label=gettext_lazy("Scuola"), widget=forms.RadioSelect)
    figli = forms.TypedChoiceField(
        label=gettext_lazy("Quanti tuoi figli usano il servizio?"),
        choices=[(str(number), str(number)) for number in range(1, 7)],
        coerce=int,
        initial="1",
    )
    posto = forms.TypedChoiceField(
        label=gettext_lazy("Per quale figlio vuoi sapere la tariffa?"),
        choices=_places_by_age,
        coerce=int,
        initial="1",
    )

    def __init__(self, content: EditionContent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if content.fees.reads_level():
            self._offer_levels(content.audience.levels)
        else:
            del self.fields["grado"]
        read = content.fees.conditions()
        conditions = [condition for condition in content.conditions if condition.code in read]
        self.condition_names = {f"c_{condition.code}": condition.code for condition in conditions}
        for condition in conditions:
            label = condition.label.within(get_language() or "it")
            self.fields[f"c_{condition.code}"] = forms.BooleanField(label=label[:1].upper() + label[1:], required=False)

    def _offer_levels(self, codes: Sequence[str]) -> None:
        level = self.fields["grado"]
        assert isinstance(level, forms.ChoiceField)  # noqa: S101  (for the type checker: declared above)
        level.choices = [(code, str(Level(code).label).capitalize()) for code in codes]
        if len(codes) == 1:
            level.initial = codes[0]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("ha_isee") == self.HAVE and "isee" not in self.errors:
            if values.get("isee") is None:
                self.add_error("isee", _("Scrivi il valore dell'ISEE."))
            elif values["isee"].cents < 0:
                self.add_error("isee", _("L'ISEE non può essere negativo."))
        if values.get("posto") and values.get("figli") and values["posto"] > values["figli"]:
            self.add_error("posto", _("Il figlio scelto è oltre il numero dei figli."))
        return values

    def facts(self) -> Facts:
        """The facts stated."""
        values = self.cleaned_data
        has_isee = values["ha_isee"] == self.HAVE
        return Facts(
            level=values.get("grado", ""),
            isee_cents=values["isee"].cents if has_isee else None,
            sibling_rank=values["posto"],
            children_using=values["figli"],
            conditions=frozenset(code for name, code in self.condition_names.items() if values[name]),
        )


def quote(request: HttpRequest, code: str) -> HttpResponse:
    """Without login and by GET, so that an answer can be kept as a link. The ISEE in it is nobody's."""
    if (unpriced := to_confirm.quote_page(request, code)) is not None:
        return unpriced
    call = _call(code)
    asked = not QuoteForm.base_fields.keys().isdisjoint(request.GET)
    form = QuoteForm(call.content, request.GET if asked else None)
    answer: ToldPrice | None = None
    if asked and form.is_valid():
        try:
            answer = told(estimate(call.edition, form.facts()).stored(), call.edition)
        except DomainError as failure:
            form.add_error(None, failure.message)
    context = {
        "call": call,
        "service": call.edition.service,
        "sheet": call.content.sheet.within(get_language() or "it"),
        "form": form,
        "answer": answer,
        "conditions": [form[name] for name in form.condition_names],
        "act": act_sentence(call.edition),
    }
    return render(request, "desk/quote.html", context, status=422 if asked and not form.is_valid() else 200)
