"""Places and processes for the tests of the demo."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sportello.demo.ports import free_port

STAND_IN = Path(__file__).with_name("stand_in.py")
PLATFORM = Path(__file__).resolve().parents[2] / "platform"


@pytest.fixture(autouse=True)
def _no_given_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests start servers of their own, whatever the others use."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("VALKEY_URL", raising=False)


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder that an unprivileged user can pass through (pytest's own is closed)."""
    folder = Path(tempfile.mkdtemp(prefix="sportello-demo-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def outside() -> dict[str, str]:
    """Return the environment of somebody who types `make demo`: ours, without what says that tests run."""
    ours = {"TESTING", "CLOCK_SHIFT_DAYS", "MEDIA_ROOT", "DJANGO_SETTINGS_MODULE", "DEMO_STATE"}
    return {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("PYTEST_")}


@dataclass
class RunningDemo:
    """A demo in a process of its own; ``command`` starts it."""

    state: Path
    port: int
    command: tuple[str, ...]
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self.console = self.state.with_name(f"console-{time.monotonic_ns()}.txt")
        with self.console.open("w") as console:
            self.process = subprocess.Popen(
                [sys.executable, *self.command],
                env={**outside(), "PYTHONPATH": str(PLATFORM), "PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def said(self) -> str:
        """Return all that the console shows."""
        return self.console.read_text()

    def wait_for(self, words: str, *, seconds: float = 30) -> None:
        """Wait until the console shows these words."""
        wait_until(lambda: words in self.said() or self.process.poll() is not None, seconds=seconds)
        assert words in self.said(), self.said()

    def descendants(self) -> set[int]:
        """Return the processes below the supervisor, deep ones included."""
        return below(self.process.pid)

    def end(self, how: signal.Signals = signal.SIGTERM, *, seconds: float = 15) -> float:
        """Send a signal, wait for the end, return the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(seconds)
        return time.monotonic() - began


@pytest.fixture
def start_demo(place: Path) -> Iterator[Callable[..., RunningDemo]]:
    """Give a way to start stand-in demos, on one state and port unless told otherwise; none survives the test."""
    started: list[RunningDemo] = []
    port = free_port()

    def start(trouble: str = "", *, on: int = port) -> RunningDemo:
        state = place / "state"
        started.append(RunningDemo(state=state, port=on, command=(str(STAND_IN), str(state), str(on), trouble)))
        return started[-1]

    yield start
    for demo in started:
        if demo.process.poll() is None:
            demo.end()


def wait_until(true: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until something is true, at most some seconds; the assertion after it says whether it became so."""
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)


def below(pid: int) -> set[int]:
    """Return the processes that descend from ``pid``."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [(int(child), int(parent)) for child, parent in (line.split() for line in listing.splitlines())]
    found = {pid}
    while True:
        more = {child for child, parent in pairs if parent in found} - found
        if not more:
            return found - {pid}
        found |= more


def alive(pids: set[int]) -> set[int]:
    """Return those of the processes that still run (zombies waiting for init do not)."""
    states = {pid: Path(f"/proc/{pid}/stat") for pid in pids}
    return {
        pid for pid, stat in states.items() if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    }
