"""What an accepted application says, in the words of the rooms above that act on it."""

from dataclasses import dataclass

from services_catalog.schema import EditionContent
from sportello.applications.models import Application
from sportello.applications.steps.requirements import RequirementsStep
from sportello.applications.steps.school import CHANGED, SchoolStep


@dataclass(frozen=True, slots=True)
class StatedSchool:
    """The school and class that the family stated, when they are new to the Comune."""

    school_code: str
    class_year: int
    letter: str


def stated_school(application: Application) -> StatedSchool | None:
    """The school and class to record; None where those known were confirmed or nothing was asked."""
    values = application.answers.get(SchoolStep.slug, {}).get("values", {})
    if not values.get("school") or values.get("school_state", CHANGED) != CHANGED:
        return None
    return StatedSchool(
        school_code=str(values["school"]), class_year=int(values["class_year"]), letter=str(values.get("letter") or "")
    )


def stated_diet(application: Application) -> str | None:
    """The code of the special diet chosen; None where the child eats like everybody."""
    questions = [one for one in application.edition.rules.questions if one.read_by == "canteen.diet"]
    said = {answer.question: answer.value for answer in application.sensitive_answers.all()}
    for question in questions:
        chosen = next((choice for choice in question.choices if choice.code == said.get(question.code)), None)
        if chosen is not None and chosen.code != "standard":
            return chosen.code
    return None


def stated_line(application: Application, content: EditionContent) -> str:
    """The code of the line chosen; empty where none was asked."""
    questions = [one for one in content.questions if one.read_by == "capacity.line"]
    values = application.answers.get(RequirementsStep.slug, {}).get("values", {})
    return next((str(values[one.code]) for one in questions if values.get(one.code)), "")
