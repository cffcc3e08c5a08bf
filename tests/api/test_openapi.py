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


def test_integers_have_a_width(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assert text.count('"type": "integer"') == text.count('"type": "integer", "format": "int64"') + text.count(
        '"format": "int64", "type": "integer"'
    )
