"""The language of questionnaires: what is refused, and where the sentence points."""

import re
from pathlib import Path

import msgspec
import pytest

from onboarding.assessment import language
from onboarding.assessment.questionnaire_files import QuestionnaireInvalid, questionnaires, read_questionnaire
from tenants.models import Stage
from tests.architecture.source import ROOT

TEXT = Path(__file__).with_name("small.toml").read_text()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("weight = 30", "wieght = 30", "areas[0]: la chiave «wieght» non esiste. Forse «weight»?"),
        ('kind = "number"', 'kind = "numbers"', "areas[1].questions[1].kind: il valore «numbers» non è fra quelli"),
        ('title = { it = "Prova", en = "Trial" }', 'title = { it = "Prova" }', "title: manca la chiave «en»"),
        ("score = 50", "score = 150", "areas[0].questions[1].options[1].score"),
        ('gaps = ["so_so"]', 'gaps = ["so_and_so"]', "so_and_so is opened but not written"),
        ('key = "how"', 'key = "has_lead"', "has_lead stands twice"),
        ('among = ["so_so"]', 'among = ["badly"]', "why.when: badly is no answer to how"),
        ('question = "has_lead"', 'question = "ends"', "people.when: ends is not asked before"),
        (
            "{ from = 2, score = 100 }",
            "{ from = 3, score = 100 }",
            "people: each band begins where the one before ends",
        ),
        ("{ below = 2, score = 0 }", "{ from = 0, below = 2 }", "people: the first band has no beginning"),
        ('owner = "them", days = 10', 'owner = "they", days = 10', "no_lead.find.owner: they is no owner"),
        ("days = 10 },", 'days = 10, after = ["no_lead.appoint"] },', "no_lead.find.after: it waits for itself"),
        ('after = ["no_lead.appoint"]', 'after = ["no_lead.name"]', "so_so.better.after: no_lead.name is no task"),
        ('connectors = ["post"]', "connectors = []", "connectors.post: no answer implies it"),
        ('named_by = "why"', 'named_by = "who"', "connectors.post.named_by: who is no question"),
        ('{ key = "write", title', '{ key = "write", tilte', "gaps"),
        ('score = 60 },\n  { value = "none"', 'score = 10 },\n  { value = "none"', "papers: all its options together"),
        ("levels = [{ from = 0,", "levels = [{ from = 60,", "levels: from 0"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(before: str, after: str, said: str) -> None:
    assert before in TEXT
    with pytest.raises(QuestionnaireInvalid) as refused:
        read_questionnaire(TEXT.replace(before, after, 1))
    assert said in str(refused.value)


def test_a_gap_without_a_task_is_refused() -> None:
    start = TEXT.index('tasks = [{ key = "extend"')
    end = TEXT.index("\n", start)
    with pytest.raises(QuestionnaireInvalid, match=r"gaps"):
        read_questionnaire(TEXT[:start] + "tasks = []" + TEXT[end:])


def test_every_questionnaire_of_the_release_may_be_asked() -> None:
    assert list(questionnaires()) == list(range(1, len(questionnaires()) + 1))


def test_the_stages_that_a_gap_may_block_are_those_of_a_comune() -> None:
    assert list(language.STAGES) == [stage.value for stage in list(Stage)[1:]]


def test_the_questionnaire_covers_what_a_comune_is_asked() -> None:
    first = questionnaires()[1]
    assert [area.key for area in first.areas] == [
        "organisation",
        "processes",
        "services",
        "backends",
        "data",
        "people",
        "legal",
    ]
    asked = {question.key for question in first.areas[-1].questions}
    assert {"spid", "cie", "pagopa", "pdnd", "processor_act", "privacy_papers", "accessibility"} <= asked
    assert first.gaps["no_processor_act"].blocks == "dry_runs"


PAGE = (ROOT / "docs/how-to/assess-a-comune.md").read_text(encoding="utf-8")


def test_the_page_of_the_language_tells_every_key() -> None:
    kinds = [kind for kind in vars(language).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    keys = {field.encode_name for kind in kinds for field in msgspec.structs.fields(kind)}
    told = set(re.findall(r"`([a-z_]+)`", PAGE)) | {"it", "en"}
    assert sorted(keys - {"start"} - told) == []
    tags = {kind.__struct_config__.tag for kind in kinds if kind.__struct_config__.tag}
    assert len(tags - {"Asked"}) == 6
    assert tags - {"Asked"} <= told
