"""PostgreSQL and Valkey for the demo and the tests, from installed packages, nothing to set up by hand.

Guarantees: a server listens on 127.0.0.1 only, with a password; it runs as ``nobody`` when we are root; it dies with
the process that started it; with ``DATABASE_URL`` or ``VALKEY_URL`` set nothing is started and that server is used.
Start from the main thread: the kernel ties the server to the thread.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from sportello.demo import postgres, valkey
from sportello.demo.errors import NotOurs, PortTaken
from sportello.demo.places import DiskUsage, discard, disk_usage, require_space, temporary_folder
from sportello.demo.ports import free_port, require_free
from sportello.demo.processes import ask, finish, unprivileged_user

PORT_ATTEMPTS = 5


@dataclass(slots=True)
class EmbeddedServer:
    """A server at ``url``; ``process`` is None when it was there before us; ``temporary`` goes away with it."""

    url: str = field(repr=False)  # carries the password
    port: int
    process: subprocess.Popen[bytes] | None = None
    temporary: Path | None = None

    polite: ClassVar[signal.Signals] = signal.SIGTERM
    firm: ClassVar[signal.Signals] = signal.SIGKILL

    @property
    def own_process(self) -> subprocess.Popen[bytes]:
        """The process that we started. Raises NotOurs when the server was there before us."""
        if self.process is None:
            raise NotOurs(port=self.port)
        return self.process

    def ask_to_stop(self) -> None:
        """Send the signal of an orderly shutdown and return at once."""
        if self.process is not None:
            ask(self.process, self.polite)

    def stop(self, *, seconds: float = 5) -> None:
        """Stop within ``seconds``, by force if need be, and throw temporary data away; twice is harmless."""
        if self.process is not None:
            self.ask_to_stop()
            finish(self.process, deadline=time.monotonic() + seconds, firm=self.firm)
        if self.temporary is not None:
            discard(self.temporary)


class PostgresServer(EmbeddedServer):
    """PostgreSQL; ``url`` is that of a superuser on the database ``sportello``, fit for DATABASE_URL."""

    polite = postgres.FAST_SHUTDOWN
    firm = postgres.IMMEDIATE_SHUTDOWN


class ValkeyServer(EmbeddedServer):
    """Valkey; ``url`` is fit for VALKEY_URL."""

    polite = valkey.SHUTDOWN


def start_postgres(
    folder: Path | None = None,
    *,
    log: Path | None = None,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
    usage: DiskUsage = disk_usage,
) -> PostgresServer:
    """Start PostgreSQL with its cluster in ``folder`` (made when missing), or on a temporary, fast, unsafe one.

    The server's user must be able to pass through to ``folder`` (``places.server_folder`` chooses such a place).
    The port is random unless given.
    Raises DiskFull, MissingLibrary, BinaryMissing, PortTaken, WrongOwner, ServerFailed.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        return PostgresServer(url=given, port=urlsplit(given).port or 5432)
    user = unprivileged_user()
    home = folder if folder is not None else temporary_folder(user)
    temporary = home if folder is None else None
    place = postgres.Place(folder=home, log=log or home / "server.log", user=user)
    chosen = {**(postgres.THROWN_AWAY if temporary else postgres.KEPT), **(settings or {})}
    first_time = not place.cluster.exists() and temporary is None
    with _discarded_on_failure(temporary):
        require_space(home, needed=postgres.SPACE_TO_CREATE if first_time else postgres.SPACE_TO_RUN, usage=usage)
        postgres.create_cluster(place)
        used, process = _on_a_port(port, lambda candidate: postgres.run(place, port=candidate, settings=chosen))
    return PostgresServer(url=postgres.url(place, used), port=used, process=process, temporary=temporary)


def start_valkey(
    folder: Path | None = None,
    *,
    log: Path | None = None,
    port: int | None = None,
    usage: DiskUsage = disk_usage,
) -> ValkeyServer:
    """Start Valkey with an append-only file in ``folder``, or in memory only. Port and errors as start_postgres."""
    given = os.environ.get("VALKEY_URL")
    if given:
        return ValkeyServer(url=given, port=urlsplit(given).port or 6379)
    user = unprivileged_user()
    home = folder if folder is not None else temporary_folder(user)
    temporary = home if folder is None else None
    place = valkey.Place(folder=home, log=log or home / "server.log", user=user)
    with _discarded_on_failure(temporary):
        require_space(home, needed=valkey.SPACE_TO_RUN, usage=usage)
        valkey.prepare(place)
        used, process = _on_a_port(port, lambda candidate: valkey.run(place, port=candidate, durable=temporary is None))
    return ValkeyServer(url=valkey.url(place, used), port=used, process=process, temporary=temporary)


def _on_a_port(
    port: int | None, start: Callable[[int], subprocess.Popen[bytes]]
) -> tuple[int, subprocess.Popen[bytes]]:
    """Start on the given port, or on a free one: between finding and taking it another program may come first."""
    if port is not None:
        require_free(port)
        return port, start(port)
    for _ in range(PORT_ATTEMPTS - 1):
        candidate = free_port()
        try:
            return candidate, start(candidate)
        except PortTaken:
            continue
    last = free_port()
    return last, start(last)


@contextmanager
def _discarded_on_failure(temporary: Path | None) -> Iterator[None]:
    """Throw the temporary folder away when the server did not start, Ctrl-C included."""
    try:
        yield
    except BaseException:
        if temporary is not None:
            discard(temporary)
        raise
