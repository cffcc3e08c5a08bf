"""A template of ours that names an unknown variable fails the test."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines


class UnknownVariable(str):
    """Stands for `string_if_invalid`: Django asks it for its text when a variable is not in the context."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        template = _template_being_rendered()
        if template is not None and Path(template).is_relative_to(settings.BASE_DIR):
            pytest.fail(f"Unknown variable {variable} in {Path(template).relative_to(settings.BASE_DIR)}")
        return ""


@contextmanager
def strict_templates() -> Iterator[None]:
    """Templates of libraries keep Django's leniency."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    before, engine.string_if_invalid = engine.string_if_invalid, UnknownVariable("unknown")
    yield
    engine.string_if_invalid = before


def _template_being_rendered() -> str | None:
    """The file of the innermost template: Django does not tell, so we look at who calls."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        context = frame.f_locals.get("context")
        template = getattr(getattr(context, "render_context", None), "template", None)
        if template is not None:
            return str(template.origin.name)
        frame = frame.f_back
    return None
