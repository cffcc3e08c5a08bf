"""Digital identity at a glance, the providers' switches, and the SAML log behind its reason."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django import Settings

from integrations.spid_cie import registry_sync
from integrations.spid_cie.models import Environment, IdentityProvider, RegistryCopy, SamlEntity, SamlExchange
from sportello.audit.models import Action, Event
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account, fiscal_code
from tests.spid_cie.browser import Login
from tests.spid_cie.federation import Idp, listed, pair, signed

OVERVIEW = "/identita/"
LOG = "/identita/registro/"
WHY = "Reclamo di una cittadina, protocollo 12/2026"


def events(action: Action) -> list[Event]:
    with in_schema(settings.CENTRAL_SCHEMA):
        return list(Event.objects.filter(action=action).order_by("pk"))


def another_comune(number: int) -> Municipality:
    made: Municipality = Municipality.objects.create(
        schema_name=f"c_z{number:03d}", belfiore_code=f"Z{number:03d}", istat_code=f"0729{number:02d}",
        name=f"Comune di prova {number}", slug=f"prova-{number}",
    )  # fmt: skip
    return made


def rows(team: HostClient, query: str = "") -> list[str]:
    """The Comuni in the list, in order."""
    page = team.get(f"{OVERVIEW}{query}").content.decode()
    names = [name for name in Municipality.objects.values_list("name", flat=True) if f'<th scope="row">{name}<' in page]
    return sorted(names)


def test_every_comune_stands_there_in_both_schemes(team: HostClient) -> None:
    another_comune(1)
    page = team.get(OVERVIEW).content.decode()
    assert rows(team) == ["Bari", "Bitonto", "Comune di prova 1", "Terlizzi"]
    for words in ("in preparazione", "non registrato", "0/9", "0/6", "aggregato dalla Città metropolitana"):
        assert words in page
    for address in ("/comuni/A662/identita/spid/", "/comuni/Z001/identita/cie/"):
        assert f'href="{address}"' in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?cerca=bit", ["Bitonto"]),
        ("?cerca=C_A662", ["Bari"]),
        ("?spid=none", ["Comune di prova 1"]),
        ("?spid=production", ["Bari"]),
        ("?cie=draft", ["Bari", "Bitonto", "Terlizzi"]),
        ("?spid=draft&cie=draft", ["Bitonto", "Terlizzi"]),
        ("?modo=gateway", ["Terlizzi"]),
        ("?spid=nonsense", ["Bari", "Bitonto", "Comune di prova 1", "Terlizzi"]),
        ("?cerca=nessuno", []),
    ],
)
def test_filters_narrow_the_list(team: HostClient, query: str, names: list[str]) -> None:
    another_comune(1)
    SamlEntity.objects.filter(municipality__slug="bari", scheme="spid").update(state="production")
    SamlEntity.objects.filter(municipality__slug="terlizzi", scheme="spid").update(mode="gateway")
    assert rows(team, query) == names


def test_the_list_is_exported(team: HostClient) -> None:
    lines = team.get(f"{OVERVIEW}?formato=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "in preparazione" in lines[1]


def queries(team: HostClient, path: str) -> int:
    team.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert team.get(path).status_code == 200
    return len(seen)


def test_the_list_costs_a_fixed_number_of_queries(team: HostClient) -> None:
    before = queries(team, OVERVIEW)
    for number in (1, 2):
        made = another_comune(number)
        for scheme in ("spid", "cie"):
            model = SamlEntity.objects.get(municipality__slug="bari", scheme=scheme)
            keys = list(model.keys.all())
            model.pk, model.municipality, model.ipa_code = None, made, f"c_z{number}"
            model.save(force_insert=True)
            for key in keys:
                key.pk, key.entity, key.fingerprint = None, model, f"{number}{scheme}".ljust(64, "0")
                key.save(force_insert=True)
        IdentityProvider.objects.create(
            scheme="spid", entity_id=f"https://idp{number}.example.org", name=f"Gestore {number}", sso_url="https://x.example",
            certificates=["x"],
        )  # fmt: skip
    assert queries(team, OVERVIEW) == before


def test_the_page_of_a_comune_costs_the_same_with_more_keys_and_steps(team: HostClient) -> None:
    path = "/comuni/A662/identita/spid/"
    team.post(f"{path}passi/mandate/", {"on_day": "23", "on_month": "11", "on_year": "2026"})
    before = queries(team, path)
    team.post(f"{path}chiavi/begin/", {"confirmed": "on"})
    for step in ("ipa_referent", "notices"):
        team.post(f"{path}passi/{step}/", {"on_day": "23", "on_month": "11", "on_year": "2026"})
    assert queries(team, path) == before


def test_a_provider_is_switched_off_and_on_again(team: HostClient, bari_client: HostClient) -> None:
    provider = IdentityProvider.objects.get(scheme="spid")
    path = f"{OVERVIEW}gestori/{provider.pk}/"
    assert 'class="words">Entra con SPID' in bari_client.get("/accedi/").content.decode()
    for _twice in range(2):
        assert team.post(path, {"action": "off"}).status_code == 302
    assert 'class="words">Entra con SPID' not in bari_client.get("/accedi/").content.decode()
    assert team.post(path, {"action": "on"}).status_code == 302
    assert 'class="words">Entra con SPID' in bari_client.get("/accedi/").content.decode()
    assert [event.details["did"] for event in events(Action.PROVIDERS_CHANGED)] == ["switched_off", "switched_on"]


def test_without_a_pinned_certificate_the_page_says_so(team: HostClient) -> None:
    page = team.get(OVERVIEW).content.decode()
    assert page.count("Qui non è montato il certificato della federazione") == 2
    assert "Aggiorna ora" not in page
    team.post(f"{OVERVIEW}aggiorna/spid/")
    with in_schema(team.schema):
        job = Job.objects.get()
        run_job(public_id=job.public_id, now=clock.now)
        job.refresh_from_db()
    assert (job.state, job.message[:29]) == (JobState.FAILED, "Manca il certificato atteso d")


def test_a_list_is_taken_by_a_job_started_here(
    team: HostClient,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "agid.pem"
    file.write_text(pair("agid").certificate)
    settings.IDENTITY_REGISTRIES = {
        **settings.IDENTITY_REGISTRIES, "spid": {"url": "https://registry.example", "certificate": str(file)}
    }  # fmt: skip
    monkeypatch.setattr(registry_sync, "fetch_registry", lambda _scheme: signed(listed([Idp("poste"), Idp("aruba")])))
    assert team.get(OVERVIEW).content.decode().count("Aggiorna ora") == 1
    answer = team.post(f"{OVERVIEW}aggiorna/spid/")
    with in_schema(team.schema):
        job = Job.objects.get()
        assert answer["Location"] == f"/ufficio/lavori/{job.public_id}/"
        run_job(public_id=job.public_id, now=clock.now)
        job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"added": 2, "changed": 0, "removed": 0})
    assert job.message == "Aggiunti 2, aggiornati 0, tolti 0."
    page = team.get(OVERVIEW).content.decode()
    assert "gestori: 2" in page
    assert pair("agid").fingerprint[:16] in page
    assert IdentityProvider.objects.filter(environment=Environment.PRODUCTION, enabled=True).count() == 2
    assert RegistryCopy.objects.get().signer == pair("agid").fingerprint
    (event,) = events(Action.PROVIDERS_CHANGED)
    assert event.actor == job.requested_by


# --- The log ----------------------------------------------------------------------------------


@pytest.fixture
def number(bari_client: HostClient) -> str:
    """The number of a login that succeeded."""
    Login(bari_client).enter(fiscal_code())
    return SamlExchange.objects.get().number


def test_a_login_is_read_with_a_reason_and_on_record(team: HostClient, number: str) -> None:
    answer = team.post(LOG, {"number": number.lower(), "reason": WHY})
    page = answer.content.decode()
    for words in ("accesso riuscito", "SPID dimostrativo", "c_a662", "&lt;samlp:AuthnRequest", "&lt;saml"):
        assert words in page
    assert "<samlp:" not in page
    assert answer["Cache-Control"] == "private, no-store"
    (event,) = events(Action.SAML_LOG_READ)
    assert (event.subject, event.details) == (number, {"reason": WHY})


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": "perché sì"}, "Scrivi almeno 10 caratteri"),
        ({"reason": " " * 20}, "obbligatorio"),
        ({"number": "12"}, "Il numero ha la forma XXXX-XXXX"),
    ],
)
def test_a_bad_question_opens_nothing(team: HostClient, number: str, typed: dict[str, str], sentence: str) -> None:
    answer = team.post(LOG, {"number": number, "reason": WHY, **typed})
    assert answer.status_code == 422
    assert escape(sentence) in answer.content.decode()
    assert "AuthnRequest" not in answer.content.decode()
    assert events(Action.SAML_LOG_READ) == []


def test_a_number_that_is_not_there_is_said_plainly(team: HostClient, number: str) -> None:
    answer = team.post(LOG, {"number": "AAAA-AAAA", "reason": WHY})
    assert answer.status_code == 200
    assert "Nessun accesso con questo numero." in answer.content.decode()
    assert events(Action.SAML_LOG_READ) == []


def test_what_is_too_old_is_not_read(team: HostClient, number: str) -> None:
    SamlExchange.objects.update(delete_after=clock.now() - timedelta(seconds=1))
    assert "Nessun accesso" in team.post(LOG, {"number": number, "reason": WHY}).content.decode()


def test_a_hostile_answer_is_shown_as_text(team: HostClient, number: str) -> None:
    from integrations.sealing import seal

    SamlExchange.objects.update(sealed_response=seal(b"<a><script>alert(1)</script></a>"))
    page = team.post(LOG, {"number": number, "reason": WHY}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_only_the_central_team_comes_in(central_client: HostClient, number: str) -> None:
    with in_schema(central_client.schema):
        stranger = account()
    central_client.force_login(stranger)
    provider = IdentityProvider.objects.get(scheme="spid")
    assert {central_client.get(path).status_code for path in (OVERVIEW, LOG)} == {403}
    posts = (LOG, f"{OVERVIEW}gestori/{provider.pk}/", f"{OVERVIEW}aggiorna/spid/")
    assert {central_client.post(path, {"number": number, "reason": WHY}).status_code for path in posts} == {403}
    assert events(Action.SAML_LOG_READ) == []


def test_an_unknown_scheme_has_no_list(team: HostClient) -> None:
    assert team.post(f"{OVERVIEW}aggiorna/eidas/").status_code == 404
