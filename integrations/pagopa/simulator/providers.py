"""The invented payment providers: one behind the checkout, one at the tobacconist's."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Provider:
    """As a receipt names it."""

    psp_id: str
    fiscal_code: str
    name: str
    broker_code: str
    channel_id: str
    channel: str
    method: str
    fee_cents: int


CARD: Final = Provider(
    psp_id="SIMPSP01",
    fiscal_code="12345678903",
    name="Banca dimostrativa",
    broker_code="12345678903",
    channel_id="12345678903_03",
    channel="WISP",
    method="creditCard",
    fee_cents=150,
)
COUNTER: Final = Provider(
    psp_id="SIMTAB01",
    fiscal_code="98765432106",
    name="Tabaccheria dimostrativa",
    broker_code="98765432106",
    channel_id="98765432106_01",
    channel="TabaccaioPuntoVendita",
    method="cash",
    fee_cents=200,
)
PROVIDERS: Final = (CARD, COUNTER)


def provider_of(psp_id: str) -> Provider:
    """The provider of that name; raises KeyError for a stranger."""
    return {one.psp_id: one for one in PROVIDERS}[psp_id]
