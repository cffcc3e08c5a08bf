"""What the rules say of the children of a draft, in words: before anything is asked, and with the answers so far."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import override

from services_catalog.admission.admission import WhoRule
from services_catalog.admission.standing import CircumstanceRule, SchoolRule
from sportello.applications.admissibility.facts import Applicant, Outcome, Reason
from sportello.applications.admissibility.words import full_words, told_reason
from sportello.applications.steps.draft import Draft
from sportello.families.models import Child
from sportello.fees.explanation import act_sentence


def refusals_before(draft: Draft, child: Child) -> list[str]:
    """Why the child may not apply whatever the family answers; empty while it may."""
    reasons = draft.verdict_on(child).said(Outcome.REFUSED)
    # A school that is asked may be another than the one known.
    settled = [one for one in reasons if not (isinstance(one.rule, SchoolRule) and draft.questions("families.school"))]
    return _told(draft, draft.applicants[child.pk], settled, act_sentence(draft.application.edition))


def doubts_before(draft: Draft, child: Child) -> list[str]:
    """What the office will look at, whatever the family answers."""
    reasons = draft.verdict_on(child).said(Outcome.NEEDS_OFFICE)
    lasting = [one for one in reasons if one.rule is not None and not _is_asked(draft, one.rule)]
    return _told(draft, draft.applicants[child.pk], lasting)


def refusals(draft: Draft, **typed: str) -> list[str]:
    """Why the child chosen may not apply, with the answers so far and those being typed; empty while it may."""
    return _told_of_chosen(draft, Outcome.REFUSED, typed)


def doubts(draft: Draft) -> list[str]:
    """What the office will look at before it answers for the child chosen."""
    return _told_of_chosen(draft, Outcome.NEEDS_OFFICE, {})


def full(draft: Draft) -> str:
    """Which places are all taken, and what happens then; empty while there is one for the child chosen."""
    taken, capacity = draft.full_places(), draft.content.admission.capacity
    return full_words(capacity, taken) if taken and capacity else ""


def stored_verdict(draft: Draft) -> dict[str, Any] | None:
    """What an application keeps of the rules when it is sent: day, outcome, age band, each rule with its sentence.

    In Italian, whatever the language of the page. No fact beside the sentences: the child's are where they belong.
    """
    verdict, applicant = draft.verdict(), draft.applicant()
    if verdict is None or applicant is None:
        return None
    with override("it"):
        reasons = [
            {
                "rule": reason.rule.code if reason.rule else "windows",
                "outcome": str(reason.outcome),
                "sentence": told_reason(reason, applicant, day=draft.today, year=draft.year).sentence,
            }
            for reason in verdict.reasons
        ]
        act = act_sentence(draft.application.edition)
    return {
        "day": draft.today.isoformat(),
        "outcome": str(verdict.outcome),
        "band": verdict.band,
        "act": act,
        "reasons": reasons,
    }


def _told_of_chosen(draft: Draft, outcome: Outcome, typed: dict[str, str]) -> list[str]:
    verdict, applicant = draft.verdict(**typed), draft.applicant(**typed)
    if verdict is None or applicant is None:
        return []
    act = act_sentence(draft.application.edition) if outcome is Outcome.REFUSED else ""
    return _told(draft, applicant, verdict.said(outcome), act)


def _told(draft: Draft, applicant: Applicant, reasons: Iterable[Reason], act: str = "") -> list[str]:
    """In words; a closed window is told elsewhere, for the draft is kept for the next one."""
    return [
        told_reason(reason, applicant, day=draft.today, year=draft.year, act=act).sentence
        for reason in reasons
        if reason.rule is not None
    ]


def _is_asked(draft: Draft, rule: WhoRule) -> bool:
    """Whether a question of the application will tell what the rule reads."""
    if isinstance(rule, SchoolRule):
        return bool(draft.questions("families.school"))
    if isinstance(rule, CircumstanceRule):
        read = frozenset().union(*(when.conditions() for when in rule.any_of))
        return any(question.condition in read for question in draft.content.questions) or bool(
            draft.questions("fees.isee")
        )
    return any(question.rule == rule.code for question in draft.content.questions)
