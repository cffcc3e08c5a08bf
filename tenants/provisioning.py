"""Make the schema of a Comune: replay of the template's text and copy of its rows, in one transaction."""

from django.conf import settings
from django.db import connection, transaction

from tenants.blueprint import Blueprint, draw_blueprint
from tenants.current import PUBLIC, in_schema, wrapper
from tenants.fingerprint import fingerprint_of_code, fingerprints
from tenants.models import SCHEMA_NAME, Municipality, SchemaBlueprint
from tenants.postgres_backend import EXTENSIONS_SCHEMA

RESERVED = frozenset({PUBLIC, settings.TEMPLATE_SCHEMA, EXTENSIONS_SCHEMA})


class SchemaExists(RuntimeError):
    """A schema of that name is there already."""


class TemplateOutOfDate(RuntimeError):
    """The template schema has not the migrations of this code: run `deploy` first."""


def create_schema_of(*, municipality: Municipality) -> None:
    """Creates the schema of a registered Comune; all or nothing. Raises as create_schema."""
    create_schema(schema=municipality.schema_name)


@transaction.atomic
def create_schema(*, schema: str) -> None:
    """Creates a schema equal to the template, object by object. Raises SchemaExists, TemplateOutOfDate."""
    SCHEMA_NAME(schema)
    if schema in RESERVED or schema_exists(schema):
        raise SchemaExists(f"The schema {schema} exists already.")
    blueprint = current_blueprint()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = false; SET LOCAL search_path = ''")
        cursor.execute(blueprint.text_for(schema))
        cursor.execute(blueprint.rows_for(schema))
    wrapper().search_path_set_schemas = None  # SET LOCAL went behind the wrapper's back


def schema_exists(schema: str) -> bool:
    """Tells whether the database has a schema of that name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema])
        return cursor.fetchone() is not None


def current_blueprint() -> Blueprint:
    """The text of the template for the migrations of this code: kept in `public`, drawn when they changed.

    So only the process that deploys needs pg_dump. Raises TemplateOutOfDate.
    """
    template, fingerprint = settings.TEMPLATE_SCHEMA, fingerprint_of_code()
    with in_schema(PUBLIC):
        kept = SchemaBlueprint.objects.filter(fingerprint=fingerprint).first()
        if kept is not None:
            return Blueprint(template=template, text=kept.text, rows=kept.rows)
        if fingerprints([template]).get(template) != fingerprint:
            raise TemplateOutOfDate("The template schema is behind this code: run the command deploy first.")
        drawn = draw_blueprint(template)
        SchemaBlueprint.objects.create(fingerprint=fingerprint, text=drawn.text, rows=drawn.rows)
        return drawn
