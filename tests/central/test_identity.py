"""A Comune in SPID and CIE: registered, given a key, rolled over, brought to production; each deed on record."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils.html import escape
from lxml import etree

from integrations.spid_cie.checklist import CIE_STEPS, SPID_STEPS, missing_steps, steps_of
from integrations.spid_cie.federating import MOVES, ChecklistIncomplete, MoveNotAllowed, move_entity, tick_step
from integrations.spid_cie.keys import KeyMissing, make_key
from integrations.spid_cie.models import EntityState, IdentityScheme, Mode, SamlEntity, SigningKey
from integrations.spid_cie.standing import Warned, warnings_of
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.spid_cie.browser import access_client

SPID = "/comuni/A662/identita/spid/"
CIE = "/comuni/A662/identita/cie/"
FACTS = {
    "mode": "direct",
    "ipa_code": "c_z001",
    "organization_name": "Comune di prova",
    "organization_url": "https://www.comune.prova.ba.it",
    "contact_email": "protocollo@comune.prova.example",
    "contact_phone": "+39 080 577 1111",
    "belfiore_code": "Z001",
    "gateway_entity_id": "",
}
NEW = "/comuni/Z001/identita/spid/"


@pytest.fixture
def unregistered(db: None) -> Municipality:
    """A Comune that neither AgID nor the Ministry know."""
    made: Municipality = Municipality.objects.create(
        schema_name="c_z001", belfiore_code="Z001", istat_code="072901", name="Prova", slug="prova"
    )
    return made


def entity(scheme: str = "spid") -> SamlEntity:
    found: SamlEntity = SamlEntity.objects.get(municipality__slug="bari", scheme=scheme)
    return found


def deeds() -> list[str]:
    """What was done to entities, in order, as the central team's record says it."""
    with in_schema(settings.CENTRAL_SCHEMA):
        return [event.details["did"] for event in Event.objects.filter(action=Action.IDENTITY_CHANGED).order_by("pk")]


def all_done(found: SamlEntity) -> None:
    for step in missing_steps(found):
        tick_step(entity=found, key=step.key, on=clock.today(), note="", actor=None, now=clock.now())
    found.refresh_from_db()


def in_production(scheme: str = "spid") -> SamlEntity:
    found = entity(scheme)
    all_done(found)
    for state in (EntityState.TESTING, EntityState.PRODUCTION):
        move_entity(entity=found, state=state, actor=None, now=clock.now())
    return entity(scheme)


def facts_of(found: SamlEntity, **changed: str) -> dict[str, str]:
    return {name: str(getattr(found, name)) for name in FACTS} | {"organization_url": found.organization_url} | changed


def certificates(found: SamlEntity) -> list[str]:
    """Those in the metadata that anybody can read."""
    answer = access_client().get(f"/{found.scheme}/metadata/{found.ipa_code}.xml")
    root = etree.fromstring(answer.content)
    words = root.findall(".//{*}SPSSODescriptor/{*}KeyDescriptor//{*}X509Certificate")
    return [str(word.text) for word in words]


# --- Registering ------------------------------------------------------------------------------


def test_a_comune_is_registered_and_gets_its_key(team: HostClient, unregistered: Municipality) -> None:
    assert "Registra il Comune in SPID" in team.get(NEW).content.decode()
    assert team.post(NEW, FACTS).status_code == 302
    made = SamlEntity.objects.get(municipality=unregistered)
    assert (made.scheme, made.mode, made.state, made.contact_phone) == ("spid", "direct", "draft", "+390805771111")
    assert access_client().get("/spid/metadata/c_z001.xml").status_code == 404
    assert team.post(f"{NEW}chiavi/make/", {"confirmed": "on"}).status_code == 302
    assert len(certificates(made)) == 1
    assert deeds() == ["registered", "key_made"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"organization_url": "http://www.comune.prova.ba.it"}, "deve cominciare con https://"),
        ({"contact_phone": "080 577 1111"}, "Scrivi il numero con +39 davanti"),
        ({"contact_phone": "+39 0805 abc"}, "Scrivi il numero con +39 davanti"),
        ({"contact_phone": "+39 12"}, "Scrivi il numero con +39 davanti"),
        ({"contact_phone": "+39 ٠٨٠٥٧٧١١١١"}, "Scrivi il numero con +39 davanti"),
        ({"contact_email": "protocollo"}, "indirizzo email valido"),
        ({"ipa_code": "c z001"}, "Scrivi il codice IPA com'è nell'Indice"),
        ({"ipa_code": "c_à01"}, "Scrivi il codice IPA com'è nell'Indice"),
        ({"ipa_code": "c_a662"}, "Un altro ente usa già questo codice IPA"),
        ({"belfiore_code": "1234"}, "Una lettera e tre cifre"),
        ({"mode": "gateway"}, "Scrivi l'identificativo (entityID) del gateway"),
        ({"mode": "gateway", "gateway_entity_id": "http://gateway.example.org"}, "deve cominciare con https://"),
        ({"mode": "aggregator"}, "cosa da correggere"),
    ],
)
def test_wrong_facts_are_explained(
    team: HostClient, unregistered: Municipality, wrong: dict[str, str], sentence: str
) -> None:
    answer = team.post(NEW, FACTS | wrong)
    assert answer.status_code == 422
    assert escape(sentence) in answer.content.decode()
    assert not SamlEntity.objects.filter(municipality=unregistered).exists()


def test_cie_knows_no_aggregator(team: HostClient, unregistered: Municipality) -> None:
    page = team.get("/comuni/Z001/identita/cie/").content.decode()
    assert 'value="direct"' in page
    assert 'value="ag_full"' not in page
    assert team.post("/comuni/Z001/identita/cie/", FACTS | {"mode": "ag_full"}).status_code == 422


def test_a_gateway_is_kept_only_in_its_mode(team: HostClient, unregistered: Municipality) -> None:
    gateway = "https://gateway.example.org/idp"
    team.post(NEW, FACTS | {"mode": "gateway", "gateway_entity_id": gateway})
    made = SamlEntity.objects.get(municipality=unregistered)
    assert (made.mode, made.gateway_entity_id) == (Mode.GATEWAY, gateway)
    team.post(NEW, FACTS | {"mode": "direct", "gateway_entity_id": gateway})
    made.refresh_from_db()
    assert (made.mode, made.gateway_entity_id) == (Mode.DIRECT, "")


def test_the_same_facts_again_change_nothing(team: HostClient) -> None:
    assert team.post(SPID, facts_of(entity())).status_code == 302
    assert deeds() == []


def test_facts_in_production_change_only_when_confirmed_and_reopen_the_steps(team: HostClient) -> None:
    found = in_production()
    before = deeds()
    posted = facts_of(found, contact_email="nuova@comune.bari.example")
    refused = team.post(SPID, posted)
    assert refused.status_code == 422
    assert escape("L'ente è già pubblicato") in refused.content.decode()
    assert entity().contact_email == found.contact_email
    assert deeds() == before
    assert team.post(SPID, posted | {"confirmed": "on"}).status_code == 302
    changed = entity()
    assert (changed.contact_email, changed.state) == ("nuova@comune.bari.example", "production")
    assert [step.key for step in missing_steps(changed)] == [
        "certificate", "conformance", "metadata_sent", "acceptance", "publication"
    ]  # fmt: skip
    assert warnings_of(changed, clock.now()) == [Warned.NEW_ROUND]
    assert "I dati sono cambiati dopo la pubblicazione" in team.get(SPID).content.decode()


# --- Keys -------------------------------------------------------------------------------------


def deed(team: HostClient, name: str, **posted: str) -> Any:
    return team.post(f"{SPID}chiavi/{name}/", posted or {"confirmed": "on"})


def test_a_key_is_rolled_over_with_both_certificates_published(team: HostClient) -> None:
    found = entity()
    old = found.keys.get()
    assert deed(team, "begin").status_code == 302
    new = found.keys.exclude(pk=old.pk).get()
    bare = {key.pk: "".join(key.certificate.splitlines()[1:-1]) for key in (old, new)}
    assert certificates(found) == [bare[old.pk], bare[new.pk]]
    assert deed(team, "sign").status_code == 302
    assert certificates(found) == [bare[new.pk], bare[old.pk]]
    assert deed(team, "end").status_code == 302
    assert certificates(found) == [bare[new.pk]]
    old.refresh_from_db()
    assert bytes(old.sealed_key) == b""
    assert old.retired_at is not None
    assert deeds() == ["rollover_begun", "new_key_signs", "old_key_destroyed"]
    page = team.get(SPID).content.decode()
    assert "ritirata" in page
    assert "Comincia un cambio di chiave" in page


@pytest.mark.parametrize("name", ["begin", "sign", "end"])
def test_nothing_happens_to_keys_without_the_confirmation(team: HostClient, name: str) -> None:
    if name != "begin":
        deed(team, "begin")
    if name == "end":
        deed(team, "sign")
    before = deeds()
    answer = deed(team, name, other="1")
    assert answer.status_code == 422
    assert "Spunta la conferma" in answer.content.decode()
    assert deeds() == before


@pytest.mark.parametrize(
    ("first", "name", "sentence"),
    [
        ((), "make", "ha già una chiave"),
        ((), "sign", "Non c'è un cambio di chiave in corso"),
        ((), "end", "Non c'è un cambio di chiave in corso"),
        (("begin",), "begin", "Un cambio di chiave è già in corso"),
        (("begin",), "end", "La chiave nuova non firma ancora"),
        (("begin", "sign"), "sign", "La chiave nuova firma già"),
    ],
)
def test_a_deed_out_of_turn_is_refused(team: HostClient, first: tuple[str, ...], name: str, sentence: str) -> None:
    for earlier in first:
        deed(team, earlier)
    before = deeds()
    answer = deed(team, name)
    assert answer.status_code == 422
    assert escape(sentence) in answer.content.decode()
    assert deeds() == before


def test_a_rollover_needs_a_key_to_roll(team: HostClient) -> None:
    entity().keys.all().delete()
    answer = deed(team, "begin")
    assert answer.status_code == 422
    assert escape("L'ente non ha ancora una chiave") in answer.content.decode()


@pytest.mark.parametrize(
    ("left", "warned"),
    [
        (timedelta(days=61), []),
        (timedelta(days=60), [Warned.EXPIRES]),
        (timedelta(seconds=1), [Warned.EXPIRES]),
        (timedelta(0), [Warned.EXPIRED]),
    ],
)
def test_a_certificate_that_ends_is_announced_two_months_before(
    db: None, left: timedelta, warned: list[Warned]
) -> None:
    until = entity().keys.get().valid_until
    assert warnings_of(entity(), until - left) == warned


def test_a_certificate_with_the_former_name_is_announced(db: None) -> None:
    found = entity()
    found.organization_name = "Città di Bari"
    assert warnings_of(found, clock.now()) == [Warned.OTHER_NAME]


# --- State ------------------------------------------------------------------------------------


def moved(state: str, to: str) -> bool:
    found = entity()
    SamlEntity.objects.filter(pk=found.pk).update(state=state)
    all_done(found)
    try:
        move_entity(entity=found, state=EntityState(to), actor=None, now=clock.now())
    except MoveNotAllowed:
        return False
    return entity().state == to


@pytest.mark.parametrize("state", EntityState.values)
@pytest.mark.parametrize("to", EntityState.values)
def test_the_state_moves_only_by_its_table(db: None, state: str, to: str) -> None:
    allowed = {("draft", "collaudo"), ("collaudo", "production"), ("collaudo", "draft"), ("production", "collaudo")}
    assert moved(state, to) is ((state, to) in allowed)
    assert {(one.value, other.value) for one, others in MOVES.items() for other in others} == allowed


def test_no_testing_without_a_key(team: HostClient) -> None:
    entity().keys.all().delete()
    answer = team.post(f"{SPID}stato/", {"state": "collaudo"})
    assert answer.status_code == 422
    assert escape("L'ente non ha ancora una chiave") in answer.content.decode()
    assert entity().state == EntityState.DRAFT
    with pytest.raises(KeyMissing):
        move_entity(entity=entity(), state=EntityState.TESTING, actor=None, now=clock.now())


def test_no_production_while_a_step_is_missing(team: HostClient) -> None:
    team.post(f"{SPID}stato/", {"state": "collaudo"})
    all_done(entity())
    team.post(f"{SPID}passi/publication/", {"action": "undo"})
    answer = team.post(f"{SPID}stato/", {"state": "production"})
    assert answer.status_code == 422
    assert "Manca 1 passo" in answer.content.decode()
    with pytest.raises(ChecklistIncomplete):
        move_entity(entity=entity(), state=EntityState.PRODUCTION, actor=None, now=clock.now())
    tick_step(entity=entity(), key="publication", on=clock.today(), note="", actor=None, now=clock.now())
    assert team.post(f"{SPID}stato/", {"state": "production"}).status_code == 302
    assert entity().state == EntityState.PRODUCTION
    assert team.post(f"{SPID}stato/", {"state": "collaudo"}).status_code == 302


# --- Check-list -------------------------------------------------------------------------------


def on(day: datetime) -> dict[str, str]:
    return {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}


def test_a_step_is_ticked_with_day_person_and_note(team: HostClient) -> None:
    posted = {**on(clock.now() - timedelta(days=3)), "note": "Protocollo AgID 812/2026"}
    assert team.post(f"{SPID}passi/mandate/", posted).status_code == 302
    with in_schema(team.schema):
        actor = Event.objects.get(action=Action.IDENTITY_CHANGED).actor
    assert entity().steps_done == {"mandate": {"on": "2026-11-20", "by": actor, "note": "Protocollo AgID 812/2026"}}
    page = team.get(SPID).content.decode()
    for words in ("fatto il 20/11/2026", "Protocollo AgID 812/2026", "1 passo fatto su 9"):
        assert words in page
    assert team.post(f"{SPID}passi/mandate/", {"action": "undo"}).status_code == 302
    assert entity().steps_done == {}
    assert deeds() == ["step_done", "step_undone"]


def test_a_step_is_not_done_tomorrow_nor_without_a_day(team: HostClient) -> None:
    tomorrow = team.post(f"{SPID}passi/mandate/", on(clock.now() + timedelta(days=1)))
    assert (tomorrow.status_code, "non può essere nel futuro" in tomorrow.content.decode()) == (422, True)
    assert team.post(f"{SPID}passi/mandate/", {}).status_code == 422
    assert entity().steps_done == {}


@pytest.mark.parametrize("key", ["agreement", "portal_registration", "nothing"])
def test_a_step_of_another_list_is_refused(team: HostClient, key: str) -> None:
    answer = team.post(f"{SPID}passi/{key}/", on(clock.now()))
    assert answer.status_code == 422
    assert entity().steps_done == {}


def test_the_steps_follow_scheme_and_mode() -> None:
    first = {mode: steps_of("spid", mode)[0].key for mode in Mode.values}
    assert first == {"ag_full": "aggregator_agreement", "direct": "agreement", "gateway": "gateway_agreement"}
    assert [len(steps_of("spid", mode)) for mode in Mode.values] == [9, 8, 3]
    assert steps_of("cie", Mode.DIRECT) == CIE_STEPS
    for steps in (SPID_STEPS, CIE_STEPS):
        assert len({step.key for step in steps}) == len(steps)


# --- Papers -----------------------------------------------------------------------------------


def test_the_downloaded_metadata_are_the_published_ones(team: HostClient) -> None:
    answer = team.get(f"{SPID}metadati.xml")
    assert answer["Content-Disposition"] == 'attachment; filename="metadata-spid-c_a662.xml"'
    assert answer.content == access_client().get("/spid/metadata/c_a662.xml").content
    entity().keys.all().delete()
    assert team.get(f"{SPID}metadati.xml").status_code == 404
    assert "Scarica i metadati" not in team.get(SPID).content.decode()


def test_a_certificate_is_downloaded_and_never_a_key(team: HostClient) -> None:
    held = entity().keys.get()
    answer = team.get(f"{SPID}{held.fingerprint}.pem")
    assert answer.content.decode() == held.certificate
    other = SigningKey.objects.exclude(entity=held.entity).first()
    assert other is not None
    assert team.get(f"{SPID}{other.fingerprint}.pem").status_code == 404


@pytest.mark.parametrize("scheme", IdentityScheme.values)
def test_the_technical_sheet_says_what_agid_asks(team: HostClient, scheme: str) -> None:
    import io

    from pikepdf import Pdf

    answer = team.get(f"/comuni/A662/identita/{scheme}/scheda.pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert answer.content == team.get(f"/comuni/A662/identita/{scheme}/scheda.pdf").content
    with Pdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]).endswith("Comune di Bari")


# --- Who may ----------------------------------------------------------------------------------


def test_only_the_central_team_comes_in(central_client: HostClient) -> None:
    with in_schema(central_client.schema):
        stranger = account()
    central_client.force_login(stranger)
    fingerprint = entity().keys.get().fingerprint
    for path in (SPID, f"{SPID}metadati.xml", f"{SPID}scheda.pdf", f"{SPID}{fingerprint}.pem"):
        assert central_client.get(path).status_code == 403
    for path in (SPID, f"{SPID}stato/", f"{SPID}chiavi/begin/", f"{SPID}passi/mandate/"):
        assert central_client.post(path, {"confirmed": "on"}).status_code == 403
    assert deeds() == []


@pytest.mark.parametrize("path", ["/comuni/A662/identita/eidas/", "/comuni/Z999/identita/spid/", f"{SPID}chiavi/lose/"])
def test_what_is_not_there_is_not_found(team: HostClient, path: str) -> None:
    assert team.post(path, {"confirmed": "on"}).status_code == 404


def test_an_unregistered_comune_has_nothing_to_change(team: HostClient, unregistered: Municipality) -> None:
    for path in (f"{NEW}stato/", f"{NEW}chiavi/make/", f"{NEW}passi/mandate/"):
        assert team.post(path, {"confirmed": "on"}).status_code == 404


def test_a_key_of_the_desk_has_the_size_that_agid_asks(db: None) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

    found = entity("cie")
    found.keys.all().delete()
    made = make_key(entity=found, now=clock.now())
    public = x509.load_pem_x509_certificate(made.certificate.encode()).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == 3072
