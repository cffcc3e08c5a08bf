"""From TOML or JSON to the structs of the language and back, with errors that tell the place and a likely remedy."""

from datetime import date
from typing import Any

import msgspec

from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import InvalidAmount, Money
from sportello.kernel.structs import StructInvalid, read_struct, read_toml_text


class SchemaError(StructInvalid):
    """A text is not in the language. ``place`` is a path such as ``content.fees.base``; ``nearest`` a known key."""


def from_builtins[T](data: object, kind: type[T]) -> T:
    """Check plain data (from JSON or TOML) against a struct of the language; raises SchemaError."""
    return read_struct(data, kind, SchemaError, _decode)


def from_json[T](text: str | bytes, kind: type[T]) -> T:
    """Read JSON; raises SchemaError."""
    try:
        data = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise SchemaError(gettext_noop("Il testo non è JSON: %(detail)s."), place="", detail=error) from error
    return from_builtins(data, kind)


def from_toml[T](text: str, kind: type[T]) -> T:
    """Read TOML; raises SchemaError."""
    return from_builtins(read_toml_text(text, SchemaError), kind)


def to_builtins(value: msgspec.Struct) -> dict[str, Any]:
    """Plain data as a JSON column keeps it: amounts and dates as strings, defaults left out."""
    plain: dict[str, Any] = msgspec.to_builtins(value, enc_hook=_encode)
    return plain


def to_toml_builtins(value: msgspec.Struct) -> dict[str, Any]:
    """Plain data for a TOML writer: as ``to_builtins`` but dates stay dates."""
    plain: dict[str, Any] = msgspec.to_builtins(value, enc_hook=_encode, builtin_types=(date,))
    return plain


def canonical_json(value: msgspec.Struct) -> bytes:
    """The same bytes for the same content whatever the order it was written in: what a fingerprint is made of."""
    return msgspec.json.encode(to_builtins(value), order="sorted")


def _decode(kind: type, value: object) -> object:
    if kind is Money and isinstance(value, str):
        try:
            return Money.from_decimal_string(value)
        except InvalidAmount as error:
            raise ValueError(error.message) from error
    raise ValueError(gettext_noop('scrivi l\'importo fra virgolette, per esempio "1.90"'))


def _encode(value: object) -> object:
    if isinstance(value, Money):
        return value.as_decimal_string()
    raise TypeError(f"no form for {type(value).__name__}")
