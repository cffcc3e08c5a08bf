"""What a load would change, and whether its figures are those of the old programme: set-based, on the staged rows."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final

from django.db import connection
from django.db.models import Q

from onboarding.judging.types import Verdict
from onboarding.models import LoadState, RosterLoad, StagedRow

AMOUNT_OF: Final = {"roster": "balance", "transport": "amount", "taxes": "due", "debts": "amount", "treasury": "amount"}
"""The field of each kind whose sum the old programme's report tells."""

_VERDICTS: Final = """
SELECT verdict, count(*) FROM onboarding_stagedrow WHERE load_id = %(load)s GROUP BY verdict
"""
_DEFECTS: Final = """
SELECT defect.code, count(*) FROM (
    SELECT DISTINCT staged.line, told ->> 'code' AS code
    FROM onboarding_stagedrow staged, jsonb_array_elements(staged.defects) AS told
    WHERE staged.load_id = %(load)s AND staged.verdict NOT IN ('not_data', 'control')
) defect GROUP BY defect.code
"""
_CENTS: Final = "round((staged.record ->> %(amount)s)::numeric * 100)"
_TOTALS: Final = f"""
SELECT count(DISTINCT nullif(key, '')) FILTER (WHERE good), coalesce(sum(cents), 0)::bigint,
       coalesce(sum(cents) FILTER (WHERE good), 0)::bigint,
       coalesce(sum(cents) FILTER (WHERE good AND cents > 0), 0)::bigint,
       coalesce(sum(cents) FILTER (WHERE good AND cents < 0), 0)::bigint
FROM (
    SELECT split_part(staged.key, '|', 1) AS key, staged.verdict IN ('good', 'fix') AS good,
           CASE WHEN staged.record ->> %(amount)s ~ '^-?[0-9]+([.][0-9]+)?$' THEN {_CENTS} END AS cents
    FROM onboarding_stagedrow staged
    WHERE staged.load_id = %(load)s AND staged.verdict IN ('good', 'fix', 'review')
) figures
"""
# A row that waits for a decision has not disappeared: it is there, and nobody knows yet what it will be.
_SINCE: Final = """
SELECT count(*) FILTER (WHERE now.good AND before.key IS NULL),
       count(*) FILTER (WHERE now.good AND now.record IS DISTINCT FROM before.record AND before.key IS NOT NULL),
       count(*) FILTER (WHERE now.good AND now.record = before.record),
       count(*) FILTER (WHERE now.key IS NULL)
FROM (SELECT DISTINCT ON (key) key, record, verdict IN ('good', 'fix') AS good FROM onboarding_stagedrow
      WHERE load_id = %(load)s AND verdict NOT IN ('not_data', 'control') AND key <> ''
      ORDER BY key, verdict IN ('good', 'fix') DESC, line) now
FULL JOIN (SELECT DISTINCT ON (key) key, record FROM onboarding_stagedrow
      WHERE load_id = %(before)s AND verdict IN ('good', 'fix') AND key <> '' ORDER BY key, line) before
  ON before.key = now.key
"""
_CHILDREN: Final = """
SELECT count(*) FILTER (WHERE child.id IS NULL), count(*) FILTER (WHERE child.id IS NOT NULL AND (
           upper(child.family_name) <> upper(staged.record ->> 'child_surname')
        OR upper(child.given_name) <> upper(staged.record ->> 'child_given_name')
        OR coalesce(child.sex <> staged.record ->> 'sex', false)
        OR coalesce(child.birth_date <> (staged.record ->> 'birth_date')::date, false)
        OR coalesce(child.birthplace_code <> staged.record ->> 'birth_place', false)
        OR coalesce(child.address <> staged.record ->> 'address', false)
        OR coalesce(child.postal_code <> staged.record ->> 'cap', false)
        OR coalesce(child.legacy_id <> staged.record ->> 'legacy_id', false)))
FROM (SELECT DISTINCT ON (record ->> 'child_fiscal_code') record FROM onboarding_stagedrow
      WHERE load_id = %(load)s AND verdict IN ('good', 'fix') AND record ->> 'child_fiscal_code' IS NOT NULL
      ORDER BY record ->> 'child_fiscal_code', line) staged
LEFT JOIN families_child child ON child.fiscal_code = staged.record ->> 'child_fiscal_code'
"""


def compare_load(*, load: RosterLoad) -> None:
    """Writes counts and totals into the load (not saved): by verdict, by defect, against the load before and ours."""
    before = load_before(load)
    values = {
        "load": load.pk,
        "before": None if before is None else before.pk,
        "amount": AMOUNT_OF.get(load.kind, "amount"),
    }
    with connection.cursor() as cursor:
        verdicts: dict[str, int] = dict(_all(cursor, _VERDICTS, values))
        counts: dict[str, Any] = {**verdicts, "defects": dict(_all(cursor, _DEFECTS, values))}
        people, read, committable, credit, due = _all(cursor, _TOTALS, values)[0]
        if before is not None:
            names = ("created", "updated", "unchanged", "disappeared")
            counts["since"] = dict(zip(names, _all(cursor, _SINCE, values)[0], strict=True))
        new, differing = _all(cursor, _CHILDREN, values)[0]
    data = sum(count for verdict, count in verdicts.items() if verdict not in {Verdict.NOT_DATA, Verdict.CONTROL})
    known = people - new if load.kind in {"roster", "transport"} else 0
    counts |= {
        "rows": data,
        "lines": sum(verdicts.values()),
        "blank": verdicts.get(Verdict.NOT_DATA, 0),
        "people": people,
        "already_known": known,
        "children_new": new,
        "children_differing": differing if load.kind == "roster" else 0,
        "declared": _declared(load),
    }
    load.counts = counts
    load.totals = {"read": read, "committable": committable, "credit": credit, "due": due}


def load_before(load: RosterLoad) -> RosterLoad | None:
    """The last load of the same source that was committed and stands; None where this would be the first."""
    if load.mapping is None:
        return None
    others = RosterLoad.objects.filter(
        mapping__source_name=load.mapping.source_name, mapping__kind=load.mapping.kind, state=LoadState.COMMITTED
    ).exclude(pk=load.pk)
    if load.committed_at is not None:
        earlier = Q(committed_at__lt=load.committed_at) | Q(committed_at=load.committed_at, pk__lt=load.pk)
        others = others.filter(earlier)
    return others.order_by("-committed_at", "-pk").first()


def _declared(load: RosterLoad) -> list[dict[str, Any]]:
    """What the control lines of the file declare and what was counted, as the rules told it."""
    lines = StagedRow.objects.filter(load=load, verdict=Verdict.CONTROL, record__isnull=False).order_by("line")
    return [{"line": row.line, **(row.record or {})} for row in lines[:20]]


def _all(cursor: Any, statement: str, values: dict[str, Any]) -> list[Any]:
    """Any: psycopg's cursor behind Django's wrapper, rows of several shapes."""
    cursor.execute(statement, values)
    rows: list[Any] = cursor.fetchall()
    return rows
