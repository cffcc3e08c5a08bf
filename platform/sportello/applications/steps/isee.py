"""The ISEE, known or declared or none, and the conditions that change the fee."""

from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.applications.steps.draft import Draft, SummaryLine
from sportello.applications.steps.protocol import StepForm
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.means.declaring import check_filing_day
from sportello.means.models import IseeAttestation
from sportello.ui.fields import DateField, MoneyField
from sportello.ui.templatetags.ui import it_date

KNOWN, DECLARED, NONE = "known", "declared", "none"
YES_NO = [("yes", _("Sì")), ("no", _("No"))]


class IseeForm(StepForm):
    """Which ISEE to use; a declared one needs value, protocol of the DSU and its date."""

    hides_optional = True

    def __init__(self, draft: Draft, *args: Any) -> None:
        super().__init__(draft, *args)
        if draft.questions("fees.isee"):
            self._ask_isee()
        for question in draft.questions("fees.condition"):
            self.fields[question.code] = forms.ChoiceField(
                label=self.draft.say(question.label),
                help_text=self.draft.say(question.help),
                choices=YES_NO,
                initial="no",
                widget=forms.RadioSelect(attrs={"class": "choices-inline"}),
                required=question.required,
                error_messages={"required": _("Rispondi sì o no.")},
            )

    def _ask_isee(self) -> None:
        known = self.draft.known_isee
        choices: list[tuple[str, Any]] = []
        if known is not None:
            choices.append((KNOWN, self._known(known)))
        choices += [
            (DECLARED, _("Dichiaro un ISEE nuovo") if known else _("Dichiaro il mio ISEE")),
            (NONE, _("Nessun ISEE: pago la tariffa massima")),
        ]
        self.fields["isee"] = forms.ChoiceField(
            label=_("Quale ISEE vuoi usare?"),
            choices=choices,
            widget=forms.RadioSelect,
            initial=KNOWN if known else None,
            error_messages={"required": _("Scegli quale ISEE usare.")},
        )
        self.fields["amount"] = MoneyField(
            label=_("Valore dell'ISEE"), required=False, help_text=_("Solo se ne dichiari uno. Per esempio 12.500,00")
        )
        self.fields["dsu_protocol"] = forms.CharField(
            label=_("Protocollo della DSU"),
            required=False,
            max_length=40,
            help_text=_("È in alto sull'attestazione, per esempio INPS-ISEE-2026-01234567A-00"),
        )
        self.fields["filed_on"] = DateField(label=_("Data di presentazione della DSU"), required=False)

    def _known(self, known: IseeAttestation) -> Any:  # Any: a lazy sentence, or one already filled
        if self.draft.by_delegation:
            return _("Usa l'ISEE che il Comune conosce già")
        return _("Usa l'ISEE che conosciamo: %(value)s, DSU del %(day)s") % {
            "value": Money(known.amount_cents).format(),
            "day": it_date(known.filed_on),
        }

    @property
    def condition_fields(self) -> list[BoundField]:
        """The questions about conditions, in order."""
        return [self[question.code] for question in self.draft.questions("fees.condition")]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("isee") == DECLARED:
            self._check_declared(values)
        return values

    def _check_declared(self, values: dict[str, Any]) -> None:
        for name, sentence in (
            ("amount", _("Scrivi il valore dell'ISEE.")),
            ("dsu_protocol", _("Scrivi il protocollo della DSU.")),
            ("filed_on", _("Scrivi la data della DSU.")),
        ):
            if values.get(name) in {None, ""} and name not in self.errors:
                self.add_error(name, sentence)
        amount, filed_on = values.get("amount"), values.get("filed_on")
        if amount is not None and amount.cents < 0:
            self.add_error("amount", _("L'ISEE non può essere negativo."))
        if filed_on is not None:
            try:
                check_filing_day(filed_on=filed_on, today=self.draft.today)
            except DomainError as error:
                self.add_error("filed_on", error.message)

    def facts(self) -> dict[str, Any]:
        """The ISEE in cents (None: none) and the conditions said to hold."""
        cents: int | None = None
        if self.cleaned_data.get("isee") == KNOWN and self.draft.known_isee:
            cents = self.draft.known_isee.amount_cents
        elif self.cleaned_data.get("isee") == DECLARED:
            cents = self.cleaned_data["amount"].cents
        questions = self.draft.questions("fees.condition")
        held = [q.condition for q in questions if self.cleaned_data.get(q.code) == "yes" and q.condition]
        return {"cents": cents, "conditions": held}


class IseeStep:
    """What the fee depends on."""

    slug: ClassVar[str] = "isee"
    title: ClassVar[Promise] = _("ISEE")
    form_class: ClassVar[type[StepForm]] = IseeForm
    template: ClassVar[str] = "applications/steps/isee.html"

    def applies(self, draft: Draft) -> bool:
        return bool(draft.questions("fees.isee", "fees.condition"))

    def summary(self, draft: Draft) -> list[SummaryLine]:
        values = draft.values(self.slug)
        lines = []
        if draft.questions("fees.isee"):
            lines += self._isee_lines(draft, values)
        for question in draft.questions("fees.condition"):
            lines.append(
                SummaryLine(draft.say(question.label), str(dict(YES_NO).get(str(values.get(question.code)), "")))
            )
        return lines

    def _isee_lines(self, draft: Draft, values: dict[str, Any]) -> list[SummaryLine]:
        label = gettext("ISEE")
        if values.get("isee") == KNOWN and draft.known_isee and draft.by_delegation:
            return [SummaryLine(label, gettext("Quello che il Comune conosce già"))]
        if values.get("isee") == KNOWN and draft.known_isee:
            return [SummaryLine(label, Money(draft.known_isee.amount_cents).format())]
        if values.get("isee") == DECLARED:
            year, _sep, rest = str(values.get("filed_on") or "").partition("-")
            month, _sep, day = rest.partition("-")
            return [
                SummaryLine(label, _shown_amount(values.get("amount"))),
                SummaryLine(gettext("Protocollo della DSU"), values.get("dsu_protocol") or ""),
                SummaryLine(gettext("Data della DSU"), f"{day}/{month}/{year}"),
            ]
        return [SummaryLine(label, gettext("Non dichiarato: tariffa massima") if values.get("isee") else "")]


def _shown_amount(text: Any) -> str:  # Any: as it was typed
    try:
        return Money.from_decimal_string(str(text)).format()
    except DomainError:
        return str(text or "")
