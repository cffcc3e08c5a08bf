"""The answer for a chosen person, spoilt as the pressed button says."""

from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from integrations.spid_cie.answering import receive_answer
from integrations.spid_cie.certificates import make_pair
from integrations.spid_cie.errors import LoginFailed
from integrations.spid_cie.models import IdentityScheme
from integrations.spid_cie.simulator import answers
from integrations.spid_cie.simulator.asking import Asked
from integrations.spid_cie.simulator.faults import Fault
from integrations.spid_cie.simulator.federation import DemoProvider, pair_of
from integrations.spid_cie.simulator.models import IssuedIdentity
from integrations.spid_cie.simulator.people import FictionalPerson

LEVEL_OF: Final = {IdentityScheme.SPID: 2, IdentityScheme.CIE: 3}
PROFESSIONAL: Final = 30


def issue(
    *, provider: DemoProvider, asked: Asked, person: FictionalPerson | None, fault: Fault | None, now: datetime
) -> str:
    """The encoded, signed answer. A professional identity is not what a citizens' service asks for: error 30."""
    scheme = provider.scheme
    key = fault.key if fault else ""
    error = fault.error if fault else PROFESSIONAL if person and person.professional else 0
    moment = now - timedelta(hours=1) if key == "expired" else now
    answer = answers.Answer(
        issuer=provider.entity_id,
        audience=asked.issuer,
        consumer_url=asked.consumer_url,
        request_id=asked.request_id,
        level=1 if key == "low_level" else max(asked.level, LEVEL_OF[IdentityScheme(scheme)]),
        attributes=_attributes(person, asked) if person else {},
        name_id=f"_{token_hex(16)}",
        now=moment,
        is_cie=scheme == IdentityScheme.CIE,
    )
    if error or person is None:
        return answers.encoded(answers.sign(answers.error(answer, error or 25), pair_of(scheme)))
    pair = pair_of(scheme)
    if key == "wrong_signature":
        pair = make_pair(entity_id=answer.issuer, organization="?", ipa_code="demo", city="Bari", now=now, bits=2048)
    message = answers.encoded(answers.sign(answers.success(answer), pair))
    if key == "replayed":
        _send_before(message, now)
    if not key:
        IssuedIdentity.objects.create(
            scheme=scheme,
            name_id=answer.name_id,
            audience=asked.issuer,
            person=person.full_name,
            issued_at=now,
        )
    return message


def _send_before(message: str, now: datetime) -> None:
    """Somebody who saw the answer on its way is quicker than the browser."""
    try:
        receive_answer(message, now=now)
    except LoginFailed:
        return  # then the browser's own sending shows why


def _attributes(person: FictionalPerson, asked: Asked) -> dict[str, str]:
    """What was asked for and is known; an unknown email is left out, as real providers do."""
    known = {
        "spidCode": f"DEMO{person.fiscal_code[:10]}",
        "name": person.given_name,
        "familyName": person.family_name,
        "fiscalNumber": f"TINIT-{person.fiscal_code}",
        "dateOfBirth": person.birth_date.isoformat() if person.birth_date else "",
        "email": person.email,
    }
    return {name: known[name] for name in asked.attributes if known.get(name)}
