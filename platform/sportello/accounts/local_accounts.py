"""Local accounts of staff without a usable digital identity: a password and a code, both always."""

from datetime import datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django_otp import devices_for_user
from django_otp.plugins.otp_totp.models import TOTPDevice

from sportello.accounts.entering import open_session, record_refusal
from sportello.accounts.errors import AccountSuspended, IdentifierTaken, LinkNotValid, TooManyAttempts, WrongCredentials
from sportello.accounts.models import Account, EndReason, Scheme
from sportello.accounts.sessions import close_all_sessions
from sportello.accounts.throttling import PER_ACCOUNT, PER_ADDRESS, PER_CODE
from sportello.audit.models import Action
from sportello.audit.recording import record

LOCAL = "local"


class ActivationTokens(PasswordResetTokenGenerator):
    """Tokens of the link with which a person chooses her password: dead once it is chosen, or after three days."""

    key_salt = "sportello.accounts.local_accounts"


activation_tokens = ActivationTokens()


def open_local_account(
    *, identifier: str, given_name: str, family_name: str, email: str, actor: Account, now: datetime
) -> tuple[Account, str]:
    """Creates a local account and returns it with the token of its activation link. Raises IdentifierTaken."""
    account = Account(
        scheme=Scheme.LOCAL,
        identifier=identifier.strip().lower(),
        given_name=given_name,
        family_name=family_name,
        email=email,
    )
    account.set_password(get_random_string(50))  # unguessable, known to nobody, and part of the token
    try:
        with transaction.atomic():
            account.save()
            record(
                action=Action.ACCOUNT_OPENED, actor=actor.pk, subject_kind="account", subject=account.public_id, now=now
            )
    except IntegrityError as error:
        raise IdentifierTaken from error
    return account, activation_tokens.make_token(account)


@transaction.atomic
def renew_link(*, account: Account, actor: Account, now: datetime) -> str:
    """The token of a new activation link, for who lost password or phone; the old password opens nothing any more.

    Raises LinkNotValid for an account that has no password by nature.
    """
    held = Account.objects.select_for_update().get(pk=account.pk)
    if not held.is_local or not held.is_active:
        raise LinkNotValid
    held.set_password(get_random_string(50))
    held.save(update_fields=["password"])
    close_all_sessions(account=held, reason=EndReason.PASSWORD, actor=actor.pk, now=now)
    _record(Action.LINK_RENEWED, held, actor, now)
    return activation_tokens.make_token(held)


def account_of_link(*, public_id: str, token: str) -> Account:
    """The account that an activation link opens; raises LinkNotValid."""
    account = Account.objects.filter(public_id=public_id, scheme=Scheme.LOCAL, is_active=True).first()
    if account is None or not activation_tokens.check_token(account, token):
        raise LinkNotValid
    return account


@transaction.atomic
def choose_password(*, account: Account, token: str, password: str, now: datetime) -> None:
    """Sets the password and kills the link; a device enrolled before is forgotten. Raises LinkNotValid."""
    held = Account.objects.select_for_update().get(pk=account.pk)
    if not activation_tokens.check_token(held, token):
        raise LinkNotValid
    held.set_password(password)
    held.save(update_fields=["password"])
    close_all_sessions(account=held, reason=EndReason.PASSWORD, actor=held.pk, now=now)
    TOTPDevice.objects.filter(user=held).delete()
    _record(Action.PASSWORD_CHOSEN, held, held, now)


def check_password(*, identifier: str, password: str, address: str, now: datetime) -> Account:
    """The account of a right password. Raises WrongCredentials or TooManyAttempts, with the same answer and the same
    effort whether or not the account exists. The person has not entered yet: the code comes next.
    """
    name = identifier.strip().lower()
    try:
        PER_ADDRESS.take(address, now=now)
        PER_ACCOUNT.take(name, now=now)
    except TooManyAttempts:
        record_refusal(reason="too_many_attempts", provider=LOCAL, now=now)
        raise
    account = Account.objects.filter(scheme=Scheme.LOCAL, identifier=name, is_active=True).first()
    if account is None:
        Account().set_password(password)  # the same work as for an account that exists
    if account is None or not account.check_password(password):
        record_refusal(reason="wrong_credentials", provider=LOCAL, now=now)
        raise WrongCredentials
    PER_ACCOUNT.refill(name)
    PER_ADDRESS.refill(address)
    return account


def confirmed_device(account: Account) -> TOTPDevice | None:
    """The authenticator that the account must use; None until one is enrolled."""
    return next((device for device in devices_for_user(account) if isinstance(device, TOTPDevice)), None)


def device_to_enrol(account: Account) -> TOTPDevice:
    """The not yet confirmed authenticator of an account that has none, the same at every visit of the page."""
    device, _created = TOTPDevice.objects.get_or_create(user=account, confirmed=False, defaults={"name": LOCAL})
    return device


def enter_with_code(*, request: HttpRequest, account: Account, code: str, now: datetime) -> None:
    """The second step: a right code logs in; the first one ever confirms the authenticator.

    Raises WrongCredentials or TooManyAttempts. A code is good once.
    """
    if not account.is_active:
        raise AccountSuspended
    PER_CODE.take(str(account.pk), now=now)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=account).order_by("-confirmed", "pk").first()
        right = device is not None and device.verify_token(code.replace(" ", ""))
        if right and device is not None and not device.confirmed:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
    if not right:
        record_refusal(reason="wrong_code", provider=LOCAL, now=now)
        raise WrongCredentials
    PER_CODE.refill(str(account.pk))
    account.otp_device = device  # type: ignore[attr-defined]  # django-otp reads it while logging in
    open_session(request=request, account=account, provider=LOCAL, level=2, now=now)


def _record(action: Action, account: Account, actor: Account, now: datetime) -> None:
    record(action=action, actor=actor.pk, subject_kind="account", subject=account.public_id, now=now)
