"""The code of the project, as files and as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("platform/sportello", "tenants", "services_catalog", "integrations", "onboarding")


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the product, migrations included."""
    return tuple(sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py")))


def written_modules() -> Iterator[Path]:
    """Those that people wrote: without migrations."""
    return (file for file in modules() if "migrations" not in file.parts)


@cache
def tree(file: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(file.read_text(), filename=str(file))


def place(file: Path, node: ast.AST | None = None) -> str:
    """`path:line`, for messages."""
    line = getattr(node, "lineno", None)
    return f"{file.relative_to(ROOT)}{f':{line}' if line else ''}"
