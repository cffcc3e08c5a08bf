"""The Comune in which this code runs: read it, or enter one.

`with in_schema("c_a662"):` is the only way to change it outside a request or a task; it is safe in
threads and restores what was before, also on errors.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import connection
from django_tenants.utils import schema_context

if TYPE_CHECKING:  # read by the log formatter before the models are loaded
    from tenants.models import Municipality

PUBLIC = "public"


class NoMunicipality(RuntimeError):
    """Code that belongs to a Comune ran without one."""


def current_schema() -> str:
    """The schema of the connection: that of a Comune, `centrale`, or `public`."""
    return str(connection.schema_name)


def is_central() -> bool:
    return current_schema() == settings.CENTRAL_SCHEMA


def require_schema() -> str:
    """The current schema; raises NoMunicipality in `public`."""
    schema = current_schema()
    if schema == PUBLIC:
        raise NoMunicipality("No Comune is set: enter one with in_schema().")
    return schema


def current_municipality() -> "Municipality":
    """The row of the current Comune; raises NoMunicipality in `public` and in the central team."""
    model: type[Municipality] = apps.get_model("tenants", "Municipality")
    if isinstance(connection.tenant, model):
        return connection.tenant
    try:
        return model.objects.get(schema_name=require_schema())
    except model.DoesNotExist as error:
        raise NoMunicipality(f"The schema {current_schema()} belongs to no Comune.") from error


@contextmanager
def in_schema(schema: str) -> Iterator[None]:
    """Runs the block in that schema."""
    with schema_context(schema):
        yield
