"""The language of mappings: closed and typed; an unknown key is an error told at its place."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

LANGUAGE: Final = 1

type Form = Literal["delimited", "fixed", "sheet"]
type Kind = Literal["roster", "transport", "taxes", "debts", "treasury", "other"]
type Encoding = Literal["", "utf-8", "utf-8-sig", "cp1252", "iso-8859-1", "utf-16", "utf-16-le", "utf-16-be"]
type Escape = Literal["doubled", "backslash", "none"]
type DateOrder = Literal["dmy", "mdy", "ymd"]
type Decimal = Literal["", ",", "."]
type Thousands = Literal["", ".", ",", " ", "'"]
type Unit = Literal["euro", "cents", "thousandths"]
type Sign = Literal["credit", "debt"]
type Place = Annotated[int, Meta(ge=1)]
type Share = Annotated[float, Meta(ge=0, le=1)]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A base of all structs: unknown keys are refused, what equals its default is not written."""


class RecordMark(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In files of fixed width (or delimited ones with a first cell of that use): the letters that say what a line is.

    Characters counted from 1; empty = the file has no such line.
    """

    first: Place
    width: Place = 1
    header: str = ""
    detail: str = ""
    trailer: str = ""


class Layout(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the file is written. `header_line` 0 = no line of names; `header` are the names as they stand there.

    A line equal to the header is a repeated header, wherever it stands. Lines before `header_line` are a preamble.
    `total_words` begin a line of sums. `width` is that of a full line of fixed width.
    """

    form: Form
    encoding: Encoding = ""
    separator: str = ""
    quote: str = '"'
    escape: Escape = "doubled"
    sheet: str = ""
    header_line: Annotated[int, Meta(ge=0)] = 0
    header: tuple[str, ...] = ()
    total_words: tuple[str, ...] = ("TOTALE", "TOTALI", "TOT.", "SOMMA", "TOTALE GENERALE")
    width: Annotated[int, Meta(ge=0)] = 0
    mark: RecordMark | None = None


class Column(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column of the file and what it becomes.

    `place` counts cells from 1, or characters from 1 where the width is fixed (then `width` > 0). `field` is a name of
    `onboarding.fields`; empty = the column is read by nobody and that is no loss (`reason` says why). `part` is the key
    under which the value stands in a field that holds several: the month of a wide file ("SET"). `decimal` is that of
    nearly all amounts of the column and `thousands` the sign that groups nearly all of those over 999; empty = no usual
    form (an amount in another form than the usual one is repaired and told). `values` is the value table: what the file
    says -> what we say. `digits` is the full length of a number that spreadsheets shorten (leading zeros lost).
    `sign` says what more than zero means in a `balance`: a credit of the family, or its debt; two columns of the two
    signs are one balance.
    """

    source: str = ""
    place: Place
    width: Annotated[int, Meta(ge=0)] = 0
    field: str = ""
    part: str = ""
    date_order: DateOrder = "dmy"
    decimal: Decimal = ""
    thousands: Thousands = ""
    unit: Unit = "euro"
    sign: Sign = "credit"
    digits: Annotated[int, Meta(ge=0)] = 0
    names: Literal["surname_first", "given_first"] = "surname_first"
    values: dict[str, str] = {}
    confidence: Share = 1.0
    reason: str = ""


class Control(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A declared sum or count in the trailer: where it stands, and the sum of which field ("" = how many lines)."""

    place: Place
    width: Annotated[int, Meta(ge=0)] = 0
    of: str = ""
    unit: Unit = "cents"


class Mapping(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reading of one kind of file. `municipality` is a Belfiore code; empty = not known."""

    kind: Kind
    layout: Layout
    columns: tuple[Column, ...]
    language: int = LANGUAGE
    municipality: str = ""
    name: str = ""
    school_year: int = 0
    controls: tuple[Control, ...] = ()
    confidence: Share = 1.0
    questions: tuple[str, ...] = ()
