"""The programs of the product that the demo runs beside the two servers."""

import signal
import sys
from dataclasses import dataclass

CELERY = (sys.executable, "-m", "celery", "-A", "sportello.config.celery")


@dataclass(frozen=True, slots=True)
class Program:
    """A program and the signal it gets when the supervisor is killed; {state}, {bind} and {port} are filled in."""

    name: str
    command: tuple[str, ...]
    orphan_signal: signal.Signals = signal.SIGTERM

    def filled(self, **values: object) -> list[str]:
        """Return the command with its places filled in."""
        return [part.format_map(values) if "{" in part else part for part in self.command]


PROGRAMS: tuple[Program, ...] = (
    Program(
        name="web",
        command=(
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "{bind}", "--port", "{port}"),
            *("--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "3"),
            "sportello.config.wsgi:application",
        ),
    ),
    Program(
        name="worker",
        command=(*CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        orphan_signal=signal.SIGQUIT,  # its tasks can end no more: the database goes at the same moment
    ),
    Program(name="beat", command=(*CELERY, "beat", "--schedule", "{state}/beat-schedule", "--pidfile", "")),
)
