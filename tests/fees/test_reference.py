"""Every example of the reference of the language is in the language, and every word of it has an example."""

import re
import tomllib
from typing import Any, get_args

import pytest

from services_catalog.examples import Example, Refusal
from services_catalog.fee_file import FeeFile
from services_catalog.fee_table import FeeTable
from services_catalog.lint import lint_fees
from services_catalog.reading import from_builtins
from sportello.fees.cases import PackCases
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs/how-to/write-a-fee-table.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
LEAST: dict[str, Any] = {"unit": {"kind": "meal"}, "base": {"kind": "single_price", "amount": "1.00"}}


def kinds_in(node: object) -> set[str]:
    """The kinds a piece of data names."""
    if isinstance(node, dict):
        return {str(value) for key, value in node.items() if key == "kind"}.union(*map(kinds_in, node.values()))
    return set().union(*map(kinds_in, node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_an_example_is_in_the_language(text: str) -> None:
    data = tomllib.loads(text)
    if "format" in data:
        from_builtins(data, FeeFile)
    elif "cases" in data:
        from_builtins(data, PackCases)
    elif "examples" in data:
        assert [from_builtins(example, Example) for example in data["examples"]]
    else:
        lint_fees(from_builtins({**LEAST, **data}, FeeTable))


def test_every_kind_has_an_example() -> None:
    shown = set().union(*(kinds_in(tomllib.loads(text)) for text in EXAMPLES)) - {"minorenni"}
    source = "".join(
        (ROOT / "services_catalog/fees" / f"{name}.py").read_text() for name in ("base", "modifiers", "proration")
    )
    known = set(re.findall(r'tag="([a-z_]+)"', source))
    assert known - shown == {"day", "year"}  # told in the list of units
    assert shown <= known
    assert set(re.findall(r"`([a-z_]+)`", PAGE)) >= {"day", "year"}


def test_every_word_of_an_example_is_told() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE)) | set(re.findall(r"^([a-z_]+) = ", PAGE, re.MULTILINE))
    assert {*Example.__struct_fields__, *get_args(Refusal.__value__)} - told == set()


def test_every_question_of_the_linter_is_told() -> None:
    files = [*(ROOT / "services_catalog").glob("lint*.py"), ROOT / "platform/sportello/fees/lint_prices.py"]
    source = "".join(path.read_text() for path in files)
    codes = set(re.findall(r'(?:warning\(|Finding\((?:Severity\.\w+|falls), )\s*"([a-z_]+)"', source))
    codes |= set(re.findall(r'Severity\.ERROR,\s+"([a-z_]+)"', source))
    told = PAGE + (ROOT / "docs/how-to/write-enrolment-rules.md").read_text(encoding="utf-8")
    assert {code for code in codes - {"level_without_cost"} if f"`{code}`" not in told} == set()
    assert len(codes) > 15
