"""News of this room for the rooms above."""

from django.dispatch import Signal

municipality_provisioned = Signal()
"""A Comune has got its schema. Sent in the transaction that made it, inside that schema, with `municipality` and
`pack` (a MunicipalPack): rooms above load what is theirs. An error undoes the schema."""

municipality_left = Signal()
"""A Comune is leaving for good. Sent with `municipality` in the transaction that drops its schema, in the schema of who
does it: rooms above delete what they keep of it elsewhere. An error keeps the schema."""
