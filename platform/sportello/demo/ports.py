"""Ports of this machine: a free one, and who holds a taken one."""

import errno
import socket
from contextlib import closing
from pathlib import Path

from sportello.demo.errors import PortForbidden, PortTaken

LISTENING = "0A"


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody held a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free(port: int, *, host: str = "127.0.0.1", advice: str = "") -> None:
    """Raise PortTaken (with the holder, where the system tells) or PortForbidden unless we could listen there."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left is free
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise PortForbidden(port=port) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTaken(port=port, holder=holder_of(port), advice=advice) from error


def holder_of(port: int) -> str:
    """Return "name (process 123)" of who listens on the port, or an empty text (not Linux, or another user's)."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not sockets:
        return ""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            descriptors = list((process / "fd").iterdir())
            if any(str(descriptor.readlink()) in sockets for descriptor in descriptors):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:  # gone meanwhile, or not ours to look into
            continue
    return ""


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(fields[9])
    return found
