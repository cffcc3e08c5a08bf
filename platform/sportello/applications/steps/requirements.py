"""The questions that a rule on who may apply reads; the answer "may not" is told here, not after sending."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services_catalog.admission.territory import CatchmentRule
from services_catalog.schema import Question
from sportello.applications.admissibility.facts import OUTSIDE
from sportello.applications.steps.draft import Draft, SummaryLine
from sportello.applications.steps.protocol import StepForm
from sportello.applications.steps.verdicts import refusals

READERS = ("admission.rule", "admission.condition", "capacity.line")
YES_NO = [("yes", _("Sì")), ("no", _("No"))]


class RequirementsForm(StepForm):
    """One field for each question, of the kind that its rule wants."""

    hides_optional = True

    def __init__(self, draft: Draft, *args: Any) -> None:
        super().__init__(draft, *args)
        for question in draft.questions(*READERS):
            self.fields[question.code] = self._field(question)

    def _field(self, question: Question) -> forms.Field:
        label, help_text = self.draft.say(question.label), self.draft.say(question.help)
        if question.kind == "metres":
            return forms.IntegerField(
                label=label,
                help_text=help_text or _("In metri, per esempio 800."),
                required=question.required,
                min_value=0,
                max_value=100_000,
                error_messages={"required": _("Scrivi quanti metri."), "invalid": _("Scrivi i metri in cifre.")},
            )
        return forms.ChoiceField(
            label=label,
            help_text=help_text,
            choices=self._choices(question),
            widget=forms.RadioSelect,
            required=question.required,
            error_messages={"required": _("Scegli una risposta.")},
        )

    def _choices(self, question: Question) -> list[tuple[str, Any]]:
        if question.kind == "area":
            rules = self.draft.content.admission.rules
            areas = next(rule.areas for rule in rules if isinstance(rule, CatchmentRule) and rule.code == question.rule)
            return [(area.code, self.draft.say(area.label)) for area in areas] + [(OUTSIDE, _("In nessuna di queste"))]
        if question.kind == "choice":
            return [(choice.code, self.draft.say(choice.label)) for choice in question.choices]
        return [(code, label) for code, label in YES_NO]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            for sentence in refusals(self.draft, **{name: str(value) for name, value in values.items()}):
                self.add_error(None, sentence)
        return values


class RequirementsStep:
    """Only where the edition asks something for a rule of enrolment."""

    slug: ClassVar[str] = "requisiti"
    title: ClassVar[Promise] = _("Requisiti")
    form_class: ClassVar[type[StepForm]] = RequirementsForm
    template: ClassVar[str] = "applications/_step.html"

    def applies(self, draft: Draft) -> bool:
        return bool(draft.questions(*READERS))

    def summary(self, draft: Draft) -> list[SummaryLine]:
        values, form = draft.values(self.slug), RequirementsForm(draft, None, None, {})
        lines = []
        for question in draft.questions(*READERS):
            field, answer = form.fields[question.code], str(values.get(question.code) or "")
            if isinstance(field, forms.ChoiceField):
                shown = next((str(label) for code, label in form._choices(question) if code == answer), "")  # noqa: SLF001
            else:
                shown = gettext("%(metres)s m") % {"metres": answer} if answer else ""
            lines.append(SummaryLine(draft.say(question.label), shown))
        return lines
