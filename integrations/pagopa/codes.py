"""The codes of a Comune for pagoPA: written by the central team, checked before the database has to refuse them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from integrations.pagopa.models import CENTRAL_SEGREGATIONS, CreditorInstitution, Gateway, InstitutionState
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.models import Municipality

# Printed on every notice, and part of its number: changing one leaves notices that cannot be paid.
ON_NOTICES: Final = frozenset({"fiscal_code", "broker_code", "station_code", "segregation_code", "adapter"})


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    """What the central team knows of a Comune at pagoPA."""

    fiscal_code: str
    company_name: str
    office_name: str
    adapter: str
    state: str
    broker_code: str
    station_code: str
    segregation_code: str
    cbill_code: str
    iban: str
    postal_iban: str
    postal_account: str
    postal_authorised: bool


class CodesInvalid(DomainError):
    """A code cannot be right. `field` says which."""

    def __init__(self, field: str, template: object) -> None:
        super().__init__(template)
        self.field = field


class FiscalCodeTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Un altro Comune ha già questo codice fiscale: controllalo nell'Indice."))


class ChangeNotConfirmed(DomainError):
    """Codes that stand on notices were about to change."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Questi codici sono stampati sugli avvisi già emessi: se cambiano, quegli avvisi non si pagano più. "
                "Conferma per salvarli."
            )
        )


@transaction.atomic
def keep_codes(
    *, municipality: Municipality, facts: InstitutionFacts, confirmed: bool, actor: int | None, now: datetime
) -> list[str]:
    """Registers the Comune, or changes what differs; returns the names of what changed. On the central record.

    Raises CodesInvalid, FiscalCodeTaken, ChangeNotConfirmed.
    """
    check_codes(facts)
    held = CreditorInstitution.objects.select_for_update().filter(municipality=municipality).first()
    row = held or CreditorInstitution(municipality=municipality)
    changed = [name for name, value in asdict(facts).items() if held is None or getattr(held, name) != value]
    if not changed:
        return []
    if held is not None and held.state == InstitutionState.PRODUCTION and ON_NOTICES & set(changed) and not confirmed:
        raise ChangeNotConfirmed
    for name in changed:
        setattr(row, name, getattr(facts, name))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "fiscal_code" not in str(error):
            raise
        raise FiscalCodeTaken from error
    with in_schema(settings.CENTRAL_SCHEMA):
        record(
            action=Action.CONNECTOR_CHANGED,
            actor=actor,
            subject_kind="creditor_institution",
            subject=municipality.belfiore_code,
            now=now,
            details={"did": "changed" if held else "registered", "fields": changed, "state": facts.state},
        )
    return changed


def check_codes(facts: InstitutionFacts) -> None:
    """Raises CodesInvalid with the first reason."""
    if not is_tax_code(facts.fiscal_code):
        raise CodesInvalid("fiscal_code", _("Il codice fiscale dell'ente ha 11 cifre, con quella di controllo giusta."))
    if facts.broker_code and not is_tax_code(facts.broker_code):
        raise CodesInvalid("broker_code", _("Il codice dell'intermediario è un codice fiscale di 11 cifre."))
    if facts.station_code and facts.station_code.partition("_")[0] != facts.broker_code:
        raise CodesInvalid("station_code", _("Il codice della stazione comincia con quello dell'intermediario."))
    if facts.segregation_code in CENTRAL_SEGREGATIONS:
        raise CodesInvalid("segregation_code", _("Questo codice di segregazione è di un'amministrazione centrale."))
    for name in ("iban", "postal_iban"):
        if getattr(facts, name) and not is_iban(getattr(facts, name)):
            raise CodesInvalid(name, _("L'IBAN non è giusto: controlla lettere e cifre."))
    if facts.postal_authorised and not facts.postal_account:
        raise CodesInvalid("postal_account", _("Per stampare il bollettino serve il numero del conto postale."))
    _check_complete(facts)


def _check_complete(facts: InstitutionFacts) -> None:
    if facts.state == InstitutionState.DRAFT or facts.adapter == Gateway.MYPAY:
        return
    for name in ("broker_code", "station_code", "segregation_code", "iban"):
        if not getattr(facts, name):
            raise CodesInvalid(name, _("Serve per uscire dalla preparazione: lo dà PagoPA, o la tesoreria."))


def is_tax_code(text: str) -> bool:
    """Eleven digits of which the last checks the others (DM 23/12/1976: every second one is doubled)."""
    if len(text) != 11 or not (text.isascii() and text.isdecimal()):
        return False
    total = sum(
        digit if place % 2 == 0 else digit * 2 - (9 if digit > 4 else 0)
        for place, digit in enumerate(int(one) for one in text)
    )
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """An Italian IBAN whose number modulo 97 is 1 (ISO 13616)."""
    if len(text) != 27 or not text.startswith("IT") or not (text.isascii() and text.isalnum() and text == text.upper()):
        return False
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1
