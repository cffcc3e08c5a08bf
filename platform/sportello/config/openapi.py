"""Last touches to the OpenAPI document, so that it meets the Italian guidelines (ModI) without an error."""

from collections.abc import Iterator
from typing import Any, Final

PROBLEM: Final = {
    "description": "Errore (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
PROBLEM_SCHEMA: Final = {
    "type": "object",
    "description": "Un errore, come dice RFC 9457.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "format": "int64"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": True},
    },
    "required": ["title", "status"],
}


def meet_guidelines(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """int64 on every integer, a problem as the default answer of every operation."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for schema in _schemas(result):
        if schema.get("type") == "integer":
            schema.setdefault("format", "int64")
    for path in result["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", PROBLEM)
    return result


def _schemas(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from _schemas(value)
