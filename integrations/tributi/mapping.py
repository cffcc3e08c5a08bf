"""Where the facts stand in what another system gives, as data: files of fixed width and CSV, words, paths of an answer.

Names and addresses have no word here: what cannot be mapped is never read.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from integrations.typed_settings import Settings
from sportello.kernel.errors import gettext_noop

type Name = Literal["progressive", "fiscal_code", "tax", "year", "due", "paid", "paid_on", "instalments", "comune"]
type Format = Literal["text", "number", "cents", "comma", "point", "ddmmyyyy", "yyyymmdd", "dd/mm/yyyy", "yyyy-mm-dd"]
type Encoding = Literal["cp1252", "utf-8"]
type Place = Annotated[int, Meta(ge=1, le=4000)]


class FixedColumn(Settings, frozen=True, kw_only=True):
    """A column of a fixed-width file: first and last character, counted from 1."""

    name: Name
    first: Place
    last: Place
    format: Format = "text"


class CsvColumn(Settings, frozen=True, kw_only=True):
    """A column of a CSV, by its heading."""

    name: Name
    heading: str
    format: Format = "text"


class Cut(Settings, frozen=True, kw_only=True):
    """A place in the header or the tail of a fixed-width file."""

    first: Place
    last: Place
    format: Format = "text"


class HeaderRecord(Settings, frozen=True, kw_only=True):
    """The first record: how it begins, whose file it is and of which day."""

    mark: str
    comune: Cut | None = None
    as_of: Cut | None = None


class TailRecord(Settings, frozen=True, kw_only=True):
    """The last record: how it begins, and the sums that must come out."""

    mark: str
    records: Cut | None = None
    due: Cut | None = None
    paid: Cut | None = None


class TaxWords(Settings, frozen=True, kw_only=True):
    """How the file spells each tax; those abolished are recognised, and left to a person."""

    IMU: tuple[str, ...] = ("IMU",)
    TARI: tuple[str, ...] = ("TARI",)
    TASI: tuple[str, ...] = ("TASI",)
    CUP: tuple[str, ...] = ("CUP",)
    abolished: tuple[str, ...] = ("ICI", "TARSU", "TIA", "TARES")


class FixedLayout(Settings, frozen=True, kw_only=True, tag_field="form", tag="fixed"):
    """A file of fixed width with a header, detail records and a tail."""

    width: Place
    columns: tuple[FixedColumn, ...]
    detail_mark: str = "1"
    header: HeaderRecord | None = None
    tail: TailRecord | None = None
    encoding: Encoding = "cp1252"
    yes: tuple[str, ...] = ("S",)
    taxes: TaxWords = TaxWords()


class CsvLayout(Settings, frozen=True, kw_only=True, tag_field="form", tag="csv"):
    """A CSV with a row of headings; `total_mark` is what the first cell of a closing row of sums says."""

    columns: tuple[CsvColumn, ...]
    separator: Annotated[str, Meta(min_length=1, max_length=1)] = ";"
    total_mark: str = ""
    encoding: Encoding = "utf-8"
    yes: tuple[str, ...] = ("S", "SI", "1")
    taxes: TaxWords = TaxWords()


type Layout = FixedLayout | CsvLayout


class Words(Settings, frozen=True, kw_only=True):
    """How another system says each verdict, and each tax."""

    regular: tuple[str, ...] = ("R", "REGOLARE")
    in_arrears: tuple[str, ...] = ("M", "MOROSO")
    instalments: tuple[str, ...] = ("RATEIZZATO",)
    taxes: TaxWords = TaxWords()


LegalBasis = Annotated[
    str,
    Meta(
        min_length=10,
        max_length=300,
        title=gettext_noop("Base giuridica"),
        description=gettext_noop("Il regolamento che permette di leggere la posizione, con l'articolo."),
    ),
]


class Common(Settings, frozen=True, kw_only=True):
    """What a Comune decides whatever the adapter."""

    legal_basis: LegalBasis
    valid_days: Annotated[
        int,
        Meta(
            ge=1,
            le=366,
            title=gettext_noop("Giorni di validità"),
            description=gettext_noop("Dopo questi giorni la posizione si cancella."),
        ),
    ] = 180


DEMO_BASIS: Final = "Regolamento comunale inventato per la dimostrazione, art. 1"
FIXED_160: Final = FixedLayout(
    width=160,
    columns=(
        FixedColumn(name="progressive", first=2, last=8, format="number"),
        FixedColumn(name="fiscal_code", first=9, last=24),
        FixedColumn(name="tax", first=85, last=88),
        FixedColumn(name="year", first=89, last=92, format="number"),
        FixedColumn(name="due", first=93, last=103, format="cents"),
        FixedColumn(name="paid", first=104, last=114, format="cents"),
        FixedColumn(name="paid_on", first=115, last=122, format="ddmmyyyy"),
        FixedColumn(name="instalments", first=123, last=123),
        FixedColumn(name="comune", first=124, last=127),
    ),
    header=HeaderRecord(mark="0", comune=Cut(first=22, last=25), as_of=Cut(first=26, last=33, format="yyyymmdd")),
    tail=TailRecord(
        mark="9",
        records=Cut(first=2, last=8, format="number"),
        due=Cut(first=9, last=21, format="cents"),
        paid=Cut(first=22, last=34, format="cents"),
    ),
)
"""The layout of the sample extract; an invented one: a real extract will differ, and its layout is written in data."""
