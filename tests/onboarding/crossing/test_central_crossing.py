"""The central team brings a Comune in: how one of it comes over, what opens, what is on record, and when it ends."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from onboarding.crossing.models import Passage
from onboarding.models import LoadState, RosterLoad
from onboarding.runners import run_check, run_commit, run_undo
from sportello.accounts.models import Account, OpenSession, Role, RoleGrant, Scheme
from sportello.audit.models import Action, Event
from sportello.families.models import Child
from sportello.jobs.models import Job
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.hosts import host_table
from tenants.models import Municipality, Stage
from tests.central.test_comuni import another_comune
from tests.comuni import HostClient
from tests.factories.people import account
from tests.factories.progress import Silent
from tests.onboarding.rosters import checked, mapping_for, roster
from tests.onboarding.test_committing import emma
from tests.onboarding.test_pages import posted

HERE = "/comuni/A662/caricamenti/"
THERE = "/ufficio/squadra-centrale/"
LOADS = "/ufficio/caricamenti/"


@pytest.fixture
def coming_in(ready: Municipality) -> Municipality:
    """Bari on its way in, with its schools and a canteen in force."""
    return staged(ready, Stage.DRY_RUNS)


@pytest.fixture
def nina(central_client: HostClient) -> Account:
    """Of the central team, in her browser."""
    with in_schema(settings.CENTRAL_SCHEMA):
        member = account(Role.CENTRAL, given_name="Nina", family_name="Centrale")
    central_client.force_login(member)
    return member


def staged(municipality: Municipality, stage: Stage) -> Municipality:
    Municipality.objects.filter(pk=municipality.pk).update(stage=stage)
    municipality.refresh_from_db()
    host_table.forget()  # what the commit would announce
    return municipality


def code_for(central: HostClient, comune: HostClient) -> str:
    """Begun in the Comune, given by the central team."""
    away = urlsplit(comune.get(THERE)["Location"])
    assert away.netloc.startswith("centrale.")
    back = urlsplit(central.get(f"{away.path}?{away.query}")["Location"])
    assert back.netloc.startswith(comune.host)
    return parse_qs(back.query)["codice"][0]


def come_over(central: HostClient, comune: HostClient) -> None:
    answer = comune.get(f"{THERE}arrivo/?codice={code_for(central, comune)}")
    assert answer["Location"] == LOADS


def run(job: Job | None, runner: Callable[..., object]) -> None:
    assert job is not None
    runner(job, Silent())


def test_she_uploads_maps_reviews_commits_and_undoes(
    nina: Account, central_client: HostClient, bari_client: HostClient, coming_in: Municipality
) -> None:
    page = central_client.get(HERE).content.decode()
    assert f'href="http://bari.localhost{THERE}"' in page.replace(":8000", "")
    come_over(central_client, bari_client)
    file = SimpleUploadedFile("elenco.csv", roster(emma()))
    bari_client.post(LOADS, {"file": file, "school_year": "2026"})
    load = RosterLoad.objects.get()
    hers = Account.objects.get(public_id=nina.public_id)
    assert load.uploaded_by == hers
    run(load.job, run_check)
    load.refresh_from_db()
    columns = reverse("onboarding:mapping", args=[load.public_id])
    assert bari_client.get(columns).status_code == 200
    bari_client.post(columns, {**posted(mapping_for(load)), "confirm": "1"})
    load.refresh_from_db()
    run(load.job, run_check)
    assert bari_client.get(reverse("jobs:job", args=[load.job.public_id])).status_code == 200
    assert bari_client.get(reverse("onboarding:review", args=[load.public_id])).status_code in {200, 302}
    bari_client.post(reverse("onboarding:commit", args=[load.public_id]))
    load.refresh_from_db()
    run(load.job, run_commit)
    load.refresh_from_db()
    assert (load.state, load.committed_by, Child.objects.count()) == (LoadState.COMMITTED, hers, 1)
    assert (
        reverse("office:children")
        not in bari_client.get(reverse("onboarding:load", args=[load.public_id])).content.decode()
    )
    undo = reverse("onboarding:undo", args=[load.public_id])
    assert bari_client.get(undo).status_code == 200
    bari_client.post(undo)
    load.refresh_from_db()
    run(load.job, run_undo)
    load.refresh_from_db()
    assert (load.state, load.undone_by) == (LoadState.UNDONE, hers)
    deeds = {Action.ROSTER_UPLOADED, Action.MAPPING_CONFIRMED, Action.ROSTER_COMMITTED, Action.LOAD_UNDONE}
    assert set(Event.objects.filter(actor=hers.pk).order_by("pk").values_list("action", flat=True)) >= deeds
    assert "annullato" in central_client.get(HERE).content.decode()


def test_both_sides_keep_a_record(
    nina: Account, central_client: HostClient, bari_client: HostClient, coming_in: Municipality
) -> None:
    come_over(central_client, bari_client)
    with in_schema(settings.CENTRAL_SCHEMA):
        left = Event.objects.get(action=Action.COMUNE_ENTERED)
        assert (left.actor, left.subject_kind, left.subject) == (nina.pk, "municipality", "A662")
    hers = Account.objects.get(public_id=nina.public_id)
    assert (hers.scheme, hers.full_name, hers.email, hers.fiscal_code) == (Scheme.CENTRAL, "Nina Centrale", "", None)
    entrance = Event.objects.get(action=Action.LOGIN, actor=hers.pk)
    assert entrance.details["provider"] == "central"
    assert Event.objects.get(action=Action.ROLE_GRANTED).details == {"role": "onboarder"}
    grant = RoleGrant.objects.get(account=hers)
    assert (grant.valid_during.upper - grant.valid_during.lower).days == 1
    bari_client.cookies.clear()
    come_over(central_client, bari_client)
    assert RoleGrant.objects.filter(account=hers).count() == 1


def test_loads_are_all_that_opens(
    nina: Account, central_client: HostClient, bari_client: HostClient, coming_in: Municipality
) -> None:
    come_over(central_client, bari_client)
    page = bari_client.get(LOADS).content.decode()
    assert "Nina Centrale" in page
    assert "centrale.localhost" in page
    assert f'{HERE}">Torna alla squadra centrale' in page
    assert 'href="/ufficio/bambini/"' not in page
    for name in (
        "office:home",
        "office:children",
        "office:adults",
        "enrolment:queue",
        "canteen:office",
        "canteen:close",
    ):
        assert bari_client.get(reverse(name)).status_code == 403, name
    for name in ("schools:list", "staff:list", "leaving:exports", "shadow:mine", "golive:mine", "training:mine"):
        assert bari_client.get(reverse(name)).status_code == 403, name


def test_only_the_team_comes_over(central_client: HostClient, bari_client: HostClient, coming_in: Municipality) -> None:
    assert central_client.get(HERE)["Location"].startswith("/accedi/")
    with in_schema(settings.CENTRAL_SCHEMA):
        somebody = account()
    central_client.force_login(somebody)
    assert central_client.get(HERE).status_code == 403
    away = urlsplit(bari_client.get(THERE)["Location"])
    assert central_client.get(f"{away.path}?{away.query}").status_code == 403
    with in_schema(settings.CENTRAL_SCHEMA):
        assert not Passage.objects.exists()
    assert bari_client.get(LOADS)["Location"].startswith("/accedi/")


def test_a_code_is_good_once_in_one_browser_in_one_comune_and_for_a_minute(
    nina: Account,
    central_client: HostClient,
    bari_client: HostClient,
    bitonto_client: HostClient,
    coming_in: Municipality,
) -> None:
    staged(Municipality.objects.get(slug="bitonto"), Stage.DRY_RUNS)
    kept = code_for(central_client, bari_client)
    arrival = f"{THERE}arrivo/?codice={kept}"
    bitonto_client.cookies["squadra"] = bari_client.cookies["squadra"].value
    assert bitonto_client.get(arrival).status_code == 403
    assert HostClient(bari_client.host, bari_client.schema).get(arrival).status_code == 403
    assert bari_client.get(arrival).status_code == 302
    bari_client.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert bari_client.get(arrival).status_code == 403
    old = code_for(central_client, bari_client)
    with in_schema(settings.CENTRAL_SCHEMA):
        Passage.objects.filter(used_at=None).update(expires_at=clock.now())
    assert bari_client.get(f"{THERE}arrivo/?codice={old}").status_code == 403


def test_a_live_comune_is_closed_to_the_team(
    nina: Account, central_client: HostClient, bari_client: HostClient, coming_in: Municipality
) -> None:
    come_over(central_client, bari_client)
    staged(coming_in, Stage.LIVE)
    answer = bari_client.get(LOADS)
    assert answer.status_code == 403
    assert "Il Comune è attivo" in answer.content.decode()
    assert bari_client.post(LOADS, {"school_year": "2026"}).status_code == 403
    bari_client.cookies.clear()
    away = urlsplit(bari_client.get(THERE)["Location"])
    refused = central_client.get(f"{away.path}?{away.query}")
    assert refused.status_code == 403
    assert "Il Comune è attivo" in refused.content.decode()
    assert "Vai ai caricamenti" not in central_client.get(HERE).content.decode()


def test_who_leaves_the_team_is_out_at_the_next_page(
    nina: Account, central_client: HostClient, bari_client: HostClient, coming_in: Municipality
) -> None:
    come_over(central_client, bari_client)
    load = checked(roster(emma()))
    page = reverse("onboarding:load", args=[load.public_id])
    assert bari_client.get(page).status_code == 200
    with in_schema(settings.CENTRAL_SCHEMA):
        RoleGrant.objects.filter(account=nina).update(valid_during=(clock.today(), clock.today()))
    assert bari_client.get(page).status_code == 403
    assert bari_client.post(reverse("onboarding:commit", args=[load.public_id])).status_code == 403


def test_the_comune_may_shut_her_out(
    nina: Account, central_client: HostClient, bari_client: HostClient, coming_in: Municipality
) -> None:
    come_over(central_client, bari_client)
    Account.objects.filter(public_id=nina.public_id).update(is_active=False)
    bari_client.cookies.clear()
    answer = bari_client.get(f"{THERE}arrivo/?codice={code_for(central_client, bari_client)}")
    assert answer.status_code == 403
    assert "ha sospeso la tua utenza" in answer.content.decode()
    assert OpenSession.objects.filter(account__public_id=nina.public_id).count() == 1


def test_the_administrator_sees_her_among_the_staff(
    nina: Account, central_client: HostClient, bari_client: HostClient, coming_in: Municipality
) -> None:
    come_over(central_client, bari_client)
    other = HostClient(bari_client.host, bari_client.schema)
    other.force_login(account(Role.ADMINISTRATOR))
    page = other.get(reverse("staff:list")).content.decode()
    assert "Centrale Nina" in page
    assert "squadra centrale, per i caricamenti" in page


def test_nobody_comes_over_into_a_comune_without_a_schema(nina: Account, central_client: HostClient) -> None:
    alone = another_comune(7)
    page = central_client.get(f"/comuni/{alone.belfiore_code}/caricamenti/")
    assert page.status_code == 200
    assert "Vai ai caricamenti" not in page.content.decode()
