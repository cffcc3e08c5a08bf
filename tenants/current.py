"""The Comune in which this code runs: read it, or enter one.

`with in_schema("c_a662"):` is the only way to change it outside a request or a task; it is safe in
threads and restores what was before, also on errors.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:  # read by the log formatter before the models are loaded
    from tenants.models import Municipality
    from tenants.postgres_backend.base import DatabaseWrapper

PUBLIC = "public"
TWIN_PREFIX = "prova_"
"""Schemas of twins begin so, and no other does (the database sees to it): the name alone says where one stands."""


class NoMunicipality(RuntimeError):
    """Code that belongs to a Comune ran without one."""


def wrapper() -> "DatabaseWrapper":
    """This thread's connection, known as the kind that has a Comune."""
    return cast("DatabaseWrapper", connection)


def current_schema() -> str:
    """The schema of the connection: that of a Comune, `centrale`, or `public`."""
    return str(wrapper().schema_name)


def is_central() -> bool:
    """Whether this code runs for the central team."""
    return current_schema() == settings.CENTRAL_SCHEMA


def in_twin() -> bool:
    """Whether this code runs in a twin: invented people, nothing goes out. Told by the name of the schema alone."""
    return current_schema().startswith(TWIN_PREFIX)


def require_schema() -> str:
    """The current schema; raises NoMunicipality in `public`."""
    schema = current_schema()
    if schema == PUBLIC:
        raise NoMunicipality("No Comune is set: enter one with in_schema().")
    return schema


def current_municipality() -> "Municipality":
    """The row of the current Comune; raises NoMunicipality in `public` and in the central team.

    In a request it is a copy of the one that all requests share: changing it changes nothing for the others.
    """
    model: type[Municipality] = apps.get_model("tenants", "Municipality")
    held = wrapper().tenant
    if isinstance(held, model):
        return copy(held)
    try:
        found: Municipality = model.with_twins.get(schema_name=require_schema())
    except model.DoesNotExist as error:
        raise NoMunicipality(f"The schema {current_schema()} belongs to no Comune.") from error
    return found


@contextmanager
def in_schema(schema: str) -> Iterator[None]:
    """Runs the block in that schema."""
    with stay_in(schema):
        yield


@contextmanager
def stay_in(place: Any) -> Iterator[None]:
    """Runs the block in a schema, a Comune, or where `whereabouts` has said; then goes back."""
    before, with_public = wrapper().tenant, wrapper().include_public_schema
    enter(place)
    try:
        yield
    finally:
        wrapper().set_tenant(before, include_public=with_public)


def whereabouts() -> Any:
    """Where this code runs, to come back to with `stay_in`."""
    return wrapper().tenant


def ask_prepared(
    statement: str, params: Sequence[Any] | Mapping[str, Any], *, schema: str = ""
) -> tuple[Any, ...] | None:
    """The first row of a statement asked so often that the database keeps it planned, for each Comune by itself.

    Tables are named in full: `public.`, or `here.` for the schema, the current one unless said.
    """
    return wrapper().ask_prepared(statement, params, schema)


def enter(place: Any) -> None:
    """Enters a schema (by name) or a Comune for good. For the middleware alone: all others use in_schema."""
    if isinstance(place, str):
        wrapper().set_schema(place)
    else:
        wrapper().set_tenant(place)


def leave() -> None:
    """Goes back to `public`, where no table of a Comune is in sight."""
    wrapper().set_schema_to_public()
