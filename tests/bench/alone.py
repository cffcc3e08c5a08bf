"""A command measured by a parent that holds next to nothing.

The system counts what a process held before it became the command: started by a bench with a hundred thousand rows in
its hands, even `true` would have held them. So this is a program of its own, which only starts, waits and tells.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

PROGRAM: Final = Path(__file__)


class Measured(NamedTuple):
    """Seconds of the clock and of the processor, and the most that one of its processes held, in MB."""

    clock: float
    cpu: float
    memory: float


def measured(command: list[str], allowed: tuple[int, ...] = (0,)) -> Measured:
    """Run it to its end; what it prints is left out. Raises RuntimeError when it ends otherwise than is allowed."""
    told = subprocess.run([sys.executable, "-I", "-S", str(PROGRAM), *command], stdout=subprocess.PIPE, check=True)
    *figures, code = json.loads(told.stdout)
    if code not in allowed:
        raise RuntimeError(command)
    return Measured(*figures)


def _tell(command: list[str]) -> None:
    started = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    spent = perf_counter() - started
    held = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    sys.stdout.write(json.dumps([spent, usage.ru_utime + usage.ru_stime, held, os.waitstatus_to_exitcode(status)]))


if __name__ == "__main__":
    _tell(sys.argv[1:])
