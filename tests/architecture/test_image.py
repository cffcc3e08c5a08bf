"""The production image has the run-time dependencies alone: nothing it installs as an app may come from elsewhere."""

import os
import re
import subprocess
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = {"TESTING", "DEMO", "DEBUG", "EMAIL_URL"}
START = """
import sys
for name in {absent!r}:
    sys.modules[name] = None
import django
django.setup()
from sportello.config import urls_central, urls_municipality
print("ready")
"""


def canonical(requirement: str) -> str:
    """The name of a package in a requirement."""
    return re.split(r"[\s\[<>=!~;(]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def at_run_time() -> set[str]:
    """The run-time dependencies and all that they require."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found: set[str] = set()
    waiting = [canonical(requirement) for requirement in project["dependencies"]]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        with suppress(PackageNotFoundError):
            waiting += [canonical(one) for one in requires(name) or []]
    return found


def tools() -> list[str]:
    """The top-level modules that no run-time dependency brings."""
    kept = at_run_time() | {"sportello-scuola"}
    return [
        module
        for module, owners in packages_distributions().items()
        if not kept & {canonical(owner) for owner in owners}
    ]


def test_the_product_starts_without_the_tools_of_developers() -> None:
    code = START.format(absent=tools())
    environment = {name: value for name, value in os.environ.items() if name not in OURS} | {
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
        "SECRET_KEY": "only-to-start",
        "SEALING_KEYS": "only-to-start",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    }
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == "ready", answer.stderr[-2000:]
