"""The public conformance suite passes, and really ran: the number of executed checks is asserted."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from integrations.spid_cie.desks import metadata_of
from integrations.spid_cie.models import Mode, SamlEntity
from integrations.spid_cie.registering import ensure_entities
from sportello.kernel import clock
from tenants.models import Municipality
from tenants.municipal_packs import municipal_packs
from tests.journeys.site import Site
from tests.spid_cie.conformance import FakeProvider, run, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def metadata_url(site: Site, scheme: str, ipa_code: str) -> str:
    return site.url("accesso", f"/{scheme}/metadata/{ipa_code}.xml")


def login_url(site: Site, slug: str, provider: FakeProvider) -> str:
    return site.url(slug, f"/accedi/avvia/?{urlencode({'idp': provider.entity_id})}")


@pytest.fixture
def spid(site: Site, tmp_path: Path) -> FakeProvider:
    return FakeProvider.register("spid", tmp_path / "provider")


@pytest.fixture
def cie(site: Site, tmp_path: Path) -> FakeProvider:
    return FakeProvider.register("cie", tmp_path / "provider")


def test_an_aggregated_comune(site: Site, spid: FakeProvider, tmp_path: Path) -> None:
    found = run(
        "spid-sp-ag-public-full",
        metadata=metadata_url(site, "spid", "c_a662"),
        login=login_url(site, "bari", spid),
        provider=spid,
        report=tmp_path / "report.json",
        extra=True,
    )
    assert found.failed == []
    assert found.executed >= 288, found.by_part


def test_a_comune_that_stands_for_itself(site: Site, spid: FakeProvider, tmp_path: Path) -> None:
    SamlEntity.objects.filter(scheme="spid", ipa_code="c_a893").update(mode=Mode.DIRECT)
    found = run(
        "spid-sp-public",
        metadata=metadata_url(site, "spid", "c_a893"),
        login=login_url(site, "bitonto", spid),
        provider=spid,
        report=tmp_path / "report.json",
        extra=True,
    )
    SamlEntity.objects.filter(scheme="spid", ipa_code="c_a893").update(mode=Mode.AG_FULL)
    assert found.failed == []
    assert found.executed >= 261, found.by_part


def test_cie(site: Site, cie: FakeProvider, tmp_path: Path) -> None:
    found = run(
        "cie-sp-public",
        metadata=metadata_url(site, "cie", "c_l109"),
        login=login_url(site, "terlizzi", cie),
        provider=cie,
        report=tmp_path / "report.json",
        extra=False,
    )
    assert found.failed == []
    assert found.executed >= 229, found.by_part


def everybody_registered() -> list[SamlEntity]:
    """The entities of the 41 Comuni and of the central team, with keys; only what metadata need."""
    for pack in municipal_packs():
        facts = pack.facts
        Municipality.objects.get_or_create(
            belfiore_code=facts.belfiore_code,
            defaults={
                "schema_name": facts.schema_name,
                "name": facts.name,
                "slug": facts.slug,
                "istat_code": facts.istat_code,
            },
        )
    ensure_entities(now=clock.instant(), bits=2048)
    return list(SamlEntity.objects.select_related("municipality"))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("scheme", "profile", "at_least"), [("spid", "spid-sp-ag-public-full", 100), ("cie", "cie-sp-public", 60)]
)
def test_the_metadata_of_all_comuni(scheme: str, profile: str, at_least: int, tmp_path: Path) -> None:
    entities = [entity for entity in everybody_registered() if entity.scheme == scheme]
    assert len(entities) == 42
    for entity in entities:
        (tmp_path / f"{entity.ipa_code}.xml").write_bytes(metadata_of(entity, clock.instant()))

    def checked(entity: SamlEntity) -> tuple[str, list[str], bool]:
        place = tmp_path / entity.ipa_code
        found = run(profile, metadata=f"file://{place}.xml", report=place.with_suffix(".json"), extra=scheme == "spid")
        return entity.ipa_code, found.failed, found.executed >= at_least

    with ThreadPoolExecutor(2) as lanes:
        assert list(lanes.map(checked, entities)) == [(entity.ipa_code, [], True) for entity in entities]
