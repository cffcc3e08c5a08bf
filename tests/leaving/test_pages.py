"""Who may ask, download, confirm and delete; and that one Comune never sees another's packages."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from onboarding.leaving.departing import WAIT
from onboarding.leaving.exporting import confirm_export, hand_out
from onboarding.leaving.models import Departure, DepartureState, ExportPackage
from sportello.accounts.models import Account, Role
from sportello.audit.models import Event
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists
from tests.comuni import HostClient
from tests.factories import account
from tests.leaving.living import SCHEMA, Living, confirmed, exported

CENTRAL = "sportello.config.urls_central"


def central(name: str, *more: object, belfiore: str = "A662") -> str:
    return reverse(f"departures:{name}", args=[belfiore, *more], urlconf=CENTRAL)


def client_for(who: Account, host: str = "bari.localhost", schema: str = SCHEMA) -> HostClient:
    client = HostClient(host, schema)
    client.force_login(who)
    return client


@pytest.fixture
def team(living: Living) -> tuple[HostClient, HostClient]:
    """Two browsers of two members of the central team."""
    with in_schema(settings.CENTRAL_SCHEMA):
        people = account(Role.CENTRAL), account(Role.CENTRAL)
    first, second = (client_for(each, settings.CENTRAL_HOST, settings.CENTRAL_SCHEMA) for each in people)
    return first, second


def body(answer: Any) -> bytes:  # what Django's client adds to a response has no name
    """What was streamed."""
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


def work(schema: str, job: Any) -> None:
    """What the worker would do."""
    with in_schema(schema):
        run_job(public_id=job.public_id, now=clock.now)


def test_the_administrator_asks_downloads_and_confirms(living: Living) -> None:
    client = client_for(living.administrator)
    answer = client.post(reverse("leaving:exports"))
    with in_schema(SCHEMA):
        package = ExportPackage.objects.select_related("job").get()
        assert package.job is not None
    assert answer["Location"] == reverse("jobs:job", args=[package.job.public_id])
    work(SCHEMA, package.job)
    page = client.get(reverse("leaving:exports")).content.decode()
    assert "da scaricare e confermare" in page
    file = client.get(reverse("leaving:download", args=[package.public_id]))
    assert file.streaming
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/zip", "private, no-store")
    with in_schema(SCHEMA):
        package.refresh_from_db()
    assert body(file)[:2] == b"PK"
    wrong = client.post(reverse("leaving:confirm", args=[package.public_id]), {"sha256": "abc"})
    assert (wrong.status_code, "non corrisponde" in wrong.content.decode()) == (422, True)
    right = client.post(reverse("leaving:confirm", args=[package.public_id]), {"sha256": f" {package.sha256.upper()}"})
    assert right.status_code == 302
    with in_schema(SCHEMA):
        actions = list(
            Event.objects.filter(subject_kind="export_package").order_by("pk").values_list("action", "actor")
        )
    mine = living.administrator.pk
    assert actions == [("export_requested", mine), ("export_downloaded", mine), ("export_confirmed", mine)]


@pytest.mark.parametrize("role", [Role.CLERK, Role.SCHOOL, Role.SUPPORT, None])
def test_nobody_else_in_the_comune_sees_anything(living: Living, role: Role | None) -> None:
    package = exported(living)
    with in_schema(SCHEMA):
        who = account(*([role] if role else []))
    client = client_for(who)
    for name, arguments, method in (
        ("exports", [], "get"),
        ("exports", [], "post"),
        ("download", [package.public_id], "get"),
        ("confirm", [package.public_id], "post"),
    ):
        assert getattr(client, method)(reverse(f"leaving:{name}", args=arguments)).status_code == 403
    with in_schema(SCHEMA):
        assert ExportPackage.objects.count() == 1


def test_another_comune_never_finds_it(living: Living) -> None:
    package = exported(living)
    with in_schema("c_a893"):
        who = account(Role.ADMINISTRATOR)
    client = client_for(who, "bitonto.localhost", "c_a893")
    assert client.get(reverse("leaving:download", args=[package.public_id])).status_code == 404
    assert (
        client.post(reverse("leaving:confirm", args=[package.public_id]), {"sha256": package.sha256}).status_code == 404
    )


def test_what_is_past_its_days_is_said(living: Living) -> None:
    package = exported(living)
    with in_schema(SCHEMA):
        Path(package.file.path).unlink()
    answer = client_for(living.administrator).get(reverse("leaving:download", args=[package.public_id]), follow=True)
    assert "è scaduto" in answer.content.decode()


def test_the_list_costs_the_same_with_one_and_three(
    living: Living, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    exported(living)
    client = client_for(living.administrator)
    client.get(reverse("leaving:exports"))
    with django_assert_max_num_queries(9) as few:
        client.get(reverse("leaving:exports"))
    exported(living)
    exported(living)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse("leaving:exports"))


def test_the_central_team_asks_and_downloads_on_both_records(
    living: Living, team: tuple[HostClient, HostClient]
) -> None:
    client, _other = team
    client.post(central("export"))
    with in_schema(SCHEMA):
        package = ExportPackage.objects.select_related("job").get()
    work(SCHEMA, package.job)
    assert body(client.get(central("download", package.public_id))).startswith(b"PK")
    assert client.get(central("download", package.public_id, belfiore="A893")).status_code == 404
    for schema in (SCHEMA, settings.CENTRAL_SCHEMA):
        with in_schema(schema):
            deeds = Event.objects.filter(subject_kind="export_package").order_by("pk").values_list("action", flat=True)
            assert list(deeds) == ["export_requested", "export_downloaded"]


def test_a_clerk_of_a_comune_is_nobody_at_the_central_team(living: Living) -> None:
    with in_schema(settings.CENTRAL_SCHEMA):
        who = account(Role.CLERK)
    client = client_for(who, settings.CENTRAL_HOST, settings.CENTRAL_SCHEMA)
    assert client.get(central("departure")).status_code == 403
    assert client.post(central("deed", "chiedi"), {"act": "x"}).status_code == 403


def test_the_whole_departure_by_the_pages(
    living: Living, team: tuple[HostClient, HostClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = team
    assert first.post(central("deed", "chiedi"), {"act": ""}).status_code == 422
    assert first.post(central("deed", "chiedi"), {"act": "Del. 12"}).status_code == 302
    assert "seconda persona" in first.get(central("departure")).content.decode()
    second.post(central("deed", "approva"))
    assert state() == DepartureState.REQUESTED  # no package is confirmed yet
    confirmed(living)
    first.post(central("deed", "approva"))
    assert state() == DepartureState.REQUESTED  # the same person
    second.post(central("deed", "approva"))
    assert state() == DepartureState.APPROVED
    early = first.post(central("deed", "cancella"), {"name": "Bari"})
    assert (early.status_code, "periodo di attesa" in early.content.decode()) == (422, True)
    with in_schema(settings.CENTRAL_SCHEMA):
        Departure.objects.update(not_before=clock.now() - timedelta(seconds=1))
    assert first.post(central("deed", "cancella"), {"name": "Bitonto"}).status_code == 422
    assert first.post(central("deed", "cancella"), {"name": "Bari"}).status_code == 302
    for _job in ("prepare", "delete"):
        with in_schema(settings.CENTRAL_SCHEMA):
            job = Departure.objects.select_related("job").get().job
        work(settings.CENTRAL_SCHEMA, job)
    assert state() == DepartureState.DELETED
    assert not schema_exists(SCHEMA)
    page = first.get(central("departure")).content.decode()
    assert "Scarica il certificato" in page
    with in_schema(settings.CENTRAL_SCHEMA):
        held = Departure.objects.get()
    paper = first.get(central("certificate", held.public_id))
    assert body(paper).startswith(b"%PDF")
    assert first.get(central("certificate", held.public_id, belfiore="A893")).status_code == 404
    assert HostClient("bari.localhost", "public").get("/").status_code == 404


def state() -> str:
    with in_schema(settings.CENTRAL_SCHEMA):
        return Departure.objects.get().state


def test_unknown_steps_and_comuni_are_not_found(living: Living, team: tuple[HostClient, HostClient]) -> None:
    client, _other = team
    assert client.post(central("deed", "salta")).status_code == 404
    assert client.get(central("departure", belfiore="Z999")).status_code == 404
    with in_schema(settings.CENTRAL_SCHEMA):
        assert not Departure.objects.exists()
    assert Municipality.objects.filter(left_on__isnull=False).count() == 0
    assert timedelta(days=30) == WAIT


def test_confirming_twice_changes_nothing(living: Living) -> None:
    package = confirmed(living)
    with in_schema(SCHEMA):
        hand_out(package=package, actor=living.administrator, now=clock.now())
        again = confirm_export(
            package=package, sha256=package.sha256, actor=living.administrator, now=clock.now() + timedelta(hours=1)
        )
        assert again.confirmed_at == package.confirmed_at
