"""`make demo` as it is: the real servers, set-up, web, worker and beat below the supervisor, with few children."""

import re
import signal
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from celery import Celery

from sportello.demo.ports import free_port
from sportello.demo.state import DemoState
from tests.demo.conftest import RunningDemo, alive, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes through Linux's /proc")
CHILDREN = 40
SET_UP_SECONDS = 240


@pytest.fixture
def demos(place: Path) -> Iterator[list[RunningDemo]]:
    started: list[RunningDemo] = []
    yield started
    for demo in started:
        if demo.process.poll() is None:
            demo.end(signal.SIGKILL)


def begin(demos: list[RunningDemo], place: Path, port: int) -> RunningDemo:
    state = place / "state"
    command = ("-m", "sportello.demo", "run", "--state", str(state), "--children", str(CHILDREN))
    demos.append(RunningDemo(state=state, port=port, command=command))
    demos[-1].wait_for("Sportello Scuola is running.", seconds=SET_UP_SECONDS)
    return demos[-1]


def page(demo: RunningDemo, host: str, path: str = "/") -> tuple[int, str]:
    """Asks the way a browser does, without needing a resolver that knows *.localhost."""
    connection = HTTPConnection("127.0.0.1", demo.port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": f"{host}.localhost:{demo.port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def setting(demo: RunningDemo, name: str) -> str:
    lines = (demo.state / "environment").read_text().splitlines()
    return next(line.partition("=")[2].strip("'") for line in lines if line.startswith(f"{name}="))


def children_of(demo: RunningDemo, schema: str) -> int:
    with psycopg.connect(setting(demo, "DATABASE_URL")) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {schema}.families_child").fetchone() or (0,)
        return int(count)


def test_from_nothing_to_pages_and_back_with_the_data_kept(demos: list[RunningDemo], place: Path) -> None:
    port = free_port()
    first = begin(demos, place, port)
    pages_answer(first)
    beat_reaches_the_worker(first)
    children = {schema: children_of(first, schema) for schema in ("c_a662", "c_a893", "c_l109")}
    assert all(count >= CHILDREN for count in children.values()), children
    stops_without_a_trace(first)

    second = begin(demos, place, port)
    assert "[1/" not in second.said()  # nothing is set up twice
    assert {schema: children_of(second, schema) for schema in children} == children
    pages_answer(second)
    stops_without_a_trace(second)


def pages_answer(demo: RunningDemo) -> None:
    for slug, name in (
        ("bari", "Bari"),
        ("bitonto", "Bitonto"),
        ("terlizzi", "Terlizzi"),
        ("gravina-in-puglia", "Gravina"),
    ):
        status, text = page(demo, slug)
        assert (status, name in text) == (200, True), (slug, status)
    assert page(demo, "centrale", "/accedi/")[0] == 200
    assert page(demo, "nessuno")[0] == 404
    style = re.search(r'href="(/static/[^"]+\.css)"', page(demo, "bari")[1])
    assert style is not None
    assert page(demo, "bari", style[1])[0] == 200
    assert page(demo, "bari", "/demo/posta/")[0] == 200
    people = (demo.state / "people.txt").read_text().splitlines()
    assert len(people) >= 6
    assert all(line in demo.said() for line in people)


def beat_reaches_the_worker(demo: RunningDemo) -> None:
    """Beat has begun; the message it sends at night is worked off by the real worker in each Comune that is live."""
    address = setting(demo, "VALKEY_URL")
    log = demo.state / "logs" / "worker.log"
    wait_until((demo.state / "beat-schedule").exists, seconds=30)
    assert (demo.state / "beat-schedule").exists()  # the schedule was read and kept
    wait_until(lambda: "ready" in log.read_text(), seconds=30)
    with Celery(broker=address, set_as_current=False) as beat:
        beat.send_task("tenants.fan_out", kwargs={"task_name": "accounts.forget_sessions"})
    done = re.compile(r"Task accounts\.forget_sessions\[[^]]+\] succeeded")
    wait_until(lambda: len(done.findall(log.read_text())) >= 3, seconds=30)
    assert len(done.findall(log.read_text())) >= 3, log.read_text()[-2000:]


def stops_without_a_trace(demo: RunningDemo) -> None:
    family = demo.descendants()
    assert len(family) > 8
    seconds = demo.end()
    assert (demo.process.returncode, seconds < 15) == (0, True), (demo.process.returncode, seconds)
    assert alive(family) == set()
    assert DemoState(folder=demo.state).owner() is None
    assert not (demo.state / "environment").exists()
