"""Which schemas are up to date with the code."""

from enum import StrEnum

from tenants.fingerprint import fingerprint_of_code, fingerprints
from tenants.models import Municipality


class MigrationState(StrEnum):
    """A schema against the migrations of the code."""

    ALIGNED = "aligned"
    BEHIND = "behind"
    MISSING = "missing"


def migration_states() -> dict[str, MigrationState]:
    """The state of the schema of each Comune, by its name, in three queries for all of them."""
    schemas = list(Municipality.objects.order_by("schema_name").values_list("schema_name", flat=True))
    wanted, found = fingerprint_of_code(), fingerprints(schemas)
    return {schema: _state(found.get(schema), wanted) for schema in schemas}


def _state(found: str | None, wanted: str) -> MigrationState:
    if found is None:
        return MigrationState.MISSING
    return MigrationState.ALIGNED if found == wanted else MigrationState.BEHIND
