"""The rule: may this child apply, on this day? Every rule of the edition answers, and no unknown fact refuses."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services_catalog.admission.admission import WhoRule
from services_catalog.admission.ages import AgeRule
from services_catalog.admission.standing import CircumstanceRule, ResidenceRule, SchoolRule
from services_catalog.admission.territory import CatchmentRule, DistanceRule
from services_catalog.fees.circumstance import When
from services_catalog.schema import EditionContent
from services_catalog.texts import Text
from sportello.applications.admissibility.ages import band_of
from sportello.applications.admissibility.facts import Applicant, Outcome, Reason, Verdict
from sportello.applications.admissibility.territory import far_enough, in_catchment
from sportello.applications.admissibility.three_valued import Known, all_of, any_of, holds
from sportello.kernel.school_year import SchoolYear

AUDIENCE: Final = "audience"
"""The code of the rules that stand in the audience of the edition."""
ARREARS: Final = "arrears"
IN_ORDER: Final = Text(it="in regola con i pagamenti", en="in order with payments")


def may_apply(content: EditionContent, applicant: Applicant, *, day: date, year: SchoolYear) -> Verdict:
    """What the edition says of a child on the day on which its application is sent.

    Refused where a rule does not hold, for the office where a fact is not known or the rule leaves it to the office,
    allowed else; every rule gives its reason. Two children are never compared: that is a ranking.
    """
    window = content.window_on(day)
    reasons = [] if window is not None else [Reason(Outcome.REFUSED, None)]
    band = ""
    for rule in rules_of(content):
        if rule.windows and (window is None or window.code not in rule.windows):
            continue
        if isinstance(rule, AgeRule) and applicant.birth_date is not None:
            found = band_of(rule, applicant.birth_date, year, day)
            band = found.code if found else ""
        reasons.append(Reason(_outcome(rule, _holds(rule, applicant, band)), rule, band))
    return Verdict(tuple(reasons), band)


def rules_of(content: EditionContent) -> Iterator[WhoRule]:
    """Every rule on who may apply: those of the audience, those of enrolment, and arrears where they block it."""
    audience = content.audience
    yield SchoolRule(code=AUDIENCE, levels=audience.levels, schools=audience.schools)
    if audience.residents == "residents_only":
        yield ResidenceRule(code=AUDIENCE)
    yield from content.admission.rules
    arrears = content.fees.arrears
    if arrears.blocks_enrolment:
        spared = (When(all_of=(code,)) for code in arrears.spared)
        paid = When(none_of=(arrears.condition,))
        yield CircumstanceRule(code=ARREARS, label=IN_ORDER, any_of=(paid, *spared))


def _outcome(rule: WhoRule, held: Known) -> Outcome:
    if held:
        return Outcome.ALLOWED
    if held is None or rule.otherwise == "office":
        return Outcome.NEEDS_OFFICE
    return Outcome.REFUSED


def _holds(rule: WhoRule, applicant: Applicant, band: str) -> Known:
    match rule:
        case AgeRule():
            return None if applicant.birth_date is None else bool(band)
        case ResidenceRule():
            return _lives_where_wanted(rule, applicant)
        case SchoolRule():
            return _goes_where_wanted(rule, applicant)
        case CircumstanceRule():
            return any_of(holds(when, applicant) for when in rule.any_of)
        case DistanceRule():
            return far_enough(rule, applicant)
        case CatchmentRule():
            return in_catchment(rule, applicant)


def _lives_where_wanted(rule: ResidenceRule, applicant: Applicant) -> Known:
    homes = {applicant.residence} if rule.whose == "child" else set(applicant.guardians_live_in)
    homes.discard("")
    if not applicant.comune or not homes:
        return None
    if homes & {applicant.comune, *rule.comuni}:
        return True
    # Of the adults who act for a child not all may be known: somebody else's home is no proof.
    return False if rule.whose == "child" else None


def _goes_where_wanted(rule: SchoolRule, applicant: Applicant) -> Known:
    year = applicant.class_year
    return all_of((
        True if not rule.levels else applicant.level in rule.levels if applicant.level else None,
        True if not rule.schools else applicant.school in rule.schools if applicant.school else None,
        True if rule.class_from is None else None if year is None else year >= rule.class_from,
        True if rule.class_to is None else None if year is None else year <= rule.class_to,
    ))  # fmt: skip
