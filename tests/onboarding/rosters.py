"""Rosters for the tests, and a Comune that can take one in: the schools of its pack, a canteen in force."""

from datetime import date, datetime

from django.core.files.base import ContentFile

from onboarding.checking import check_roster
from onboarding.committing import commit_roster
from onboarding.confirming import confirm_mapping, correct_mapping
from onboarding.mapping.structs import Column, Mapping
from onboarding.mapping.texts import read_layout
from onboarding.models import LoadState, RosterLoad
from onboarding.reading_in import read_export
from onboarding.uploading import upload_roster
from services_catalog.packs import load_pack
from sportello.kernel.clock import ROME
from sportello.kernel.school_year import SchoolYear
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tests.factories.progress import Silent

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)
YEAR = SchoolYear(2026)
COLUMNS = (
    "MATRICOLA",
    "COGNOME",
    "NOME",
    "SESSO",
    "DATA_NASCITA",
    "COD_FISCALE",
    "COMUNE_NASCITA",
    "PROV",
    "INDIRIZZO",
    "CIVICO",
    "CAP",
    "COMUNE_RES",
    "COD_PLESSO",
    "CLASSE",
    "SEZ",
    "DIETA",
    "ISEE",
    "COGNOME_PAG",
    "NOME_PAG",
    "CF_PAG",
    "TELEFONO",
    "EMAIL",
    "SALDO",
)
HEADER = ";".join(COLUMNS)
FIELDS = (
    "legacy_id",
    "child_surname",
    "child_given_name",
    "sex",
    "birth_date",
    "child_fiscal_code",
    "birth_place",
    "birth_province",
    "street",
    "house_number",
    "cap",
    "residence",
    "school_code",
    "class_year",
    "section",
    "diet",
    "isee",
    "payer_surname",
    "payer_given_name",
    "payer_fiscal_code",
    "phone",
    "email",
    "balance",
)
SOURCE = "mensa"
ROW = (
    "000001;RUSSO;EMMA;F;03/08/2018;RSSMME18M43F052O;MATERA;MT;VIA ROMA;31;70121;BARI;BAEE81502L;2;D;;24.000,01;"
    "RUSSO;NICOLÒ;RSSNCL96C29A225J;0805745738;nicolo.russo@example.org;40,01"
)


def prepare(municipality: Municipality) -> None:
    """Schools of the pack, canteen in force."""
    load_pack(pack=pack_of(municipality.belfiore_code), in_force=True, actor=None, now=NOW)


def roster(*rows: str, header: str = HEADER, encoding: str = "cp1252") -> bytes:
    """A file of the form, as the old back office writes it."""
    return ("\r\n".join([header, *rows]) + "\r\n").encode(encoding)


def row(**changes: str) -> str:
    """A good row with some cells changed."""
    cells = dict(zip(COLUMNS, ROW.split(";"), strict=True)) | changes
    return ";".join(cells[column] for column in COLUMNS)


def uploaded(content: bytes) -> RosterLoad:
    return upload_roster(file=ContentFile(content), file_name="elenco.csv", school_year=YEAR, actor=None, now=NOW)


def read(content: bytes) -> RosterLoad:
    """Uploaded and recognised; the columns are confirmed as those of the form, whatever is proposed for a few rows."""
    load = read_export(load=uploaded(content), today=TODAY, now=NOW, progress=Silent())
    if load.state == LoadState.MAPPING:
        correct_mapping(load=load, mapping=mapping_for(load), source_name=SOURCE, actor=None, now=NOW)
        load = confirm_mapping(load=load, actor=None, now=NOW)
    return load


def mapping_for(load: RosterLoad) -> Mapping:
    """The reading of the form, for the columns of this file."""
    layout = read_layout(load.layout)
    fields = dict(zip(COLUMNS, FIELDS, strict=True))
    amounts = {"SALDO", "ISEE"}
    columns = tuple(
        Column(
            source=name,
            place=place,
            field=fields.get(name, ""),
            decimal="," if name in amounts else "",
            digits=6 if name == "MATRICOLA" else 0,
        )
        for place, name in enumerate(layout.header, start=1)
    )
    return Mapping(kind="roster", layout=layout, columns=columns, municipality="A662")


def checked(content: bytes) -> RosterLoad:
    load = read(content)
    return load if load.state == LoadState.FAILED else check_roster(load=load, today=TODAY, progress=Silent())


def committed(content: bytes, *, today: date = TODAY) -> RosterLoad:
    return commit_roster(load=checked(content), today=today, now=NOW, actor=None, progress=Silent())
