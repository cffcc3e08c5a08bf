"""`manage.py onboarding` proposes a mapping and tries an export without a database; exit codes say what came out."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.architecture.source import ROOT
from tests.onboarding.judging.mappings import ROSTER
from tests.onboarding.judging.rows import cells
from tests.onboarding.judging.samples import SAMPLES

NOWHERE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "DEMO": "true"}


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mapping proposed for the roster."""
    folder = tmp_path_factory.mktemp("mapping")
    out = StringIO()
    call_command("onboarding", "propose-mapping", str(SAMPLES[0].written(folder)), stdout=out)
    path = folder / "mapping.toml"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def dry_run(export: Path, mapping: Path, report: object, municipality: str = "A662") -> None:
    words = ("--municipality", municipality, "--mapping", str(mapping), str(export), "--report", str(report))
    call_command("onboarding", "dry-run", *words)


def test_no_database_is_asked(mapping: Path, tmp_path: Path) -> None:
    report = tmp_path / "out.jsonl"
    words = (
        "dry-run",
        "--municipality",
        "a662",
        "--mapping",
        mapping,
        SAMPLES[0].written(tmp_path),
        "--report",
        report,
    )
    answer = subprocess.run(
        [sys.executable, "manage.py", "onboarding", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **NOWHERE, "DJANGO_SETTINGS_MODULE": "sportello.config.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 1, answer.stderr
    assert answer.stderr == "2001 lines: duplicate 10, fix 163, good 1515, not_data 1, reject 24, review 288\n"
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [line["line"] for line in lines] == list(range(1, 2002))
    assert lines[2]["record"]["child_fiscal_code"] == "MRSMME18M43F052E"
    assert set(lines[2]) == {"line", "verdict", "defects", "record"}
    assert next(line["duplicate_of_line"] for line in lines if line["verdict"] == "duplicate") == 71


def test_a_file_without_doubts_is_done_and_the_report_may_go_to_the_output(
    mapping: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    export = tmp_path / "export.csv"
    export.write_text("\n".join(";".join(row) for row in (ROSTER.layout.header, cells(ROSTER))), encoding="cp1252")
    dry_run(export, mapping, "-")
    told = capfdbinary.readouterr().out.splitlines()
    assert [json.loads(line)["verdict"] for line in told] == ["not_data", "good"]


@pytest.mark.parametrize(
    ("municipality", "text", "content", "reason"),
    [
        ("X000", None, b"a;b\n1;2\n", "No pack for the Belfiore code X000"),
        ("A662", 'kind = "roster"', b"a;b\n1;2\n", "layout"),
        ("A662", "kind = ", b"a;b\n1;2\n", "TOML"),
        ("A662", None, b"", "vuoto"),
        ("A662", None, b"%PDF-1.7 " + bytes(range(256)), "PDF"),
        ("A662", None, b";;;\n;;;\n", "No line of the file holds data"),
    ],
)
def test_what_cannot_be_used_is_said(
    mapping: Path, tmp_path: Path, municipality: str, text: str | None, content: bytes, reason: str
) -> None:
    export, written = tmp_path / "export", tmp_path / "mapping.toml"
    export.write_bytes(content)
    written.write_text(mapping.read_text(encoding="utf-8") if text is None else text, encoding="utf-8")
    with pytest.raises(CommandError, match=reason) as refused:
        dry_run(export, written, "-", municipality)
    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv") as refused:
        call_command("onboarding", "propose-mapping", "nowhere.csv")
    assert refused.value.returncode == 2
