"""What some column of a file must tell, so that its rows can be known again."""

from typing import Final

NEEDED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "roster": (("child_fiscal_code",),),
    "transport": (("child_fiscal_code",), ("month",)),
    "taxes": (("fiscal_code",), ("tax",)),
    "debts": (("debt_id",),),
    "treasury": (("entry_id",),),
}
"""For each kind, groups of fields: one of each must be read."""
