"""What `public` knows of a Comune: its names, its hosts, its registration with SPID and CIE. Keys do not leave."""

from typing import Any, Final

from django.forms import model_to_dict

from integrations.spid_cie.models import SamlEntity
from tenants.models import Municipality

FACTS: Final = (
    "schema_name",
    "belfiore_code",
    "istat_code",
    "name",
    "slug",
    "population",
    "patron_rule",
    "stage",
    "colour",
    "contacts_email",
    "contacts_phone",
    "contacts_address",
    "privacy_url",
    "legal_notes_url",
    "accessibility_declaration_url",
    "footer_links",
    "eu_funded",
)


def facts_of(municipality: Municipality) -> dict[str, Any]:
    """The row of the Comune, its hosts, its entities and their certificates."""
    values: dict[str, Any] = model_to_dict(municipality, fields=FACTS)
    entities = SamlEntity.objects.filter(municipality=municipality).order_by("scheme").prefetch_related("keys")
    return {
        **values,
        "coat_of_arms": str(municipality.coat_of_arms),
        "hosts": [
            {"host": str(one.domain), "primary": bool(one.is_primary)}
            for one in municipality.domains.order_by("domain")
        ],
        "digital_identity": [
            {
                **model_to_dict(entity, exclude=["id", "municipality"]),
                "certificates": [key.certificate for key in entity.keys.all()],
            }
            for entity in entities
        ],
    }
