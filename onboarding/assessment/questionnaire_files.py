"""The questionnaires in this release, read once: `questionnaires/<version>.toml`."""

from functools import cache
from pathlib import Path
from typing import Final

from onboarding.assessment import consistency
from onboarding.assessment.language import Questionnaire
from sportello.kernel.errors import gettext_noop
from sportello.kernel.structs import StructInvalid, read_struct, read_toml_text

FOLDER: Final = Path(__file__).with_name("questionnaires")


class QuestionnaireInvalid(StructInvalid):
    """The file is no questionnaire; says where and what."""


def read_questionnaire(text: str) -> Questionnaire:
    """A questionnaire from its TOML. Raises QuestionnaireInvalid."""
    found = read_struct(read_toml_text(text, QuestionnaireInvalid), Questionnaire, QuestionnaireInvalid)
    wrong = consistency.faults(found)
    if wrong:
        place, _colon, what = wrong[0].partition(": ")
        raise QuestionnaireInvalid(gettext_noop("%(place)s: %(detail)s."), place=place, detail=what)
    return found


@cache
def questionnaires() -> dict[int, Questionnaire]:
    """Every version, by number. Raises QuestionnaireInvalid where a file does not hold what its name says."""
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        questionnaire = read_questionnaire(file.read_text(encoding="utf-8"))
        if file.stem != str(questionnaire.version):
            raise QuestionnaireInvalid(
                gettext_noop("%(place)s: il file si chiama %(name)s."), place="version", name=file.stem
            )
        found[questionnaire.version] = questionnaire
    return found


def questionnaire_of(version: int) -> Questionnaire:
    """That version; raises KeyError for one that no release ever had."""
    return questionnaires()[version]


def latest() -> Questionnaire:
    """The one that a new round asks."""
    return questionnaires()[max(questionnaires())]
