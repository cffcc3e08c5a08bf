"""What would let one Comune see another is not written anywhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules, place, tree

TENANTS = ROOT / "tenants"
PATH_CHANGE = re.compile(
    r"set\s+(local\s+|session\s+)?search_path|reset\s+(all|search_path)|discard\s+all", re.IGNORECASE
)
OWN_PATH = re.compile(r"(SET\s+search_path\s+FROM\s+CURRENT)", re.IGNORECASE)
TENANT_WORDS = re.compile(r"tenant|municipality|comune", re.IGNORECASE)


def faults(file: Path, root: ast.AST) -> Iterator[str]:
    """What the file does that only `tenants/` may do, or nobody."""
    outside = TENANTS not in file.parents
    for node in ast.walk(root):
        if isinstance(node, ast.With | ast.AsyncWith):
            yield from (f"{place(file, node)}: with {name}: swaps Comuni between threads" for name in _entered(node))
        if isinstance(node, ast.keyword) and node.arg == "thread_sensitive" and _is_constant(node.value, value=False):
            yield f"{place(file, node.value)}: thread_sensitive=False loses the Comune"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _calls(file, node, node.func, outside=outside)
        if outside and isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = OWN_PATH.sub("", node.value)
            if PATH_CHANGE.search(text) and not _is_docstring(node, root):
                yield f"{place(file, node)}: the search_path is changed behind the connection's back"


def _entered(node: ast.With | ast.AsyncWith) -> Iterator[str]:
    """Names that look like a Comune used as a context manager by themselves."""
    for item in node.items:
        name = item.context_expr
        word = name.id if isinstance(name, ast.Name) else name.attr if isinstance(name, ast.Attribute) else ""
        if TENANT_WORDS.search(word):
            yield word


def _calls(file: Path, node: ast.Call, function: ast.Attribute, *, outside: bool) -> Iterator[str]:
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if function.attr == "clear" and "cache" in owner.lower():
        yield f"{place(file, node)}: cache.clear() empties the cache of every Comune, and the queue"
    if outside and function.attr in {"set_tenant", "set_schema", "set_schema_to_public"}:
        yield f"{place(file, node)}: only tenants/ moves between Comuni: use in_schema()"


def _is_constant(node: ast.AST, *, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _is_docstring(node: ast.Constant, root: ast.AST) -> bool:
    return any(isinstance(parent, ast.Expr) and parent.value is node for parent in ast.walk(root))


def test_nothing_banned_is_written() -> None:
    assert [fault for file in modules() for fault in faults(file, tree(file))] == []


@pytest.mark.parametrize(
    "code",
    [
        "with municipality:\n    pass",
        "with request.tenant:\n    pass",
        "sync_to_async(read, thread_sensitive=False)",
        "cursor.execute('SET search_path TO c_a662')",
        "cursor.execute('set local search_path = x')",
        "cursor.execute('RESET ALL')",
        "cursor.execute('discard all')",
        "cache.clear()",
        "connection.set_schema('c_a662')",
    ],
)
def test_each_ban_is_heard(code: str) -> None:
    assert len(list(faults(ROOT / "platform" / "sportello" / "x.py", ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "with in_schema('c_a662'):\n    pass",
        "'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS ...'",
        "'''RESET ALL is banned.'''",
    ],
)
def test_what_is_right_passes(code: str) -> None:
    assert list(faults(ROOT / "platform" / "sportello" / "x.py", ast.parse(code))) == []
