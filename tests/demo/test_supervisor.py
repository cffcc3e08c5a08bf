"""The demo as a whole: it starts, goes on where it was, stops without leaving anything."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from sportello.demo.ports import free_port
from sportello.demo.state import DemoState
from tests.demo.conftest import PLATFORM, STAND_IN, RunningDemo, alive, below, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes through Linux's /proc")

type StartDemo = Callable[..., RunningDemo]
RUNNING = "is running"


def database_of(demo: RunningDemo) -> str:
    """Return the address of the database of a running demo."""
    lines = (demo.state / "environment").read_text().splitlines()
    return next(line.partition("=")[2].strip("'") for line in lines if line.startswith("DATABASE_URL="))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stops_in_time_and_leaves_no_process(start_demo: StartDemo, how: signal.Signals) -> None:
    demo = start_demo()
    demo.wait_for(RUNNING)
    family = demo.descendants()

    seconds = demo.end(how)

    assert demo.process.returncode == 0
    assert seconds < 5
    assert alive(family) == set()
    assert DemoState(folder=demo.state).owner() is None
    assert not (demo.state / "environment").exists()


def test_a_program_that_does_not_listen_is_killed_in_time(start_demo: StartDemo) -> None:
    demo = start_demo("stubborn")
    demo.wait_for(RUNNING)
    family = demo.descendants()

    seconds = demo.end()

    assert seconds < 10
    assert alive(family) == set()


def test_second_start_keeps_the_data_and_skips_the_set_up(start_demo: StartDemo) -> None:
    first = start_demo()
    first.wait_for(RUNNING)
    assert "[1/2] Writing two lines ...\n      first line\n      second line\n      done (" in first.said()
    with psycopg.connect(database_of(first)) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
    first.end()

    second = start_demo()
    second.wait_for(RUNNING)

    assert "Writing two lines" not in second.said()
    with psycopg.connect(database_of(second)) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("still here",)]


def test_killed_outright_leaves_nothing_and_starts_again(start_demo: StartDemo) -> None:
    demo = start_demo()
    demo.wait_for(RUNNING)
    family = demo.descendants()
    assert len(family) > 8  # web and its child, worker, Valkey, PostgreSQL and its own

    demo.end(signal.SIGKILL)
    wait_until(lambda: not alive(family))

    assert alive(family) == set()
    start_demo().wait_for(RUNNING)


def test_a_program_that_dies_is_started_again(start_demo: StartDemo) -> None:
    demo = start_demo()
    demo.wait_for(RUNNING)
    first = web_process(demo)

    os.kill(first, signal.SIGKILL)
    demo.wait_for("web stopped (signal SIGKILL): starting it again in 0.5 s")
    wait_until(lambda: web_process(demo) not in {0, first})

    assert web_process(demo) not in {0, first}


def test_postgres_that_dies_comes_back_on_its_port(start_demo: StartDemo) -> None:
    demo = start_demo()
    demo.wait_for(RUNNING)
    url = database_of(demo)
    leader = next(pid for pid in below(demo.process.pid) if "postgres\0-D" in Path(f"/proc/{pid}/cmdline").read_text())

    os.kill(leader, signal.SIGKILL)
    demo.wait_for("postgres stopped (signal SIGKILL)")
    wait_until(lambda: answers(url))

    assert answers(url)


def test_gives_up_on_a_program_that_always_dies(start_demo: StartDemo) -> None:
    demo = start_demo("dying")

    demo.process.wait(40)

    assert demo.process.returncode == 1
    assert "beat died 5 times just after its start: the demo stops. Its last words" in demo.said()
    assert "no such module" in demo.said()


def test_a_second_demo_says_that_one_runs(start_demo: StartDemo) -> None:
    first = start_demo()
    first.wait_for(RUNNING)

    second = start_demo(on=first.port + 1)
    second.process.wait(30)

    assert second.process.returncode == 1
    assert f"already running at http://centrale.localhost:{first.port} (process {first.process.pid})" in second.said()
    assert first.process.poll() is None


def test_a_taken_port_names_its_holder(start_demo: StartDemo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        demo = start_demo(on=port)
        demo.process.wait(30)

    assert demo.process.returncode == 1
    assert f"Port {port} is taken by " in demo.said()
    assert f"(process {os.getpid()})" in demo.said()
    assert f"make demo PORT={port + 1}" in demo.said()


def test_a_failing_step_shows_its_words_and_is_taken_up_again(start_demo: StartDemo) -> None:
    failing = start_demo("step-fails")
    failing.process.wait(20)
    assert failing.process.returncode == 1
    assert "This step failed: Doing more. Its last words" in failing.said()
    assert "the roster is missing" in failing.said()

    again = start_demo()
    again.wait_for(RUNNING)

    assert "[2/2] Doing more ..." in again.said()
    assert "Writing two lines" not in again.said()


def test_interrupted_in_mid_set_up_stops_at_once(start_demo: StartDemo) -> None:
    demo = start_demo("step-slow")
    demo.wait_for("at it")
    family = demo.descendants()

    seconds = demo.end(signal.SIGINT)

    assert seconds < 5
    assert alive(family) == set()
    assert not (demo.state / "steps" / "more").exists()


def test_stop_from_another_window(start_demo: StartDemo) -> None:
    demo = start_demo()
    demo.wait_for(RUNNING)
    state = DemoState(folder=demo.state)

    assert state.owner() == (demo.process.pid, demo.port)
    assert state.stop_owner() is True

    assert demo.process.wait(5) == 0
    assert state.stop_owner() is False


def test_reset_throws_everything_away(start_demo: StartDemo) -> None:
    demo = start_demo()
    demo.wait_for(RUNNING)
    demo.end()

    DemoState(folder=demo.state).throw_away()

    assert not demo.state.exists()


def test_the_lock_of_a_dead_demo_holds_nobody_up(place: Path) -> None:
    state = DemoState(folder=place / "state")
    state.prepare()
    (state.folder / "lock").write_text(json.dumps({"pid": os.getpid(), "port": 8000}))

    assert state.owner() is None
    with state.owned(port=8001):
        assert (state.folder / "lock").read_text() == json.dumps({"pid": os.getpid(), "port": 8001})


def web_process(demo: RunningDemo) -> int:
    """Return the process that answers on the demo's port, 0 when none does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/", timeout=2) as answer:
            return int(answer.read())
    except OSError:
        return 0


def answers(url: str) -> bool:
    """Tell whether the database takes connections."""
    try:
        psycopg.connect(url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ends_with_the_make_that_started_it(place: Path, how: signal.Signals) -> None:
    makefile = place / "Makefile"
    arguments = f"{sys.executable} {STAND_IN} {place / 'state'} {free_port()} '' --with-parent"
    makefile.write_text(f"demo:\n\t@exec {arguments}\n")
    console = place / "console.txt"
    with console.open("w") as output:
        make = subprocess.Popen(
            ["make", "-f", str(makefile), "demo"],
            env={**os.environ, "PYTHONPATH": str(PLATFORM)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Tests that run in the background ignore SIGINT, and so would make.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- one thread here
        )
    wait_until(lambda: RUNNING in console.read_text(), seconds=30)
    family = below(make.pid)
    assert len(family) > 8

    make.send_signal(how)
    make.wait(30)
    wait_until(lambda: not alive(family))

    assert alive(family) == set()
