"""The Comune as pagoPA knows it."""

from integrations.errors import NotConfigured
from integrations.pagopa.institutions import institution_of
from integrations.pagopa.models import CreditorInstitution
from sportello.billing.debts.errors import InstitutionNotReady
from tenants.current import current_municipality


def our_institution() -> CreditorInstitution:
    """The codes of the Comune in which this runs. Raises InstitutionNotReady without those that a notice needs."""
    try:
        found = institution_of(current_municipality())
    except NotConfigured as error:
        raise InstitutionNotReady from error
    if not (found.segregation_code and found.iban):
        raise InstitutionNotReady
    return found
