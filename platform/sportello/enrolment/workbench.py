"""What the office reads before it decides: the child, the answers, the checks, side by side."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sportello.applications.arrears import arrears_warning
from sportello.applications.models import Application, Attachment, StateChange
from sportello.enrolment.admission_checks import admission_checks
from sportello.enrolment.checks import Check
from sportello.enrolment.models import Subscription
from sportello.families.models import Act, Pupil
from sportello.families.queries import children_for, children_of, placement_on
from sportello.means.models import IseeAttestation
from sportello.means.queries import isee_on
from sportello.means.showing import isee_of_file


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application and what is known around it on a day."""

    application: Application
    placement: Pupil | None
    isee: IseeAttestation | None
    diets: list[str]
    attachments: list[Attachment]
    history: list[StateChange]
    checks: list[Check]


def dossier(application: Application, today: date) -> Dossier:
    """Reads the dossier; a fixed number of queries. The caller records the audit event."""
    child = application.child
    placement = placement_on(child, today) if child else None
    isee = isee_on(child, today) if child else None
    return Dossier(
        application=application,
        placement=placement,
        isee=isee,
        diets=_diets(application),
        attachments=list(application.attachments.all()),
        history=list(application.state_changes.select_related("changed_by")),
        checks=[
            *_checks(application, placement, isee, today),
            *_from_inps(application, today),
            *_arrears(application, today),
            *admission_checks(application, today),
        ],
    )


def _diets(application: Application) -> list[str]:
    """The answers about the diet, in the words of the edition."""
    said = {answer.question: answer.value for answer in application.sensitive_answers.all()}
    return [
        choice.label.within(get_language() or "it")
        for question in application.edition.rules.questions
        if question.read_by == "canteen.diet"
        for choice in question.choices
        if choice.code == said.get(question.code)
    ]


def _checks(
    application: Application, placement: Pupil | None, isee: IseeAttestation | None, today: date
) -> list[Check]:
    asks, child = application.applicant, application.child
    guardian = child is not None and children_of(asks, today).filter(pk=child.pk).exists()
    acts = child is not None and children_for(asks, Act.APPLY, today).filter(pk=child.pk).exists()
    enrolled = Subscription.objects.filter(
        child=application.child, service=application.service, valid_during__contains=today
    ).exists()
    return [
        Check(acts, _who_asks(guardian=guardian, acts=acts)),
        Check(
            placement is not None,
            _("Il bambino ha una classe.") if placement else _("Il bambino non risulta in nessuna classe."),
        ),
        Check(
            isee is not None,
            _("C'è un ISEE valido oggi.") if isee else _("Nessun ISEE valido: si applica la fascia più alta."),
        ),
        Check(not enrolled, _("Non è già iscritto.") if not enrolled else _("È già iscritto a questo servizio.")),
    ]


def _from_inps(application: Application, today: date) -> list[Check]:
    """What the office must know before it decides: a difference to settle, or how the question to INPS stands."""
    if application.child is None:
        return []
    shown = isee_of_file(application.child, today)
    if shown.finding is not None:
        return [Check(holds=False, sentence=_("ISEE: %(values)s.") % {"values": shown.difference})]
    return [Check(holds=True, sentence=shown.enquiry)] if shown.enquiry else []


def _arrears(application: Application, today: date) -> list[Check]:
    """What is unpaid, where the edition only warns of it: the office may accept all the same."""
    if application.child is None:
        return []
    warning = arrears_warning(child=application.child, edition=application.edition, today=today)
    return [Check(holds=False, sentence=warning)] if warning else []


def _who_asks(*, guardian: bool, acts: bool) -> str:
    if guardian:
        return _("Chi chiede può agire per il bambino.")
    if acts:
        return _("Chi chiede ha la delega di un genitore o tutore.")
    return _("Chi chiede non risulta genitore o tutore, né delegato.")
