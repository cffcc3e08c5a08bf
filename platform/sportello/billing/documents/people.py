"""The creditor and the people of a paper."""

from integrations.pagopa.models import CreditorInstitution
from sportello.billing.debts.models import DebtPosition
from sportello.billing.papers.sheets import Addressee, Payee, PostalAccount
from sportello.families.models import Adult, Child
from tenants.models import Municipality

LONGEST_NAME = 70


def payee_of(institution: CreditorInstitution, municipality: Municipality) -> Payee:
    """The Comune as creditor, cut to what the layout takes (P27). Raises TextTooLong, MissingText."""
    postal = None
    if institution.postal_account and institution.postal_authorised:
        postal = PostalAccount(institution.postal_account, institution.company_name[:50], "")
    contacts = (municipality.contacts_phone, municipality.contacts_email)
    return Payee(
        name=institution.company_name[:50],
        fiscal_code=institution.fiscal_code,
        office=(institution.office_name or "Servizi scolastici")[:50],
        contacts=", ".join(text for text in contacts if text)[:100],
        cbill=institution.cbill_code,
        postal=postal,
    )


def debtor_of(position: DebtPosition) -> Addressee:
    """Who was asked to pay, as she was called when the notice was made; where she lives now."""
    return Addressee(position.debtor_name[:LONGEST_NAME], position.debtor_code, _address(position.payer))


def adult_as_addressee(adult: Adult) -> Addressee:
    """A payer on a paper of today."""
    return Addressee(adult.full_name[:LONGEST_NAME], adult.fiscal_code or "", _address(adult))


def child_as_addressee(child: Child) -> Addressee:
    """A child on a paper of its parents."""
    return Addressee(child.full_name[:LONGEST_NAME], child.fiscal_code or "")


def _address(adult: Adult) -> tuple[str, ...]:
    return tuple(line[:LONGEST_NAME] for line in (adult.address, adult.postal_code) if line)
