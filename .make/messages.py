"""Collect the sentences of code and templates into locale/ and compile the catalogues: ``make messages``.

Collecting needs GNU gettext; compiling needs only the locked packages and is done in any case.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("it", "en")
OUTSIDE = (".venv", ".tools", ".demo", "node_modules", "static", "staticfiles", "tests", "helm")


def main() -> int:
    """Return 0 when the catalogues are collected and compiled, 1 when they could only be compiled."""
    collected = collect() if shutil.which("xgettext") else False
    for path in sorted((ROOT / "locale").rglob("*.po")):
        catalogue = polib.pofile(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {catalogue.percent_translated()} % translated\n")
    if not collected:
        sys.stderr.write("New sentences were not collected: install GNU gettext (Debian: apt-get install gettext).\n")
    return 0 if collected else 1


def collect() -> bool:
    """Let Django's makemessages gather the sentences; tell whether it could."""
    for language in LANGUAGES:
        (ROOT / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete", "--no-wrap", "--add-location", "file"]
    for language in LANGUAGES:
        command += ["--locale", language]
    for folder in OUTSIDE:
        command += ["--ignore", folder]
    environment = {**os.environ, "DEMO": "true"}
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
