"""The processes under the supervisor: started, watched, started again when they die, given up when that is useless."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sportello.demo.errors import DemoError, GaveUp
from sportello.demo.processes import ask, finish, kill_group, tail

QUICK_SECONDS = 10.0
"""A process that dies sooner than this after its start died quickly."""
QUICK_DEATHS_BORNE = 5
LONGEST_PAUSE = 8.0

type Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """One process: how to start it, how to ask it to end, where it writes."""

    name: str
    start_process: Callable[[], subprocess.Popen[bytes]]
    log: Path
    polite: signal.Signals = signal.SIGTERM
    firm: signal.Signals = signal.SIGKILL
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_deaths: int = 0
    start_again_at: float = 0.0

    def start(self) -> None:
        """Start the process. Raises what ``start_process`` raises."""
        self.started_at = time.monotonic()
        self.process = self.start_process()

    def adopt(self, process: subprocess.Popen[bytes]) -> None:
        """Take over a process that was started already."""
        self.started_at = time.monotonic()
        self.process = process

    def watch(self, say: Say) -> None:
        """Start the process again after it died, each time after a longer pause. Raises GaveUp."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_again_at:
                self._try_again(say)
        elif self.process.poll() is not None:
            kill_group(self.process)  # what it had started must not work on beside its successor
            status = self.process.returncode
            self.process = None
            self._plan_restart(_ending(status), say)

    def ask_to_stop(self) -> None:
        """Send the polite signal and return at once."""
        if self.process is not None:
            ask(self.process, self.polite)

    def finish(self, *, deadline: float) -> None:
        """Wait for the end until ``deadline`` (of time.monotonic), then kill."""
        if self.process is not None:
            finish(self.process, deadline=deadline, firm=self.firm)

    def _try_again(self, say: Say) -> None:
        try:
            self.start()
        except DemoError as error:
            self._plan_restart(str(error), say)

    def _plan_restart(self, ending: str, say: Say) -> None:
        now = time.monotonic()
        self.quick_deaths = self.quick_deaths + 1 if now - self.started_at < QUICK_SECONDS else 1
        if self.quick_deaths >= QUICK_DEATHS_BORNE:
            raise GaveUp(name=self.name, times=self.quick_deaths, words=tail(self.log), log=self.log)
        pause = min(0.25 * 2**self.quick_deaths, LONGEST_PAUSE)
        self.start_again_at = now + pause
        say(f"{self.name} stopped ({ending}): starting it again in {pause:.1f} s")


def _ending(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
