"""The facts of children about to apply: what the Comune knows, then what the family answers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services_catalog.admission.standing import ResidenceRule
from services_catalog.schema import EditionContent
from sportello.applications.admissibility.facts import Applicant
from sportello.families.models import Child, Pupil
from sportello.families.queries import homes_of_guardians
from sportello.fees.models import RecognisedCondition
from sportello.means.queries import isee_of_many
from tenants.current import current_municipality


def known_applicants(
    children: Iterable[Child], *, content: EditionContent, day: date, placements: Mapping[int, Pupil]
) -> dict[int, Applicant]:
    """What the Comune knows of each child on the day, by its id; no more than the edition reads.

    A fixed number of queries, however many the children.
    """
    rows = list(children)
    conditions = _recognised(rows, content, day)
    homes = _homes_of_guardians(rows, content, day)
    minors = _minors(rows, content, day)
    isee = isee_of_many(rows, day) if content.admission.reads_isee() else {}
    comune = current_municipality().belfiore_code
    return {
        child.pk: _at_school(
            Applicant(
                comune=comune,
                birth_date=child.birth_date,
                residence=child.residence_code,
                guardians_live_in=homes.get(child.pk, frozenset()),
                address=child.address,
                isee_cents=isee[child.pk].amount_cents if child.pk in isee else None,
                minors=minors.get(child.household_id) if child.household_id else None,
                conditions=conditions.get(child.pk, {}),
            ),
            placements.get(child.pk),
        )
        for child in rows
    }


def with_answers(applicant: Applicant, content: EditionContent, answers: Mapping[str, Any]) -> Applicant:
    """The same child with what the family answered; ``answers`` are the values typed, whatever their step.

    What the office certifies is not known by being declared; what is denied is.
    """
    conditions, metres, areas, given = {**applicant.conditions}, {}, {}, {}
    certified = {one.code for one in content.conditions if one.evidence == "certified_by_office"}
    line = applicant.line
    for question in content.questions:
        answer = str(answers.get(question.code) or "")
        if not answer:
            continue
        given[question.code] = answer
        code, rule = question.condition, question.rule
        if code is not None and not conditions.get(code) and not (answer == "yes" and code in certified):
            conditions[code] = answer == "yes"
        elif rule is not None and question.kind == "metres" and answer.isdigit():
            metres[rule] = int(answer)
        elif rule is not None and question.kind == "area":
            areas[rule] = answer
        elif question.read_by == "capacity.line":
            line = answer
    return replace(applicant, conditions=conditions, metres=metres, areas=areas, answers=given, line=line)


def answered(
    applicant: Applicant, content: EditionContent, kept: Mapping[str, Any], apart: Mapping[str, Any]
) -> Applicant:
    """The same child with all the answers of an application: those ``kept`` by step, and those kept ``apart``."""
    typed = {name: value for step in kept.values() for name, value in step.get("values", {}).items()}
    stated = with_answers(applicant, content, typed | dict(apart))
    level = kept.get("scuola", {}).get("level", "")
    if not level:
        return stated
    year, letter = str(typed.get("class_year") or ""), str(typed.get("letter") or "").strip().upper()
    return replace(
        stated,
        school=str(typed.get("school") or ""),
        level=str(level),
        class_year=int(year) if year.isdigit() else None,
        section=f"{year}{letter}" if letter else "",
    )


def _at_school(applicant: Applicant, pupil: Pupil | None) -> Applicant:
    if pupil is None:
        return applicant
    section = pupil.section
    return replace(
        applicant,
        level=section.school.level,
        school=section.school.school_code,
        class_year=section.class_year,
        section=str(section),
    )


def _recognised(children: list[Child], content: EditionContent, day: date) -> dict[int, dict[str, bool]]:
    arrears = content.fees.arrears
    # Who is in arrears, and who is spared, the office says: nobody is suspected for want of a word.
    presumed = dict.fromkeys((arrears.condition, *arrears.spared), False) if arrears.blocks_enrolment else {}
    read = content.admission.conditions() | presumed.keys()
    if not read:
        return {}
    found = {child.pk: dict(presumed) for child in children}
    rows = RecognisedCondition.objects.filter(child__in=children, condition__in=read, valid_during__contains=day)
    for child, condition in rows.values_list("child", "condition"):
        found[child][condition] = True
    return found


def _homes_of_guardians(children: list[Child], content: EditionContent, day: date) -> dict[int, frozenset[str]]:
    if not any(isinstance(rule, ResidenceRule) and rule.whose == "guardian" for rule in content.admission.rules):
        return {}
    return homes_of_guardians(children, day)


def _minors(children: list[Child], content: EditionContent, day: date) -> dict[int, int]:
    """How many minors of each household the Comune knows, by its id."""
    if not content.admission.reads_minors():
        return {}
    of_age = date(day.year - 18, day.month, min(day.day, 28))
    households = [child.household_id for child in children if child.household_id]
    rows = Child.objects.filter(household__in=households, birth_date__gt=of_age)
    counted: dict[int, int] = {}
    for household in rows.order_by("pk").values_list("household", flat=True):
        if household is not None:
            counted[household] = counted.get(household, 0) + 1
    return counted
