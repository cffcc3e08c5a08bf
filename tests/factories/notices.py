"""Payment notices of a Comune that never asked for anything."""

from datetime import UTC, date, datetime

from sportello.billing.papers.sheets import Addressee, Due, NoticeSheet, Payee, PostalAccount
from sportello.kernel.money import Money

PRINTED = datetime(2026, 12, 1, 9, tzinfo=UTC)
POSTE = PostalAccount("12345678", "Comune di Bari - Servizi scolastici", "AUT. DB/0000/PA 00000 DEL 01/02/2024")
NOTICE_NUMBER = "303000000000004272"


def payee(postal: PostalAccount | None = None) -> Payee:
    """The Comune that asks."""
    return Payee(
        name="Comune di Bari",
        fiscal_code="80015010723",
        office="Ripartizione Politiche educative e giovanili",
        contacts="comune.bari.it · numero verde 800 000 000 · scuola@comune.bari.example",
        cbill="a1b2c",
        postal=postal,
    )


MARIA = Addressee("Maria Rossi", "RSSMRA80A41A662E", ("Via Sparano 12", "70121 Bari (BA)"))


def due(number: int, cents: int, day: date | None = date(2026, 12, 31)) -> Due:
    """One way of paying; the number is a place in the sequence."""
    return Due(f"3030000{number:011d}", Money(cents), day)


def whole(
    *, postal: bool = False, debtor: Addressee = MARIA, subject: str = "Mensa scolastica dicembre 2026"
) -> NoticeSheet:
    """45,50 € for the canteen of December, in one payment."""
    return NoticeSheet(
        payee(POSTE if postal else None), debtor, subject, Due(NOTICE_NUMBER, Money(4550), date(2026, 12, 31))
    )


def in_rates(
    count: int, *, postal: bool = False, choice: bool = True, subject: str = "Trasporto scolastico 2026/2027"
) -> NoticeSheet:
    """A year of bus for 600 €, in so many instalments or (`choice`) all at once."""
    cents = 60_000 // count
    rates = tuple(due(10 + n, cents, date(2026 + n // 12, n % 12 + 1, 28)) for n in range(count))
    return NoticeSheet(payee(POSTE if postal else None), MARIA, subject, due(1, 60_000) if choice else None, rates)
