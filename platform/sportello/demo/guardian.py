"""Run a command and pass it a signal when the pipe to the grandparent closes: for systems without PR_SET_PDEATHSIG.

Called as ``python guardian.py <fd> <signal> <command...>``; imports nothing of the project, so that it starts at once.
"""

import os
import select
import signal
import subprocess
import sys
from types import FrameType

POLL_SECONDS = 0.2


def main() -> int:
    """Return the command's exit status, once it has ended."""
    watch, orphan_signal, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    child = subprocess.Popen(command)  # noqa: S603 the supervisor wrote it

    def forward(received: int, _frame: FrameType | None) -> None:
        child.send_signal(received)

    for caught in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(caught, forward)
    while child.poll() is None:
        readable, _, _ = select.select([watch], [], [], POLL_SECONDS)
        if readable and not os.read(watch, 1):
            child.send_signal(orphan_signal)
            return child.wait()
    return child.returncode


if __name__ == "__main__":
    sys.exit(main())
