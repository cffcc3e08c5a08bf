"""The commands that read files alone run in a bare checkout: no setting, no database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = "tenants/packs/072006-bari/2026/mensa.toml"


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )


def test_a_fee_table_is_checked() -> None:
    answer = run("catalog", "check", TABLE)
    assert answer.returncode == 0, answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_mapping_is_proposed(tmp_path: Path) -> None:
    export = tmp_path / "elenco.csv"
    export.write_text(
        "COGNOME;NOME;CODICE FISCALE;CLASSE;SEZIONE\nAMORUSO;EMMA;MRSMME18M43F052E;2;A\n", encoding="utf-8"
    )
    answer = run("onboarding", "propose-mapping", str(export))
    assert answer.returncode == 0, answer.stderr
    assert "child_fiscal_code" in answer.stdout


@pytest.mark.parametrize("words", [("onboarding", "dry-run", "--commit"), ("check",)])
def test_what_touches_an_installation_wants_its_settings(words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert answer.returncode != 0
    assert "SECRET_KEY" in answer.stderr
