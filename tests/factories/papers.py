"""Payments, years and arrears of a family that never was."""

from datetime import UTC, date, datetime

from sportello.billing.papers.arrears import InjunctionLine, InjunctionList, ReminderLetter, Unpaid
from sportello.billing.papers.certificates import Expense, Refund, YearCertificate
from sportello.billing.papers.dues import ChildDues, DuesStatement, Owed, ServiceDues
from sportello.billing.papers.nido import NidoMonth
from sportello.billing.papers.settlements import SettledLine, Settlement
from sportello.billing.papers.sheets import Addressee, NoticeSheet
from sportello.kernel.money import Money
from sportello.kernel.month import Month
from tests.factories.notices import MARIA, due, payee

GIULIA = Addressee("Giulia Verdi", "VRDGLI22A41A662D")
LUCA = Addressee("Luca Verdi", "VRDLCU18A01A662X")
PAID_AT = datetime(2026, 12, 3, 9, 41, tzinfo=UTC)


def settlement(number: int = 1, cents: int = 4550, *, subject: str = "Mensa scolastica novembre 2026") -> Settlement:
    """One line, paid through a bank."""
    notice = due(number, cents)
    return Settlement(
        payee=payee(),
        debtor=MARIA,
        payer=Addressee("Paolo Verdi", "VRDPLA78A01A662Y"),
        subject=subject,
        notice_number=notice.notice_number,
        iuv=notice.notice_number[1:],
        receipt_id=f"c110729d258c4ab1b765fe902aae4{number:03d}",
        amount=Money(cents),
        paid_at=PAID_AT,
        provider="Banca Esempio S.p.A.",
        lines=(SettledLine(subject, "Giulia Verdi", Money(cents)),),
        fee=Money(150),
        method="Carta",
    )


def nido_month(number: int, *, child: Addressee = GIULIA, cents: int = 30_000) -> NidoMonth:
    """A month of 2026 at the nido."""
    month = Month(2026, number)
    subject = f"Nido comunale, retta {month.italian_name}"
    return NidoMonth(
        child=child,
        month=month,
        nido="Nido comunale Il Melograno, via Amendola 1, Bari",
        licence="Autorizzazione al funzionamento n. 12 del 3 luglio 2019",
        number=f"{number}/2026",
        notice=NoticeSheet(payee(), MARIA, subject, due(number, cents), children=(child.full_name,)),
        settlement=settlement(number, cents, subject=subject),
    )


def expense(
    number: int,
    day: date,
    whole: int,
    *,
    child: Addressee = GIULIA,
    half: bool = False,
    service: str = "Mensa scolastica",
    traceable: bool = True,
) -> Expense:
    """A payment of the year; `half`: two parents bear it."""
    notice = due(number, whole)
    return Expense(
        child=child,
        school="Scuola dell'infanzia Rodari",
        service=service,
        period=Month.of(day).previous.italian_name,
        whole=Money(whole),
        amount=Money(whole // 2 if half else whole),
        paid_on=day,
        notice_number=notice.notice_number,
        receipt_id=f"c110729d258c4ab1b765fe902aae4{number:03d}",
        basis_points=5_000 if half else 10_000,
        traceable=traceable,
    )


def year(*expenses: Expense, refunds: tuple[Refund, ...] = (), prepaid_note: str = "") -> YearCertificate:
    """The certificate of 2026."""
    return YearCertificate(payee(), MARIA, 2026, "45/2027", date(2027, 2, 10), expenses, refunds, prepaid_note)


def statement() -> DuesStatement:
    """Two children, three services: something paid, something overdue, something to come."""
    canteen = ServiceDues(
        "Mensa scolastica",
        (
            Owed("18 pasti di ottobre 2026", Money(8550), Money(8550), date(2026, 11, 15), due(1, 1).notice_number),
            Owed("20 pasti di novembre 2026", Money(9500), Money(2000), date(2026, 12, 15), due(2, 1).notice_number),
        ),
        meals_served=38,
    )
    prepaid = ServiceDues("Mensa scolastica", (), credit=Money(4550), meals_served=1021, meals_available=9)
    bus = ServiceDues("Trasporto scolastico", (Owed("Prima rata", Money(15000), Money(0), date(2026, 12, 31)),))
    children = (ChildDues("Giulia Verdi", (canteen,)), ChildDues("Luca Verdi", (prepaid, bus)))
    return DuesStatement(payee(), MARIA, date(2026, 12, 20), children)


def letter(count: int = 2) -> ReminderLetter:
    """A reminder of so many notices."""
    unpaid = tuple(
        Unpaid(f"Mensa scolastica {Month(2026, n + 1).italian_name}", due(n, 4550 + n, date(2026, n + 2, 15)))
        for n in range(count)
    )
    return ReminderLetter(
        payee=payee(),
        debtor=MARIA,
        title="Sollecito di pagamento",
        protocol="0012345/2026",
        written_on=date(2026, 12, 20),
        pay_by=date(2027, 1, 20),
        paragraphs=("Gentile Maria Rossi,", "questi avvisi non ci risultano pagati."),
        unpaid=unpaid,
        way_out="Puoi chiedere di pagare a rate, o parlare con i servizi sociali: scrivi a scuola@comune.bari.example.",
        officer="dott.ssa Anna Bianchi",
    )  # fmt: skip


def injunction_list(count: int = 3) -> InjunctionList:
    """So many debts, each reminded twice."""
    lines = tuple(
        InjunctionLine(
            MARIA, "Mensa scolastica 2025/2026", due(n, 20_000 + n, date(2026, 1, 31)), Money(350), Money(580),
            (date(2026, 4, 1), date(2026, 6, 1)),
        )
        for n in range(count)
    )  # fmt: skip
    return InjunctionList(
        payee(),
        "3/2026",
        "Determinazione n. 1234 del 15 dicembre 2026",
        date(2026, 12, 20),
        "dott.ssa Anna Bianchi",
        lines,
    )
