"""The checks of GPD, made before a position is sent, so that who makes it reads the reason at once."""

from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from integrations.pagopa.errors import PositionUnfit
from integrations.pagopa.numbers import is_valid
from integrations.pagopa.positions import Position, PositionOption
from integrations.pagopa.taxonomy import SHAPE
from integrations.pagopa.types import TransferLine

LONGEST: Final = 140
MOST_METADATA: Final = 10
MOST_TRANSFERS: Final = 5


def check_position(position: Position, *, today: date) -> None:
    """Raises PositionUnfit with the first reason."""
    if not position.position_id or len(position.position_id) > 50:
        raise PositionUnfit(_("La posizione non ha un identificativo valido."))
    if position.debtor.kind not in {"F", "G"} or not position.debtor.code or not position.debtor.full_name:
        raise PositionUnfit(_("Mancano il codice o il nome del debitore."))
    numbers = [one.notice_number for one in position.options]
    if not numbers or len(set(numbers)) != len(numbers):
        raise PositionUnfit(_("La posizione non ha rate, o due hanno lo stesso numero di avviso."))
    if sum(not one.is_instalment for one in position.options) > 1:
        raise PositionUnfit(_("La posizione ha più di un pagamento in un'unica soluzione."))
    starts_on = position.valid_from or today
    for option in position.options:
        _check_option(option, starts_on)


def _check_option(option: PositionOption, starts_on: date) -> None:
    if not is_valid(option.notice_number):
        raise PositionUnfit(_("Un numero di avviso non è valido."))
    if option.due_on < starts_on:  # on the same day it is still after: a day begins at 0:00 and is due at 23:59
        raise PositionUnfit(_("Una scadenza viene prima dell'inizio della posizione o è già passata."))
    if not 1 <= len(option.transfers) <= MOST_TRANSFERS:
        raise PositionUnfit(_("Una rata ha da uno a cinque versamenti."))
    if [one.number for one in option.transfers] != list(range(1, len(option.transfers) + 1)):
        raise PositionUnfit(_("I versamenti di una rata non sono numerati da uno in su."))
    if option.amount_cents < 1 or sum(one.amount_cents for one in option.transfers) != option.amount_cents:
        raise PositionUnfit(_("I versamenti non danno l'importo della rata."))
    _check_text(option.description)
    if len(option.metadata) > MOST_METADATA:
        raise PositionUnfit(_("Troppi dati aggiuntivi."))
    for transfer in option.transfers:
        _check_transfer(transfer)


def _check_transfer(transfer: TransferLine) -> None:
    if transfer.amount_cents < 1 or not transfer.iban:
        raise PositionUnfit(_("Un versamento non ha importo o IBAN."))
    if not SHAPE.fullmatch(transfer.category):
        raise PositionUnfit(_("Un versamento non ha un codice della tassonomia."))
    if len(transfer.metadata) > MOST_METADATA:
        raise PositionUnfit(_("Troppi dati aggiuntivi."))
    _check_text(transfer.remittance)


def _check_text(text: str) -> None:
    if not 1 <= len(text) <= LONGEST:
        raise PositionUnfit(_("Una causale è vuota o supera 140 caratteri."))
