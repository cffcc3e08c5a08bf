"""What the text of one cell may be: a set of tags, found from the cell alone. Columns are judged by shares of tags."""

# ruff: noqa: SIM905, E501 -- lists of words and patterns read better as lines of text

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from onboarding.judging.words.months import read_month
from onboarding.judging.words.places import codes_named
from onboarding.recognition.headings import month_named
from sportello.kernel.fiscal_code import FiscalCode, InvalidFiscalCode

_CODE: Final = re.compile(r"[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]")
_DATE: Final = re.compile(r"(\d{1,4})([/.\- ])(\d{1,2})\2(\d{1,4})(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?Z?)?")
_COMPACT: Final = re.compile(r"\d{8}")
_MONEY: Final = re.compile(r"(?:€|EUR|EURO)?\s*([-+]?)\s*(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,3}(?:['\u2019]\d{3})+|\d+)(?:([.,])(\d+))?\s*(?:€|EUR|EURO)?([-+]?)", re.IGNORECASE)  # fmt: skip
_SPREAD: Final = re.compile(r"[ \u00a0\u202f'\u2019]")
"""Groups of thousands in other habits; without decimals they may be something else."""
_SCIENTIFIC: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_MIM: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{2}\d[A-Z0-9]{2,4}[A-Z0-9]")
_PHONE: Final = re.compile(r"(?:\+|00)?(?:39)?\s*(?:3\d{8,9}|0[1-9]\d{4,9}|80\d{7,8})")
_STREET: Final = re.compile(
    r"(?:VIA|V\.|V\.LE|VIALE|CORSO|C\.SO|CSO|PIAZZA|P\.ZZA|PIAZZETTA|PZZA|PZA|P\.ZA|LARGO|L\.GO|LGO|STRADA|STR\.|STRADELLA"
    r"|CONTRADA|C\.DA|CDA|VICO|VICOLO|TRAVERSA|TRAV\.|LUNGOMARE|S\.P\.|S\.S\.|SP|SS|BORGO|PARCO|LOCALITA'?|LOC\.|RIONE"
    r"|ARCO|CORTE|EXTRAMURALE|ESTRAMURALE|COMPLANARE|LAMA|SALITA|GALLERIA)\b.*\S|(?:VIA|PIAZZA)\s.*", re.IGNORECASE
)  # fmt: skip
_HOUSE: Final = re.compile(r"(?:N\.?\s*)?\d{1,4}\s*(?:[/\-]?\s*[A-Z]{1,2}|[/\-]\s*\d{1,3}|BIS|TER|SNC)?|S\.?N\.?C?\.?", re.IGNORECASE)  # fmt: skip
_ENDS_IN_HOUSE: Final = re.compile(r".*[A-Z'.][\s,]+(?:N\.?\s*)?\d{1,4}\s*(?:/?\s*[A-Z]|BIS|TER)?", re.IGNORECASE)
_CLASS_PART: Final = r"(?:[1-5]|I{1,3}|IV|V|PRIMA|SECONDA|TERZA|QUARTA|QUINTA)"
_CLASS: Final = re.compile(rf"(?:CL\.?(?:ASSE)?\s*)?{_CLASS_PART}\s*[\^°ªA]?(?:\s+(?:MEDIA|ELEM\.?\w*|PRIM\.?\w*|SEC\.?\w*))?", re.IGNORECASE)  # fmt: skip
_CLASS_AND_SECTION: Final = re.compile(
    rf"(?:CL\.?(?:ASSE)?\s*)?{_CLASS_PART}\s*[\^°ªº]?\s*[-/.]?\s*(?:SEZ\.?(?:IONE)?\s*)?[A-Z](?:\s*(?:T\.?\s*[PNB]\.?|\(.*\)|TEMPO\s\w+))?", re.IGNORECASE
)  # fmt: skip
_SECTION: Final = re.compile(r"(?:SEZ\.?(?:IONE)?\s*)?[A-Z]{1,2}\d?", re.IGNORECASE)
_IBAN: Final = re.compile(r"IT\d{2}[A-Z]\d{10}[A-Z0-9]{12}(?:\s*;.*)?", re.IGNORECASE)
_IBAN_COMPACT: Final = re.compile(r"IT\d{2}[A-Z][A-Z0-9]{15,25}(?:\s*;.*)?", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_](?:[^\d_]*[^\W\d_.])?\.?")
_ROUTE: Final = re.compile(r"(?:LINEA|LIN\.?|L|BUS|AUTOBUS|PERCORSO|SCUOLABUS|GIRO|ITINERARIO)[\s._\-]*[A-Z]?\d{0,3}[A-Z]?(?:\s.*)?|[A-Z]\d{1,2}", re.IGNORECASE)  # fmt: skip
_REFERENCE: Final = re.compile(
    r"/(?:URI|RFB|RFS|RFA|PUR|TXT)/|\bIU[VF]\b|\bRF\d{2}\w{10,}|\b[0-3]\d{14,17}\b", re.IGNORECASE
)
_ISO_MONTH: Final = re.compile(r"(?:19|20)\d{2}[-/](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[-/](?:19|20)?\d{2}")

PROVINCES: Final = frozenset(
    "AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CI CL CN CO CR CS CT CZ EE EN FC FE FG FI FM"
    " FO FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OG OR OT PA PC PD PE PG PI PN PO PR PS"
    " PT PU PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VS VT VV"
    " ZZ".split()
)
YES: Final = frozenset(
    "si s sì sí x y yes true vero v 1 ok pagato pagata saldato incassato versato effettuato ✓ on".split()
)
NO: Final = frozenset("no n false falso f 0 non pagato insoluto ko off".split()) | {"non pagato", "da pagare", "non pagata", "no."}  # fmt: skip
TRIPS: Final = {
    **dict.fromkeys(("a", "andata", "and", "and.", "solo andata", "mattina", "ingresso", "outward"), "outward"),
    **dict.fromkeys(("r", "ritorno", "rit", "rit.", "solo ritorno", "uscita", "pomeriggio", "return"), "return"),
    **dict.fromkeys(
        (
            "ar", "a/r", "a-r", "a r", "a+r", "a e r", "andata e ritorno", "andata/ritorno", "andata-ritorno",
            "and/rit", "and./rit.", "entrambe", "entrambi", "both", "a.r.", "andata + ritorno", "and. e rit.",
        ),
        "both",
    ),
}  # fmt: skip
TAXES: Final = {
    **dict.fromkeys(("tari", "tassa rifiuti", "t.a.r.i.", "tari tributo", "3944", "rifiuti"), "TARI"),
    **dict.fromkeys(("imu", "i.m.u.", "imposta municipale propria", "imposta municipale", "nuova imu"), "IMU"),
    **dict.fromkeys(("tasi", "t.a.s.i.", "3958"), "TASI"),
    **dict.fromkeys(("ici", "i.c.i."), "ICI"),
    **dict.fromkeys(("tarsu", "t.a.r.s.u."), "TARSU"),
    **dict.fromkeys(("tares", "t.a.r.e.s."), "TARES"),
    **dict.fromkeys(("cosap", "tosap", "canone unico", "cup"), "CUP"),
}
STATUSES: Final = frozenset("DA_PAGARE PAGATO NON_PAGABILE PAGATO_IRREGOLARE CHIUSO CANCELLATO".split())
SEXES: Final = {
    **dict.fromkeys(("m", "maschio", "masc", "maschile", "maschi", "male", "uomo", "masch."), "M"),
    **dict.fromkeys(("f", "femmina", "femm", "femminile", "female", "donna", "femm."), "F"),
}
DIETS: Final = {
    **dict.fromkeys(
        (
            "cel", "celiaca", "celiaco", "celiachia", "no glutine", "senza glutine", "glutine", "gluten free",
            "intolleranza glutine", "dieta celiaca", "celiaci", "celiachi", "morbo celiaco", "priva di glutine", "s/glutine", "celiac",
        ),
        "medical:celiac",
    ),
    **dict.fromkeys(
        (
            "no maiale", "senza maiale", "no carne di maiale", "senza carne di maiale", "priva di maiale", "no suino",
            "senza carne suina", "no carne suina", "no pork", "s/maiale", "religiosa no maiale", "islamica",
            "religiosa (no maiale)", "senza suino",
        ),
        "ethical_religious:no_pork",
    ),
    **dict.fromkeys(
        ("veg", "vegetariana", "vegetariano", "veget.", "vegetarian", "dieta vegetariana", "veget"),
        "ethical_religious:vegetarian",
    ),
    **dict.fromkeys(
        (
            "all. uovo", "all uovo", "allergia uovo", "allergia uova", "allergia all'uovo", "all. uova", "uovo",
            "no uovo", "no uova", "senza uovo", "senza uova", "allergico uovo", "allergia alle uova", "egg allergy",
            "allergico all'uovo", "intolleranza uovo", "priva di uova", "s/uova",
        ),
        "medical:egg_allergy",
    ),
    **dict.fromkeys(
        (
            "standard", "normale", "nessuna", "no", "-", "ordinaria", "menu standard", "menù standard", "comune",
            "dieta comune", "nessuna dieta", "dieta libera", "libera", "std", "menu normale", "menù normale",
            "vitto comune", "base", "nessuno", "n.d.n.",
        ),
        "standard",
    ),
}  # fmt: skip
_DIET_HINT: Final = re.compile(r"\b(?:diet|allerg|all\.|intoll|celi|glutin|latt|uov|vegan|veg|maial|favis|diabet|senza|no\s)", re.IGNORECASE)  # fmt: skip


def plain(text: str) -> str:
    """Without accents, in lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().split())


def word(text: str) -> str:
    """How a word of a value table is compared: case and outer spaces do not count."""
    return " ".join(text.lower().split())


def date_parts(text: str) -> tuple[str, int, int, int] | None:
    """A date-like cell as (order, first, second, third); order is ymd when the year leads, else unsaid ("")."""
    match = _DATE.fullmatch(text)
    if match is None or (len(match[1]) == 3 or len(match[4]) == 3) or (len(match[1]) == 4 and len(match[4]) > 2):
        return None
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        return ("ymd", first, second, third) if 1 <= second <= 12 and 1 <= third <= 31 else None
    if not (first >= 1 and second >= 1):
        return None
    fits = (first <= 31 and second <= 12) or (first <= 12 and second <= 31) or (second <= 12 and third <= 31)
    return ("", first, second, third) if fits and len(match[4]) in {1, 2, 4} else None


def amount_parts(text: str) -> tuple[str, str, str, bool] | None:
    """A number-like cell as (whole part as written, decimal sign, decimals, is negative)."""
    within = text.startswith("(") and text.endswith(")")
    match = _MONEY.fullmatch(text[1:-1].strip() if within else text)
    if match is None or (_SPREAD.search(match[2]) and not match[3]):
        return None
    whole = _SPREAD.sub("", match[2])
    return whole, match[3] or "", match[4] or "", within or "-" in (match[1] + match[5])


@lru_cache(maxsize=32768)
def code_in(text: str) -> FiscalCode | None:
    """The valid sixteen-letter code a cell holds."""
    written = "".join(text.split()).upper()
    if len(written) != 16:
        return None
    try:
        return FiscalCode.parse(written)
    except InvalidFiscalCode:
        return None


@lru_cache(maxsize=32768)
def tags_of(text: str) -> frozenset[str]:
    """All that a cell, already stripped and not empty, may be."""
    found = {tag for tag, holds in _PLAIN if holds(text)}
    digit = any(char.isdigit() for char in text)
    if digit:
        found |= {tag for tag, holds in _WITH_DIGITS if holds(text)}
        found |= _number_tags(text)
        found |= _date_tags(text)
    else:
        found |= {tag for tag, holds in _WITHOUT_DIGITS if holds(text)}
    return frozenset(found)


def _number_tags(text: str) -> set[str]:
    parts = amount_parts(text)
    if parts is None:
        return {"scientific"} if _SCIENTIFIC.fullmatch(text) else set()
    whole, sign, decimals, negative = parts
    found = {"number"}
    if negative:
        found.add("negative")
    if len(decimals) == 2 or "€" in text:
        found.add("money")
    if sign:
        found.add("comma" if sign == "," else "point")
    if "." in whole or ("," in whole and sign == "."):
        found.add("grouped")
    if text.isdigit():
        found |= _digits_tags(text)
    elif sign and set(decimals) == {"0"} and "." not in whole:
        found.add("whole")
        if int(whole.replace(",", "")) <= 31:
            found.add("count")
    return found


def _digits_tags(text: str) -> set[str]:
    found = {"digits", "whole"}
    value = int(text) if len(text) <= 18 else 10**18
    bounds: tuple[tuple[str, int, int], ...] = (
        ("month_number", 1, 12),
        ("count", 0, 31),
        ("year", 1995, 2045),
        ("serial", 25569, 60000),
        ("bit", 0, 1),
    )
    found |= {tag for tag, low, high in bounds if low <= value <= high and len(text) <= 5}
    if len(text) == 2 and 15 <= value <= 40:
        found.add("short_year")
    if len(text) == 5 and text[:2] in {"70", "76", "71", "74", "72", "73", "75"}:
        found.add("cap")
    elif len(text) == 5:
        found.add("cap_far")
    if len(text) == 11 and not text.startswith("000"):
        found.add("eleven")
    return found


def _date_tags(text: str) -> set[str]:
    if _COMPACT.fullmatch(text):
        found = set()
        if 1900 <= int(text[4:]) <= 2060 and 1 <= int(text[2:4]) <= 12 and 1 <= int(text[:2]) <= 31:
            found.add("compact_dmy")
        if 1900 <= int(text[:4]) <= 2060 and 1 <= int(text[4:6]) <= 12 and 1 <= int(text[6:]) <= 31:
            found.add("compact_ymd")
        if text == "0" * 8:
            found.add("no_date")
        return found
    parts = date_parts(text)
    if parts is None:
        return set()
    order, first, second, third = parts
    found = {"date"}
    if order:
        found.add("date_ymd")
    elif first > 31:
        found |= {"date_ymd", "date_short"}
    else:
        found |= {"date_dmy_sure"} if first > 12 else set()
        found |= {"date_mdy_sure"} if second > 12 else set()
        found |= {"date_short"} if third < 100 else set()
    if "T" in text:
        found.add("iso_time")
    return found


def _several_codes(text: str) -> bool:
    parts = [part.strip().upper() for part in text.split(";")]
    return len(parts) > 1 and all(_CODE.fullmatch(part) for part in parts)


def _has_month_and_year(text: str) -> bool:
    if _ISO_MONTH.fullmatch(text) is not None:
        return True
    return not text.isdigit() and len(text) <= 20 and None not in read_month(text)


type _Test = Callable[[str], bool]
_PLAIN: Final[tuple[tuple[str, _Test], ...]] = (
    ("yes_no", lambda text: word(text) in YES or word(text) in NO),
    ("iso_month", _has_month_and_year),
    ("tax", lambda text: word(text) in TAXES),
    ("street", lambda text: _STREET.fullmatch(text) is not None),
    ("house", lambda text: _HOUSE.fullmatch(text) is not None),
    ("route", lambda text: len(text) <= 30 and _ROUTE.fullmatch(text) is not None),
    ("class", lambda text: _CLASS.fullmatch(text) is not None),
    ("class_and_section", lambda text: _CLASS_AND_SECTION.fullmatch(text) is not None),
    ("section", lambda text: len(text) <= 12 and _SECTION.fullmatch(text) is not None),
    ("diet", lambda text: word(text) in DIETS),
    ("diet_hint", lambda text: _DIET_HINT.search(text) is not None),
    ("reference", lambda text: _REFERENCE.search(text) is not None),
    ("pairs", lambda text: "=" in text),
)
_WITH_DIGITS: Final[tuple[tuple[str, _Test], ...]] = (
    ("code", lambda text: code_in(text) is not None),
    ("code_shape", lambda text: _CODE.fullmatch("".join(text.split()).upper()) is not None),
    ("codes", _several_codes),
    ("email", lambda text: _EMAIL.fullmatch(text) is not None),
    ("mim", lambda text: len(text) == 10 and _MIM.fullmatch(text.upper()) is not None),
    ("phone", lambda text: date_parts(text) is None and _PHONE.fullmatch(re.sub(r"[\s./\-]", "", text)) is not None),
    ("iban", lambda text: (_IBAN.fullmatch(text) or _IBAN_COMPACT.fullmatch(text)) is not None),
    ("ends_in_house", lambda text: _ENDS_IN_HOUSE.fullmatch(text) is not None),
    ("belfiore", lambda text: len(text) == 4 and text[0].isalpha() and text[1:].isdigit()),
)
_WITHOUT_DIGITS: Final[tuple[tuple[str, _Test], ...]] = (
    ("email", lambda text: _EMAIL.fullmatch(text) is not None),
    ("letters", lambda text: _LETTERS.fullmatch(text) is not None),
    ("words", lambda text: len(text.split()) > 1),
    ("place", lambda text: bool(codes_named(text))),
    ("province", lambda text: text.upper() in PROVINCES),
    ("month_word", lambda text: len(text) >= 3 and bool(month_named(text))),
    ("trip", lambda text: word(text) in TRIPS),
    ("sex", lambda text: word(text) in SEXES),
    ("status", lambda text: text.upper() in STATUSES),
)
