"""An answer arrives at the central host: checked, logged, and exchanged for a code that one browser can use once.

Reads no cookie and no session: a provider's POST comes from another site, so a browser sends none.
"""

import json
import logging
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import EmailField

from integrations.sealing import seal, unseal
from integrations.spid_cie.addresses import consumer_url, entity_id
from integrations.spid_cie.beginning import digest
from integrations.spid_cie.desks import toolkit_settings
from integrations.spid_cie.errors import (
    NO_WAY,
    AnswerExpired,
    AnswerRefused,
    ForeignCode,
    LoginFailed,
    NotAuthenticated,
    Way,
)
from integrations.spid_cie.failures import OPERATOR, sentence_of
from integrations.spid_cie.models import HandoverCode, IdentityScheme, LoginTransaction
from integrations.spid_cie.saml.received import Expected, day
from integrations.spid_cie.saml.response import Authenticated, Refused, Response
from integrations.spid_cie.saml_log import MOST_REFUSALS, note, refusals_of
from integrations.spid_cie.types import Entrance, Provider, VerifiedIdentity
from sportello.kernel.fiscal_code import FiscalCode, InvalidFiscalCode

CODE_LIFETIME: Final = timedelta(seconds=60)
ITALIAN: Final = "TINIT-"
LONGEST_ADDRESS: Final = 254
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handover:
    """Where the browser goes on: the desk's own host, with a code good once and for a minute."""

    origin: str
    code: str


def receive_answer(encoded: str, *, now: datetime) -> Handover:
    """Takes a provider's answer. A refused one uses nothing up: the person may still complete her login.

    Raises LoginFailed: AnswerRefused, AnswerExpired, NotAuthenticated, ForeignCode, each with the number of the login
    and the way back when the answer names a login of ours.
    """
    try:
        response = Response.parse(encoded)
    except Refused as refused:
        raise AnswerRefused(refused.code) from refused
    held = LoginTransaction.objects.filter(request_id=response.request_id)
    login = held.select_related("provider", "entity__municipality").first()
    if login is None:
        raise AnswerRefused("unsolicited")
    try:
        if refusals_of(login) >= MOST_REFUSALS:
            raise AnswerRefused("too_many", way=way_back(login))
        return _exchanged(response, login, now)
    except LoginFailed as error:
        note(login, outcome=error.reason, response=response.response, now=now)
        raise


def _exchanged(response: Response, login: LoginTransaction, now: datetime) -> Handover:
    way = way_back(login)
    if login.used_at is not None:
        raise AnswerRefused("replayed", way=way)
    if not login.is_open(now):
        raise AnswerExpired(way=way)
    try:
        failure = response.failure()
        if failure is not None:
            if failure.code in OPERATOR:
                log.error("A provider refuses our request with error %d; login %s.", failure.code, login.number)
            raise NotAuthenticated(failure.code, sentence_of(failure.code), way=way)
        settings = toolkit_settings(login.entity, login.provider, now)
        answer = response.verified(settings, expected_of(login, now))
    except Refused as refused:
        log.warning("A SAML answer was refused: %s; login %s.", refused.code, login.number)
        raise AnswerRefused(refused.code, way=way) from refused
    try:
        identity = identity_of(answer, login)
    except InvalidFiscalCode as error:
        raise ForeignCode(way=way) from error
    code = _used_once(login, answer, identity, response.response, now)
    if code is None:
        raise AnswerRefused("replayed", way=way)
    return Handover(login.origin, code)


def way_back(login: LoginTransaction) -> Way:
    """Where the person of a login may try again, and the page from which she had started: of our own rows alone."""
    again = f"?{urlencode({'next': login.next_path})}" if login.next_path else ""
    return Way(
        number=login.number,
        desk=login.entity.organization_name,
        retry=f"{login.origin}/accedi/{again}",
        service=f"{login.origin}{login.next_path or '/'}",
    )


def expected_of(login: LoginTransaction, now: datetime) -> Expected:
    """What the answer to a login must say."""
    return Expected(
        request_id=login.request_id,
        begun_at=login.begun_at,
        consumer_url=consumer_url(),
        entity_id=entity_id(login.entity),
        provider=login.provider.entity_id,
        is_cie=login.provider.scheme == IdentityScheme.CIE,
        level=login.level,
        now=now,
    )


def identity_of(answer: Authenticated, login: LoginTransaction) -> VerifiedIdentity:
    """The person in our words. Raises InvalidFiscalCode for a fiscal number that is not of Italy."""
    told = answer.attributes
    number = told["fiscalNumber"].upper()
    code = FiscalCode.parse(number.removeprefix(ITALIAN) if number.startswith(ITALIAN) else "-")
    return VerifiedIdentity(
        scheme="fiscal_code",
        identifier=code.value,
        given_name=told["name"],
        family_name=told["familyName"],
        birth_date=day(told["dateOfBirth"]),
        email=_address(told.get("email", "")),
        level=answer.level,
        provider=Provider(login.provider.scheme),
        provider_name=login.provider.name,
    )


def _used_once(
    login: LoginTransaction, answer: Authenticated, identity: VerifiedIdentity, response: bytes, now: datetime
) -> str | None:
    """Marks the login as used and returns its code; None when another answer was quicker, or this one came before."""
    code = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            still_open = LoginTransaction.objects.filter(pk=login.pk, used_at__isnull=True, expires_at__gt=now)
            if not still_open.update(used_at=now, name_id_digest=digest(answer.name_id)):
                return None
            note(login, outcome="accepted", response=response, now=now, ids=(answer.response_id, answer.assertion_id))
            HandoverCode.objects.create(
                digest=digest(code),
                transaction=login,
                sealed_identity=seal(_packed(identity)),
                expires_at=now + CODE_LIFETIME,
            )
    except IntegrityError:
        return None
    return code


def redeem_code(code: str, *, nonce: str, schema: str, now: datetime) -> Entrance:
    """Who stands at the desk: the code is taken once, in its own Comune, from the browser that had begun.

    Raises AnswerRefused.
    """
    held = HandoverCode.objects.filter(
        digest=digest(code), transaction__schema_name=schema, transaction__nonce_digest=digest(nonce)
    )
    found = held.select_related("transaction").first()
    if found is None:
        raise AnswerRefused("code", way=NO_WAY)
    # By its own row alone: through a join PostgreSQL would not look again at what another browser has just used up.
    fresh = HandoverCode.objects.filter(pk=found.pk, used_at__isnull=True, expires_at__gt=now)
    if not fresh.update(used_at=now):
        raise AnswerRefused("code", way=Way(found.transaction.number))
    identity = _unpacked(unseal(found.sealed_identity))
    HandoverCode.objects.filter(pk=found.pk).update(sealed_identity=b"")  # taken: nobody needs to know any more
    return Entrance(identity=identity, next_path=found.transaction.next_path, transaction=found.transaction.number)


def _packed(identity: VerifiedIdentity) -> bytes:
    born = identity.birth_date.isoformat() if identity.birth_date else None
    return json.dumps({**asdict(identity), "birth_date": born, "provider": identity.provider.value}).encode()


def _unpacked(content: bytes) -> VerifiedIdentity:
    row: dict[str, Any] = json.loads(content)
    return VerifiedIdentity(
        **{**row, "birth_date": day(row["birth_date"] or ""), "provider": Provider(row["provider"])}
    )


def _address(words: str) -> str:
    """A mail address that can be written to; a provider's slip is as good as none (S23: it may be missing)."""
    try:
        EmailField(max_length=LONGEST_ADDRESS).run_validators(words)
    except ValidationError:
        return ""
    return words
