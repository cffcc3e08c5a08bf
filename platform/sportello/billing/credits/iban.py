"""IBANs as people write them. Pure."""

import re

from sportello.kernel.errors import DomainError, gettext_noop

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


class InvalidIban(DomainError):
    """The text is no IBAN: wrong length, or its check digits do not agree."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("L'IBAN non è giusto: ricopialo dal tuo conto, ha 27 caratteri e comincia con IT.")
        )


def read_iban(text: str) -> str:
    """The IBAN without spaces, in capitals. Raises InvalidIban.

    >>> read_iban("it60 x054 2811 1010 0000 0123 456")
    'IT60X0542811101000000123456'
    """
    iban = re.sub(r"\s", "", text).upper()
    if not _SHAPE.fullmatch(iban) or (iban.startswith("IT") and len(iban) != 27):
        raise InvalidIban
    digits = "".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])
    if int(digits) % 97 != 1:
        raise InvalidIban
    return iban
