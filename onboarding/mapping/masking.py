"""Examples of a column, masked as little as is needed to tell what it holds."""

from typing import Final

_PERSONAL: Final = frozenset(
    {
        "fiscal_code",
        "tax_subject",
        "surname",
        "given_name",
        "full_name",
        "phone",
        "email",
        "iban",
        "street",
        "residence",
    }
)
_SHOWN: Final = 2


def masked(text: str, reader: str) -> str:
    """The text with the middle of each word hidden where it names a person; figures, dates and codes stay whole."""
    if reader == "unknown":
        return " ".join(_masked_word(word) if any(c.isalpha() for c in word) else word for word in text[:60].split())
    if reader not in _PERSONAL:
        return text[:40]
    return " ".join(_masked_word(word) for word in text[:60].split())


def _masked_word(word: str) -> str:
    if len(word) <= _SHOWN + 1:
        return word
    if "@" in word:
        name, _at, host = word.partition("@")
        return f"{_masked_word(name)}@{host}"
    last = word[-1] if len(word) > 6 else ""
    return f"{word[:_SHOWN]}{'•' * min(len(word) - _SHOWN - len(last), 6)}{last}"
