"""How every Comune stands to the metropolitan templates, for the central team: one query over all their schemas."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from services_catalog.merging import points
from services_catalog.metropolitan import latest_templates
from services_catalog.reading import from_builtins
from services_catalog.schema import EditionContent

_ONE = """
SELECT {name} AS schema_name, service.code, service.name, lineage.version, lineage.base, edition.content,
    (SELECT count(*) FROM {reasons} AS reason WHERE reason.lineage_id = lineage.id),
    (SELECT proposal.state FROM {proposals} AS proposal
        WHERE proposal.lineage_id = lineage.id ORDER BY proposal.version DESC LIMIT 1)
FROM {services} AS service
LEFT JOIN {lineages} AS lineage ON lineage.service_id = service.id
JOIN LATERAL (
    SELECT held.content FROM {editions} AS held
    WHERE held.service_id = service.id AND held.status <> 'superseded'
    ORDER BY held.school_year DESC, held.revision DESC LIMIT 1
) AS edition ON true
"""
_TABLES = {
    "services": "service",
    "editions": "edition",
    "lineages": "templatelineage",
    "reasons": "overridereason",
    "proposals": "templateproposal",
}


@dataclass(frozen=True, slots=True)
class ServiceStanding:
    """A service of a Comune: the version it follows (None: it never started from a template), and what differs.

    ``proposal`` is the state of the latest proposal, empty where none was made.
    """

    schema: str
    code: str
    name: str
    version: int | None
    latest: int | None
    differences: int
    explained: int
    to_confirm: bool
    proposal: str

    @property
    def is_behind(self) -> bool:
        """Whether a newer version exists than the one it follows."""
        return self.version is not None and self.latest is not None and self.latest > self.version


def standings(schemas: Iterable[str]) -> dict[str, list[ServiceStanding]]:
    """The services of each of these schemas, by code; a schema without services is not among the keys (one query).

    The schemas must have the tables of this code: ask ``tenants.migration_states`` which do.
    """
    named = sorted(set(schemas))
    if not named:
        return {}
    parts = sql.SQL(" UNION ALL ").join(_of(schema) for schema in named)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM ({}) AS every ORDER BY schema_name, code").format(parts))
        rows = cursor.fetchall()
    latest = {code: template.version for code, template in latest_templates().items()}
    found: dict[str, list[ServiceStanding]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(_standing(row, latest))
    return found


def _of(schema: str) -> sql.Composed:
    tables = {key: sql.Identifier(schema, f"services_catalog_{table}") for key, table in _TABLES.items()}
    return sql.SQL(_ONE).format(name=sql.Literal(schema), **tables)


def _standing(row: tuple[Any, ...], latest: dict[str, int]) -> ServiceStanding:  # Any: columns of a raw query
    schema, code, name, version, base, content, explained, proposal = row
    own = _content(content)
    return ServiceStanding(
        schema=schema,
        code=code,
        name=name,
        version=version,
        latest=latest.get(code),
        differences=0 if base is None else len(points(_content(base), own)),
        explained=explained,
        to_confirm=own.fees.to_confirm,
        proposal=proposal or "",
    )


def _content(held: Any) -> EditionContent:  # Any: jsonb, as text or as plain data
    return from_builtins(json.loads(held) if isinstance(held, str) else held, EditionContent)
