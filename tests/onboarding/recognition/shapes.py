"""Exports of shapes that nobody has seen: columns drawn, renamed, shuffled, dropped; signs, dates, encodings drawn."""

# ruff: noqa: E501, ARG005 -- lists of words read better as text; a column is a function of a pupil

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from tests.onboarding.recognition.world import Pupil, World

type Cell = Callable[[Pupil], str]

# Field -> names that back offices give to it. Some are in no list of the product.
NAMES: Final[dict[str, str]] = {
    "child_fiscal_code": "CF ALUNNO|CODICE FISCALE|Cod.Fisc.|C.F. bambino|CODFISC|cf_minore|Codice fiscale utente|CF",
    "payer_fiscal_code": "CF GENITORE|CF_PAGANTE|Codice fiscale tutore|C.F. intestatario|codfisc_genitore|CF PAG",
    "child_surname": "COGNOME_ALUNNO|Cognome|COGN|cognome bambino|COGNOME UTENTE",
    "child_given_name": "NOME_ALUNNO|Nome|NOM|nome bambino|NOME UTENTE",
    "child_name": "Alunno|NOMINATIVO|Cognome e nome alunno|BAMBINO|Nominativo bambino",
    "payer_surname": "COGNOME_GENITORE|Cognome pagante|COGN_PAG|cognome tutore|COGNOME INTESTATARIO",
    "payer_given_name": "NOME_GENITORE|Nome pagante|NOM_PAG|nome tutore|NOME INTESTATARIO",
    "payer_name": "Genitore|INTESTATARIO|Nominativo pagante|TUTORE|Cognome e nome genitore",
    "father_name": "Padre|PADRE|Nominativo padre|Papà",
    "mother_name": "Madre|MADRE|Nominativo madre|Mamma",
    "sex": "Sesso|SEX|GENERE|S|M/F",
    "birth_date": "Data di nascita|DT_NASC|NATO IL|datanascita|Data nasc.|DATA_NASCITA_ALUNNO",
    "birth_place": "Luogo di nascita|COMUNE NASCITA|Nato a|LUOGO_NASC|Città di nascita",
    "birth_province": "Prov. nascita|PROV_NASC|PROVINCIA|Pr.|Provincia di nascita",
    "street": "Via|INDIRIZZO|Indirizzo residenza|VIA_RES|Domicilio",
    "address": "Indirizzo|INDIRIZZO COMPLETO|Via|IND_RESIDENZA|Indirizzo di residenza",
    "house_number": "N. civico|CIVICO|NUM_CIV|n.civ.|Civ.",
    "cap": "CAP|C.A.P.|cap_residenza|CAP RES",
    "residence": "Comune di residenza|RESIDENZA|COM_RES|Residente a|CITTA_RESIDENZA",
    "school_code": "Cod.Mecc.|PLESSO|Scuola|COD_SCUOLA|Codice meccanografico|Plesso scolastico",
    "class_year": "Classe|CL|CLASSE_FREQ|Anno di corso",
    "section": "Sezione|SEZ|Sez.",
    "class_and_section": "Classe|CLASSE E SEZIONE|Classe/Sez.|CL_SEZ",
    "legacy_id": "Matricola|ID|COD_UTENTE|Codice utente|Id alunno|N. TESSERA",
    "line_number": "N.|Progr.|#|NR|Riga",
    "note": "Note|ANNOTAZIONI|Osservazioni",
    "phone": "Telefono|CELL|Tel. genitore|Recapito telefonico|CELLULARE",
    "email": "E-mail|MAIL|Posta elettronica|EMAIL_GENITORE|indirizzo mail",
    "diet": "Dieta|TIPO DIETA|Regime alimentare|MENU|Allergie",
    "isee": "ISEE|Valore ISEE|IND_ISEE|Importo ISEE",
    "balance": "Saldo|CREDITO|SALDO_ATTUALE|Credito residuo|Saldo al 31/08",
    "meals_total": "TOT|Totale pasti|TOTALE|Tot. pasti",
    "route": "Linea|PERCORSO|LINEA BUS|Scuolabus",
    "stop": "Fermata|FERMATA_SALITA|Punto di raccolta|Fermata salita",
    "month": "Mese|MESE_RIF|Mensilità|Mese di riferimento",
    "year": "Anno|ANNO_RIF|Anno di riferimento",
    "trip": "Corsa|TIPO_CORSA|A/R|Tragitto|Tipo viaggio",
    "amount": "Importo|IMPORTO_DOVUTO|Tariffa|Quota|Importo dovuto",
    "paid": "Pagato|PAGATO S/N|Versato|pag.",
    "paid_on": "Data pagamento|DT_PAG|Data versamento|Pagato il",
}
SEPARATORS: Final = (";", ",", "\t", "|")
ENCODINGS: Final = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
MONTHS: Final = ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre")  # fmt: skip
SERVED: Final = (9, 10, 11, 12, 1, 2, 3, 4, 5, 6)
CONTENT_TELLS_NOT: Final = frozenset({"note", "line_number"})
"""Without names, these may be left unread: nothing in them says what they are."""
PAYER_NAMES: Final = frozenset({"payer_surname", "payer_given_name", "payer_name"})
"""Without names and without the payer's code, nothing says whose name it is."""


@dataclass(frozen=True)
class Expected:
    """A column of the file and what must be found of it."""

    field: str
    name: str
    cell: Cell
    part: str = ""
    order: str = ""
    names: str = ""


@dataclass
class Shape:
    """A file of its own: bytes and the truth about its columns."""

    seed: int
    headings: str  # named | numbered | absent
    kind: str
    columns: list[Expected] = field(default_factory=list)
    content: bytes = b""
    town: str = ""


def draw_shape(seed: int, headings: str, kind: str) -> Shape:
    """A roster, a sheet of months, or the months of a bus; drawn from a seed."""
    dice = random.Random(f"{seed}{kind}")  # noqa: S311 -- test data
    town = dice.choice(("A662", "A225", "F284", "A893", "L109", "C983", "F376", "E155"))
    world = World(seed, town)
    draw = _Draw(dice, world)
    columns = {"roster": draw.roster, "sheet": draw.sheet, "transport": draw.transport}[kind]()
    columns = [column for column in columns if column.field in _NEEDED[kind] or dice.random() > 0.15]
    if not any(column.field == "house_number" for column in columns):
        columns = [replace(column, field="address") if column.field == "street" else column for column in columns]
    if dice.random() < 0.7:
        dice.shuffle(columns)
    shape = Shape(seed, headings, "roster" if kind == "sheet" else kind, columns, town=town)
    rows = draw.rows(columns, kind)
    shape.content = _written(dice, _header(dice, columns, headings), rows)
    return shape


_NEEDED: Final = {
    "roster": {"child_fiscal_code", "child_surname", "child_given_name", "child_name"},
    "sheet": {"child_fiscal_code", "child_name", "meals", "meals_total"},
    "transport": {"child_fiscal_code", "month", "trip"},
}


def _header(dice: random.Random, columns: list[Expected], headings: str) -> list[str] | None:
    if headings == "absent":
        return None
    if headings == "numbered":
        style = dice.choice(("C{}", "Campo{}", "COL_{}", "F{}"))
        return [style.format(at) for at in range(1, len(columns) + 1)]
    return [column.name for column in columns]


def _written(dice: random.Random, header: list[str] | None, rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    separator = dice.choice(SEPARATORS)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if dice.random() < 0.3 else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=dice.choice(("\r\n", "\n")))
    if header is not None and dice.random() < 0.25:
        writer.writerow(["Elenco iscritti ai servizi scolastici", *[""] * (len(header) - 1)])
        writer.writerow([""] * len(header))
    writer.writerows([header, *rows] if header is not None else rows)
    return out.getvalue().encode(dice.choice(ENCODINGS), "replace")


class _Draw:
    """The ways one file writes each thing: drawn once, then the same in all its rows."""

    def __init__(self, dice: random.Random, world: World) -> None:
        self.dice, self.world = dice, world
        self.date_style = dice.choice(
            ("%d/%m/%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y", "%d%m%Y", "%m/%d/%Y", "serial")
        )
        self.order = {"%Y-%m-%d": "ymd", "%m/%d/%Y": "mdy"}.get(self.date_style, "dmy")
        self.given_first = dice.random() < 0.4
        self.point = dice.random() < 0.3
        self.title = dice.random() < 0.3

    def of(self, field_name: str, cell: Cell, **more: str) -> Expected:
        return Expected(field_name, self.dice.choice(NAMES[field_name].split("|")), cell, **more)

    def date(self, day: date) -> str:
        return str((day - date(1899, 12, 30)).days) if self.date_style == "serial" else day.strftime(self.date_style)

    def name(self, text: str) -> str:
        return text.title() if self.title else text

    def full(self, surname: str, given: str) -> str:
        return self.name(f"{given} {surname}" if self.given_first else f"{surname} {given}")

    def money(self, value: float | None) -> str:
        if value is None:
            return ""
        return f"{value:.2f}" if self.point else f"{value:.2f}".replace(".", ",")

    def _names_order(self) -> str:
        return "given_first" if self.given_first else "surname_first"

    def child(self) -> list[Expected]:
        dice = self.dice
        columns = [self.of("child_fiscal_code", lambda p: p.person.code)]
        if dice.random() < 0.5:
            columns += [
                self.of("child_surname", lambda p: self.name(p.person.surname)),
                self.of("child_given_name", lambda p: self.name(p.person.given)),
            ]
        else:
            columns.append(
                self.of("child_name", lambda p: self.full(p.person.surname, p.person.given), names=self._names_order())
            )
        words = dice.choice((("M", "F"), ("Maschio", "Femmina"), ("1", "2")))
        columns.append(self.of("sex", lambda p: words[p.person.sex == "F"]))
        columns.append(self.of("birth_date", lambda p: self.date(p.person.born), order=self.order))
        with_province = dice.random() < 0.5
        columns.append(
            self.of(
                "birth_place",
                lambda p: (
                    f"{p.person.place[1]} ({p.person.place[2]})" if with_province else self.name(p.person.place[1])
                ),
            )
        )
        if not with_province:
            columns.append(self.of("birth_province", lambda p: p.person.place[2]))
        return columns

    def payer(self) -> list[Expected]:
        columns = [self.of("payer_fiscal_code", lambda p: p.payer.code)]
        if self.dice.random() < 0.5:
            columns += [
                self.of("payer_surname", lambda p: self.name(p.payer.surname)),
                self.of("payer_given_name", lambda p: self.name(p.payer.given)),
            ]
        else:
            columns.append(
                self.of("payer_name", lambda p: self.full(p.payer.surname, p.payer.given), names=self._names_order())
            )
        return columns

    def home(self) -> list[Expected]:
        if self.dice.random() < 0.5:
            columns = [self.of("street", lambda p: p.street), self.of("house_number", lambda p: p.number)]
        else:
            sign = self.dice.choice((" ", ", ", " N. "))
            columns = [self.of("address", lambda p: f"{p.street}{sign}{p.number}")]
        return [
            *columns,
            self.of("cap", lambda p: self.world.cap),
            self.of("residence", lambda p: self.world.town_name if hash_of(p) % 20 else "BITETTO"),
            self.of("phone", lambda p: p.phone),
            self.of("email", lambda p: p.email),
        ]

    def school(self) -> list[Expected]:
        dice = self.dice
        roman = ("", "I", "II", "III", "IV", "V")
        columns = [self.of("school_code", (lambda p: p.school) if dice.random() < 0.6 else (lambda p: p.school_name))]
        if dice.random() < 0.5:
            style = dice.choice(("{y}", "{y}^", "{r}"))
            columns += [
                self.of("class_year", lambda p: style.format(y=p.year, r=roman[p.year])),
                self.of("section", lambda p: p.section),
            ]
        else:
            together = dice.choice(("{y}{s}", "{y}^{s}", "{r} {s}", "{y} {s}", "{y}/{s}", "{r}-{s}"))
            columns.append(
                self.of("class_and_section", lambda p: together.format(y=p.year, r=roman[p.year], s=p.section))
            )
        return columns

    def roster(self) -> list[Expected]:
        dice = self.dice
        diets = dice.choice(
            (
                ("", "", "", "CEL", "NO MAIALE", "VEG"),
                ("STANDARD", "STANDARD", "Celiachia", "Senza maiale", "Allergia uovo"),
                ("", "", "Dieta per celiaci", "no carne di maiale", "vegetariana"),
            )
        )
        width = dice.choice((5, 6, 7))
        return [
            self.of("legacy_id", lambda p: f"{hash_of(p) % 10**width:0{width}d}"),
            *self.child(),
            *self.home(),
            *self.school(),
            self.of("diet", lambda p: diets[hash_of(p) % len(diets)]),
            self.of("isee", lambda p: self.money(p.isee)),
            *self.payer(),
            self.of("balance", lambda p: self.money((hash_of(p) % 18000 - 6000) / 100)),
            Expected(
                "",
                dice.choice(("Operatore", "UTENTE_INS", "Stato pratica")),
                lambda p: dice.choice(("ADMIN", "SPORTELLO1", "WEB")),
            ),
        ]

    def sheet(self) -> list[Expected]:
        dice = self.dice
        style: Callable[[int], str] = dice.choice(
            (lambda m: MONTHS[m - 1][:3].upper(), lambda m: MONTHS[m - 1].title(), lambda m: MONTHS[m - 1][:3].title())
        )
        months = [
            Expected("meals", style(month), self._meals_of(month), part=MONTHS[month - 1][:3].upper())
            for month in SERVED
        ]
        return [
            *self.child(),
            *self.school(),
            self.of("father_name", lambda p: self.full(p.father.surname, p.father.given), names=self._names_order()),
            self.of("mother_name", lambda p: self.full(p.mother.surname, p.mother.given), names=self._names_order()),
            self.of("phone", lambda p: p.phone),
            self.of("note", lambda p: "ritirato dal 10/1" if hash_of(p) % 30 == 0 else ""),
            *months,
            self.of("meals_total", lambda p: str(sum(meals_of(p, month) for month in SERVED))),
        ]

    def _meals_of(self, month: int) -> Cell:
        return lambda pupil: str(meals_of(pupil, month) or "-")

    def transport(self) -> list[Expected]:
        dice = self.dice
        trips = dice.choice((("A", "R", "AR"), ("Andata", "Ritorno", "Andata e ritorno"), ("ANDATA", "RITORNO", "A/R")))
        lines = dice.choice((("L1", "L2", "L3"), ("Linea 1", "Linea 2"), ("Linea A", "Linea B", "Linea C")))
        stops = (
            "Via Bari ang. Via Trento",
            "P.zza Mercato",
            "Contrada Lamie",
            "Stazione",
            "Cimitero vecchio",
            "S.P. 92",
        )
        monthly: Callable[[int], str] = dice.choice((str, lambda m: MONTHS[m - 1], lambda m: MONTHS[m - 1][:3].upper()))
        yes, no = dice.choice((("SI", "NO"), ("S", "N"), ("X", ""), ("1", "0")))
        return [
            self.of("legacy_id", lambda p: str(1000 + hash_of(p) % 9000)),
            *self.child()[:2],
            *self.payer(),
            self.of("school_code", lambda p: p.school),
            self.of("route", lambda p: lines[hash_of(p) % len(lines)]),
            self.of("stop", lambda p: stops[hash_of(p) % len(stops)]),
            self.of("month", lambda p: monthly(self.at[0])),
            self.of("year", lambda p: str(self.at[1])),
            self.of("trip", lambda p: trips[hash_of(p) % 3]),
            self.of("amount", lambda p: self.money((3, 5, 10, 15, 20, 35)[hash_of(p) % 6])),
            self.of("paid", lambda p: yes if self._has_paid(p) else no),
            self.of(
                "paid_on",
                lambda p: (
                    self.date(date(self.at[1], self.at[0], 1 + (hash_of(p) + self.at[0]) % 27))
                    if self._has_paid(p)
                    else ""
                ),
                order=self.order,
            ),
        ]

    at: tuple[int, int] = (9, 2025)

    def _has_paid(self, pupil: Pupil) -> bool:
        return (hash_of(pupil) + self.at[0]) % 5 > 0

    def rows(self, columns: list[Expected], kind: str) -> list[list[str]]:
        rows = []
        for pupil in self.world.pupils(60 if kind == "transport" else 300):
            for month in SERVED if kind == "transport" else SERVED[:1]:
                self.at = (month, 2025 if month > 6 else 2026)
                rows.append([column.cell(pupil) for column in columns])
        return rows


def hash_of(pupil: Pupil) -> int:
    """A number of the pupil's own that does not change from run to run."""
    number: int = sum(ord(char) * 31**at for at, char in enumerate(pupil.person.code))
    return number % 1_000_003


def meals_of(pupil: Pupil, month: int) -> int:
    """The meals of a month."""
    return (hash_of(pupil) * (month + 3)) % 22 if month != 9 else 0


def is_decidable(shape: Shape, column: Expected) -> bool:
    """Whether the file itself, names or content, says what the column is."""
    if shape.headings == "named":
        return bool(column.field)
    has_code = any(other.field == "payer_fiscal_code" for other in shape.columns)
    return (
        bool(column.field) and column.field not in CONTENT_TELLS_NOT and (has_code or column.field not in PAYER_NAMES)
    )
