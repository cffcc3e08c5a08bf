"""The shape of the files: names that say what happens, sizes that can be read at one sitting."""

import ast
import re

from tests.architecture.source import ROOT, modules, place, tree, written_modules

JUNK = frozenset({"utils", "helpers", "services", "selectors", "common", "misc", "base_utils", "tools", "stuff"})
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def test_modules_are_named_after_what_happens() -> None:
    junk = [place(file) for file in modules() if JUNK & {file.stem, *file.parent.parts[-2:]}]
    assert junk == []


def test_files_stay_short() -> None:
    long = {place(file): len(file.read_text().splitlines()) for file in written_modules()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_text_keeps_two_sides_of_a_merge() -> None:
    """What no parser reads, nobody else would notice."""
    texts = [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").rglob("*.*"),
        *(ROOT / "static").rglob("*.css"),
    ]
    unmerged = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    read = [file for file in texts if file.suffix in {".md", ".csv", ".css"}]
    assert [place(file) for file in read if unmerged.search(file.read_text(encoding="utf-8"))] == []


def test_functions_stay_short() -> None:
    """What is read as one thought: the body without its docstring."""
    long = {
        f"{place(file, node)} {node.name}": _lines_of_body(node)
        for file in written_modules()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def _lines_of_body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_is_caught_blindly() -> None:
    blind = [
        place(file, node)
        for file in modules()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert blind == []


def test_use_cases_are_called_by_keyword() -> None:
    """A public function that opens a transaction is a use case: each argument is named at the call."""
    positional = [
        f"{place(file, node)} {node.name}"
        for file in written_modules()
        for node in tree(file).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
        and [argument.arg for argument in node.args.args if argument.arg != "request"][:1]
        and not {"demo", "population"} & set(file.parts)  # those that invent people are no use cases
        and file.stem not in {"views", "api"}
        and "views" not in file.parts
    ]
    assert positional == []


def test_every_room_says_what_it_is() -> None:
    silent = [
        place(file)
        for file in written_modules()
        if file.name == "__init__.py" and file.parent.name not in {"commands", "management"}
        and ast.get_docstring(tree(file)) is None and file.with_name("models.py").exists()
    ]  # fmt: skip
    assert silent == []
