"""The OpenAPI document is committed; a change of the API shows as a diff."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.json"


@pytest.fixture
def document(bari_client: Any) -> dict[str, Any]:
    served: dict[str, Any] = bari_client.get("/api/v1/openapi.json").json()
    return served


def test_the_committed_document_is_what_is_served(document: dict[str, Any]) -> None:
    assert json.loads(COMMITTED.read_text()) == document, "Run `make openapi` and commit docs/openapi.json."


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_every_operation_is_described_and_may_answer_a_problem(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert "application/problem+json" in operation["responses"]["default"]["content"]


def test_no_path_ends_with_a_slash(document: dict[str, Any]) -> None:
    assert [path for path in document["paths"] if path.endswith("/")] == []


def integers(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for value in node for found in integers(value)]
    if not isinstance(node, dict):
        return []
    own = [node] if node.get("type") == "integer" else []
    return own + [found for value in node.values() for found in integers(value)]


def test_integers_have_a_width(document: dict[str, Any]) -> None:
    assert {schema.get("format") for schema in integers(document)} == {"int64"}
