"""Bring Comuni in from their packs: the row, the host, the schema."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from tenants.current import PUBLIC, in_schema
from tenants.hosts import announce_change
from tenants.models import Domain, Municipality, Stage
from tenants.municipal_packs import MunicipalFacts, MunicipalPack
from tenants.provisioning import create_schema_of, schema_exists
from tenants.signals import municipality_provisioned


@transaction.atomic
def bring_in(*, pack: MunicipalPack, base_host: str | None = None) -> bool:
    """Registers the Comune of a pack, gives it the host `<slug>.<base>` and its schema; all or nothing.

    What is there already stays as it is: once a Comune is in, the database is the truth; one that has left stays out.
    Returns whether the schema was made now. Raises as create_schema_of.
    """
    with in_schema(PUBLIC):
        municipality = _registered(pack.facts)
        if municipality.left_on is not None:
            return False
        host = f"{municipality.slug}.{base_host or settings.BASE_HOST}"
        if not municipality.domains.filter(domain=host).exists():
            has_primary = municipality.domains.filter(is_primary=True).exists()
            Domain.objects.create(domain=host, tenant=municipality, is_primary=not has_primary)
            transaction.on_commit(announce_change)
        if schema_exists(municipality.schema_name):
            return False
        create_schema_of(municipality=municipality)
    with in_schema(municipality.schema_name):
        municipality_provisioned.send(sender=Municipality, municipality=municipality, pack=pack)
    return True


LOOKS: Final = (
    *("stage", "colour", "contacts_email", "contacts_phone", "contacts_address", "privacy_url", "legal_notes_url"),
    *("accessibility_declaration_url", "footer_links", "eu_funded", "coat_of_arms"),
)


@transaction.atomic
def register_again(*, facts: Mapping[str, Any], schema: str) -> str:
    """Lets a Comune answer from a schema that was taken in whole; returns its host.

    `facts` are those of its row elsewhere. A Comune that left is back. One that another schema already answers for
    stays as it is, and no host is given: the answer is empty. Hosts of its own are added by hand, once they point here.
    """
    with in_schema(PUBLIC):
        held = Municipality.objects.filter(belfiore_code=facts["belfiore_code"]).first()
        if held is not None and held.schema_name != schema:
            return ""
        names = ("belfiore_code", "istat_code", "name", "slug", "population", "patron_rule")
        held = held or Municipality(schema_name=schema, **{name: facts[name] for name in names})
        for name in LOOKS:
            setattr(held, name, facts[name])
        held.left_on = None
        held.branding_version += 1
        held.save()
        host = f"{held.slug}.{settings.BASE_HOST}"
        Domain.objects.get_or_create(domain=host, defaults={"tenant": held, "is_primary": True})
    transaction.on_commit(announce_change)
    return host


def _registered(facts: MunicipalFacts) -> Municipality:
    municipality: Municipality = Municipality.objects.get_or_create(
        belfiore_code=facts.belfiore_code,
        defaults={
            "schema_name": facts.schema_name,
            "istat_code": facts.istat_code,
            "name": facts.name,
            "slug": facts.slug,
            "population": facts.population,
            "patron_rule": facts.patron.rule,
            "stage": Stage.CONFIGURATION,
            "colour": facts.branding.colour,
            "contacts_email": facts.contacts.email,
            "contacts_phone": facts.contacts.phone,
            "contacts_address": facts.contacts.address,
        },
    )[0]
    return municipality
