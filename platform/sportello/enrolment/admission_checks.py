"""What the rules of enrolment say of an application, for the clerk: each rule, each document, the places."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.admission.standing import SchoolRule
from sportello.applications.admissibility.documents import WantedDocument, expires_on, wanted_documents
from sportello.applications.admissibility.facts import Outcome, Reason
from sportello.applications.admissibility.may_apply import AUDIENCE, may_apply
from sportello.applications.admissibility.words import document_term, told_reason
from sportello.applications.models import Application
from sportello.applications.owing import applicant_of
from sportello.applications.steps.documents import purpose_of
from sportello.enrolment.checks import Check
from sportello.enrolment.giving_places import places_of, turns_of
from sportello.families.models import Child
from sportello.fees.explanation import act_sentence
from sportello.kernel.clock import ROME
from sportello.kernel.school_year import SchoolYear


def admission_checks(application: Application, today: date) -> list[Check]:
    """Every rule with its reason, with what is known today as of the day of filing; documents; places.

    None where the edition has no rules of enrolment beyond its school levels. A fixed number of queries.
    """
    child, content = application.child, application.edition.rules
    if child is None:
        return []
    year, filed = SchoolYear(application.school_year), application.taken_in_charge_on or today
    applicant = applicant_of(application, child, content, today)
    verdict = may_apply(content, applicant, day=filed, year=year)
    wanted = wanted_documents(content, applicant, day=filed, year=year)
    act = act_sentence(application.edition)
    told = [
        told_reason(reason, applicant, day=filed, year=year, act="" if reason.outcome is Outcome.ALLOWED else act)
        for reason in verdict.reasons
        if reason.rule is not None and not _told_by_the_class(reason)
    ]
    return [
        *(Check(one.outcome is Outcome.ALLOWED, one.sentence) for one in told),
        *_documents(application, wanted),
        *_places(application, child, today),
    ]


def _told_by_the_class(reason: Reason) -> bool:
    """The school levels of the audience are told only against a child: another check says whether it has a class."""
    rule = reason.rule
    return isinstance(rule, SchoolRule) and rule.code == AUDIENCE and reason.outcome is not Outcome.REFUSED


def _documents(application: Application, wanted: list[WantedDocument]) -> list[Check]:
    held = {one.purpose: one for one in application.attachments.all()}
    found = []
    for one in wanted:
        file, label = held.get(purpose_of(one)), one.document.label.within(get_language() or "it")
        if file is None:
            sentence = _("Manca il documento: %(label)s (%(term)s).") % {"label": label, "term": document_term(one)}
            found.append(Check(holds=False, sentence=sentence))
            continue
        ends = expires_on(one.document, file.uploaded_at.astimezone(ROME).date())
        sentence = (
            _("C'è il documento: %(label)s.") % {"label": label}
            if ends is None
            else _("C'è il documento: %(label)s. Vale fino al giorno prima del %(day)s.")
            % {"label": label, "day": f"{ends:%d/%m/%Y}"}
        )
        found.append(Check(holds=True, sentence=sentence))
    return found


def _places(application: Application, child: Child, today: date) -> list[Check]:
    counted = [Check(one.left > 0, f"{sentence}.") for one, sentence in places_of(application, child, today)]
    return [*counted, *(Check(one.has_come, one.sentence) for one in turns_of(application, child, today))]
