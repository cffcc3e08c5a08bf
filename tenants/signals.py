"""News of this room for the rooms above."""

from django.dispatch import Signal

municipality_provisioned = Signal()
"""A Comune has got its schema. Sent in the transaction that made it, inside that schema, with `municipality` and
`pack` (a MunicipalPack): rooms above load what is theirs. An error undoes the schema."""
