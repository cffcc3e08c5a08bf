"""News of this room for the rooms above."""

from django.dispatch import Signal

municipality_provisioned = Signal()
"""A Comune has a schema. Sent in the transaction that made it, inside that schema, with `municipality` and `pack`
(the folder of its pack, None when it has none): rooms above load what it decided. An error undoes the schema."""
