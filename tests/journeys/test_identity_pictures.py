"""The pictures for AgID and for the CIE portal, taken from the running desk by the command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.databases import url_of
from tests.journeys.browser import SCREENSHOTS
from tests.journeys.site import ROOT, Site

ERRORS = (19, 20, 21, 22, 23, 24, 25, 30)


def manage(site: Site, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of manage.py on the database of the running site."""
    environment = {**os.environ, "DATABASE_URL": url_of(site.database), "PUBLIC_PORT": str(site.port), "DEMO": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**environment, "TESTING": "1", "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def test_each_page_is_kept_at_both_sizes(site: Site, tmp_path: Path) -> None:
    assert manage(site, "federate_demo").returncode == 0  # the provider's addresses follow the port
    done = manage(site, "identity_screenshots", "--comune", "bari", "--out", str(tmp_path), "--url", site.url("bari"))
    assert (done.returncode, done.stdout) == (0, f"20 pictures in {tmp_path}\n"), done.stderr
    names = ["accesso", "gestori", *(f"errore-{error}" for error in ERRORS)]
    expected = {f"{name}-{size}.png" for name in names for size in ("telefono", "schermo")}
    assert {file.name for file in tmp_path.iterdir()} == expected
    assert len({file.read_bytes() for file in tmp_path.glob("errore-*-schermo.png")}) == len(ERRORS)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for file in tmp_path.glob("*-telefono.png"):
        shutil.copy(file, SCREENSHOTS / f"identity-{file.name}")


def test_a_comune_that_is_not_there_is_named(site: Site, tmp_path: Path) -> None:
    done = manage(site, "identity_screenshots", "--comune", "atlantide", "--out", str(tmp_path))
    assert done.returncode == 1
    assert "No Comune is called atlantide." in done.stderr
