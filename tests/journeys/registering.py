"""Comuni that the central team knows of and nobody visits: a row and its host, no schema.

Journeys share the site: whichever comes first makes the whole of a Comune, as the others expect to find it.
"""

from tenants.models import Domain, Municipality, Stage
from tenants.municipal_packs import MunicipalFacts


def registered(facts: MunicipalFacts) -> Municipality:
    """That Comune, in assessment unless a journey has brought it further."""
    found: Municipality
    found, made = Municipality.objects.get_or_create(
        belfiore_code=facts.belfiore_code,
        defaults={
            "name": facts.name,
            "istat_code": facts.istat_code,
            "schema_name": facts.schema_name,
            "slug": facts.slug,
            "patron_rule": facts.patron.rule,
            "stage": Stage.ASSESSMENT,
        },
    )
    if made:
        Domain.objects.create(domain=f"{facts.slug}.localhost", tenant=found, is_primary=True)
    return found
