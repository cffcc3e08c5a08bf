"""Valkey by its bare program: prepare its folder, run it, say why it would not start."""

import os
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from sportello.demo.binaries import valkey_binary
from sportello.demo.errors import MissingLibrary, ServerFailed, WrongOwner, reason
from sportello.demo.processes import SystemUser, spawn, stop, tail

SHUTDOWN = signal.SIGTERM
PROGRAM = "Valkey"
SPACE_TO_RUN = 50_000_000
SECONDS_TO_START = 20.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where one Valkey lives: ``folder`` holds data/, password and the configuration; ``user`` runs it for root."""

    folder: Path
    log: Path
    user: SystemUser | None

    @property
    def data(self) -> Path:
        """Where the append-only file is."""
        return self.folder / "data"


def url(place: Place, port: int) -> str:
    """Return the address of its first database."""
    return f"redis://:{(place.folder / 'password').read_text().strip()}@127.0.0.1:{port}/0"


def prepare(place: Place) -> None:
    """Make the folder and the password unless they exist. Raises WrongOwner."""
    place.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    owner = place.user.uid if place.user else os.geteuid()
    if place.data.exists() and place.data.stat().st_uid != owner:
        raise WrongOwner(place=place.data)
    place.data.mkdir(mode=0o700, exist_ok=True)
    password = place.folder / "password"
    if not password.exists():
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
    if place.user:
        os.chown(place.data, place.user.uid, place.user.gid)


def run(place: Place, *, port: int, durable: bool) -> subprocess.Popen[bytes]:
    """Start the server and return when it answers. Raises PortTaken, MissingLibrary, DiskFull, ServerFailed."""
    password = (place.folder / "password").read_text().strip()
    written = place.log.stat().st_size if place.log.exists() else 0
    command = [valkey_binary(place.user), _configuration(place, port=port, password=password, durable=durable)]
    try:
        process = spawn(
            command, log=place.log, env={"LC_ALL": "C"}, cwd=Path("/"), user=place.user, orphan_signal=SHUTDOWN
        )
    except FileNotFoundError as error:  # the file is there: what is missing is the loader of dynamic programs
        raise MissingLibrary(program=PROGRAM, library="ld-linux (glibc)") from error
    except OSError as error:
        raise ServerFailed(program=PROGRAM, words=str(error), log=place.log) from error
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(port, password):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process, polite=SHUTDOWN, seconds=2)
            words = tail(place.log, after=written)
            raise reason(program=PROGRAM, words=words, folder=place.folder, log=place.log, port=port)
        time.sleep(0.01)
    return process


def _configuration(place: Place, *, port: int, password: str, durable: bool) -> Path:
    """Write the settings into a file of the server's user: a command line would show the password to everybody."""
    path = place.folder / "valkey.conf"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": f'"{place.data}"',
        "save": '""',
        "appendonly": "yes" if durable else "no",
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
    }
    path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    if place.user:
        os.chown(path, place.user.uid, place.user.gid)
    return path


def _answers(port: int, password: str) -> bool:
    """Tell whether our server (it knows our password) has read its data and answers."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                received = connection.recv(256)
                if not received:
                    return False
                answer += received
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False
