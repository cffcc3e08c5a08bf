"""An application is sent: taken in charge, numbered, priced, told to the family, all in one transaction."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.accounts.models import Account
from sportello.applications.arrears import check_no_arrears
from sportello.applications.calls import call_of, call_on
from sportello.applications.enrolled import users_among
from sportello.applications.models import Application, ApplicationState
from sportello.applications.protocol import register
from sportello.applications.queries import open_applications
from sportello.applications.states import Actor, change_state
from sportello.applications.steps.draft import Draft
from sportello.applications.steps.isee import DECLARED, KNOWN
from sportello.applications.steps.order import first_broken
from sportello.applications.steps.verdicts import full, refusals, stored_verdict
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError
from sportello.kernel.isee import Isee
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.means.declaring import declare_isee, share_isee
from sportello.means.enquiring import ask_inps
from sportello.notifications.notifying import notify


class WindowClosed(DomainError):
    """Applications are not taken today; the draft is kept."""


class NotComplete(DomainError):
    """A step is missing or no longer holds; ``step`` is its slug."""

    def __init__(self, template: str, *, step: str) -> None:
        super().__init__(template)
        self.step = step


class AlreadyApplied(DomainError):
    """The child has an open application, or uses the service already, in that school year."""


class NotAdmissible(DomainError):
    """The edition refuses this child; the sentence says each reason."""


class PlacesTaken(DomainError):
    """No place is left, and the edition takes no application beyond."""


@transaction.atomic
def submit(*, application: Application, applicant: Account, now: datetime) -> Application:
    """Send a draft and return it with protocol, day taken in charge, last day for the answer and price explained.

    Sending twice, from two tabs or by a double click, gives the same application with its one protocol number.
    The edition is the one in force now and is frozen, with what its rules say of the child. Raises WindowClosed,
    NotComplete, AlreadyApplied, RefusedForArrears, NotAdmissible or PlacesTaken, and then nothing has changed.
    """
    sent = _locked(application)
    if sent.state != ApplicationState.DRAFT:
        return sent
    today = now.astimezone(ROME).date()
    _freeze_edition(sent, today)
    draft = Draft(sent, sent.edition.rules, applicant, today)
    child = _check(draft)
    _keep_isee(draft, child, today)
    _keep_email(draft)
    sent.admission = stored_verdict(draft)
    estimate = draft.estimated()
    sent.explanation = estimate.stored() if estimate else None
    sent.submitted_at = now
    sent.taken_in_charge_on = today
    sent.answer_by = last_day_for_answer(today, draft.content.procedure.answer_days)
    sent.protocol = register(subject=_subject(sent), now=now)
    sent.save()
    _ask_inps(draft, sent, child, now)
    change_state(application=sent, after=ApplicationState.SUBMITTED, side=Actor.CITIZEN, actor=applicant, now=now)
    record(
        action=Action.APPLICATION_SUBMITTED,
        actor=applicant.pk,
        subject_kind="application",
        subject=sent.public_id,
        now=now,
    )
    _tell(sent, now)
    return sent


def last_day_for_answer(taken_in_charge_on: date, answer_days: int) -> date:
    """The term runs from the day after the application was taken in charge (L. 241/1990 art. 2)."""
    return taken_in_charge_on + timedelta(days=answer_days)


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("service", "edition", "child", "protocol").get(pk=application.pk)


def _freeze_edition(application: Application, today: date) -> None:
    """The edition in force now: a revision may have come between draft and sending. Raises WindowClosed."""
    call = call_on(application.service, today)
    if call is None or not call.is_open or call.edition.school_year != application.school_year:
        opens = call_of(application.edition, today).next_window
        if opens is not None:
            raise WindowClosed(
                _("Le domande si inviano dal %(opens)s al %(closes)s. La bozza resta qui."),
                opens=opens.opens.strftime("%d/%m/%Y"),
                closes=opens.closes.strftime("%d/%m/%Y"),
            )
        raise WindowClosed(_("I termini per inviare la domanda sono chiusi. La bozza resta qui."))
    application.edition = call.edition


def _check(draft: Draft) -> Child:
    chosen = draft.application.child
    if chosen is not None:
        # One at a time for a child: two drafts sent together must not both pass.
        child = Child.objects.select_for_update().get(pk=chosen.pk)
        _check_not_applied(draft, child)
        check_no_arrears(child=child, edition=draft.application.edition, today=draft.today)
    why_not = refusals(draft)
    if why_not:
        raise NotAdmissible(_("Questa domanda non si può fare. %(reasons)s"), reasons=" ".join(why_not))
    broken = first_broken(draft)
    if broken is not None or chosen is None:
        step = broken.slug if broken is not None else "figlio"
        raise NotComplete(_("Manca qualcosa: completa questo passo prima di inviare."), step=step)
    capacity = draft.content.admission.capacity
    if capacity is not None and capacity.beyond == "refused" and draft.full_places():
        raise PlacesTaken(full(draft))
    return chosen


def _check_not_applied(draft: Draft, child: Child) -> None:
    application = draft.application
    opened = open_applications([child], service_id=application.service_id, school_year=application.school_year)
    if child.pk in opened:
        raise AlreadyApplied(
            _("C'è già una domanda per questo figlio: protocollo %(number)s."), number=opened[child.pk].protocol
        )
    if users_among([child.pk], application.service_id, draft.service_day):
        raise AlreadyApplied(_("Questo figlio è già iscritto al servizio."))


def _keep_isee(draft: Draft, child: Child, today: date) -> None:
    """The ISEE she declares, or chooses among those of her children, counts for this child from now on.

    Told once: the next application finds it (C.SE.1.5). The price decided at acceptance is the one she was told.
    """
    values = draft.values("isee")
    if values.get("isee") == KNOWN and draft.known_isee is not None:
        share_isee(attestation=draft.known_isee, child=child)
    if values.get("isee") != DECLARED:
        return
    declare_isee(
        child=child,
        isee=Isee(Money.from_decimal_string(values["amount"]).cents),
        dsu_protocol=values["dsu_protocol"],
        filed_on=date.fromisoformat(values["filed_on"]),
        today=today,
    )


def _ask_inps(draft: Draft, sent: Application, child: Child, now: datetime) -> None:
    """What she states of her ISEE is verified later: the application never waits for INPS, nor fails with it.

    Nobody asks where she states none: nothing would justify it.
    """
    if draft.values("isee").get("isee") in {KNOWN, DECLARED}:
        ask_inps(child=child, reason=str(sent.protocol), archetype=sent.service.archetype, asked_by=None, now=now)


def _keep_email(draft: Draft) -> None:
    """An address given where none was known is not asked again."""
    adult = draft.adult
    if adult is not None and not adult.email:
        adult.email = draft.application.contact_email
        adult.save(update_fields=["email"])


def _subject(application: Application) -> str:
    with override("it"):  # the register is in Italian, whatever the language of the page
        return _("Domanda per il servizio %(service)s, anno scolastico %(year)s") % {
            "service": application.service.name,
            "year": SchoolYear(application.school_year),
        }


def _tell(application: Application, now: datetime) -> None:
    with override("it"):
        subject = _("Abbiamo ricevuto la domanda: protocollo %(protocol)s") % {"protocol": application.protocol}
        body = _(
            "La domanda per il servizio %(service)s è stata presa in carico il %(day)s. "
            "L'ufficio risponde entro il %(answer_by)s. Nell'area personale trovi la ricevuta e lo stato."
        ) % {
            "service": application.service.name,
            "day": f"{application.taken_in_charge_on:%d/%m/%Y}",
            "answer_by": f"{application.answer_by:%d/%m/%Y}",
        }
    notify(
        account=application.applicant,
        topic="application",
        subject=subject,
        body=body,
        link=reverse("applications:application", args=[application.public_id]),
        email=application.contact_email,
        key=f"submitted:{application.public_id}",
        now=now,
    )
