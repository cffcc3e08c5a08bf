"""Where servers keep their data: temporary folders that clean up after a crash, and room for them on the disk."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from sportello.demo.binaries import open_place, reachable
from sportello.demo.errors import DiskFull
from sportello.demo.processes import SystemUser

PREFIX = "sportello-scuola-temporary-"
_OWNED: dict[Path, int] = {}
"""The temporary folders of this process and the descriptor of the lock that says so."""


class Usage(Protocol):
    """What shutil.disk_usage answers, as far as we read it."""

    @property
    def free(self) -> int:
        """Bytes that may still be written."""


type DiskUsage = Callable[[Path], Usage]


def disk_usage(place: Path) -> Usage:
    """Return the space of the disk that holds ``place``."""
    return shutil.disk_usage(place)


def require_space(place: Path, *, needed: int, usage: DiskUsage = disk_usage) -> None:
    """Raise DiskFull unless ``needed`` bytes are free where ``place`` is or will be."""
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    free = usage(existing).free
    if free < needed:
        raise DiskFull(place=existing, free=free, needed=needed)


def temporary_folder(user: SystemUser | None) -> Path:
    """Return a new folder that ``user`` reaches, for this process only; folders of dead processes are removed."""
    parent = _temporary_parent(user)
    for left in parent.glob(f"{PREFIX}*"):
        _remove_if_abandoned(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    folder.chmod(0o711)
    _OWNED[folder] = _lock(folder, os.O_CREAT)
    return folder


def discard(folder: Path) -> None:
    """Remove a temporary folder of this process."""
    shutil.rmtree(folder, ignore_errors=True)
    descriptor = _OWNED.pop(folder, None)
    if descriptor is not None:
        os.close(descriptor)


def server_folder(state: Path, user: SystemUser | None) -> Path:
    """Return where the servers' data of this ``state`` live: below it, unless ``user`` cannot pass through there.

    For root with a project below a closed folder (its own home) that is a folder of the system, the same each time.
    """
    if user is None or reachable(state.resolve(), user):
        return state / "servers"
    folder = open_place() / f"demo-{sha256(str(state.resolve()).encode()).hexdigest()[:12]}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder


def _temporary_parent(user: SystemUser | None) -> Path:
    chosen = Path(tempfile.gettempdir())
    return chosen if user is None or reachable(chosen, user) else open_place()


def _lock(folder: Path, flags: int) -> int:
    """Lock the folder for the life of this process; raises OSError when another one lives in it, or it has no lock."""
    descriptor = os.open(folder / "lock", os.O_RDWR | flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove_if_abandoned(folder: Path) -> None:
    try:
        descriptor = _lock(folder, 0)
    except OSError:  # alive, just being made, or another user's
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.close(descriptor)
