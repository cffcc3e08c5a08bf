"""The product as it runs: a database of its own, the web server and a worker as processes."""

import io
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from integrations.spid_cie.models import Environment, IdentityProvider
from integrations.spid_cie.simulator.federation import DemoProvider
from sportello.accounts.models import Account, OpenSession, Role
from sportello.accounts.sessions import REF_KEY
from sportello.demo.ports import free_port
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.databases import clone_template, drop, url_of, use_database
from tests.debian_chromium import FOREIGN
from tests.journeys.seeds import seed_all

ROOT: Final = Path(__file__).resolve().parents[2]
CENTRAL: Final = "centrale"
SECONDS_TO_START: Final = 30.0


@dataclass(frozen=True, slots=True)
class Site:
    """The running product. Addresses are `http://<slug>.localhost:<port>`."""

    port: int
    database: str
    logs: Path

    def url(self, slug: str, path: str = "/") -> str:
        """The address of a page of a Comune, or of `centrale`."""
        return f"http://{slug}.{settings.BASE_HOST}:{self.port}{path}"

    @contextmanager
    def inside(self, slug: str) -> Iterator[None]:
        """Runs the block in the Comune of that slug, to prepare rows or to look at what the browser did."""
        schema = settings.CENTRAL_SCHEMA if slug == CENTRAL else Municipality.objects.get(slug=slug).schema_name
        with in_schema(schema):
            yield

    def account(self, slug: str, role: Role | None = None) -> Account:
        """The first account with that role; the first citizen without any when none is named."""
        with self.inside(slug):
            wanted = {"grants__isnull": True} if role is None else {"grants__role": role}
            return Account.objects.filter(**wanted).order_by("id")[0]

    def session_of(self, slug: str, account: Account) -> str:
        """A session of that person, as if she had come through the door: the value of the cookie."""
        with self.inside(slug):
            session = SessionStore()
            session[SESSION_KEY] = str(account.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = account.get_session_auth_hash()
            session["identity_provider"], session["identity_level"] = "spid", 2
            session.create()
            kept = OpenSession.objects.create(
                account=account,
                session_key=session.session_key,
                provider="spid",
                provider_name="Gestore di prova",
                level=2,
                browser="Chrome",
                system="Linux",
                opened_at=clock.now(),
                last_seen_at=clock.now(),
            )
            session[REF_KEY] = str(kept.public_id)
            session.save()
            return str(session.session_key)

    def log(self, name: str) -> str:
        """What the web server or the worker wrote last."""
        return (self.logs / f"{name}.log").read_text(errors="replace")[-4000:]


@contextmanager
def running_site(logs: Path) -> Iterator[Site]:
    """Makes the database, seeds it, starts the processes; at the end stops them and drops it."""
    name, port = f"sportello_site_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}", free_port()
    site = Site(port=port, database=name, logs=logs)
    before = str(connection.settings_dict["NAME"])
    clone_template(name)
    use_database(name)
    try:
        seed_all()
        with override_settings(PUBLIC_PORT=str(port)):
            call_command("federate_demo", stdout=io.StringIO())
            _lend_a_foreign_host()
    finally:
        use_database(before)
    processes = [_start(site, "web", _web(port)), _start(site, "worker", WORKER)]
    try:
        _wait_for(site, processes[0])
        yield site
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)
        drop(name)


def _lend_a_foreign_host() -> None:
    """The demonstration provider once more, on a host that shares no site with the desks."""
    foreign = DemoProvider("spid", FOREIGN)
    own = IdentityProvider.objects.get(entity_id=DemoProvider("spid").entity_id)
    IdentityProvider.objects.create(
        scheme="spid",
        entity_id=foreign.entity_id,
        name="SPID da un altro sito",
        sso_url=foreign.sso_url,
        certificates=own.certificates,
        environment=Environment.VALIDATION,
    )


def _web(port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    return [
        *command,
        "--workers",
        "1",
        "--blocking-threads",
        "2",
        "--workers-kill-timeout",
        "1",
        "sportello.config.wsgi:application",
    ]


WORKER: Final = [
    *(sys.executable, "-m", "celery", "-A", "sportello.config.celery", "worker", "--concurrency", "1"),
    *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
]


def _start(site: Site, name: str, command: list[str]) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": url_of(site.database),
        "VALKEY_URL": _own_valkey(),
        "DEMO": "1",
        "TESTING": "1",
        "PUBLIC_PORT": str(site.port),
        "SIMULATOR_ALIASES": FOREIGN,
        "MEDIA_ROOT": str(site.logs / "media"),
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
        "DB_POOL_MAX": "4",
    }
    with (site.logs / f"{name}.log").open("wb") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, env=environment, cwd=ROOT)


def _own_valkey() -> str:
    """A Valkey database apart: the worker of the site must not take the tasks of other tests from the queue."""
    base, _, number = os.environ["VALKEY_URL"].rpartition("/")
    return f"{base}/{int(number) + 8}"


def _wait_for(site: Site, web: subprocess.Popen[bytes]) -> None:
    """Until the first page answers; fails with the words of the server."""
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}/", headers={"Host": f"bari.{settings.BASE_HOST}"})
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and web.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310  # our own server
                return
        except urllib.error.HTTPError:
            return  # it answers; what it answers is the journeys' matter
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The web server did not start:\n{site.log('web')}")
