"""What a step is."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from sportello.applications.attaching import Upload
from sportello.applications.steps.draft import Draft, SummaryLine


class StepForm(forms.Form):
    """The form of a step. `sensitive` names the fields whose answers are kept apart; `uploads` maps a file field to
    the purpose under which its file is kept.
    """

    sensitive: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        draft: Draft,
        data: Mapping[str, Any] | None,
        files: "MultiValueDict[str, Upload] | None",
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, files, initial=initial, label_suffix="")
        self.draft = draft

    @property
    def sensitive_fields(self) -> frozenset[str]:
        """Names of the fields about health or religion."""
        return self.sensitive

    def facts(self) -> dict[str, Any]:
        """What the step decides beside the raw answers, kept with them once valid; plain data."""
        return {}


class Step(Protocol):
    """One page of an application: one topic, one form, its lines in the summary."""

    slug: ClassVar[str]
    title: ClassVar[Promise]
    form_class: ClassVar[type[StepForm]]
    template: ClassVar[str]

    def applies(self, draft: Draft) -> bool:
        """Whether the edition asks for it."""
        ...

    def summary(self, draft: Draft) -> list[SummaryLine]:
        """What she answered, for people."""
        ...


def fresh_form(step: Step, draft: Draft) -> StepForm:
    """The form as last left."""
    return step.form_class(draft, None, None, draft.values(step.slug))


def bound_form(
    step: Step, draft: Draft, data: Mapping[str, Any], files: "MultiValueDict[str, Upload] | None" = None
) -> StepForm:
    """The form with what was posted."""
    return step.form_class(draft, data, files, draft.values(step.slug))


def kept_form(step: Step, draft: Draft) -> StepForm:
    """The form bound to the answers kept: is the step still in order today?"""
    return step.form_class(draft, draft.values(step.slug), None, {})
