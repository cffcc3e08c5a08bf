"""Run every check of the project, two at a time, and stop at the first that fails: ``make check``.

``make check ARGS="lint types"`` runs only those named.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from sportello.demo.embedded import start_postgres

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
LANES = 2
UV = next(
    (str(place) for place in (ROOT / ".tools/uv/bin/uv",) if place.exists()),
    shutil.which("uv") or "uv",
)
# Nothing here opens a connection with these values: they are what a deployment would set.
PRODUCTION = {
    "SECRET_KEY": "only-for-check-deploy-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "SEALING_KEYS": "only-for-check-deploy-zyxwvutsrqponmlkjihgfedcba-9876543210",
    "BASE_HOST": "sportello.example",
    "EMAIL_URL": "smtp+tls://clerk:letter@mail.sportello.example:587",
    "SAML_AGGREGATOR_IPA_CODE": "cm_example",
    "SAML_AGGREGATOR_VAT_NUMBER": "IT12345678901",
    "SAML_AGGREGATOR_FISCAL_CODE": "12345678901",
    "SAML_AGGREGATOR_EMAIL": "spid@sportello.example",
    "SAML_AGGREGATOR_PHONE": "+39080123456",
    "DEMO": "false",
    "DEBUG": "false",
}
DEVELOPMENT = {"DEMO": "true", "DJANGO_SETTINGS_MODULE": "sportello.config.settings"}


@dataclass(frozen=True)
class Check:
    """A command that must end with status 0."""

    name: str
    command: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=lambda: DEVELOPMENT)


@dataclass(frozen=True)
class Outcome:
    """How a check ended."""

    check: Check
    passed: bool
    seconds: float
    words: str


# The longest first: it fills one lane while the others pass through the other.
CHECKS = (
    Check("types", (PYTHON, "-m", "mypy")),
    Check("format", (PYTHON, "-m", "ruff", "format", "--check", "--quiet", ".")),
    Check("lint", (PYTHON, "-m", "ruff", "check", "--quiet", ".", ".make")),
    Check("lock", (UV, "lock", "--check", "--quiet")),
    Check("architecture", (str(Path(PYTHON).with_name("lint-imports")),)),
    Check("dependencies", (PYTHON, "-m", "deptry", ".")),
    Check("templates", (PYTHON, "-m", "djlint", "--lint", "--quiet", "templates")),
    Check("migrations", (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
    Check("translations", (PYTHON, ".make/translations.py")),
    Check("deploy", (PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
)


def main(names: list[str]) -> int:
    """Return 0 when every check (or every named one) passes."""
    unknown = set(names) - {check.name for check in CHECKS}
    if unknown:
        sys.stderr.write(
            f"No such check: {', '.join(sorted(unknown))}. They are: {', '.join(c.name for c in CHECKS)}\n"
        )
        return 2
    chosen = [check for check in CHECKS if not names or check.name in names]
    began = time.monotonic()
    database = start_postgres()
    try:
        failures = run_all(chosen, database.url)
    finally:
        database.stop()
    for outcome in failures:
        sys.stdout.write(f"\n--- {outcome.check.name}: {' '.join(outcome.check.command)}\n{outcome.words}\n")
    verdict = f"{len(failures)} failed" if failures else f"all {len(chosen)} passed"
    sys.stdout.write(f"Checks: {verdict} in {time.monotonic() - began:.1f} s\n")
    return 1 if failures else 0


def run_all(checks: list[Check], database: str) -> list[Outcome]:
    """Run the checks in two lanes; after a failure no further one starts. Return those that failed."""
    failures: list[Outcome] = []
    waiting = list(checks)
    running: set[Future[Outcome]] = set()
    with ThreadPoolExecutor(LANES) as lanes:
        while running or (waiting and not failures):
            while waiting and not failures and len(running) < LANES:
                running.add(lanes.submit(run, waiting.pop(0), database))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for outcome in (future.result() for future in done):
                mark = "ok  " if outcome.passed else "FAIL"
                sys.stdout.write(f"{mark} {outcome.check.name:<13} {outcome.seconds:5.1f} s\n")
                sys.stdout.flush()
                if not outcome.passed:
                    failures.append(outcome)
    return failures


def run(check: Check, database: str) -> Outcome:
    """Run one check and keep what it says."""
    began = time.monotonic()
    answer = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "DATABASE_URL": database, **check.settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(check, answer.returncode == 0, time.monotonic() - began, answer.stdout.strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
