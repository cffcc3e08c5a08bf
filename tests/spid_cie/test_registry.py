"""The list of providers: taken only when the federation signed it, and never to the worse."""

import io
import logging
import threading
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import xmlsec
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from lxml import etree
from pytest_django import Settings

from integrations.spid_cie import registry_sync, tasks
from integrations.spid_cie.models import Environment, IdentityProvider, IdentityScheme, Mode, RegistryCopy, SamlEntity
from integrations.spid_cie.registry import Listed, RegistryRefused, SignerChanged, read_registry
from integrations.spid_cie.registry_sync import Difference, NotFetched, fetch_registry, switch_provider, sync_registry
from integrations.spid_cie.saml.names import POST
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.spid_cie.browser import Login
from tests.spid_cie.federation import Idp, listed, pair, signed

SPID = IdentityScheme.SPID
FOUR = tuple(Idp(name) for name in ("aruba", "infocert", "lepida", "poste"))


def sync(content: bytes) -> Difference:
    return sync_registry(scheme=SPID, content=content, pinned=pair("agid").certificate, now=clock.now())


def real() -> dict[str, bool]:
    """The providers of the list, and whether one may enter with them."""
    rows = IdentityProvider.objects.filter(scheme=SPID, environment=Environment.PRODUCTION)
    return {row.entity_id.split(".")[0].removeprefix("https://"): row.enabled for row in rows}


def ids(*names: str) -> tuple[str, ...]:
    return tuple(Idp(name).entity_id for name in names)


def test_a_signed_list_is_read_provider_by_provider() -> None:
    found = read_registry(
        signed(listed([Idp("poste", certificates=("one", "two"))])), pinned=pair("agid").certificate, now=clock.now()
    )
    certificates = tuple("".join(pair(word).certificate.splitlines()[1:-1]) for word in ("one", "two"))
    sso = "https://poste.example.org/sso"
    assert found.signer == pair("agid").fingerprint
    assert found.providers == (Listed(ids("poste")[0], "Gestore poste", sso, f"{sso}/slo", certificates),)


def test_a_provider_without_a_safe_address_is_left_out() -> None:
    idps = [
        *FOUR,
        Idp("http", sso="http://http.example.org/sso"),
        Idp("post", binding=POST),
        Idp("bare", certificates=()),
    ]
    found = read_registry(signed(listed(idps)), pinned=pair("agid").certificate, now=clock.now())
    assert [one.entity_id for one in found.providers] == list(ids("aruba", "infocert", "lepida", "poste"))
    assert found.left_out == ids("http", "post", "bare")


def _tampered() -> bytes:
    return signed(listed(FOUR)).replace(b'https://poste.example.org/sso"', b'https://evil.example.org/sso"')


def _of_a_part() -> bytes:
    """Signed by the federation, but only one provider of the list; a foreign one stands beside it."""
    root = listed(FOUR)
    root.set("ID", "_outer")
    root[0].set("ID", "_list")
    return signed(root)


def _twice_the_id() -> bytes:
    content = etree.fromstring(signed(listed(FOUR)))
    content[1].set("ID", "_list")
    return bytes(etree.tostring(content))


def _wrapped() -> bytes:
    """The federation's own list, whole and signed, inside another one of the same ID, to which its signature moved."""
    good = etree.fromstring(signed(listed(FOUR)))
    outer = listed([Idp("evil")])
    outer.insert(0, good[0])
    outer.append(good)
    return bytes(etree.tostring(outer))


def _with_dtd() -> bytes:
    return b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + signed(listed(FOUR))


REFUSED = {
    "unsigned": (lambda: bytes(etree.tostring(listed(FOUR))), "unsigned"),
    "tampered": (_tampered, "signature"),
    "somebody else's key": (lambda: signed(listed(FOUR), by="thief"), "signer"),
    "somebody else's key under our certificate": (lambda: signed(listed(FOUR), by="thief", shown="agid"), "signature"),
    "only a part signed": (_of_a_part, "signature"),
    "two elements of one ID": (_twice_the_id, "signature"),
    "a signed list inside another one": (_wrapped, "signature"),
    "a transform that saml does not know": (
        lambda: signed(listed(FOUR), canonical=xmlsec.Transform.C14N),
        "signature",
    ),
    "sha-1": (lambda: signed(listed(FOUR), method=xmlsec.Transform.RSA_SHA1), "signature"),
    "a reference to the whole document": (lambda: signed(listed(FOUR), uri=""), "signature"),
    "dtd": (_with_dtd, "dtd"),
    "a doctype that declares nothing": (lambda: b"<!DOCTYPE x>" + signed(listed(FOUR)), "dtd"),
    "no xml": (lambda: b"<html", "no_xml"),
    "not utf-8": (lambda: b"\xff\xfe", "no_xml"),
    "another document": (lambda: b"<html/>", "no_metadata"),
    "too big": (lambda: b" " * (5 * 1024 * 1024 + 1), "too_big"),
    "over": (lambda: signed(listed(FOUR, validUntil="2026-11-22T00:00:00Z")), "expired"),
    "until nobody knows when": (lambda: signed(listed(FOUR, validUntil="tomorrow")), "expired"),
    "empty": (lambda: signed(listed([])), "empty"),
    "halved": (lambda: signed(listed(FOUR[:1])), "halved"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_good_is_refused_and_the_last_good_copy_stays(
    db: None, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    make, reason = REFUSED[name]
    sync(signed(listed(FOUR)))
    before = (real(), RegistryCopy.objects.get(scheme=SPID).text)
    with caplog.at_level(logging.ERROR, logger="integrations.spid_cie"), pytest.raises(RegistryRefused) as refused:
        sync(make())
    assert refused.value.reason == reason
    assert (real(), RegistryCopy.objects.get(scheme=SPID).text) == before
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_another_signer_is_named_to_who_is_called(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SignerChanged), caplog.at_level(logging.ERROR):
        sync(signed(listed(FOUR), by="thief"))
    assert [record.__dict__["signer"] for record in caplog.records] == [pair("thief").fingerprint]


def test_exactly_half_of_the_list_is_still_taken(db: None) -> None:
    sync(signed(listed(FOUR)))
    assert sync(signed(listed(FOUR[:2]))) == Difference(removed=ids("lepida", "poste"))
    assert real() == {"aruba": True, "infocert": True, "lepida": False, "poste": False}


def test_a_list_adds_changes_and_switches_off(db: None) -> None:
    aruba, infocert, lepida, poste = FOUR
    assert sync(signed(listed((aruba, infocert, lepida)))) == Difference(added=ids("aruba", "infocert", "lepida"))
    rolled = Idp("infocert", sso="https://infocert.example.org/new", certificates=("one", "two"))
    found = sync(signed(listed((aruba, rolled, poste))))
    assert found == Difference(added=ids("poste"), changed=ids("infocert"), removed=ids("lepida"))
    assert real() == {"aruba": True, "infocert": True, "lepida": False, "poste": True}
    row = IdentityProvider.objects.get(entity_id=infocert.entity_id)
    assert (row.sso_url, len(row.certificates)) == ("https://infocert.example.org/new", 2)
    copy = RegistryCopy.objects.get(scheme=SPID)
    assert (copy.signer, copy.provider_count) == (pair("agid").fingerprint, 3)
    with in_schema(settings.CENTRAL_SCHEMA):
        last = Event.objects.filter(action=Action.PROVIDERS_CHANGED).order_by("pk").last()
    assert last is not None
    assert last.details == {
        "did": "synced", "added": list(ids("poste")), "changed": list(ids("infocert")), "removed": list(ids("lepida"))
    }  # fmt: skip


def test_the_same_list_changes_nothing_but_the_day(db: None) -> None:
    sync(signed(listed(FOUR)))
    later = clock.now() + timedelta(days=1)
    content = signed(listed(FOUR))
    found = sync_registry(scheme=SPID, content=content, pinned=pair("agid").certificate, now=later)
    assert found == Difference()
    assert RegistryCopy.objects.get(scheme=SPID).fetched_at == later
    with in_schema(settings.CENTRAL_SCHEMA):
        assert Event.objects.filter(action=Action.PROVIDERS_CHANGED).count() == 1


def test_who_was_switched_off_at_the_desk_stays_off_and_who_comes_back_is_on(db: None) -> None:
    sync(signed(listed(FOUR)))
    aruba = IdentityProvider.objects.get(entity_id=FOUR[0].entity_id)
    switch_provider(provider=aruba, enabled=False, actor=1, now=clock.now())
    sync(signed(listed(FOUR[:3])))
    assert real() == {"aruba": False, "infocert": True, "lepida": True, "poste": False}
    sync(signed(listed(FOUR)))
    assert real() == {"aruba": False, "infocert": True, "lepida": True, "poste": True}


def test_demonstration_validator_and_gateways_are_never_touched(db: None) -> None:
    demo = IdentityProvider.objects.get(scheme=SPID, environment=Environment.DEMONSTRATION)
    IdentityProvider.objects.create(
        scheme=SPID, entity_id=FOUR[3].entity_id, name="Validatore", sso_url="https://validator.spid.gov.it/sso",
        certificates=["x"], environment=Environment.VALIDATION,
    )  # fmt: skip
    IdentityProvider.objects.create(
        scheme=SPID, entity_id="https://gateway.example.org", name="Gateway", sso_url="https://gateway.example.org/sso",
        certificates=["x"],
    )  # fmt: skip
    SamlEntity.objects.filter(municipality__slug="bari", scheme=SPID).update(
        mode=Mode.GATEWAY, gateway_entity_id="https://gateway.example.org"
    )
    assert sync(signed(listed(FOUR))) == Difference(added=ids("aruba", "infocert", "lepida"))
    validator = IdentityProvider.objects.get(entity_id=FOUR[3].entity_id)
    assert (validator.name, validator.certificates, validator.enabled) == ("Validatore", ["x"], True)
    assert IdentityProvider.objects.get(pk=demo.pk).enabled
    assert IdentityProvider.objects.get(name="Gateway").enabled


def test_without_a_pinned_certificate_nothing_is_taken(db: None, tmp_path: Path) -> None:
    file = tmp_path / "list.xml"
    file.write_bytes(signed(listed(FOUR)))
    errors = io.StringIO()
    with pytest.raises(CommandError, match="spid"):
        call_command("idp_registry_sync", scheme="spid", file=file, stderr=errors)
    assert "Manca il certificato atteso" in errors.getvalue()
    assert real() == {}


@pytest.fixture
def pinned(settings: Settings, tmp_path: Path) -> Path:
    """AgID's certificate is mounted, as a deployment would."""
    file = tmp_path / "agid.pem"
    file.write_text(pair("agid").certificate)
    spid = {**settings.IDENTITY_REGISTRIES["spid"], "certificate": str(file)}
    settings.IDENTITY_REGISTRIES = {**settings.IDENTITY_REGISTRIES, "spid": spid}
    return tmp_path


def test_the_command_takes_a_file_and_says_what_changed(db: None, pinned: Path) -> None:
    file, words = pinned / "list.xml", io.StringIO()
    file.write_bytes(signed(listed(FOUR)))
    call_command("idp_registry_sync", scheme="spid", file=file, stdout=words)
    assert words.getvalue() == "spid: 4 added, 0 changed, 0 removed\n"
    assert real() == dict.fromkeys(("aruba", "infocert", "lepida", "poste"), True)


def test_each_night_the_clock_takes_the_list_that_can_be_verified(
    db: None, pinned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetch(scheme: str) -> bytes:
        asked.append(scheme)
        return signed(listed(FOUR))

    monkeypatch.setattr(registry_sync, "fetch_registry", fetch)
    tasks.sync_registries()
    assert asked == ["spid"]  # nothing is pinned for CIE
    assert len(real()) == 4
    monkeypatch.setattr(registry_sync, "fetch_registry", lambda _scheme: b"<html")
    tasks.sync_registries()
    assert len(real()) == 4


@pytest.mark.parametrize("url", ["http://registry.spid.gov.it/list.xml", "file:///etc/passwd", "ftp://example.org/x"])
def test_only_https_is_fetched(settings: Settings, url: str) -> None:
    settings.IDENTITY_REGISTRIES = {"spid": {"url": url, "certificate": ""}}
    with pytest.raises(NotFetched):
        fetch_registry("spid")


def test_a_list_that_moves_to_plain_http_is_not_followed() -> None:
    handler = registry_sync._OnlyHttps()
    request = urllib.request.Request("https://registry.spid.gov.it/list.xml")
    with pytest.raises(OSError, match="without TLS"):
        handler.redirect_request(request, None, 302, "Found", {}, "http://evil.example.org/list.xml")


def test_a_login_asks_nobody_for_the_list(bari_client: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a login went out")

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)
    monkeypatch.setattr(registry_sync, "fetch_registry", refuse)
    bari_client.get("/accedi/")
    assert set(Login(bari_client).begin()) == {"SAMLRequest", "RelayState", "SigAlg", "Signature"}


def test_two_at_the_same_time_take_the_list_once(transactional_db: None) -> None:
    contents = [signed(listed(FOUR)) for _run in range(2)]
    found: list[Difference] = []

    def run(content: bytes) -> None:
        try:
            found.append(sync(content))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one.added) for one in found) == [0, 4]
