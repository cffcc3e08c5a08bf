"""Guardianships, ISEE and subscriptions of a load."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final

from onboarding.commit.images import changed, made
from onboarding.commit.scattering import scattered

# Until the child comes of age. A guardianship that is there, barred ones too, is not touched.
_GUARDIANS: Final = f"""
INSERT INTO families_guardianship (adult_id, child_id, kind, barred, valid_during)
SELECT incoming.adult_id, incoming.child_id, 'parent', false,
       daterange(%(first)s, (incoming.birth_date + interval '18 years')::date)
FROM roster_incoming incoming
WHERE incoming.adult_id IS NOT NULL AND (incoming.birth_date + interval '18 years')::date > %(first)s
  AND NOT EXISTS (
    SELECT FROM families_guardianship known
    WHERE known.adult_id = incoming.adult_id AND known.child_id = incoming.child_id
  )
ORDER BY {scattered("incoming.adult_id")}, incoming.child_id
"""

# The old archive does not say when the declaration was filed: 1 January, so that any dated one counts more.
_ISEE_DIFFERS: Final = """
SELECT held.id, to_jsonb(held) AS image, incoming.isee_cents
FROM means_iseeattestation held JOIN roster_incoming incoming ON incoming.child_id = held.child_id
WHERE held.kind = 'minors' AND held.filed_on = %(isee_first)s AND held.provenance = 'legacy'
  AND held.superseded_on IS NULL AND NOT held.awaits_office AND held.amount_cents <> incoming.isee_cents
FOR UPDATE OF held
"""
_ISEE_CORRECTED: Final = """
UPDATE means_iseeattestation held SET amount_cents = differing.isee_cents FROM differing WHERE held.id = differing.id
"""
_ISEE: Final = """
INSERT INTO means_iseeattestation
    (child_id, kind, amount_cents, dsu_protocol, filed_on, provenance, valid_during)
SELECT incoming.child_id, 'minors', incoming.isee_cents, '', %(isee_first)s, 'legacy',
       daterange(%(isee_first)s, %(isee_end)s)
FROM roster_incoming incoming
WHERE incoming.isee_cents IS NOT NULL
ON CONFLICT (child_id, kind, filed_on, provenance) WHERE superseded_on IS NULL AND NOT awaits_office DO NOTHING
"""

_SUBSCRIPTIONS: Final = f"""
INSERT INTO enrolment_subscription
    (public_id, child_id, service_id, edition_id, application_id, origin, valid_during)
SELECT gen_random_uuid(), incoming.child_id, %(service)s, %(edition)s, NULL, 'roster',
       daterange(%(first)s, %(end)s)
FROM roster_incoming incoming
WHERE NOT EXISTS (
    SELECT FROM enrolment_subscription known
    WHERE known.child_id = incoming.child_id AND known.service_id = %(service)s
      AND known.valid_during && daterange(%(first)s, %(end)s)
)
ORDER BY {scattered("incoming.child_id")}
"""


def write_guardianships(cursor: Any, values: dict[str, object]) -> int:
    """The payer acts for the child. Any: psycopg's cursor behind Django's wrapper."""
    return made(cursor, "families_guardianship", _GUARDIANS, values)


def write_isee(cursor: Any, values: dict[str, object]) -> int:
    """The ISEE of the old archive, to 31 December; returns how many are new or changed."""
    table = "means_iseeattestation"
    corrected = changed(cursor, table, chosen=_ISEE_DIFFERS, update=_ISEE_CORRECTED, values=values)
    return corrected + made(cursor, table, _ISEE, values)


def write_subscriptions(cursor: Any, values: dict[str, object]) -> int:
    """A place in the canteen for the school year, for those who have none in it."""
    return made(cursor, "enrolment_subscription", _SUBSCRIPTIONS, values)
