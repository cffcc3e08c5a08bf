"""Doors on the side of the browser: hosts, cookies, sessions, cache, files, streams, logs, errors."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from sportello.config.observability import JsonFormatter
from tenants.current import NoMunicipality, current_schema, in_schema
from tenants.hosts import host_table
from tenants.models import Domain, Municipality
from tests.comuni import HostClient
from tests.factories import account, school
from tests.isolation.comuni import SCHEMAS

HOSTS = {"bari.localhost": "c_a662", "bitonto.localhost": "c_a893", "terlizzi.localhost": "c_l109"}


@pytest.fixture(autouse=True)
def leaking_pages(settings: Settings, tmp_path: Path) -> None:
    """The pages of tests.isolation.urls, on the hosts of the Comuni and of the central team."""
    settings.ROOT_URLCONF = settings.CENTRAL_URLCONF = "tests.isolation.urls"
    settings.MEDIA_ROOT = str(tmp_path)
    host_table.forget()


@pytest.fixture
def schools(db: None) -> None:
    """Each Comune has one school, named after its schema."""
    for schema in SCHEMAS:
        with in_schema(schema):
            school(name=schema)


def ask(host: str, path: str, **headers: str) -> str:
    """The text of a page for a browser without cookies."""
    return Client(headers={"host": host, **headers}).get(path).content.decode()


@pytest.mark.parametrize(("host", "schema"), HOSTS.items())
def test_the_host_decides(schools: None, host: str, schema: str) -> None:
    assert ask(host, "/school") == schema
    assert ask(f"{host.upper()}:8000", "/school") == schema
    assert ask(f"{host}.", "/school") == schema
    assert current_schema() == "public"


@pytest.mark.parametrize("header", ["x-forwarded-host", "x-host", "forwarded"])
def test_no_other_header_decides(schools: None, header: str) -> None:
    assert ask("bari.localhost", "/school", **{header: "bitonto.localhost"}) == "c_a662"


@pytest.mark.parametrize("host", ["altro.localhost", "localhost", "127.0.0.1", "bari.localhost.evil.example", "[::1]"])
def test_a_host_of_nobody_gets_nothing(schools: None, host: str) -> None:
    answer = Client(headers={"host": host}).get("/school")
    assert answer.status_code == 404
    assert b"c_" not in answer.content


def test_a_malformed_host_is_refused(db: None) -> None:
    assert Client(headers={"host": "bari.localhost/@bitonto.localhost"}).get("/school").status_code == 400


def test_the_session_of_a_comune_is_worth_nothing_in_another(
    schools: None, bari_client: HostClient, bitonto_client: HostClient
) -> None:
    with in_schema("c_a662"):
        person = account()
    with in_schema("c_a893"):
        account()  # the same number, another person
    bari_client.force_login(person)
    assert bari_client.get("/whoever").content.decode() == str(person.pk)
    bitonto_client.cookies = bari_client.cookies
    assert bitonto_client.get("/whoever").content == b"nobody"
    central = HostClient("centrale.localhost", "centrale")
    central.cookies = bari_client.cookies
    assert central.get("/whoever").content == b"nobody"


def test_cookies_stay_on_their_host(schools: None, bari_client: HostClient) -> None:
    answer = bari_client.get("/count")
    assert answer.cookies
    for cookie in answer.cookies.values():
        assert cookie["domain"] == ""
        assert cookie["path"] == "/"
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_the_cache_of_a_comune_is_its_own(schools: None) -> None:
    assert [ask(host, "/remember") for host in HOSTS] == list(HOSTS.values())
    assert [ask(host, "/remember") for host in HOSTS] == list(HOSTS.values())
    with in_schema("c_a662"):
        cache.set_many({"one": 1, "two": 2})
        cache.incr("one")
    with in_schema("c_a893"):
        assert cache.get_many(["one", "two"]) == {}
        assert cache.add("one", 7)
    with in_schema("c_a662"):
        assert cache.get("one") == 2
        cache.delete("one")
    with in_schema("c_a893"):
        assert cache.get("one") == 7


def test_the_cache_without_a_comune_is_refused(db: None) -> None:
    with pytest.raises(NoMunicipality):
        cache.get("who")
    caches["public"].set("who", "all")
    with in_schema("c_a662"):
        assert caches["public"].get("who") == "all"
        assert cache.get("who") is None


def test_files_are_apart(schools: None, tmp_path: Path) -> None:
    assert {ask(host, "/keep") for host in HOSTS} == {"note.txt"}
    for host, schema in HOSTS.items():
        answer = Client(headers={"host": host}).get("/fetch")
        assert b"".join(answer.streaming_content) == schema.encode()  # type: ignore[arg-type]
        answer.close()
        assert (tmp_path / schema / "note.txt").read_text() == schema


@pytest.mark.parametrize("name", ["../c_a893/note.txt", "a/../../c_a893/note.txt", "/etc/passwd"])
def test_a_file_name_does_not_lead_out_of_the_comune(db: None, name: str) -> None:
    with in_schema("c_a893"):
        default_storage.save("note.txt", ContentFile(b"of Bitonto"))
    with in_schema("c_a662"), pytest.raises(SuspiciousFileOperation):
        default_storage.open(name)


def test_a_file_without_a_comune_is_refused(db: None) -> None:
    with pytest.raises(NoMunicipality):
        default_storage.exists("note.txt")
    with in_schema("c_a662"), pytest.raises(ValueError, match="private"):
        default_storage.url("note.txt")


def test_a_streamed_answer_is_made_inside_its_comune(schools: None) -> None:
    first = Client(headers={"host": "bari.localhost"}).get("/stream")
    second = Client(headers={"host": "bitonto.localhost"}).get("/stream")
    mixed = list(zip(first.streaming_content, second.streaming_content, strict=True))  # type: ignore[arg-type]
    assert mixed == [(b"c_a662", b"c_a893"), (b" ", b" "), (b"c_a662", b"c_a893")]
    assert current_schema() == "public"


def test_an_error_in_mid_request_leaves_no_trace(schools: None) -> None:
    for _ in range(3):
        broken = Client(raise_request_exception=False, headers={"host": "bari.localhost"})
        answer = broken.get("/fail", {"other": "c_a893"})
        assert answer.status_code == 500
        assert b"c_a893" not in answer.content
        assert current_schema() == "public"
        assert [ask(host, "/school") for host in HOSTS] == list(HOSTS.values())


def test_a_thread_started_by_a_page_is_in_no_comune(schools: None) -> None:
    assert ask("bari.localhost", "/in_background").startswith("public ")


def test_log_lines_name_their_comune(schools: None, caplog: pytest.LogCaptureFixture) -> None:
    lines: list[dict[str, str]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(self.format(record)))

    keep = Keep()
    keep.setFormatter(JsonFormatter())
    logger = logging.getLogger("tests.isolation")
    logger.addHandler(keep)
    try:
        for host in HOSTS:
            ask(host, "/say")
    finally:
        logger.removeHandler(keep)
    assert [line["comune"] for line in lines] == list(HOSTS.values())
    assert len({line["request"] for line in lines}) == 3


def test_a_page_cannot_change_the_comune_of_the_others(schools: None) -> None:
    assert [ask("bari.localhost", "/rename") for _ in range(2)] == ["Bari", "Bari"]


def test_a_moved_domain_is_followed_at_once(
    schools: None, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    from tenants.domains import add_domain, remove_domain

    assert Client(headers={"host": "scuola.bari.example"}).get("/school").status_code == 404
    bari, bitonto = Municipality.objects.get(slug="bari"), Municipality.objects.get(slug="bitonto")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        add_domain(municipality=bari, host="scuola.bari.example")
    assert ask("scuola.bari.example", "/school") == "c_a662"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        remove_domain(domain=Domain.objects.get(domain="scuola.bari.example"))
        add_domain(municipality=bitonto, host="scuola.bari.example")
    assert ask("scuola.bari.example", "/school") == "c_a893"


def test_requests_at_once_on_few_connections(transactional_db: None) -> None:
    for schema in SCHEMAS:
        with in_schema(schema):
            school(name=schema)
    connection.close()
    connection.pool.resize(1, 2)

    def visit(number: int) -> list[tuple[str, str]]:
        answers = []
        for turn in range(12):
            host, schema = list(HOSTS.items())[(number + turn) % 3]
            # Django's client hears of the errors of all threads, so none may raise them here.
            browser = Client(raise_request_exception=False, headers={"host": host})
            if turn % 4 == 0:
                assert browser.get("/fail", {"other": SCHEMAS[turn % 3]}).status_code == 500
            answers.append((schema, browser.get("/school").content.decode()))
            connection.close()
        return answers

    with ThreadPoolExecutor(4) as pool:
        pairs = [pair for answer in pool.map(visit, range(4)) for pair in answer]
    assert len(pairs) == 48
    assert all(expected == seen for expected, seen in pairs)
