"""What the demo keeps between two starts, all below one folder, and the lock that makes its owner the only one."""

import fcntl
import json
import os
import secrets
import shlex
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sportello.demo.errors import AlreadyRunning, WrongOwner
from sportello.demo.places import server_folder
from sportello.demo.processes import unprivileged_user

LOG_KEPT = 5_000_000
"""Bytes of a log beyond which a start sets it aside as <name>.log.1."""


@dataclass(frozen=True, slots=True)
class DemoState:
    """The folder of one demo."""

    folder: Path

    @property
    def logs(self) -> Path:
        """One log per process and per set-up step."""
        return self.folder / "logs"

    @property
    def steps(self) -> Path:
        """One marker per finished set-up step."""
        return self.folder / "steps"

    @property
    def people(self) -> Path:
        """The demo people, in lines for the console; written by the population."""
        return self.folder / "people.txt"

    @property
    def environment_file(self) -> Path:
        """The variables of the running demo, for a shell: ``set -a; . .demo/environment``."""
        return self.folder / "environment"

    @property
    def servers(self) -> Path:
        """Where the servers' data are; outside the folder when their user cannot pass through to it."""
        return server_folder(self.folder, unprivileged_user())

    def prepare(self) -> None:
        """Make the folders and set long logs aside. Raises WrongOwner."""
        try:
            for folder in (self.folder, self.logs, self.steps, self.folder / "media", self.folder / "mail"):
                folder.mkdir(parents=True, exist_ok=True)
                if not os.access(folder, os.W_OK):
                    raise WrongOwner(place=folder)
        except PermissionError as error:
            raise WrongOwner(place=Path(error.filename)) from error
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_KEPT:
                log.replace(log.with_suffix(".log.1"))

    def log(self, name: str) -> Path:
        """Return the log of a process or step."""
        return self.logs / f"{name}.log"

    def secret_key(self) -> str:
        """Return the key of this demo, made at the first start."""
        path = self.folder / "secret_key"
        if not path.exists():
            path.touch(mode=0o600)
        if not path.read_text():
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()

    def write_environment(self, settings: Mapping[str, str]) -> None:
        """Write the variables of the running demo for a shell, readable by this user only: they hold passwords."""
        self.environment_file.touch(mode=0o600)
        self.environment_file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()))

    @contextmanager
    def owned(self, *, port: int) -> Iterator[None]:
        """Hold the lock of this demo: the system lets it go with the process, however it ends.

        Raises AlreadyRunning when another supervisor holds it.
        """
        with (self.folder / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                owner = self.owner()
                pid, at = owner or (0, port)
                raise AlreadyRunning(pid=pid, address=f"http://centrale.localhost:{at}") from error
            lock.truncate(0)
            lock.write(json.dumps({"pid": os.getpid(), "port": port}))
            lock.flush()
            yield
            lock.truncate(0)

    def owner(self) -> tuple[int, int] | None:
        """Return process and port of the supervisor that runs on this state, None when there is none."""
        path = self.folder / "lock"
        if not path.exists():
            return None
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                words = json.loads(lock.read() or '{"pid": 0, "port": 0}')
                return int(words["pid"]), int(words["port"])
        return None

    def stop_owner(self, *, seconds: float = 20) -> bool:
        """Stop the supervisor that runs on this state and wait for its end; False when there was none."""
        owner = self.owner()
        if owner is None:
            return False
        os.kill(owner[0], signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while self.owner() is not None and time.monotonic() < deadline:
            time.sleep(0.1)
        return True

    def throw_away(self) -> None:
        """Remove everything, servers' data included. Raises WrongOwner."""
        if not self.folder.exists():
            return
        try:
            for folder in (self.servers, self.folder):
                if folder.exists():
                    shutil.rmtree(folder)
        except PermissionError as error:
            raise WrongOwner(place=Path(error.filename)) from error
