"""Where the money of a notice goes: one transfer for each code of the taxonomy, all to the Comune (P14)."""

from collections.abc import Sequence
from typing import Final

from integrations.pagopa.models import CreditorInstitution
from integrations.pagopa.types import TransferLine
from sportello.billing.debts.asking import by_category, remittance_of
from sportello.billing.debts.facts import NoticeFacts
from sportello.billing.debts.pieces import Piece

SUPPORT_ACCOUNT: Final = "IBANAPPOGGIO"  # the name pagoPA gives to the postal account of a transfer


def transfers_of(
    facts: NoticeFacts, pieces: Sequence[Piece], ourselves: CreditorInstitution, transfer_type: str | None = None
) -> tuple[TransferLine, ...]:
    """The transfers of so much of a notice. Who pays at the post office pays to the postal account (P16)."""
    services = {line.pk: line.service_code for line in facts.claim.lines}
    to_post = transfer_type == "POSTAL" and bool(ourselves.postal_iban)
    beside = transfer_type == "PAGOPA" and bool(ourselves.postal_iban)
    return tuple(
        TransferLine(
            number=number,
            amount_cents=cents,
            fiscal_code=ourselves.fiscal_code,
            company_name=ourselves.company_name,
            iban=ourselves.postal_iban if to_post else ourselves.iban,
            remittance=remittance_of(facts.iuv, cents, facts.description),
            category=category,
            metadata=((SUPPORT_ACCOUNT, ourselves.postal_iban),) if beside else (),
        )
        for number, (category, cents) in enumerate(by_category(pieces, services).items(), start=1)
    )
