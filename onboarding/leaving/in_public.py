"""Rows that a Comune has outside its schema, in `public`: whoever keeps some says so here, and they leave with it.

A room registers them in `AppConfig.ready`, the parents before the children::

    register_public_rows(AreaSheet, reached_by(AreaSheet.objects, "round__municipality"))
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import models

from onboarding.leaving.catalogue import Table, tables_of
from tenants.current import PUBLIC, in_schema
from tenants.models import Municipality

type RowsOf = Callable[[Municipality], models.QuerySet[Any]]

_registered: dict[str, RowsOf] = {}


def register_public_rows(model: type[models.Model], rows_of: RowsOf) -> None:
    """Says which rows of the table are a Comune's."""
    _registered[model._meta.db_table] = rows_of


def reached_by(held: models.Manager[Any], path: str) -> RowsOf:
    """The rows from which this lookup leads to the Comune."""
    return lambda municipality: held.filter(**{path: municipality})


def public_tables_of(cursor: Any, municipality: Municipality) -> list[Table]:  # as catalogue.tables_of
    """The tables registered, each with the keys of the rows of this Comune."""
    held = {table.name: table for table in tables_of(cursor, PUBLIC) if table.name in _registered}
    with in_schema(PUBLIC):
        keys = {name: tuple(rows_of(municipality).values_list("pk", flat=True)) for name, rows_of in _ordered()}
    return [replace(held[name], schema=PUBLIC, keys=tuple(sorted(keys[name]))) for name in keys]


def remove_public_rows(municipality: Municipality, **_signal: object) -> None:
    """Deletes them, the children first. Receives `tenants.signals.municipality_left`."""
    with in_schema(PUBLIC):
        for _name, rows_of in reversed(_ordered()):
            rows_of(municipality).delete()


def _ordered() -> list[tuple[str, RowsOf]]:
    return list(_registered.items())
