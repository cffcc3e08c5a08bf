"""Every defect has a gravity and a sentence in plain Italian, complete in English too."""

import ast
from pathlib import Path

from django.utils.translation import override

import onboarding.judging
from onboarding.fields import FIELDS
from onboarding.judging.catalogue import CATALOGUE, told_code, worst
from onboarding.judging.labels import LABELS
from onboarding.judging.sentences import SENTENCES, told
from onboarding.judging.types import Defect, Verdict

ENGINE = Path(onboarding.judging.__file__).parent


def test_every_defect_has_its_sentences() -> None:
    assert set(SENTENCES) == set(CATALOGUE)
    for code in CATALOGUE:
        what, remedy = told(Defect(code, "birth_date", "12"))
        assert what.strip(), code
        assert remedy.strip(), code
        assert "%(" not in what + remedy


def test_every_code_that_the_rules_note_is_in_the_catalogue() -> None:
    """Read from the code: a word in `note("...")` or `Defect("...")` that the catalogue does not know would crash."""
    noted: set[str] = set()
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _called(node.func) in {"note", "Defect"}:
                noted.update(
                    leaf.value
                    for leaf in ast.walk(node.args[0])
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and "_" in leaf.value
                )
    assert noted - set(CATALOGUE) <= {"entry_id"}, noted - set(CATALOGUE)


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def test_every_field_has_a_name_for_people() -> None:
    names = {field.name for fields in FIELDS.values() for field in fields}
    assert names <= set(LABELS), names - set(LABELS)


def test_the_reader_chooses_the_language() -> None:
    defect = Defect("tail_total_off_by", "paid", "1.00")
    assert told(defect)[0] == "Il totale dichiarato di «pagato» non torna: la differenza è 1.00."
    with override("en"):
        assert told(defect)[0] == "The declared total of “paid” does not come out: the difference is 1.00."
    assert told_code(defect) == "tail_paid_total_off_by_1.00"


def test_the_gravest_defect_decides() -> None:
    assert worst([]) is Verdict.GOOD
    assert worst([Defect("info_omocode"), Defect("cf_case_or_space")]) is Verdict.FIX
    assert worst([Defect("cf_case_or_space"), Defect("class_missing")]) is Verdict.REVIEW
    assert worst([Defect("class_missing"), Defect("columns_shifted")]) is Verdict.REJECT
