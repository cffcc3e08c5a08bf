"""`manage.py catalog check` and `price` need no database: an officer may try a table before anything is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.fees.reading_tables import TABLES

NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "DEMO": "true"}


def catalog(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "catalog", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **NOWHERE, "DJANGO_SETTINGS_MODULE": "sportello.config.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_good_table_passes_and_is_asked_about() -> None:
    answer = catalog("check", TABLES / "ravenna_nido_linear.toml")
    assert answer.returncode == 0, answer.stderr
    assert "[line_breaks]" in answer.stdout
    assert "0 errors" in answer.stdout


def test_a_table_with_a_hole_does_not_pass() -> None:
    answer = catalog("check", TABLES / "castelbuono_mensa_level_x_isee.toml")
    assert answer.returncode == 1
    assert "error: fees.base.rows[1]: Manca la fascia da 6.000,00 € a 6.000,00 €" in answer.stdout


def test_the_edition_of_a_pack_is_checked_whole() -> None:
    answer = catalog("check", "tenants/packs/072006-bari/2026/mensa.toml")
    assert answer.returncode == 0, answer.stderr
    assert "calendar: Ipotesi da confermare" in answer.stdout


def test_the_examples_of_an_edition_are_checked_with_it(tmp_path: Path) -> None:
    pack = (ROOT / "tenants/packs/072006-bari/2026/mensa.toml").read_text(encoding="utf-8")
    file = tmp_path / "mensa.toml"
    example = '[[content.examples]]\nisee = "4000.00"\npays = "99.00"\nbecause = "di prova"\n'
    file.write_text(f"{pack}\n{example}", encoding="utf-8")
    answer = catalog("check", file)
    assert answer.returncode == 1
    assert "error: examples[0]: Esempio 1, «di prova»: dà" in answer.stdout


def test_a_question_that_this_kind_of_service_does_not_read_does_not_pass(tmp_path: Path) -> None:
    pack = (ROOT / "tenants/packs/072006-bari/2026/mensa.toml").read_text(encoding="utf-8")
    file = tmp_path / "trasporto.toml"
    file.write_text(pack.replace('archetype = "meals"', 'archetype = "transport"'), encoding="utf-8")
    answer = catalog("check", file)
    assert answer.returncode == 1
    assert "error: questions[1]: La domanda «Dieta» non serve a nessuna regola" in answer.stdout


def test_cases_are_priced_and_explained() -> None:
    name = "tresignana_trasporto_proration"
    answer = catalog("price", TABLES / f"{name}.toml", "--cases", TABLES / f"{name}.cases.toml")
    assert answer.returncode == 0, answer.stderr
    assert "120,60 €" in answer.stdout
    assert "Le riduzioni non si sommano: vale la più favorevole" in answer.stdout
    assert answer.stdout.endswith("7 cases, 0 fail\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('format = "fees/1"\ntitle = "x"\n[fees.unit]\nkind = "meel"\n', "Forse «meal»"),
        ("format = ", "non è TOML"),
        (None, "No such file"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path, text: str | None, words: str) -> None:
    file = tmp_path / "table.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    answer = catalog("check", file)
    assert answer.returncode == 1
    assert words in answer.stderr


def test_a_case_that_comes_out_otherwise_is_named(tmp_path: Path) -> None:
    cases = tmp_path / "cases.toml"
    cases.write_text('[[cases]]\nname = "tre"\nservice = "mensa"\nisee = "0"\npays = "3.00"\nbecause = "-"\n')
    answer = catalog("price", TABLES / "bari_mensa_2024_25.toml", "--cases", cases)
    assert answer.returncode == 1
    assert "FAILS: tre: 0,00 € ≠ 3,00 €" in answer.stdout
