"""The reasons of a verdict and the documents still wanted, in plain words."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from services_catalog.admission.ages import AgeRule
from services_catalog.admission.capacity import Capacity
from services_catalog.admission.roots import Age
from services_catalog.admission.territory import DistanceRule
from services_catalog.describing_admission import age_words, beyond_words, day_words, rule_name, rule_words
from sportello.applications.admissibility.ages import day_of, months_completed
from sportello.applications.admissibility.documents import WantedDocument
from sportello.applications.admissibility.facts import Applicant, Outcome, Reason
from sportello.applications.admissibility.places import PlacesLeft
from sportello.kernel.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class ToldReason:
    """What one rule says of a child, for people."""

    outcome: Outcome
    sentence: str


def told_reason(reason: Reason, applicant: Applicant, *, day: date, year: SchoolYear, act: str = "") -> ToldReason:
    """The reason with the name of the rule, what it wants, what is known, the article and (if given) the act."""
    rule = reason.rule
    if rule is None:
        return ToldReason(reason.outcome, _("In questo giorno non si possono inviare domande."))
    frames = {
        Outcome.ALLOWED: _("%(name)s: va bene (%(wanted)s)."),
        Outcome.NEEDS_OFFICE: _("%(name)s: lo verifica l'ufficio (%(wanted)s)."),
        Outcome.REFUSED: _("%(name)s: la regola chiede «%(wanted)s»."),
    }
    sentence = frames[reason.outcome] % {"name": rule_name(rule), "wanted": rule_words(rule)}
    known = _known(reason, applicant, day, year) if reason.outcome is not Outcome.ALLOWED else ""
    ground = ", ".join(part for part in (rule.source, act) if part)
    source = _("Regola: %(source)s.") % {"source": ground} if ground else ""
    return ToldReason(reason.outcome, " ".join(part for part in (sentence, known, source) if part))


def _known(reason: Reason, applicant: Applicant, day: date, year: SchoolYear) -> str:
    rule = reason.rule
    if isinstance(rule, AgeRule) and applicant.birth_date is not None:
        counted = day_of(rule.bands[0].on, year, day)
        months = months_completed(applicant.birth_date, counted)
        if months < 0:
            return _("Il %(day)s non era ancora nato.") % {"day": day_words(counted)}
        age = age_words(Age(years=months // 12, months=months % 12))
        return _("Il %(day)s gli anni compiuti sono: %(age)s.") % {"day": day_words(counted), "age": age}
    if isinstance(rule, DistanceRule) and rule.code in applicant.metres:
        return _("La distanza dichiarata è %(metres)s m.") % {"metres": applicant.metres[rule.code]}
    return ""


def document_term(wanted: WantedDocument) -> str:
    """By when a document is wanted."""
    if wanted.by is None:
        return _("insieme alla domanda")
    return _("entro il %(day)s") % {"day": day_words(wanted.by)}


def full_words(capacity: Capacity, full: list[PlacesLeft]) -> str:
    """Which places are all taken, and what happens now."""
    names = ", ".join(one.places.label.within(get_language() or "it") for one in full)
    return _("Posti esauriti (%(places)s): %(beyond)s.") % {"places": names, "beyond": beyond_words(capacity)}


def count_words(counted: PlacesLeft) -> str:
    """How many places are taken and how many there are."""
    words = ngettext("%(taken)s posto occupato su %(places)s", "%(taken)s posti occupati su %(places)s", counted.taken)
    label = counted.places.label.within(get_language() or "it")
    return f"{capfirst(label)}: " + words % {"taken": counted.taken, "places": counted.places.places}
