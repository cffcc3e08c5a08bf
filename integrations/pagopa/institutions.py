"""Which Comune a message of pagoPA is for, and as whom a Comune speaks with pagoPA."""

from integrations.errors import NotConfigured
from integrations.pagopa.models import CreditorInstitution, InstitutionState
from tenants.models import Municipality


def institution_of(municipality: Municipality) -> CreditorInstitution:
    """The Comune for pagoPA. A twin is none: a notice of its would look like a real one and reach the real Comune.

    Raises NotConfigured.
    """
    found = CreditorInstitution.objects.filter(municipality_id=municipality.pk).first()
    if found is None:
        raise NotConfigured
    return found


def served(fiscal_code: str) -> CreditorInstitution | None:
    """The institution that the station answers for, with its Comune; None for a stranger or one still in draft."""
    return (
        CreditorInstitution.objects.select_related("municipality")
        .exclude(state=InstitutionState.DRAFT)
        .filter(fiscal_code=fiscal_code, municipality__left_on__isnull=True)
        .first()
    )
