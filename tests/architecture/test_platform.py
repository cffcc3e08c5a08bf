"""`platform/` is a source root: Python's own module of that name must stay visible."""

import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.architecture.source import ROOT


def test_platform_is_pythons_own() -> None:
    assert Path(platform.__file__).is_relative_to(sysconfig.get_path("stdlib"))


def test_the_source_root_is_no_package() -> None:
    assert [path.name for path in (ROOT / "platform").glob("*.py")] == []
    assert {path.name for path in (ROOT / "platform").iterdir() if path.name != "__pycache__"} == {"sportello"}


def test_a_fresh_interpreter_at_the_root_agrees() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.python_version())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == platform.python_version()
