"""Mappings of the four sample exports as a person would write them."""

from typing import Final

from onboarding.mapping.structs import Column, Control, Layout, Mapping, RecordMark

MONTHS: Final = ["SET", "OTT", "NOV", "DIC", "GEN", "FEB", "MAR", "APR", "MAG", "GIU"]

_ROSTER: Final = (
    ("MATRICOLA", "legacy_id"),
    ("COGNOME", "child_surname"),
    ("NOME", "child_given_name"),
    ("SESSO", "sex"),
    ("DATA_NASCITA", "birth_date"),
    ("COD_FISCALE", "child_fiscal_code"),
    ("COMUNE_NASCITA", "birth_place"),
    ("PROV", "birth_province"),
    ("INDIRIZZO", "street"),
    ("CIVICO", "house_number"),
    ("CAP", "cap"),
    ("COMUNE_RES", "residence"),
    ("COD_PLESSO", "school_code"),
    ("CLASSE", "class_year"),
    ("SEZ", "section"),
    ("DIETA", "diet"),
    ("ISEE", "isee"),
    ("COGNOME_PAG", "payer_surname"),
    ("NOME_PAG", "payer_given_name"),
    ("CF_PAG", "payer_fiscal_code"),
    ("TELEFONO", "phone"),
    ("EMAIL", "email"),
    ("SALDO", "balance"),
)
_SHEET: Final = (
    ("N.", "line_number"),
    ("Cognome e Nome", "child_name"),
    ("Nato a", "birth_place"),
    ("il", "birth_date"),
    ("Cod. Fisc.", "child_fiscal_code"),
    ("Classe", "class_and_section"),
    ("Padre", "father_name"),
    ("Madre", "mother_name"),
    ("Tel.", "phone"),
    ("Note", "note"),
)
_BUS: Final = (
    ("id_utente", "legacy_id"),
    ("cf_bambino", "child_fiscal_code"),
    ("bambino", "child_name"),
    ("genitore", "payer_name"),
    ("cf_genitore", "payer_fiscal_code"),
    ("plesso", "school_code"),
    ("linea", "route"),
    ("fermata", "stop"),
    ("mese", "month"),
    ("anno", "year"),
    ("tipo_corsa", "trip"),
    ("importo", "amount"),
    ("pagato", "paid"),
    ("data_pag", "paid_on"),
    ("note", "note"),
)


def _special(name: str, field: str) -> dict[str, object]:
    if field == "legacy_id" and name == "MATRICOLA":
        return {"digits": 6}
    if field in {"isee", "balance"}:
        return {"decimal": ",", "thousands": "."}
    return {}


def _columns(names: tuple[tuple[str, str], ...]) -> tuple[Column, ...]:
    return tuple(
        Column(source=name, place=place, field=field, **_special(name, field))  # type: ignore[arg-type]
        for place, (name, field) in enumerate(names, 1)
    )


ROSTER: Final = Mapping(
    kind="roster",
    layout=Layout(
        form="delimited", encoding="cp1252", separator=";", header_line=1, header=tuple(name for name, _ in _ROSTER)
    ),
    columns=_columns(_ROSTER),
    municipality="A662",
    school_year=2025,
)
SHEET: Final = Mapping(
    kind="roster",
    layout=Layout(
        form="delimited",
        encoding="utf-8-sig",
        separator=";",
        header_line=4,
        header=(*(name for name, _ in _SHEET), *MONTHS, "TOT"),
    ),
    columns=(
        *_columns(_SHEET),
        *(Column(source=month, place=11 + at, field="meals", part=month) for at, month in enumerate(MONTHS)),
        Column(source="TOT", place=21, field="meals_total"),
    ),
    municipality="A662",
    school_year=2025,
)
BUS: Final = Mapping(
    kind="transport",
    layout=Layout(
        form="delimited", encoding="utf-8", separator="|", header_line=1, header=tuple(name for name, _ in _BUS)
    ),
    columns=_columns(_BUS),
    municipality="A662",
    school_year=2025,
)
TAXES: Final = Mapping(
    kind="taxes",
    layout=Layout(
        form="fixed", encoding="iso-8859-1", width=160, mark=RecordMark(first=1, header="0", detail="1", trailer="9")
    ),
    columns=(
        Column(place=2, width=7, field="line_number"),
        Column(place=9, width=16, field="fiscal_code"),
        Column(place=25, width=40, field="surname_or_name"),
        Column(place=65, width=20, field="given_name"),
        Column(place=85, width=4, field="tax"),
        Column(place=89, width=4, field="year"),
        Column(place=93, width=11, field="due", unit="cents"),
        Column(place=104, width=11, field="paid", unit="cents"),
        Column(place=115, width=8, field="last_payment"),
        Column(place=123, width=1, field="instalments"),
        Column(place=124, width=4, field="municipality"),
    ),
    controls=(
        Control(place=2, width=7),
        Control(place=9, width=13, of="due"),
        Control(place=22, width=13, of="paid"),
    ),
    municipality="A662",
)
