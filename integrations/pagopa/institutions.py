"""Which Comune a message of pagoPA is for, and as whom a Comune speaks with pagoPA."""

from typing import Final

from django.db import DEFAULT_DB_ALIAS

from integrations.errors import NotConfigured
from integrations.pagopa.models import CreditorInstitution, InstitutionState
from tenants.current import ask_prepared
from tenants.models import Municipality

_FIELDS: Final = [field.attname for field in CreditorInstitution._meta.concrete_fields]
_SERVED: Final = f"""
SELECT municipality.schema_name, {", ".join(f"institution.{name}" for name in _FIELDS)}
FROM public.{CreditorInstitution._meta.db_table} institution
JOIN public.{Municipality._meta.db_table} municipality ON municipality.id = institution.municipality_id
WHERE institution.fiscal_code = %s AND institution.state <> %s AND municipality.left_on IS NULL
"""  # noqa: S608 names of the models' own columns; asked with every message of the Node


def institution_of(municipality: Municipality) -> CreditorInstitution:
    """The Comune for pagoPA. A twin is none: a notice of its would look like a real one and reach the real Comune.

    Raises NotConfigured.
    """
    found = CreditorInstitution.objects.filter(municipality_id=municipality.pk).first()
    if found is None:
        raise NotConfigured
    return found


def served(fiscal_code: str) -> tuple[CreditorInstitution, str] | None:
    """The institution that the station answers for and its schema; None for a stranger or one still in draft."""
    row = ask_prepared(_SERVED, [fiscal_code, InstitutionState.DRAFT])
    if row is None:
        return None
    schema, *fields = row
    return CreditorInstitution.from_db(DEFAULT_DB_ALIAS, _FIELDS, fields), schema
