"""The central team's pages about pagoPA: the codes of the Comuni, and every difference with PagoPA's record."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.pagopa.models import CreditorInstitution, Drift, DriftCheck
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.billing.reconciliation.test_evidence import NAV, message, unzipped
from tests.comuni import HostClient
from tests.factories import account
from tests.pagopa.standing_in import StandIn, standing_in
from tests.pagopa.test_codes import BROKER, IBAN, answer

LIST = "/pagopa/"
BARI = "/pagopa/A662/"
POSTED: dict[str, Any] = {
    "company_name": "Comune di Bari",
    "office_name": "Ripartizione Politiche Educative",
    "fiscal_code": "80015010723",
    "state": "production",
    "adapter": "station",
    "broker_code": BROKER,
    "station_code": f"{BROKER}_01",
    "segregation_code": "03",
    "cbill_code": "ab1cd",
    "iban": "it60 x054 2811 1010 0000 0123 456",
    "postal_iban": "",
    "postal_account": "",
}


def posted(team: HostClient, **changes: Any) -> Any:
    return team.post(BARI, {**POSTED, **changes})


def test_codes_are_written_and_shown(team: HostClient) -> None:
    assert "non registrato" in team.get(LIST).content.decode()
    assert 'value="Comune di Bari"' in team.get(BARI).content.decode()
    assert posted(team).status_code == 302
    row = CreditorInstitution.objects.get()
    assert (row.municipality.slug, row.iban, row.cbill_code) == ("bari", IBAN, "AB1CD")
    page = team.get(LIST).content.decode()
    for words in ("80015010723", f"{BROKER}_01", "AB1CD", "in esercizio", "stazione propria"):
        assert words in page
    assert 'value="03"' in team.get(BARI).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fiscal_code": "80015010724"}, "quella di controllo giusta"),
        ({"fiscal_code": "x"}, "Scrivi le 11 cifre"),
        ({"segregation_code": "99"}, "amministrazione centrale"),
        ({"segregation_code": "3"}, "Sono due cifre"),
        ({"iban": "IT61X0542811101000000123456"}, "IBAN non è giusto"),
        ({"station_code": ""}, "Serve per uscire dalla preparazione"),
        ({"state": "?"}, "state"),
    ],
)
def test_a_wrong_code_is_told_beside_its_field(team: HostClient, changes: dict[str, str], words: str) -> None:
    page = posted(team, **changes)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not CreditorInstitution.objects.exists()


def test_codes_on_notices_are_changed_after_a_question(team: HostClient) -> None:
    posted(team)
    page = posted(team, segregation_code="04")
    assert (page.status_code, "stampati sugli avvisi" in page.content.decode()) == (422, True)
    assert posted(team, segregation_code="04", confirmed="on").status_code == 302
    assert CreditorInstitution.objects.get().segregation_code == "04"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Bari", "Bitonto", "Terlizzi"}),
        ("?stato=none", {"Bitonto", "Terlizzi"}),
        ("?stato=production", {"Bari"}),
        ("?via=station", {"Bari"}),
        ("?via=gpd", set()),
        ("?cerca=80015010723", {"Bari"}),
        ("?cerca=bit", {"Bitonto"}),
        ("?differenze=si", {"Bari"}),
        ("?stato=nonsense", {"Bari", "Bitonto", "Terlizzi"}),
    ],
)
def test_filters_narrow_the_list(team: HostClient, query: str, names: set[str]) -> None:
    posted(team)
    _drift()
    page = team.get(f"{LIST}{query}").content.decode().split('id="elenco"')[1]
    every = Municipality.objects.values_list("belfiore_code", "name")
    assert {name for code, name in every if f'href="/pagopa/{code}/"' in page} == names


def test_the_list_costs_the_same_however_long_it_is(team: HostClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            team.get(LIST)
        return len(seen)

    queries()
    before = queries()
    posted(team)
    _drift()
    team.post("/pagopa/A893/", {**POSTED, "fiscal_code": "00382650729", "company_name": "Comune di Bitonto"})
    team.get(LIST)
    assert queries() == before


def test_each_difference_is_told(team: HostClient) -> None:
    posted(team)
    _drift()
    _drift(fiscal_code="00382650729", name="Comune di Altrove", what="unknown", ours="", theirs=f"{BROKER}_01")
    for address in (LIST, BARI):
        page = team.get(address).content.decode()
        assert "Codice di segregazione" in page
        assert "47" in page
    assert "Comune di Altrove" in team.get(LIST).content.decode()


def test_a_check_that_failed_says_so(team: HostClient) -> None:
    DriftCheck.objects.create(broker_code=BROKER, checked_at=datetime(2026, 11, 22, tzinfo=UTC), differences=3)
    DriftCheck.objects.create(
        broker_code=BROKER, checked_at=datetime(2026, 11, 23, tzinfo=UTC), error_code="access_denied"
    )
    page = team.get(LIST).content.decode()
    assert "non è riuscito" in page
    assert "rifiutato le nostre credenziali" in page
    assert "differenze 3" not in page


def test_the_comparison_is_a_job(team: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    posted(team)
    with standing_in() as desk:
        _run(team, desk, monkeypatch)


def _run(team: HostClient, desk: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.pagopa.simulated.node_origin", lambda: desk.url)
    desk.answers[:] = answer("47")
    assert team.post("/pagopa/controlla/").status_code == 302
    with in_schema(team.schema):
        run_job(public_id=Job.objects.get().public_id, now=clock.now)
        job = Job.objects.get()
        assert (job.state, job.message) == (JobState.DONE, "Differenze trovate: 1.")
    assert Drift.objects.get().theirs == "47"


def test_the_list_can_be_taken_away(team: HostClient) -> None:
    posted(team)
    exported = team.get(f"{LIST}?formato=csv")
    assert "80015010723" in b"".join(exported).decode("utf-8-sig")


@pytest.mark.parametrize("address", [LIST, BARI])
def test_only_the_central_team_enters(central_client: HostClient, address: str) -> None:
    assert central_client.get(address).status_code in {302, 403}
    with in_schema(central_client.schema):
        clerk = account(Role.CLERK)
    central_client.force_login(clerk)
    assert central_client.get(address).status_code == 403
    assert central_client.post(BARI, POSTED).status_code == 403
    assert not CreditorInstitution.objects.exists()


def test_no_such_comune(team: HostClient) -> None:
    assert team.get("/pagopa/Z999/").status_code == 404


def _drift(**fields: Any) -> None:
    now = datetime(2026, 11, 23, 5, tzinfo=UTC)
    told = {"fiscal_code": "80015010723", "name": "Comune di Bari", "what": "segregation", "ours": "03", "theirs": "47"}
    Drift.objects.create(broker_code=BROKER, first_seen_at=now, last_seen_at=now, **{**told, **fields})


def test_the_pack_of_the_acceptance_tests(team: HostClient) -> None:
    """For a Comune that is being tested; in production its own office takes the messages of its families."""
    assert posted(team, state="collaudo").status_code == 302
    with in_schema("c_a662"):
        message("paVerifyPaymentNotice", 1)
    assert "Avviso della prova EC-PSP-02M" in team.get(BARI).content.decode()
    taken = team.post(f"{BARI}prove/", {"EC-PSP-02M": NAV})
    assert "EC-PSP-02M/001-paVerifyPaymentNotice-OK-request.xml" in unzipped(taken)
    with in_schema("c_a662"):
        assert Event.objects.get(action=Action.EVIDENCE_TAKEN).actor is None
    assert posted(team).status_code == 302
    refused = team.post(f"{BARI}prove/", {})
    assert refused.status_code == 422
    assert "lo scarica il suo ufficio" in refused.content.decode()
