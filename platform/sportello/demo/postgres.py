"""PostgreSQL by its bare programs: create a cluster, run it, say why it would not start."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sportello.demo.binaries import postgres_binaries
from sportello.demo.errors import MissingLibrary, ServerFailed, WrongOwner, reason
from sportello.demo.processes import SystemUser, spawn, stop, tail

FAST_SHUTDOWN = signal.SIGINT
IMMEDIATE_SHUTDOWN = signal.SIGQUIT
PROGRAM = "PostgreSQL"
SPACE_TO_CREATE = 1_000_000_000
"""Bytes: a cluster with the demo's population."""
SPACE_TO_RUN = 200_000_000
SECONDS_TO_START = 60.0
SECONDS_FOR_PREDECESSOR = 20.0
PREDECESSOR_LIVES = "is still in use"
"""In PostgreSQL's words when processes of a killed server still end their work on the same cluster."""
DATABASE = "sportello"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # a transaction that makes a whole schema locks some 300 objects
    "max_parallel_workers_per_gather": "0",  # two cores at most, and containers have a small /dev/shm
    "max_parallel_maintenance_workers": "0",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "logging_collector": "off",
}
KEPT = {
    # 42 schemas are 14,000 files: flushing each takes ten seconds at every stop. Without it a crash of the whole
    # machine (not of a process) may spoil the demo's data, which make demo-reset makes again.
    "fsync": "off",
    "synchronous_commit": "off",
}
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one cluster lives: ``folder`` holds cluster/ and password; ``user`` runs it when we are root."""

    folder: Path
    log: Path
    user: SystemUser | None

    @property
    def cluster(self) -> Path:
        """The data directory."""
        return self.folder / "cluster"


def url(place: Place, port: int) -> str:
    """Return the address of the database for its superuser."""
    password = (place.folder / "password").read_text().strip()
    return f"postgres://postgres:{password}@127.0.0.1:{port}/{DATABASE}"


def create_cluster(place: Place) -> None:
    """Make the cluster unless it exists; an interrupted attempt leaves nothing. Raises DemoError."""
    place.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    if place.cluster.exists():
        owner = place.user.uid if place.user else os.geteuid()
        if place.cluster.stat().st_uid != owner:
            raise WrongOwner(place=place.cluster)
        return
    binaries = postgres_binaries(place.user)
    fresh = place.folder / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password = place.folder / "password"
    password.unlink(missing_ok=True)
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    if place.user:
        os.chown(fresh, place.user.uid, place.user.gid)
        os.chown(password, place.user.uid, place.user.gid)
    initdb: list[str | Path] = [binaries.initdb, "-D", fresh, "-U", "postgres", "--pwfile", password]
    initdb += [
        "-A",
        "scram-sha-256",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]
    # One iteration suffices against a password of 192 random bits, and keeps connecting fast.
    _run_to_end([*initdb, "-c", "scram_iterations=1"], place)
    single: list[str | Path] = [binaries.postgres, "--single", "-D", fresh, "-c", "fsync=off", "postgres"]
    _run_to_end(single, place, words=f"CREATE DATABASE {DATABASE}\n")
    fresh.rename(place.cluster)


def run(place: Place, *, port: int, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the server and return when it answers. Raises PortTaken, MissingLibrary, DiskFull, ServerFailed."""
    clear_stale_lock(place)
    patience = time.monotonic() + SECONDS_FOR_PREDECESSOR
    while True:
        try:
            return _run_once(place, port=port, settings=settings)
        except ServerFailed as failure:
            if PREDECESSOR_LIVES not in str(failure) or time.monotonic() > patience:
                raise
        time.sleep(0.2)


def _run_once(place: Place, *, port: int, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    binaries = postgres_binaries(place.user)
    command: list[str | Path] = [binaries.postgres, "-D", place.cluster, "-p", str(port)]
    for name, value in {**SETTINGS, **settings}.items():
        command += ["-c", f"{name}={value}"]
    written = place.log.stat().st_size if place.log.exists() else 0
    try:
        process = spawn(
            command, log=place.log, env=_environment(), cwd=Path("/"), user=place.user, orphan_signal=FAST_SHUTDOWN
        )
    except OSError as error:
        raise ServerFailed(program=PROGRAM, words=str(error), log=place.log) from error
    deadline = time.monotonic() + SECONDS_TO_START
    while not _is_ready(place, process):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process, polite=FAST_SHUTDOWN, seconds=2, firm=IMMEDIATE_SHUTDOWN)
            words = tail(place.log, after=written)
            raise reason(program=PROGRAM, words=words, folder=place.folder, log=place.log, port=port)
        time.sleep(0.01)
    return process


def clear_stale_lock(place: Place) -> None:
    """Remove the postmaster.pid of a server that is gone, or stop the one that still lives on this cluster.

    PostgreSQL does the first by itself unless the number now belongs to another process of the same user, which is
    usual in containers. The second happens only where the system could not tie the server to its parent.
    """
    lock = place.cluster / "postmaster.pid"
    if not lock.exists():
        return
    first = lock.read_text().splitlines()[:1]
    pid = int(first[0]) if first and first[0].isdigit() else 0
    process = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        return
    try:
        alive = pid > 0 and (process / "cwd").readlink() == place.cluster.resolve()
    except OSError:  # no such process, or not ours: not a server on our files
        alive = False
    if alive:
        os.kill(pid, FAST_SHUTDOWN)
        deadline = time.monotonic() + 5
        while process.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    lock.unlink(missing_ok=True)


def _is_ready(place: Place, process: subprocess.Popen[bytes]) -> bool:
    """Read the state that the server writes into its lock file, as pg_ctl does."""
    try:
        lines = (place.cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready" and process.poll() is None


def _run_to_end(command: list[str | Path], place: Place, *, words: str = "") -> None:
    try:
        answer = subprocess.run(  # noqa: S603 commands of this module only
            command,
            input=words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=_environment(),
            cwd="/",
            user=place.user.uid if place.user else None,
            group=place.user.gid if place.user else None,
            extra_groups=[] if place.user else None,
            check=False,
        )
    except FileNotFoundError as error:  # the file is there: what is missing is the loader of dynamic programs
        raise MissingLibrary(program=PROGRAM, library="ld-linux (glibc)") from error
    except OSError as error:
        raise ServerFailed(program=PROGRAM, words=str(error), log=place.log) from error
    with place.log.open("a") as log:
        log.write(answer.stdout)
    if answer.returncode != 0:
        raise reason(program=PROGRAM, words=answer.stdout[-4_000:], folder=place.folder, log=place.log, port=0)


def _environment() -> dict[str, str]:
    """Return the server's environment: nothing of PG* may leak in, and its messages stay in English."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
