"""Make the project ready to run: uv in .tools/, the locked packages in .venv/.

Needs only a Python 3.7 or newer, without pip or venv. Guarantees: the second run with the same lock file
uses no network and takes a fraction of a second; each failure ends with a sentence saying what to do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from index import configured_certificate, configured_index
from obtain_uv import BootstrapError, obtain_uv

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / ".ready"
OLDEST = (3, 12)
SPACE_NEEDED = 1_200_000_000
"""Bytes: the packages (0.5 GB), their download cache (0.4 GB), a Python of its own (0.2 GB)."""


def main() -> int:
    """Return 0 when .venv is ready, 1 after having said on stderr why it is not."""
    try:
        if is_ready():
            return 0
        prepare()
    except BootstrapError as error:
        sys.stderr.write("\n%s\n" % error)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted: the next run goes on from here.\n")
        return 130
    except PermissionError as error:
        sys.stderr.write(
            "\n%s may not be written by this user. Was the project set up by another user (root)? "
            "Give the files back (chown -R), or clone the project again.\n" % error.filename
        )
        return 1
    return 0


def is_ready() -> bool:
    """Tell whether .venv holds what the lock file asks, in this very place, with a Python that still runs."""
    python = ENVIRONMENT / "bin" / "python"
    return python.exists() and STAMP.is_file() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    """Return what the stamp must say: the place of the project, a digest of the lock and the project file."""
    digest = sha256()
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return "%s\n%s\n" % (ROOT, digest.hexdigest())


def was_moved() -> bool:
    """Tell whether .venv was made in another place: its programs would look for their Python there."""
    return STAMP.is_file() and STAMP.read_text().splitlines()[:1] != [str(ROOT)]


def prepare() -> None:
    """Obtain uv and a Python, install the locked packages, write the stamp."""
    began = time.monotonic()
    check_space()
    if was_moved():
        say("the project was moved: .venv is made anew")
        shutil.rmtree(str(ENVIRONMENT))
        shutil.rmtree(str(TOOLS / "uv"), ignore_errors=True)
    TOOLS.mkdir(exist_ok=True)
    uv = obtain_uv(TOOLS, say)
    environment = uv_environment()
    python = find_python(uv, environment)
    say("installing the locked packages into .venv (a few minutes the first time)")
    install(uv, python, environment)
    STAMP.write_text(fingerprint())
    say("ready in %.0f s" % (time.monotonic() - began))


def say(sentence: str) -> None:
    """Show one line of progress."""
    sys.stderr.write("setup: %s\n" % sentence)
    sys.stderr.flush()


def check_space() -> None:
    """Refuse early when the disk cannot hold the packages."""
    free = shutil.disk_usage(str(ROOT)).free
    if not ENVIRONMENT.exists() and free < SPACE_NEEDED:
        raise BootstrapError(
            "The disk is nearly full: %d MB are free in %s and about %d MB are needed. Free some space and run "
            "the command again." % (free // 10**6, ROOT, SPACE_NEEDED // 10**6)
        )


def uv_environment() -> dict[str, str]:
    """Return the environment for uv: everything it downloads stays in the project when the home cannot be written."""
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)
    environment["UV_PROJECT_ENVIRONMENT"] = str(ENVIRONMENT)
    environment["UV_NO_PROGRESS"] = environment.get("UV_NO_PROGRESS", "" if sys.stderr.isatty() else "1")
    environment.setdefault("UV_PYTHON_INSTALL_DIR", str(TOOLS / "python"))
    environment.setdefault("UV_SYSTEM_CERTS", "1")
    certificate = configured_certificate()
    if certificate:
        environment.setdefault("SSL_CERT_FILE", certificate)
    home = Path(environment.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    existing = next(path for path in [home, *home.parents] if path.exists())
    if not os.access(str(existing), os.W_OK):
        environment.setdefault("UV_CACHE_DIR", str(TOOLS / "cache"))
    if not environment["UV_NO_PROGRESS"]:
        del environment["UV_NO_PROGRESS"]
    return environment


def find_python(uv: Path, environment: dict[str, str]) -> str:
    """Return the Python for .venv: UV_PYTHON, else one of this machine, else one that uv downloads.

    pyenv keeps its versions behind shims that refuse to start, so their folder is looked into as well.
    """
    if environment.get("UV_PYTHON"):
        return environment["UV_PYTHON"]
    for candidate in python_candidates():
        if runs_new_enough(candidate):
            return str(candidate)
    say("no Python %d.%d or newer on this machine: downloading one" % OLDEST)
    answer = subprocess.run(
        [str(uv), "python", "install", "3.13"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if answer.returncode == 0:
        return "3.13"
    sys.stderr.write(answer.stderr)
    raise BootstrapError(
        "There is no Python 3.12 or newer on this machine, and it could not be downloaded. Install one (Debian: "
        "apt-get install python3 from trixie on; Fedora: dnf install python3.13; or pyenv install 3.13), or say "
        "where it is: make demo UV_PYTHON=/path/to/python3.13"
    )


def python_candidates() -> list[Path]:
    """Return the interpreters worth trying, the preferred first: this one, then PATH, then pyenv's versions."""
    names = ["python3.13", "python3.12", "python3.14", "python3"]
    folders = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    folders += [Path("/usr/bin"), Path("/usr/local/bin"), Path("/opt/homebrew/bin")]
    pyenv = Path(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")) / "versions"
    on_path = [folder / name for name in names for folder in folders if "shims" not in folder.parts]
    versions = []  # type: list[Path]
    if os.access(str(pyenv), os.R_OK | os.X_OK):
        for minor in ("3.13", "3.12", "3.14"):
            versions += sorted(pyenv.glob(minor + ".*/bin/python3"), reverse=True)
    candidates = [Path(sys.executable)] if sys.version_info >= OLDEST else []
    return list(dict.fromkeys(candidates + on_path + versions))


def runs_new_enough(python: Path) -> bool:
    """Tell whether this interpreter starts, is CPython 3.12 to 3.14 and is built complete enough to be used."""
    probe = (
        "import ssl, sqlite3, ctypes, sys; "
        "sys.exit(not ((3, 12) <= sys.version_info[:2] <= (3, 14) and sys.implementation.name == 'cpython'))"
    )
    if not os.access(str(python), os.X_OK):
        return False
    try:
        answer = subprocess.run(
            [str(python), "-c", probe],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def install(uv: Path, python: str, environment: dict[str, str]) -> None:
    """Install the locked packages; a failure is tried once more, then explained."""
    commands = [[str(uv), "sync", "--frozen", "--python", python]]
    mirror = configured_index()
    if run_all(commands, environment, quiet=False):
        return
    if mirror:
        say("trying the package index configured for pip: %s" % mirror)
        commands = commands_for_mirror(uv, python, mirror)
    else:
        say("the first attempt failed; trying once more")
    if run_all(commands, environment, quiet=True):
        return
    raise BootstrapError(explain(LAST_WORDS.read_text(errors="replace") if LAST_WORDS.exists() else ""))


def commands_for_mirror(uv: Path, python: str, mirror: str) -> list[list[str]]:
    """Return the commands that take the locked packages, by their digests, from another index."""
    listing = str(TOOLS / "requirements.txt")
    interpreter = str(ENVIRONMENT / "bin" / "python")
    return [
        [str(uv), "venv", "--allow-existing", "--python", python, str(ENVIRONMENT)],
        [str(uv), "export", "--frozen", "--quiet", "--no-emit-project", "--output-file", listing],
        [str(uv), "pip", "sync", "--require-hashes", "--default-index", mirror, "--python", interpreter, listing],
        [str(uv), "pip", "install", "--no-deps", "--default-index", mirror, "--python", interpreter, "-e", "."],
    ]


LAST_WORDS = TOOLS / "setup.log"


def run_all(commands: list[list[str]], environment: dict[str, str], *, quiet: bool) -> bool:
    """Run the commands one after the other; ``quiet`` keeps what they say in a file, to be explained."""
    for command in commands:
        with LAST_WORDS.open("w") as log:
            answer = subprocess.run(
                command,
                cwd=str(ROOT),
                env=environment,
                stdin=subprocess.DEVNULL,
                stderr=log if quiet else None,
                check=False,
            )
        if answer.returncode != 0:
            return False
    return True


def explain(words: str) -> str:
    """Return what happened and what to do, from the last words of uv."""
    lowered = words.lower()
    tail = "\n".join(words.strip().splitlines()[-15:])
    if "no space left" in lowered or "os error 28" in lowered:
        return "%s\n\nThe disk is full. Free about 1 GB and run the command again." % tail
    if "permission denied" in lowered or "os error 13" in lowered:
        return (
            "%s\n\nA file may not be written by this user. Was the project set up by another user (root)? "
            "Remove .venv and .tools as that user, then run the command again." % tail
        )
    network = ("error sending request", "dns error", "failed to fetch", "connect", "timed out", "certificate")
    if any(word in lowered for word in network):
        return (
            "%s\n\nThe packages could not be downloaded. The first run needs the internet (or a package index: set "
            "PIP_INDEX_URL; behind a proxy: HTTPS_PROXY; a company certificate: SSL_CERT_FILE). Run the command "
            "again when it can be reached: what has arrived is kept." % tail
        )
    return "%s\n\nThe packages could not be installed; the lines above say why." % tail


if __name__ == "__main__":
    sys.exit(main())
