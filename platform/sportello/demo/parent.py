"""The process that started the demo, usually make: when it ends, or is interrupted alone, the demo ends too."""

import ctypes
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from sportello.demo.processes import PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Parent:
    """The parent as it was when we started."""

    pid: int
    awaited_interrupts: bool

    @classmethod
    def follow(cls) -> "Parent":
        """Ask for SIGTERM when the parent ends (Linux; elsewhere nothing) and return it."""
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
        return cls(pid=os.getppid(), awaited_interrupts=awaits_interrupts(os.getppid()))

    def was_interrupted(self) -> bool:
        """Tell whether the parent has received SIGINT.

        A Ctrl-C reaches every process of the terminal, ``kill -INT`` only make, which passes SIGTERM on but not
        SIGINT: it takes its handler away and waits for us. The missing handler is what we see.
        """
        return self.awaited_interrupts and not awaits_interrupts(self.pid)


def awaits_interrupts(pid: int) -> bool:
    """Tell whether the process has a handler for SIGINT; False where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    try:
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
    except (OSError, StopIteration):
        return False
    return bool(int(caught.split()[1], 16) & 1 << (signal.SIGINT - 1))
