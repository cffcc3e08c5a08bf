"""The first amount of a service whose fees were to confirm: the act says it, and the table begins."""

from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.fee_table import Band, Base, FlatBands, SinglePrice
from services_catalog.models import Edition
from services_catalog.publication import revise_draft
from sportello.accounts.models import Account
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money

BANDS, SINGLE = "bands", "single"


class FeesStatedAlready(DomainError):
    """The table has its amounts: they are changed in the editor."""


@transaction.atomic
def state_fees(*, edition: Edition, shape: str, amount: Money, actor: Account, now: datetime) -> Edition:
    """Give a draft to confirm its first amount: one price for all, or the first ISEE band, to be cut in the editor.

    Raises FeesStatedAlready or EditionNotDraft.
    """
    content = edition.rules
    if not content.fees.to_confirm:
        raise FeesStatedAlready(_("Gli importi ci sono già: si cambiano con «Modifica»."))
    base: Base = SinglePrice(amount=amount) if shape == SINGLE else FlatBands(bands=(Band(amount=amount),))
    fees = msgspec.structs.replace(content.fees, base=base)
    stated = msgspec.structs.replace(content, fees=fees)
    return revise_draft(edition=edition, content=stated, actor=actor, now=now)
