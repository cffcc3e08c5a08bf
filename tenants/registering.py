"""Bring Comuni in from their packs: the row, the host, the schema."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction

from tenants.current import PUBLIC, in_schema
from tenants.hosts import announce_change
from tenants.models import Domain, Municipality, Stage
from tenants.provisioning import create_schema_of, schema_exists
from tenants.signals import municipality_provisioned

PACKS: Final = Path(__file__).resolve().parent / "packs"


class Patron(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day of the patron saint, as a rule of recurrence, and how sure we are of it."""

    name: str
    rule: str
    confidence: str = ""
    source: str = ""


class Contacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How citizens reach the Comune."""

    email: str = ""
    phone: str = ""
    address: str = ""


class Branding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How its pages look."""

    colour: str = "#0066cc"


class MunicipalFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file `comune.toml` of a pack."""

    name: str
    istat_code: str
    belfiore_code: str
    schema_name: str
    slug: str
    population: int | None = None
    ipa_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    patron: Patron
    contacts: Contacts = Contacts()
    branding: Branding = Branding()


@dataclass(frozen=True, slots=True)
class MunicipalPack:
    """The folder of a Comune and what its `comune.toml` says."""

    folder: Path
    facts: MunicipalFacts


class WrongPack(RuntimeError):
    """A `comune.toml` does not say what it must."""


def read_packs(folder: Path = PACKS) -> list[MunicipalPack]:
    """The packs below a folder, in the order of their ISTAT codes. Raises WrongPack naming the file and the field."""
    return [read_pack(file) for file in sorted(folder.glob("*/comune.toml"))]


def read_pack(file: Path) -> MunicipalPack:
    """One pack. Raises WrongPack."""
    try:
        facts = msgspec.toml.decode(file.read_bytes(), type=MunicipalFacts)
    except msgspec.MsgspecError as error:
        raise WrongPack(f"{file}: {error}") from error
    return MunicipalPack(folder=file.parent, facts=facts)


@transaction.atomic
def bring_in(*, pack: MunicipalPack, base_host: str | None = None) -> bool:
    """Registers the Comune of a pack, gives it the host `<slug>.<base>` and its schema; all or nothing.

    What is there already stays as it is: once a Comune is in, the database is the truth. Returns whether the schema
    was made now. Raises as create_schema_of.
    """
    with in_schema(PUBLIC):
        municipality = _registered(pack.facts)
        host = f"{municipality.slug}.{base_host or settings.BASE_HOST}"
        if not municipality.domains.filter(domain=host).exists():
            has_primary = municipality.domains.filter(is_primary=True).exists()
            Domain.objects.create(domain=host, tenant=municipality, is_primary=not has_primary)
            transaction.on_commit(announce_change)
        if schema_exists(municipality.schema_name):
            return False
        create_schema_of(municipality=municipality)
    with in_schema(municipality.schema_name):
        municipality_provisioned.send(sender=Municipality, municipality=municipality, pack=pack.folder)
    return True


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
