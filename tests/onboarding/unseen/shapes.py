"""The shapes: each gives the bytes of an export and its answer key."""

# ruff: noqa: E501, C901, PLR0911, PLR0912 -- a shape reads best as one table of what it writes and how it is damaged

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import openpyxl

from tenants.municipal_packs import pack_of
from tests.onboarding.unseen.people import Child, World, mistyped, record_of

type Answer = dict[str, Any]

DIETS: Final = {
    "": "standard",
    "Nessuna": "standard",
    "Celiachia": "medical:celiac",
    "senza glutine": "medical:celiac",
    "No carne di maiale": "ethical_religious:no_pork",
    "Vegetariana": "ethical_religious:vegetarian",
    "Allergia uovo": "medical:egg_allergy",
}
MONTHS: Final = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]


@dataclass
class Export:
    """Bytes and key; `municipality` is where it comes from."""

    name: str
    municipality: str
    content: bytes = b""
    answers: list[Answer] = field(default_factory=list)

    def add(self, verdict: str, record: dict[str, object] | None = None, *defects: str, **more: int) -> None:
        """The answer of the next physical line."""
        answer = {"line": len(self.answers) + 1, "verdict": verdict, "defects": list(defects), "expected": record}
        self.answers.append({**answer, **more})


def italian(cents: int) -> str:
    """1.234,56"""
    return f"{cents / 100:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


def comma_roster(rows: int = 600, seed: int = 11) -> Export:
    """A web application's CSV: commas, every cell quoted, UTF-8, ISO dates, points in amounts, schools by name."""
    world, export = World(seed, "A225", 2026), Export("comma_roster", "A225")
    names = _unique_names(world)
    out = io.StringIO()
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
    write(["ID", "CF ALUNNO", "COGNOME_ALUNNO", "NOME_ALUNNO", "GENERE", "DT_NASC", "Scuola", "Classe", "Sezione", "Tipo dieta", "Valore ISEE", "CODICE FISCALE GENITORE", "COGNOME GENITORE", "NOME GENITORE", "Cellulare", "E-mail", "Credito residuo", "Ultimo accesso"])  # fmt: skip
    export.add("not_data", None, "header")
    random, seen = world.random, []
    for number, child in enumerate((one for one in world.many(rows * 2) if one.school.name in names), 7001):
        if len(export.answers) > rows:
            break
        isee, balance = random.randrange(0, 4_000_000), random.randrange(-5000, 9000)
        diet = random.choice(list(DIETS))
        person, payer = child.person, child.payer
        row = [str(number), person.code, person.surname.title(), person.given.title(), person.sex, person.born.isoformat(),
               child.school.name, str(child.year), child.section, diet, f"{isee / 100:.2f}", payer.code, payer.surname.title(),
               payer.given.title(), child.phone, child.email, f"{balance / 100:.2f}", f"2026-09-1{random.randrange(10)} 08:00"]  # fmt: skip
        record = record_of(child) | {
            "diet": DIETS[diet], "isee": f"{isee / 100:.2f}", "balance": f"{balance / 100:.2f}", "legacy_id": str(number)
        }  # fmt: skip
        verdict, defects = _damage_roster(row, record, child, world)
        write(row)
        export.add(verdict, record, *defects)
        if verdict == "good":
            seen.append((len(export.answers), row, record))
        if seen and random.random() < 0.015:
            line, before, same = random.choice(seen)
            write(before)
            export.add("duplicate", same, "duplicate_same_data", duplicate_of_line=line)
    export.content = out.getvalue().encode("utf-8")
    return export


def _unique_names(world: World) -> set[str]:
    names = [one.name for one in pack_of(world.belfiore).schools() if one.level]
    return {name for name in names if names.count(name) == 1}


def _damage_roster(row: list[str], record: Answer, child: Child, world: World) -> tuple[str, list[str]]:
    random, info = world.random, ["info_foreign_birth"] if child.person.abroad else []
    kind, drawn = "good", random.random()
    for upto, name in (
        (0.02, "cf_case_or_space"), (0.04, "cf_check_digit"), (0.05, "cf_missing"), (0.06, "sex_vs_cf"), (0.08, "sex_missing"),
        (0.09, "birth_date_vs_cf"), (0.11, "name_surname_swapped"), (0.12, "diet_unknown"), (0.13, "class_missing"),
        (0.14, "payer_missing"), (0.15, "email_invalid"), (0.16, "school_code_unknown"), (0.17, "payer_cf_equals_child_cf"),
    ):  # fmt: skip
        if drawn < upto:
            kind = name
            break
    match kind:
        case "cf_case_or_space":
            row[1] = f" {row[1].lower()}"
        case "cf_check_digit":
            row[1] = mistyped(row[1], random)
        case "cf_missing":
            row[1] = ""
        case "sex_vs_cf":
            row[4] = "M" if row[4] == "F" else "F"
        case "sex_missing":
            row[4] = ""
        case "birth_date_vs_cf":
            row[5] = (child.person.born + timedelta(days=31)).isoformat()
        case "name_surname_swapped":
            row[2], row[3] = row[3], row[2]
        case "diet_unknown":
            row[9] = "vedere certificato"
            record["diet"] = None
        case "class_missing":
            row[7] = ""
        case "payer_missing":
            row[11] = row[12] = row[13] = ""
        case "email_invalid":
            row[15] = row[15].replace("@", "")
            record["email"] = None
        case "school_code_unknown":
            row[6] = "SCUOLA DI UN ALTRO COMUNE"
        case "payer_cf_equals_child_cf":
            row[11] = row[1]
        case "good":
            return "good", info
    fixed = {"cf_case_or_space", "sex_missing", "name_surname_swapped", "email_invalid"}
    return ("fix" if kind in fixed else "review"), [*info, kind]


def workbook_sheet(rows: int = 400, seed: int = 12) -> Export:
    """A school's workbook: a title, given name first in one column, class and section apart, four months, real dates."""
    world, export = World(seed, "F284", 2026), Export("workbook_sheet", "F284")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    months = ["Settembre", "Ottobre", "Novembre", "Dicembre"]
    heading = ["Prog.", "Alunno (nome e cognome)", "Data di nascita", "Luogo", "Codice fiscale", "Classe", "Sez.", "Recapito",
               *months, "Totale pasti"]  # fmt: skip
    sheet.append(["REFEZIONE SCOLASTICA - PRESENZE"])
    export.add("not_data", None, "preamble")
    sheet.append([])
    export.add("not_data", None, "blank")
    sheet.append(heading)
    export.add("not_data", None, "header")
    random, totals = world.random, [0] * 4
    for number, child in enumerate(world.many(rows), 1):
        meals = [random.randrange(0, 22) for _ in months]
        person = child.person
        row: list[object] = [number, f"{person.given} {person.surname}".title(), person.born, person.place[1].title(), person.code,
                             child.year, child.section, child.phone, *[meal or None for meal in meals], sum(meals)]  # fmt: skip
        record = {
            key: value for key, value in record_of(child).items() if not key.startswith(("payer", "school", "email"))
        }
        record |= {"meals": dict(zip(("SET", "OTT", "NOV", "DIC"), meals, strict=True)), "meals_total": sum(meals)}
        verdict, defects = "fix", ["name_in_one_column"]
        match random.randrange(40):
            case 0:
                row[2], defects = (person.born - date(1899, 12, 30)).days, [*defects, "excel_serial_date"]
            case 1:
                row[4], verdict, defects = mistyped(person.code, random), "review", [*defects, "cf_check_digit"]
            case 2:
                row[-1], verdict, defects = sum(meals) + 3, "review", [*defects, "row_total_mismatch"]
            case 3:
                row[5], verdict, defects = None, "review", [*defects, "class_missing"]
            case 4 if child.phone.startswith("0"):
                row[7], defects = int(child.phone), [*defects, "phone_leading_zero_lost"]
            case 5:
                row[5], defects = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V"}[child.year], [*defects, "class_notation"]
        totals = [total + meal for total, meal in zip(totals, meals, strict=True)]
        sheet.append(row)
        export.add(verdict, record, *defects)
        if number % 100 == 0:
            sheet.append(heading)
            export.add("not_data", None, "repeated_header")
    sheet.append([None, "TOTALI", None, None, None, None, None, None, *totals, sum(totals)])
    export.add("not_data", None, "total_row")
    stream = io.BytesIO()
    book.save(stream)
    export.content = stream.getvalue()
    return export


def tab_bus(rows: int = 900, seed: int = 13) -> Export:
    """A bus supplier: tabs, UTF-16, upper-case headings, month and year in one cell, paid in words."""
    world, export = World(seed, "H645", 2025), Export("tab_bus", "H645")
    random, lines = world.random, ["COD. UTENTE\tALUNNO\tCODICE FISCALE ALUNNO\tTUTORE\tC.F. TUTORE\tCod. Mecc.\tPercorso\tPUNTO DI SALITA\tMENSILITA\tANDATA/RITORNO\tQuota\tESITO PAGAMENTO\tData versamento"]  # fmt: skip
    export.add("not_data", None, "header")
    for number, child in enumerate(world.many(rows // 6), 90):
        price, trip = random.choice((1500, 2250, 3000)), random.choice(("Andata", "Ritorno", "Andata e ritorno"))
        stop, route = (
            random.choice(("Largo Cattedrale", "Via Madonna delle Grazie", "Città Nova", "Km 3")),
            random.choice(("Rossa", "Blu")),
        )
        for step in range(random.randrange(4, 9)):
            month, year = (9 + step - 1) % 12 + 1, 2025 + (9 + step - 1) // 12
            paid = random.random() < 0.7
            day = date(year, month, random.randrange(1, 28)) if paid else None
            person, payer = child.person, child.payer
            row = [str(number), f"{person.surname} {person.given}", person.code, f"{payer.surname} {payer.given}", payer.code,
                   child.school.school_code, route, stop, random.choice((f"{MONTHS[month - 1]} {year}", f"{month:02d}/{year}")),
                   trip, f"{price / 100:.2f}".replace(".", ","), random.choice(("pagato", "SI")) if paid else random.choice(("NO", "")),
                   day.strftime("%d-%m-%Y") if day else ""]  # fmt: skip
            record: Answer = {
                "legacy_id": str(number), "child_fiscal_code": person.code, "child_name": f"{person.surname} {person.given}",
                "payer_fiscal_code": payer.code, "school_code": child.school.school_code, "route": route, "stop": stop,
                "month": f"{year}-{month:02d}", "trip": {"Andata": "outward", "Ritorno": "return"}.get(trip, "both"),
                "amount": f"{price / 100:.2f}", "paid": paid, "paid_on": day.isoformat() if day else None,
            }  # fmt: skip
            verdict, defects = _damage_ride(row, record, random)
            lines.append("\t".join(row))
            export.add(verdict, None if verdict == "reject" else record, *defects)
            if random.random() < 0.01:
                lines.append(lines[-1])
                export.add("duplicate", None, "duplicate_month", duplicate_of_line=len(lines) - 1)
    export.content = ("\r\n".join(lines) + "\r\n").encode("utf-16")
    return export


def _damage_ride(row: list[str], record: Answer, random: Any) -> tuple[str, list[str]]:
    match random.randrange(60):
        case 0 if record["paid"]:
            row[12] = ""
            return "review", ["paid_without_date"]
        case 1:
            row[10] = ""
            return "review", ["amount_missing"]
        case 2:
            row[2] = mistyped(row[2], random)
            return "review", ["cf_check_digit"]
        case 3:
            row[4] = ""
            return "review", ["payer_missing"]
        case 4:
            row[7] = f"{row[7]}\t"
            return "reject", ["unquoted_separator_shifts_columns"]
        case 5:
            row[10] = f"-{row[10]}"
            return "review", ["negative_amount"]
        case 6:
            row[2] = row[2].lower()
            return "fix", ["cf_case_or_space"]
        case 7 if "à" in row[7]:
            row[7] = row[7].encode().decode("cp1252")
            return "fix", ["mojibake_double_encoding"]
    return "good", []


def fixed_taxes(rows: int = 700, seed: int = 14) -> Export:
    """Another layout of the tax office: records T, D, C of 180 characters, dates from the year, no municipality."""
    world, export = World(seed, "A225", 2026), Export("fixed_taxes", "A225")
    random, lines = world.random, ["T" + "ESTRAZIONE POSIZIONI".ljust(40) + "20260930" + " " * 131]
    export.add("not_data", None, "header_record")
    due_total = paid_total = 0
    for number in range(1, rows + 1):
        company, person = random.random() < 0.05, world.person(1950, 1999)
        tax, year, due = (
            random.choice(("TARI", "IMU")),
            random.choice((2022, 2023, 2024, 2025)),
            random.randrange(2000, 70_000),
        )
        paid = random.choice((due, due, 0, due // 3, due + 200))
        day = date(year, random.randrange(4, 13), random.randrange(1, 28)) if paid else None
        rate = "1" if 0 < paid < due and random.random() < 0.5 else "0"
        code = f"{random.randrange(10**10, 9 * 10**10):011d}" if company else person.code
        name, given = (f"EDILIZIA {person.surname} S.R.L.", "") if company else (person.surname, person.given)
        record: Answer = {
            "subject_kind": "company" if company else "person", "fiscal_code": code, "surname_or_name": name,
            "given_name": given or None, "tax": tax, "year": year, "due": f"{due / 100:.2f}", "paid": f"{paid / 100:.2f}",
            "last_payment": day.isoformat() if day else None, "instalments": rate == "1",
            "balance": f"{(due - paid) / 100:.2f}", "in_arrears": paid < due and rate == "0",
        }  # fmt: skip
        line = (f"D{number:08d}{year}{tax:<6}{code:<16}{name[:50]:<50}{given[:30]:<30}{due:010d}{paid:010d}"
                f"{day.strftime('%Y%m%d') if day else '00000000'}{rate}").ljust(180)  # fmt: skip
        verdict, defects = "good", []
        match random.randrange(50):
            case 0:
                line, verdict, defects = line[:60] + line[63:] + "   ", "reject", ["columns_shifted"]
            case 1 if not company:
                line, verdict, defects = line[:19] + mistyped(code, random) + line[35:], "review", ["cf_check_digit"]
            case 2:
                line, verdict, defects = line.rstrip(), "fix", ["trailing_spaces_trimmed"]
            case 3 if day:
                line, verdict, defects = (
                    line.replace(day.strftime("%Y%m%d"), f"{year}0631", 1),
                    "review",
                    ["impossible_date"],
                )
            case 4:
                line, verdict, defects = line[:115] + "X" + line[116:], "reject", ["amount_not_numeric"]
        lines.append(line)
        export.add(verdict, None if verdict == "reject" else record, *defects)
        due_total, paid_total = due_total + due, paid_total + paid
        if random.random() < 0.01:
            lines.append(line)
            export.add("duplicate", None, "same_progressive", duplicate_of_line=len(lines) - 1)
    lines.append(f"C{rows:08d}{due_total:015d}{paid_total:015d}".ljust(180))
    export.add("control", None, "trailer")
    export.content = ("\n".join(lines) + "\n").encode("cp1252")
    return export


def semicolon_roster(rows: int = 600, seed: int = 15) -> Export:
    """A back office of a small Comune: name in one column, class and section together, amounts with a decimal comma."""
    world, export = World(seed, "E038", 2026), Export("semicolon_roster", "E038")
    random = world.random
    lines = [
        "Tessera;Nominativo alunno;Cod.Fiscale;Nata/o il;Plesso;Classe/Sez.;Indirizzo;Telefono;Saldo al 31/10;Genitore pagante;CF genitore"
    ]
    export.add("not_data", None, "header")
    for number, child in enumerate(world.many(rows), 1):
        balance, person, payer = random.randrange(-9000, 300_000), child.person, child.payer
        row = [f"{number:05d}", f"{person.surname} {person.given}", person.code, person.born.strftime("%d.%m.%Y"),
               child.school.school_code, f"{child.year}{child.section}", f"{child.street}, {child.house}", child.phone,
               italian(balance), f"{payer.surname} {payer.given}", payer.code]  # fmt: skip
        record = {key: value for key, value in record_of(child).items() if key != "email"}
        record |= {"legacy_id": row[0], "balance": f"{balance / 100:.2f}", "address": f"{child.street}, {child.house}"}
        verdict, defects = "fix", ["name_in_one_column", "class_notation"]
        match random.randrange(50):
            case 0:
                row[2], verdict = mistyped(person.code, random), "review"
            case 1:
                row[0] = str(number)
            case 2:
                row[8], verdict = "", "review"
            case 3:
                row[4], verdict = "BAEE00000X", "review"
            case 4:
                row[6], verdict = f"{row[6]}; int. 4", "reject"
            case 5:
                row[3] = person.born.strftime("%d.%m.%y")
            case 6:
                row[7], verdict = ("3,4712E+09", "review") if child.phone.startswith("3") else (child.phone, verdict)
            case 7:
                row[1] = f"{person.given} {person.surname}"
            case 8:
                row[10], verdict = "", "review"
        lines.append(";".join(row))
        export.add(verdict, None if verdict == "reject" else record, *defects)
    export.content = ("\r\n".join(lines) + "\r\n").encode("cp1252")
    return export


SHAPES: Final[Sequence[Callable[[], Export]]] = (comma_roster, workbook_sheet, tab_bus, fixed_taxes, semicolon_roster)
