"""The official OpenAPI documents: whether a request or an answer is what they say."""

import json
import re
from functools import cache
from typing import Any

import jsonschema

from tests.pagopa.contract import OFFICIAL


@cache
def document(name: str) -> Any:
    return json.loads((OFFICIAL / "openapi" / f"{name}.json").read_bytes())


def faults_of_request(name: str, method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
    """What the document finds wrong with a request; `path` is without the server's own part."""
    operation, shared = _operation(name, method, path)
    known = {one["name"]: one for one in [*shared, *operation.get("parameters", [])] if one["in"] == "query"}
    found = [f"query {one} is unknown" for one in query if one not in known]
    found += [f"query {one} is missing" for one, told in known.items() if told.get("required") and one not in query]
    for one in set(query) & set(known):
        schema = known[one]["schema"]
        number = schema.get("type") == "integer"
        found += _faults(name, schema, int(query[one]) if number else _truth(schema, query[one]))
    asked = operation.get("requestBody")
    if asked is None:
        return found + ([] if body is None else ["a body where none is expected"])
    return found + _faults(name, asked["content"]["application/json"]["schema"], body)


def faults_of_answer(name: str, method: str, path: str, status: int, body: Any) -> list[str]:
    """What the document finds wrong with an answer."""
    operation, _shared = _operation(name, method, path)
    told = operation["responses"][str(status)].get("content", {})
    return _faults(name, told["application/json"]["schema"], body) if "application/json" in told else []


def _operation(name: str, method: str, path: str) -> tuple[Any, list[Any]]:
    templates = sorted(document(name)["paths"], key=lambda one: one.count("{"))
    for template in templates:
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path):
            told = document(name)["paths"][template]
            if method.lower() in told:
                return told[method.lower()], told.get("parameters", [])
    raise AssertionError(f"{method} {path} is not in {name}")


def _truth(schema: Any, text: str) -> Any:
    return text == "true" if schema.get("type") == "boolean" else text


def _faults(name: str, schema: Any, value: Any) -> list[str]:
    whole = document(name)
    kind = jsonschema.Draft4Validator if whole["openapi"].startswith("3.0") else jsonschema.Draft202012Validator
    judge = kind({"allOf": [schema], "components": whole["components"]})
    return [f"{'/'.join(map(str, one.path))}: {one.message}" for one in judge.iter_errors(value)]
