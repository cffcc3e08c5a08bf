"""The texts inside the codes of a notice, character by character: QR (P26), codeline and Data Matrix (P28)."""

import unicodedata
from typing import Final

from sportello.kernel.money import Money

_SPELLED: Final = str.maketrans({"€": "EUR", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "ß": "ss"})
NAME, SUBJECT, DEBTOR_CODE, FILLER = 40, 110, 16, 12


def qr_text(*, notice_number: str, fiscal_code: str, amount: Money) -> str:
    """What an app reads to pay a notice (P26).

    >>> qr_text(notice_number="303000000000004272", fiscal_code="80015010723", amount=Money(4550))
    'PAGOPA|002|303000000000004272|80015010723|4550'
    """
    return f"PAGOPA|002|{notice_number}|{fiscal_code}|{amount.cents}"


def codeline(*, notice_number: str, account: str, amount: Money) -> str:
    """The fifty digits by which Poste knows the payment, each part led by its length (P28).

    >>> codeline(notice_number="303000000000004272", account="12345678", amount=Money(4550))
    '18303000000000004272120000123456781000000045503896'
    """
    return f"18{notice_number}12{account:0>12}10{amount.cents:010d}3896"


def data_matrix_text(*, line: str, fiscal_code: str, debtor_code: str, debtor_name: str, subject: str) -> str:
    """The 256 characters of the code of Poste (P28): upper case, ASCII only, each field at its place."""
    return (
        f"codfase=NBPA;{line}1P1{fiscal_code}{ascii_upper(debtor_code):<{DEBTOR_CODE}.{DEBTOR_CODE}}"
        f"{ascii_upper(debtor_name):<{NAME}.{NAME}}{ascii_upper(subject):<{SUBJECT}.{SUBJECT}}{'':{FILLER}}A"
    )


def ascii_upper(text: str) -> str:
    """Capitals without accents; what has no ASCII likeness becomes a blank, so that no place shifts.

    >>> ascii_upper("Nicolò D’Alò – 45 €")
    "NICOLO D'ALO - 45 EUR"
    """
    bare = (
        letter
        for letter in unicodedata.normalize("NFKD", text.translate(_SPELLED))
        if not unicodedata.combining(letter)
    )
    return "".join(letter if " " <= letter <= "~" else " " for letter in bare).upper()
