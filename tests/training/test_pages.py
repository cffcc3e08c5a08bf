"""The pages of training, the passage into the twin, and who may see what."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from onboarding.crossing.models import Passage
from onboarding.training.filling import FILL
from onboarding.training.models import ExerciseDone
from onboarding.training.twin import prepare_twin
from sportello.accounts.models import Account, OpenSession, Role, RoleGrant, Scheme
from sportello.audit.models import Action, Event
from sportello.audit.recording import record
from sportello.jobs.models import Job, JobState
from sportello.kernel import clock
from sportello.schools.models import StaffScope
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.twins import twin_of
from tests.comuni import HostClient
from tests.factories import account, section

HOME = "/ufficio/formazione/"
ACCEPT = f"{HOME}accept-application/"


@pytest.fixture
def ready(bari: Municipality, twin: Municipality) -> Municipality:
    """The twin of Bari, as if it had been filled."""
    with in_schema(twin.schema_name):
        now = clock.now()
        Job.objects.create(kind=FILL, state=JobState.DONE, created_at=now, finished_at=now)
    return twin


def staff(client: HostClient, *roles: Role, **fields: str) -> Account:
    with in_schema(client.schema):
        person = account(*roles, **fields)
    client.force_login(person)
    return person


def pass_over(bari_client: HostClient, twin_client: HostClient, start: str = "/formazione/entra/") -> str:
    """Through the three addresses; where she lands."""
    away = urlsplit(twin_client.get(start)["Location"])
    assert away.netloc.startswith("bari.")
    back = bari_client.get(f"{away.path}?{away.query}")
    assert back.status_code == 302, back.content
    return str(twin_client.get(_path(back["Location"]))["Location"])


def _path(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc.startswith("prova-bari.")
    return f"{parts.path}?{parts.query}"


def test_whoever_works_here_sees_the_exercises_of_her_roles(bari_client: HostClient, ready: Municipality) -> None:
    staff(bari_client, Role.SCHOOL)
    page = bari_client.get(HOME).content.decode()
    assert "Fai l&#x27;appello di una classe" in page
    assert "Chiudi il mese" not in page
    assert "Chi si è esercitato" not in page
    assert "Riporta all'inizio" not in page
    assert bari_client.get(f"{HOME}call-roll/").status_code == 200
    assert bari_client.get(f"{HOME}close-month/").status_code == 404
    assert bari_client.post(f"{HOME}ambiente/").status_code == 403


def test_citizens_have_no_place_here(bari_client: HostClient, ready: Municipality) -> None:
    staff(bari_client)
    for path in (HOME, ACCEPT, "/formazione/passaggio/?stato=x"):
        assert bari_client.get(path).status_code == 403
    assert bari_client.post(f"{ACCEPT}controlla/").status_code == 403


def test_the_administrator_sees_who_has_done_what_and_begins_afresh(
    bari_client: HostClient, bari: Municipality
) -> None:
    staff(bari_client, Role.ADMINISTRATOR, family_name="Prima")
    page = bari_client.get(HOME).content.decode()
    assert "Prova Prima" in page
    assert "Prepara l&#x27;ambiente di prova" in page or "Prepara l'ambiente di prova" in page
    assert bari_client.post(f"{HOME}ambiente/")["Location"] == HOME
    twin = twin_of(bari)
    assert twin is not None
    assert "Si sta preparando" in bari_client.get(HOME).content.decode()
    assert Event.objects.get(action=Action.TRAINING_CHANGED).details == {"event": "twin_begun_afresh"}
    with in_schema(twin.schema_name):
        assert Job.objects.get(kind=FILL).state == JobState.QUEUED


def test_the_job_goes_out_in_the_schema_of_the_twin(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tenants.current import current_schema

    bari, sent = Municipality.objects.get(slug="bari"), []
    monkeypatch.setattr("sportello.jobs.starting.run.delay", lambda **_job: sent.append(current_schema()))
    with in_schema(bari.schema_name):
        prepare_twin(municipality=bari, actor=account().pk, now=clock.now())
    assert sent == ["prova_a662"]


def test_people_cost_the_same_queries(bari_client: HostClient, ready: Municipality) -> None:
    staff(bari_client, Role.ADMINISTRATOR)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bari_client.get(HOME).status_code == 200
        return len(captured)

    queries()
    one = queries()
    with in_schema(bari_client.schema):
        for _ in range(2):
            account(Role.CLERK)
    assert queries() == one


def test_she_passes_over_with_her_roles_and_without_her_fiscal_code(
    bari_client: HostClient, twin_client: HostClient, ready: Municipality
) -> None:
    with in_schema(ready.schema_name):
        place = section()
    person = staff(bari_client, Role.CLERK, Role.SCHOOL, given_name="Ada", family_name="Uno")
    assert pass_over(bari_client, twin_client, "/formazione/entra/?next=/ufficio/domande/") == "/ufficio/domande/"
    assert twin_client.get("/ufficio/domande/").status_code == 200
    with in_schema(ready.schema_name):
        hers = Account.objects.get(public_id=person.public_id)
        assert (hers.scheme, hers.identifier, hers.email) == (Scheme.MIRROR, str(person.public_id), "")
        assert hers.full_name == "Ada Uno"
        assert set(hers.grants.values_list("role", flat=True)) == {"clerk", "school"}
        assert not Account.objects.filter(identifier=person.identifier).exists()
        assert StaffScope.objects.get(account=hers).school == place.school
        assert OpenSession.objects.get(account=hers).provider == "mirror"
    # A role that is gone there is gone here at the next passage.
    with in_schema(bari_client.schema):
        RoleGrant.objects.filter(account=person, role=Role.SCHOOL).delete()
    twin_client.cookies.clear()
    pass_over(bari_client, twin_client)
    with in_schema(ready.schema_name):
        again = Account.objects.get(public_id=person.public_id)
        assert again.roles_on(clock.today()) == {Role.CLERK}


def test_a_code_is_good_once_in_one_browser_and_for_a_minute(
    bari_client: HostClient, twin_client: HostClient, ready: Municipality
) -> None:
    staff(bari_client, Role.CLERK)

    def code() -> str:
        away = urlsplit(twin_client.get("/formazione/entra/")["Location"])
        back = bari_client.get(f"{away.path}?{away.query}")
        return str(parse_qs(urlsplit(back["Location"]).query)["codice"][0])

    kept = code()
    arrival = f"/formazione/arrivo/?codice={kept}"
    stranger = HostClient(twin_client.host, twin_client.schema)
    assert stranger.get(arrival).status_code == 403
    assert twin_client.get(arrival).status_code == 302
    twin_client.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert twin_client.get(arrival).status_code == 403
    old = code()
    with in_schema(bari_client.schema):
        Passage.objects.filter(used_at=None).update(expires_at=clock.now())
        assert not Passage.objects.filter(code_digest=old).exists()  # only the digest is kept
    assert twin_client.get(f"/formazione/arrivo/?codice={old}").status_code == 403


def test_the_passage_stands_on_the_right_hosts_alone(
    bari_client: HostClient, twin_client: HostClient, bitonto_client: HostClient, ready: Municipality
) -> None:
    staff(bari_client, Role.ADMINISTRATOR)
    assert bari_client.get("/formazione/entra/").status_code == 404
    assert bari_client.get("/formazione/arrivo/?codice=x").status_code == 404
    assert bari_client.get(f"{HOME}elenco-di-prova.csv").status_code == 404
    pass_over(bari_client, twin_client)
    assert twin_client.get("/formazione/passaggio/?stato=x").status_code == 404
    assert twin_client.post(f"{HOME}ambiente/").status_code == 404
    staff(bitonto_client, Role.CLERK)
    assert bitonto_client.get("/formazione/passaggio/?stato=x").status_code == 404


def test_check_now_reads_what_happened_on_either_host(
    bari_client: HostClient, twin_client: HostClient, ready: Municipality
) -> None:
    person = staff(bari_client, Role.CLERK)
    pass_over(bari_client, twin_client)
    for client in (bari_client, twin_client):
        answer = client.post(f"{ACCEPT}controlla/")
        assert answer.status_code == 422
        assert "Non risulta ancora una domanda accolta da te." in answer.content.decode()
    with in_schema(ready.schema_name):
        hers = Account.objects.get(public_id=person.public_id)
        record(
            action=Action.APPLICATION_DECIDED,
            actor=hers.pk,
            subject_kind="application",
            subject="x",
            now=clock.now(),
            details={"decision": "accepted"},
        )
    assert twin_client.post(f"{ACCEPT}controlla/")["Location"] == HOME
    with in_schema(bari_client.schema):
        assert ExerciseDone.objects.get().account == person
    assert "Svolto il" in bari_client.get(ACCEPT).content.decode()
    assert "I tuoi esercizi: 1 su" in bari_client.get(HOME).content.decode()


def test_the_central_team_sees_and_prepares(
    central_client: HostClient,
    bari_client: HostClient,
    db: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with in_schema(bari_client.schema):
        account(Role.CLERK, family_name="Vista")
    staff(central_client)
    path = "/comuni/A662/formazione/"
    assert central_client.get(path).status_code == 403
    staff(central_client, Role.CENTRAL)
    assert "Prova Vista" in central_client.get(path).content.decode()
    assert central_client.post(f"{path}ambiente/")["Location"] == path
    assert "Si sta preparando" in central_client.get(path).content.decode()
    with in_schema(settings.CENTRAL_SCHEMA):
        assert Event.objects.get(action=Action.TRAINING_CHANGED).subject == "A662"
    assert "prova-bari" not in central_client.get("/").content.decode()
