"""A guardian lets somebody else do some acts for a child, and takes it back; who holds a delegation may renounce it."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.accounts.models import Account, Scheme
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.errors import (
    AlreadyDelegated,
    DelegationAlreadyEnded,
    DelegationNotYours,
    NoActs,
    NotAGuardian,
)
from sportello.families.models import Act, Adult, Child, Delegation, DelegationEnd, Guardianship
from sportello.families.queries import accounts_of, adult_of, children_of, delegations_held, guardians_of
from sportello.families.rules import Circle, Delegate, check_delegate, check_period
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.notifications.notifying import notify

TOPIC = "delegation"


@transaction.atomic
def delegate(
    *, child: Child, delegate: Delegate, acts: Collection[Act], period: DateRange, actor: Account, now: datetime
) -> Delegation:
    """Lets the person do the acts for the child in the period; she needs no account yet, her fiscal code is the key.

    The other guardians who have ever entered, and the delegate if she has, are told by a notice that names nobody.
    Raises the subclass of DelegationRefused that says why not; then nothing has changed.
    """
    today = now.astimezone(ROME).date()
    Child.objects.select_for_update().get(pk=child.pk)  # an order of the court that bars her waits, or makes her wait
    grantor = adult_of(actor)
    if grantor is None or not children_of(actor, today).filter(pk=child.pk).exists():
        raise NotAGuardian
    if not acts:
        raise NoActs
    check_period(period, today=today)
    check_delegate(delegate, _circle(child, grantor, period), first_day=period.start, today=today)
    made = _written(
        Delegation(
            child=child,
            granted_by=grantor,
            granted_at=now,
            delegate_code=delegate.code.value,
            delegate_given_name=delegate.given_name,
            delegate_family_name=delegate.family_name,
            acts=[act.value for act in Act if act in acts],
            valid_during=period.bounds,
        )
    )
    _record(made, Action.DELEGATION_GRANTED, actor, now)
    _tell_of_the_new(made, actor, now)
    return made


@transaction.atomic
def revoke(*, delegation: Delegation, actor: Account, now: datetime) -> Delegation:
    """Ends the delegation at once: by any guardian of the child, or by who holds it, who thus renounces it.

    The guardians and the delegate who have ever entered, but for the actor, are told by a notice that names nobody.
    Raises DelegationNotYours, DelegationAlreadyEnded.
    """
    today = now.astimezone(ROME).date()
    held = Delegation.objects.select_for_update(of=("self",)).select_related("child").get(pk=delegation.pk)
    renounces = delegations_held(actor, today).filter(pk=held.pk).exists()
    if not renounces and not children_of(actor, today).filter(pk=held.child_id).exists():
        raise DelegationNotYours
    if held.revoked_at is not None or held.valid_during.upper <= today:
        raise DelegationAlreadyEnded
    held.revoked_at, held.revoked_by = now, actor
    held.end_reason = DelegationEnd.RENOUNCED if renounces else DelegationEnd.REVOKED
    held.save(update_fields=["revoked_at", "revoked_by", "end_reason"])
    _record(held, Action.DELEGATION_RENOUNCED if renounces else Action.DELEGATION_REVOKED, actor, now)
    _tell_of_the_end(held, actor, now)
    return held


def _circle(child: Child, grantor: Adult, period: DateRange) -> Circle:
    around = Guardianship.objects.filter(child=child, valid_during__overlap=period.bounds)
    codes = list(around.values_list("adult__fiscal_code", "barred"))
    return Circle(
        grantor=grantor.fiscal_code or "",
        guardians={code for code, barred in codes if code and not barred},
        barred={code for code, barred in codes if code and barred},
    )


def _written(delegation: Delegation) -> Delegation:
    try:
        with transaction.atomic():
            delegation.save(force_insert=True)
    except IntegrityError as error:
        if "delegation_no_overlap" not in str(error):
            raise
        raise AlreadyDelegated from error
    return delegation


def _record(delegation: Delegation, action: Action, actor: Account, now: datetime) -> None:
    record(
        action=action,
        actor=actor.pk,
        subject_kind="delegation",
        subject=delegation.public_id,
        now=now,
        details={"child": str(delegation.child.public_id), "acts": delegation.acts},
    )


def _tell_of_the_new(delegation: Delegation, actor: Account, now: datetime) -> None:
    with override("it"):  # the language of the page is not the reader's
        told = _("C'è una nuova delega per un tuo figlio"), _("Nell'area personale vedi a chi e per che cosa.")
        _tell(_other_guardians(delegation, actor, now), told, f"delegation:{delegation.public_id}", now)
        told = _("Hai ricevuto una delega"), _("Nell'area personale vedi da chi e per che cosa. Puoi rinunciare.")
        _tell(_delegate(delegation, actor), told, f"delegation:{delegation.public_id}:held", now)


def _tell_of_the_end(delegation: Delegation, actor: Account, now: datetime) -> None:
    key = f"delegation:{delegation.public_id}:ended"
    with override("it"):
        told = _("Una delega per un tuo figlio è finita"), _("Nell'area personale vedi quale, e le altre deleghe.")
        _tell(_other_guardians(delegation, actor, now), told, key, now)
        told = _("Una delega che avevi è stata revocata"), _("Da ora non puoi più usarla.")
        _tell(_delegate(delegation, actor), told, key, now)


def _other_guardians(delegation: Delegation, actor: Account, now: datetime) -> list[Account]:
    today: date = now.astimezone(ROME).date()
    return list(accounts_of(guardians_of(delegation.child, today)).exclude(pk=actor.pk))


def _delegate(delegation: Delegation, actor: Account) -> list[Account]:
    held = Account.objects.filter(scheme=Scheme.FISCAL_CODE, identifier=delegation.delegate_code)
    return list(held.exclude(pk=actor.pk))


def _tell(people: Collection[Account], told: tuple[str, str], key: str, now: datetime) -> None:
    """A notice without names: it stays in the area of its reader also when she may see the child no more."""
    for account in people:
        notify(
            account=account,
            topic=TOPIC,
            subject=told[0],
            body=told[1],
            link=reverse("families:delegations"),
            email=account.email,
            key=key,
            now=now,
        )
