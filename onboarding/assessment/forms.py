"""The form of one area, made from its questions; and those of the round and of a task."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from onboarding.assessment.language import (
    UNKNOWN,
    Answer,
    Choice,
    Day,
    Number,
    Question,
    Several,
    Text,
    YesNo,
    fits,
    has_unknown,
)
from onboarding.assessment.models import PlanTask, TaskState
from onboarding.assessment.plan_changes import STEPS, TaskFacts
from sportello.ui.fields import DateField

NOT_KNOWN = "_unknown"


class AreaForm(forms.Form):
    """The questions asked now. Nothing is required: what is left empty is to complete."""

    use_required_attribute = False
    hides_optional: ClassVar[bool] = True

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    """The questions this page showed: what it did not show, it says nothing about, whatever is asked by now."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.initial["asked"] = ",".join(question.key for question in questions)
        for question in questions:
            self.fields[question.key] = _field(question)
            if has_unknown(question) and isinstance(question, Number | Day):
                self.fields[f"{question.key}{NOT_KNOWN}"] = forms.BooleanField(
                    label=_not_known(question), required=False
                )

    def clean(self) -> dict[str, Any]:
        """Whoever says that she does not know says nothing else; what stands alone, stands alone."""
        cleaned = super().clean() or {}
        for question in self.questions:
            value = cleaned.get(question.key)
            if value not in (None, "", []) and cleaned.get(f"{question.key}{NOT_KNOWN}"):
                self.add_error(question.key, _("Scrivi la risposta oppure segna «Non lo so ancora», non entrambe."))
            elif isinstance(question, Several) and value and not fits(question, _kept(question, value)):
                self.add_error(question.key, _("Questa risposta esclude le altre: toglila, o lascia solo lei."))
        return cleaned

    def answers(self) -> dict[str, Answer | None]:
        """What was answered to each question shown; None where the answer was left empty."""
        return {question.key: self._answer(question) for question in self.questions}

    def _answer(self, question: Question) -> Answer | None:
        if self.cleaned_data.get(f"{question.key}{NOT_KNOWN}"):
            return UNKNOWN
        return _kept(question, self.cleaned_data.get(question.key))


def _kept(question: Question, value: object) -> Answer | None:
    if value in (None, "", []):
        return None
    if isinstance(question, Several):
        chosen = list(value) if isinstance(value, list) else [str(value)]
        return UNKNOWN if chosen == [UNKNOWN] else tuple(chosen)
    if isinstance(value, int):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def initial_answers(questions: list[Question], answers: Mapping[str, Answer]) -> dict[str, Any]:
    """What the form shows at first."""
    found: dict[str, Any] = {}
    for question in questions:
        value = answers.get(question.key)
        if value == UNKNOWN and isinstance(question, Number | Day):
            found[f"{question.key}{NOT_KNOWN}"] = True
        elif isinstance(question, Day) and value:
            found[question.key] = date.fromisoformat(str(value))
        elif isinstance(question, Several) and isinstance(value, tuple):
            found[question.key] = list(value)
        elif isinstance(question, Several) and value == UNKNOWN:
            found[question.key] = [UNKNOWN]
        elif value is not None:
            found[question.key] = value
    return found


def _not_known(question: Question) -> SafeString:
    """The label of the box beside a question; who does not see the page hears which question."""
    text = question.text.told(get_language() or "it")
    return format_html('{}<span class="visually-hidden">: {}</span>', _("Non lo so ancora"), text)


def _field(question: Question) -> forms.Field:
    language = get_language() or "it"
    about: dict[str, Any] = {
        "label": question.text.told(language),
        "help_text": question.help.told(language) if question.help else "",
        "required": False,
    }
    match question:
        case YesNo():
            choices = [("yes", _("Sì")), ("no", _("No"))]
            return forms.ChoiceField(choices=_with_unknown(question, choices), widget=forms.RadioSelect, **about)
        case Choice():
            choices = [(option.value, option.label.told(language)) for option in question.options]
            return forms.ChoiceField(choices=_with_unknown(question, choices), widget=forms.RadioSelect, **about)
        case Several():
            choices = [(option.value, option.label.told(language)) for option in question.options]
            many = _with_unknown(question, choices)
            return forms.MultipleChoiceField(choices=many, widget=forms.CheckboxSelectMultiple, **about)
        case Number():
            widget = forms.NumberInput(attrs={"class": "input-short"})
            return forms.IntegerField(min_value=question.least, max_value=question.most, widget=widget, **about)
        case Day():
            return DateField(**about)
        case Text():
            return forms.CharField(max_length=question.longest, **about)


def _with_unknown(question: Question, choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*choices, (UNKNOWN, _("Non lo so ancora"))] if has_unknown(question) else choices


class TaskForm(forms.Form):
    """What may be changed of a task, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=gettext_lazy("Stato"), widget=forms.RadioSelect)
    due_on = DateField(label=gettext_lazy("Da fare entro il"))
    owner_name = forms.CharField(
        label=gettext_lazy("Chi la fa"),
        help_text=gettext_lazy("Nome e cognome, o l'ufficio."),
        max_length=120,
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("Nota o motivo"), max_length=300, required=False)

    def __init__(self, *args: Any, task: PlanTask, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        now = TaskState(task.state)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker what stands above
        field.choices = [(state.value, state.label) for state in TaskState if state == now or state in STEPS[now]]

    def facts(self) -> TaskFacts:
        """The words of `plan_changes` from a valid form."""
        cleaned = self.cleaned_data
        return TaskFacts(state=TaskState(cleaned["state"]), due_on=cleaned["due_on"], owner_name=cleaned["owner_name"])
