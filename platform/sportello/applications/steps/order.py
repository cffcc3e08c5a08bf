"""The steps in order, and where a draft stands among them."""

from collections.abc import Sequence

from sportello.applications.steps.child import ChildStep
from sportello.applications.steps.documents import DocumentsStep
from sportello.applications.steps.draft import Draft
from sportello.applications.steps.isee import IseeStep
from sportello.applications.steps.privacy import PrivacyStep
from sportello.applications.steps.protocol import Step, kept_form
from sportello.applications.steps.requirements import RequirementsStep
from sportello.applications.steps.school import SchoolStep

STEPS: Sequence[Step] = (
    PrivacyStep(), ChildStep(), SchoolStep(), RequirementsStep(), IseeStep(), DocumentsStep()
)  # fmt: skip
SUMMARY = "riepilogo"


def steps_of(draft: Draft) -> list[Step]:
    """The steps that the edition asks for."""
    return [step for step in STEPS if step.applies(draft)]


def first_open(draft: Draft) -> Step | None:
    """The first step not yet left in order; None when only the summary is missing."""
    return next((step for step in steps_of(draft) if not draft.is_complete(step.slug)), None)


def first_broken(draft: Draft) -> Step | None:
    """The first step whose kept answers do not hold today; None when the application may be sent."""
    return next((step for step in steps_of(draft) if not kept_form(step, draft).is_valid()), None)


def step_after(draft: Draft, slug: str) -> Step | None:
    """The next step; None when the summary comes next."""
    steps = steps_of(draft)
    index = next(index for index, step in enumerate(steps) if step.slug == slug)
    return steps[index + 1] if index + 1 < len(steps) else None


def step_before(draft: Draft, slug: str) -> Step | None:
    """The step before; None at the first one. Before the summary comes the last step."""
    steps = steps_of(draft)
    if slug == SUMMARY:
        return steps[-1]
    index = next(index for index, step in enumerate(steps) if step.slug == slug)
    return steps[index - 1] if index else None
