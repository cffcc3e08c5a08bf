"""What GPD looks at before it keeps a position, beyond its shape (P23). Pure."""

from datetime import datetime

from msgspec import UNSET

from integrations.pagopa.simulator.contracts import is_iban
from integrations.pagopa.simulator.positions.structs import PaymentOption, PaymentPosition, Transfer
from sportello.kernel.clock import ROME


def zoned(moment: datetime) -> datetime:
    """A moment without a zone is Rome's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=ROME)


def wrong_with(position: PaymentPosition) -> list[str]:
    """Each thing that is not as it must be; empty when all is well."""
    wrong = [point for option in position.payment_option for point in _option(option)]
    ways = [option.iuv for option in position.payment_option]
    if len(set(ways)) != len(ways):
        wrong.append("the same iuv twice")
    if position.validity_date is not UNSET:
        valid_from = zoned(position.validity_date)
        if any(zoned(option.due_date) <= valid_from for option in position.payment_option):
            wrong.append("dueDate must be after validityDate")
    if sum(not option.is_partial_payment for option in position.payment_option) > 1:
        wrong.append("more than one option pays the whole")
    return wrong


def _option(option: PaymentOption) -> list[str]:
    wrong = [point for line in option.transfer for point in _line(line)]
    total = sum(line.amount for line in option.transfer)
    if total != option.amount:
        wrong.append(f"{option.iuv}: the transfers give {total}, the amount is {option.amount}")
    numbers = [line.id_transfer for line in option.transfer]
    if len(set(numbers)) != len(numbers):
        wrong.append(f"{option.iuv}: the same idTransfer twice")
    if option.nav is not UNSET and option.nav[1:] != option.iuv:
        wrong.append(f"{option.iuv}: nav {option.nav} belongs to another iuv")
    return wrong


def _line(line: Transfer) -> list[str]:
    if (line.iban is UNSET) == (line.stamp is UNSET):
        return [f"transfer {line.id_transfer}: either an iban or a stamp"]
    told = [iban for iban in (line.iban, line.postal_iban) if iban is not UNSET]
    return [f"transfer {line.id_transfer}: {iban} is no IBAN" for iban in told if not is_iban(iban)]
