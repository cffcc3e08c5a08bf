"""What each table and column is, taken from the models: the descriptor of a package (Frictionless Data Package, v1)."""

import inspect
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.encoding import force_str

from onboarding.leaving.catalogue import Column, Table
from onboarding.leaving.tabling import Written
from onboarding.leaving.withheld import COLUMNS, TABLES
from sportello.kernel.formulas import MARK, NOTHING, SIGNS
from sportello.ui.spreadsheets import CSV_TYPE

FORMAT: Final = "sportello-scuola/1"
TYPES: Final = {
    "int2": "integer",
    "int4": "integer",
    "int8": "integer",
    "numeric": "number",
    "float4": "number",
    "float8": "number",
    "bool": "boolean",
    "date": "date",
    "timestamptz": "datetime",
    "time": "time",
}
UNITS: Final = (
    ("_cents", "hundredths of a euro"),
    ("milliseconds", "milliseconds"),
    ("_minutes", "minutes"),
    ("_days", "days"),
    ("size", "bytes"),
    ("population", "inhabitants"),
)
OF_LIBRARIES: Final = {
    "django_migrations": "The migrations that this schema has had: a package goes back only into an equal schema.",
    "django_content_type": "Django's register of models; other tables name a model by its number here.",
    "django_session": "Open sessions of browsers.",
    "auth_group": "Django's groups; not used by the product.",
    "auth_permission": "Django's permissions; not used by the product.",
    "auth_group_permissions": "Django's permissions of groups; not used by the product.",
    "otp_totp_totpdevice": "Devices that make one-time codes for local accounts.",
}


@cache
def in_italian() -> dict[str, str]:
    """What each table is, for who reads Italian."""
    return tomllib.loads(Path(__file__).with_name("tables.it.toml").read_text(encoding="utf-8"))


@cache
def _models() -> dict[str, type[models.Model]]:
    """Every model by its table, those of many-to-many included."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def is_described(table: Table) -> bool:
    """Whether a reader is told what the table is."""
    return bool(_told(table.name))


def resource_of(table: Table, written: Written) -> dict[str, Any]:
    """The entry of a table in `datapackage.json`."""
    resource: dict[str, Any] = {
        "name": table.name.replace("_", "-"),
        "path": path_of(table),
        "profile": "tabular-data-resource",
        "title": _title(table.name),
        "description": _told(table.name),
        "descriptionIt": in_italian().get(table.name) or _told(table.name),
        "format": "csv",
        "mediatype": CSV_TYPE,
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "rows": written.rows,
        "dialect": dialect(),
        "formulaGuard": formula_guard(),
        "schema": _schema(table),
    }
    if table.name in TABLES:
        resource["withheld"] = dict(zip(("it", "en"), TABLES[table.name], strict=True))
    return resource


def dialect() -> dict[str, Any]:
    """How the lines are written (CSV dialect)."""
    return {
        "delimiter": ",",
        "lineTerminator": "\r\n",
        "quoteChar": '"',
        "doubleQuote": True,
        "header": True,
        "caseSensitiveHeader": True,
    }


def formula_guard() -> dict[str, Any]:
    """How text is kept from being a formula, and how that is undone."""
    return {
        "mark": MARK,
        "before": [*SIGNS, MARK, NOTHING],
        "undo": "Remove exactly one leading mark from each text value that has one.",
    }


def path_of(table: Table) -> str:
    """Where the table stands in the package."""
    return f"{table.schema or 'data'}/{table.name}.csv"


def _title(name: str) -> str:
    model = _models().get(name)
    if model is None:
        return name
    with translation.override("it"):
        return force_str(model._meta.verbose_name)


def _told(name: str) -> str:
    if name in OF_LIBRARIES:
        return OF_LIBRARIES[name]
    model = _models().get(name)
    if model is None:
        return ""
    if model._meta.auto_created:
        ends = [field.related_model for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
        return "Pairs of " + " and ".join(force_str(end._meta.label) for end in ends if not isinstance(end, str)) + "."
    return " ".join((inspect.getdoc(model) or "").split())


def _schema(table: Table) -> dict[str, Any]:
    model = _models().get(table.name)
    fields = {field.column: field for field in model._meta.concrete_fields} if model else {}
    schema: dict[str, Any] = {
        "fields": [_field(table, column, fields.get(column.name)) for column in table.columns],
        "missingValues": [NOTHING],
    }
    if table.primary_key:
        schema["primaryKey"] = list(table.primary_key)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(one.columns),
                "reference": {
                    "resource": "" if one.table == table.name else one.table.replace("_", "-"),
                    "fields": list(one.target),
                },
            }
            for one in table.references
        ]
    return schema


def _field(table: Table, column: Column, field: "models.Field[Any, Any] | None") -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": TYPES.get(column.kind, "string"), "postgresType": column.kind}
    if column.kind == "uuid":
        found["format"] = "uuid"
    if column.kind == "timestamptz":
        found["format"] = "%Y-%m-%dT%H:%M:%S.%fZ"
    if column.kind == "bool":
        found |= {"trueValues": ["true"], "falseValues": ["false"]}
    unit = next((unit for ending, unit in UNITS if column.name.endswith(ending)), None)
    if unit and TYPES.get(column.kind) == "integer":
        found["unit"] = unit
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.most_characters:
        constraints["maxLength"] = column.most_characters + 1  # the mark before a formula
    if constraints:
        found["constraints"] = constraints
    if field is not None:
        found |= _words_of(field)
    if instead := COLUMNS.get((table.name, column.name)):
        found["withheld"] = dict(zip(("it", "en"), instead.because, strict=True))
    return found


def _words_of(field: "models.Field[Any, Any]") -> dict[str, Any]:
    """What the model says in words: name, help, and the meaning of each code."""
    with translation.override("it"):
        words: dict[str, Any] = {"title": force_str(field.verbose_name)}
        if field.help_text:
            words["description"] = force_str(field.help_text)
        elif isinstance(field, models.ForeignKey) and not isinstance(field.related_model, str):
            related: Any = field.related_model
            words["description"] = f"-> {related._meta.label}"
        if field.choices:
            words["codes"] = {force_str(value): force_str(label) for value, label in field.flatchoices}
    return words
