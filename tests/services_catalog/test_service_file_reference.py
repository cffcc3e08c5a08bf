"""The reference of the language is whole: its examples can be read, and no word of the schema is without one."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from services_catalog.fee_table import FeeTable
from services_catalog.lint import lint
from services_catalog.reading import from_builtins
from services_catalog.schema import PackCalendar, PackService
from tests.architecture.source import ROOT

HOW_TO = ROOT / "docs/how-to"
OWN = (HOW_TO / "write-a-service-file.md").read_text(encoding="utf-8")
FEES = (HOW_TO / "write-a-fee-table.md").read_text(encoding="utf-8")
ALL = OWN + FEES + (HOW_TO / "write-enrolment-rules.md").read_text(encoding="utf-8")
THE_FILE, THE_CLOSURES = re.findall(r"```toml\n(.*?)```", OWN, re.DOTALL)


def told(page: str) -> set[str]:
    """Every word that stands in an example or between backticks."""
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    prose = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    written = "\n".join((*blocks, *re.findall(r"`([^`]+)`", prose)))
    return {*re.findall(r"[a-z_0-9./]+", written), *re.findall(r"[a-z_0-9]+", written)}


def words(kind: type[msgspec.Struct]) -> set[tuple[str, str]]:
    """Every key and every fixed value of a struct of the language and of all within it, with the struct it is of."""
    found: set[tuple[str, str]] = set()
    _gather(inspect.type_info(kind), "", found, set())
    return found


def _gather(node: Any, owner: str, found: set[tuple[str, str]], seen: set[type]) -> None:  # Any: a node of msgspec
    if isinstance(node, inspect.LiteralType):
        found |= {(owner, str(value)) for value in node.values}
    if isinstance(node, inspect.StructType):
        if node.cls in seen:
            return
        seen.add(node.cls)
        found |= {(node.cls.__name__, field.encode_name) for field in node.fields}
        if isinstance(node.tag, str):
            found.add((node.cls.__name__, node.tag))
        for field in node.fields:
            _gather(field.type, f"{node.cls.__name__}.{field.encode_name}", found, seen)
    for below in _below(node):
        _gather(below, owner, found, seen)


def _below(node: Any) -> Iterator[Any]:
    if isinstance(node, inspect.UnionType):
        yield from node.types
    elif isinstance(node, inspect.Metadata):
        yield node.type
    elif isinstance(node, inspect.VarTupleType):
        yield node.item_type


def test_the_file_is_in_the_language_and_has_no_errors() -> None:
    file = from_builtins(tomllib.loads(THE_FILE), PackService)
    findings = lint(file.content, file.service.archetype)
    assert [finding for finding in findings if finding.severity == "error"] == []


def test_the_closures_are_in_the_language() -> None:
    assert {closure.kind for closure in from_builtins(tomllib.loads(THE_CLOSURES), PackCalendar).closures} == {
        "holiday",
        "strike",
    }


@pytest.mark.parametrize(
    ("kind", "page"),
    [(FeeTable, FEES), (PackService, ALL), (PackCalendar, OWN)],
    ids=["fees", "service", "calendar"],
)
def test_no_word_of_the_language_is_missing(kind: type[msgspec.Struct], page: str) -> None:
    known = told(page)
    assert {(owner, word) for owner, word in words(kind) if word not in known} == set()


def test_the_walk_sees_keys_kinds_and_values() -> None:
    assert {
        ("Discount", "discount_amount"),
        ("Discount", "discount"),
        ("SiblingCounting.order", "cheapest_first"),
        ("LevelSpan", "first_day"),
        ("Question.read_by", "capacity.line"),
    } <= words(PackService)
