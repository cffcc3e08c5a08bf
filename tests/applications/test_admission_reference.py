"""Every example of the reference of enrolment is in the language, and every word of it has an example."""

import re
import tomllib
from collections.abc import Iterator
from types import UnionType
from typing import Any, get_args

import msgspec
import pytest
from msgspec import inspect

from services_catalog.admission.admission import Admission
from services_catalog.admission.renewal import FirstUse
from services_catalog.fees.circumstance import When
from services_catalog.schema import Question
from tests.architecture.source import ROOT
from tests.factories.editions import edition_content

PAGE = (ROOT / "docs/how-to/write-enrolment-rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def structs(kind: type) -> dict[str, inspect.StructType]:
    """Every struct of the language of enrolment within a kind, by its name; what fees and texts share left out."""
    found: dict[str, inspect.StructType] = {}
    for node in _nodes(inspect.type_info(kind)):
        if isinstance(node, inspect.StructType) and node.cls.__module__.startswith("services_catalog.admission"):
            found[node.cls.__name__] = node
    return found


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    if isinstance(node, inspect.StructType) and node.cls is not When:
        for field in node.fields:
            yield from _nodes(field.type)
    elif isinstance(node, inspect.UnionType):
        for one in node.types:
            yield from _nodes(one)
    elif isinstance(node, inspect.VarTupleType):
        yield from _nodes(node.item_type)
    elif isinstance(node, inspect.Metadata):
        yield from _nodes(node.type)


LANGUAGE = structs(Admission) | structs(FirstUse)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: " ".join(text.split())[:60])
def test_an_example_is_in_the_language(text: str) -> None:
    edition_content(**tomllib.loads(text))


def test_every_word_has_an_example() -> None:
    written = "\n".join(EXAMPLES)
    missing = {
        f"{name}.{field.name}"
        for name, struct in LANGUAGE.items()
        for field in struct.fields
        if not re.search(rf"\b{field.encode_name}\b ?[=.\]]", written)
    }
    assert {word for word in missing if not word.endswith(".windows")} == set()
    assert "`windows`: the codes of the windows" in PAGE


def test_every_kind_has_an_example() -> None:
    shown = set(re.findall(r'kind = "([a-z_]+)"', "\n".join(EXAMPLES)))
    known = {str(struct.tag) for struct in LANGUAGE.values() if struct.tag}
    asked = {"yes_no", "metres", "area", "choice"}
    assert known - shown == set()
    assert shown - known == asked


def test_every_reader_of_a_question_is_told() -> None:
    readers = next(field.type for field in msgspec.structs.fields(Question) if field.name == "read_by")
    assert not isinstance(readers, UnionType)
    assert {reader for reader in get_args(readers) if f"`{reader}`" not in PAGE} == set()
