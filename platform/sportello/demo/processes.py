"""Start processes that cannot outlive their parent, and stop them within a time limit.

On Linux the kernel tells the child that its parent is gone (prctl(2), PR_SET_PDEATHSIG): the signal follows the
thread that started it, so start from the main thread; a change of user clears it, so it is set after. Elsewhere a
small guardian process watches a pipe held by the parent.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
FIRM_SECONDS = 1.0
"""How long a process may take to end on the firm signal."""
ON_LINUX = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class SystemUser:
    """The user a server runs as."""

    uid: int
    gid: int


def unprivileged_user() -> SystemUser | None:
    """Return ``nobody`` when we are root (PostgreSQL refuses root), None when the present user will do."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return SystemUser(uid=nobody.pw_uid, gid=nobody.pw_gid)


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: SystemUser | None = None,
    orphan_signal: signal.Signals = signal.SIGTERM,
    guarded: bool = not ON_LINUX,
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, its output added to ``log``; it gets ``orphan_signal`` if we die.

    ``guarded`` watches with a pipe instead of asking the kernel. Raises OSError as Popen does.
    """
    arguments = [str(part) for part in command]
    watch: int | None = None
    if guarded:
        watch, held = os.pipe()
        os.set_inheritable(held, False)  # noqa: FBT003 the library's own; our end closes with us
        arguments = [
            sys.executable,
            str(Path(__file__).with_name("guardian.py")),
            str(watch),
            str(int(orphan_signal)),
            *arguments,
        ]
    try:
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 commands of this room only
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                cwd=cwd,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
                process_group=0,
                pass_fds=() if watch is None else (watch,),
                preexec_fn=None if guarded else _follow_parent(orphan_signal),  # noqa: PLW1509 only libc calls, one thread
            )
    finally:
        if watch is not None:
            os.close(watch)


class _FollowParent:
    """What runs in the child between fork and exec: ask for the signal, leave if the parent is gone already."""

    def __init__(self, orphan_signal: signal.Signals) -> None:
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.signal = int(orphan_signal)
        self.parent = os.getpid()

    def __call__(self) -> None:
        self.libc.prctl(PR_SET_PDEATHSIG, self.signal)
        if os.getppid() != self.parent:
            os._exit(1)


def _follow_parent(orphan_signal: signal.Signals) -> _FollowParent:
    return _FollowParent(orphan_signal)


def stop(
    process: subprocess.Popen[bytes],
    *,
    polite: signal.Signals,
    seconds: float,
    firm: signal.Signals = signal.SIGKILL,
) -> None:
    """Ask a process to end, wait at most ``seconds``, then insist as ``finish`` does."""
    ask(process, polite)
    finish(process, deadline=time.monotonic() + seconds, firm=firm)


def ask(process: subprocess.Popen[bytes], polite: signal.Signals) -> None:
    """Send the polite signal, if the process is still there."""
    if process.poll() is None:
        process.send_signal(polite)


def finish(process: subprocess.Popen[bytes], *, deadline: float, firm: signal.Signals = signal.SIGKILL) -> None:
    """Wait until ``deadline`` (of time.monotonic), then send ``firm``, then kill; its group never survives it.

    A process whose children lead groups of their own (PostgreSQL) needs a firm signal on which it ends them itself.
    """
    try:
        process.wait(max(0.05, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        ask(process, firm)
        try:
            process.wait(FIRM_SECONDS)
        except subprocess.TimeoutExpired:
            kill_group(process)
            process.wait()
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the group that this process leads."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nobody left (macOS says EPERM for zombies)
        return


def tail(log: Path, *, lines: int = 15, after: int = 0) -> str:
    """Return the last lines of a log, of what was written beyond byte ``after``."""
    if not log.exists():
        return ""
    with log.open("rb") as content:
        content.seek(max(after, log.stat().st_size - 16_384))
        return "\n".join(content.read().decode(errors="replace").splitlines()[-lines:])
