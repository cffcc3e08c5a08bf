"""A mapping as text: TOML for people and files, plain data for the database."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
import tomli_w

from onboarding.fields import FIELDS
from onboarding.mapping.spoken import spoken
from onboarding.mapping.structs import Column, Control, Layout, Mapping, RecordMark
from sportello.kernel.errors import gettext_noop
from sportello.kernel.structs import StructInvalid, nearest_word, read_struct, read_toml_text


class MappingInvalid(StructInvalid):
    """A text is no mapping; the sentence says where and what was probably meant."""


_FIELD_FAR: Final = gettext_noop("%(place)s: il campo «%(key)s» non esiste in un file di questo tipo.")
_FIELD_NEAR: Final = gettext_noop(
    "%(place)s: il campo «%(key)s» non esiste in un file di questo tipo. Forse «%(nearest)s»?"
)
_NESTED: Final = ("layout", "columns", "controls")


def mapping_text(mapping: Mapping) -> str:
    """TOML that `read_mapping` gives back as the same mapping; what equals its default is left out.

    A remark before each column says in Italian what is read from it, so that who opens the file need not know the
    names of the fields.
    """
    plain = _plain(mapping)
    head = {key: value for key, value in plain.items() if key not in _NESTED or not value}
    parts = [
        "# Come si legge questo file. Il significato di ogni chiave sta in docs/how-to/map-an-export.md.",
        _dumped(head),
        _dumped({"layout": _plain(mapping.layout)}),
        *_tables("columns", mapping.columns, _about_column),
        *_tables("controls", mapping.controls, _about_control),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def read_mapping(text: str) -> Mapping:
    """Raises MappingInvalid."""
    mapping = read_struct(read_toml_text(text, MappingInvalid), Mapping, MappingInvalid)
    known = [field.name for field in FIELDS[mapping.kind]]
    places = (*(("columns", at, one.field) for at, one in enumerate(mapping.columns)),)
    for name, at, field in (*places, *(("controls", at, one.of) for at, one in enumerate(mapping.controls))):
        if field and field not in known:
            nearest = nearest_word(field, known)
            template = _FIELD_NEAR if nearest else _FIELD_FAR
            raise MappingInvalid(template, place=f"{name}[{at}].field", key=field[:40], nearest=nearest)
    return mapping


def layout_data(layout: Layout) -> dict[str, Any]:
    """As a JSON column keeps it."""
    plain: dict[str, Any] = msgspec.to_builtins(layout)
    return plain


def read_layout(data: object) -> Layout:
    """Raises MappingInvalid."""
    return read_struct(data, Layout, MappingInvalid)


def _plain(part: msgspec.Struct) -> dict[str, Any]:
    """Plain data without the keys that equal their default."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(part):
        value = getattr(part, field.name)
        default = field.default if field.default is not msgspec.NODEFAULT else None
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if not field.required and value == default:
            continue
        found[field.name] = _plain(value) if isinstance(value, RecordMark) else msgspec.to_builtins(value)
    return found


def _dumped(data: dict[str, Any]) -> str:
    return tomli_w.dumps(data)


def _tables[One: (Column, Control)](name: str, parts: Iterable[One], about: Callable[[One], str]) -> list[str]:
    return [f"# {_on_one_line(about(part))}\n{_in_table(name, part)}" for part in parts]


def _in_table(name: str, part: Column | Control) -> str:
    """One element of an array of tables: TOML writers would put a short array of them on one line."""
    plain = _plain(part)
    values = plain.pop("values", None)
    written = f"[[{name}]]\n{_dumped(plain)}"
    return f"{written}\n[{name}.values]\n{_dumped(values)}" if values else written


def _about_column(column: Column) -> str:
    where = f"«{column.source}»" if column.source else f"Posizione {column.place}"
    what = f"{spoken(column.field)}{f' ({column.part})' if column.part else ''}" if column.field else "non si legge"
    return f"{where}: {what}"


def _about_control(control: Control) -> str:
    return f"Dichiarato in coda: {f'la somma di {spoken(control.of)}' if control.of else 'il numero delle righe'}"


def _on_one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
