"""The gateway of another body: known by its metadata, offered only where a Comune names it."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from integrations.spid_cie.desks import entity_of, usable_providers
from integrations.spid_cie.models import Environment, IdentityProvider, Mode, SamlEntity
from integrations.spid_cie.standing import Warned, warnings_of
from sportello.kernel import clock
from tests.spid_cie.federation import Idp, listed

GATEWAY = Idp("gateway")


def metadata(idp: Idp) -> bytes:
    """What its body hands over: one entity, unsigned."""
    return bytes(etree.tostring(listed([idp])[0]))


def keep(folder: Path, content: bytes, scheme: str = "spid") -> str:
    file, words = folder / "gateway.xml", io.StringIO()
    file.write_bytes(content)
    call_command("gateway_provider", scheme=scheme, file=file, stdout=words)
    return words.getvalue()


def offered(schema: str) -> set[str]:
    entity = entity_of(schema, "spid")
    assert entity is not None
    return {provider.entity_id for provider in usable_providers(entity)}


def test_only_who_names_a_gateway_is_offered_it_and_nothing_else(db: None, tmp_path: Path) -> None:
    SamlEntity.objects.filter(municipality__slug="bari", scheme="spid").update(
        mode=Mode.GATEWAY, gateway_entity_id=GATEWAY.entity_id
    )
    bari = SamlEntity.objects.get(municipality__slug="bari", scheme="spid")
    assert Warned.NO_GATEWAY in warnings_of(bari, clock.now())
    assert keep(tmp_path, metadata(GATEWAY)) == f"{GATEWAY.entity_id}: name it in the Comune's facts\n"
    assert Warned.NO_GATEWAY not in warnings_of(bari, clock.now())
    demo = IdentityProvider.objects.get(scheme="spid", environment=Environment.DEMONSTRATION).entity_id
    assert offered("c_a662") == {GATEWAY.entity_id}
    assert offered("c_a893") == {demo}


def test_its_metadata_may_be_brought_again(db: None, tmp_path: Path) -> None:
    keep(tmp_path, metadata(GATEWAY))
    keep(tmp_path, metadata(Idp("gateway", sso="https://gateway.example.org/new")))
    assert IdentityProvider.objects.get(entity_id=GATEWAY.entity_id).sso_url == "https://gateway.example.org/new"


@pytest.mark.parametrize(
    "content", [b"<html/>", b"<", metadata(Idp("bare", certificates=())), metadata(Idp("http", sso="http://x.example"))]
)
def test_what_is_no_provider_is_refused(db: None, tmp_path: Path, content: bytes) -> None:
    before = IdentityProvider.objects.count()
    with pytest.raises(CommandError):
        keep(tmp_path, content)
    assert IdentityProvider.objects.count() == before


def test_the_identifier_of_another_provider_is_refused(db: None, tmp_path: Path) -> None:
    keep(tmp_path, metadata(GATEWAY))
    with pytest.raises(CommandError, match="già di un altro gestore"):
        keep(tmp_path, metadata(GATEWAY), scheme="cie")
    IdentityProvider.objects.update(environment=Environment.VALIDATION)
    with pytest.raises(CommandError, match="già di un altro gestore"):
        keep(tmp_path, metadata(GATEWAY))
