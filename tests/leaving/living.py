"""Bari at work: a roster taken in, an application with a file, a payment, names that spreadsheets would compute."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from onboarding.leaving.exporting import confirm_export, hand_out, make_package, request_export
from onboarding.leaving.models import ExportPackage
from onboarding.leaving.opening import Package, open_package
from sportello.accounts.models import Account, OpenSession, Role
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.fiscal_code import FiscalCode
from tenants.current import in_schema
from tenants.models import Municipality
from tests.factories import account, family
from tests.factories.progress import Silent
from tests.onboarding.rosters import committed, prepare, roster, row

SCHEMA = "c_a662"
HOSTILE = (
    '=HYPERLINK("http://x.example")',
    "+39 080",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "'ndrangheta",
    "\\N",
    "",
    'virgolette " e, virgole; punti',
    "due\r\nrighe",
    "NICOLÒ 🎒",
    "x" * 200,
)
FILE = b"%PDF-1.7 un allegato\x00\xff"


@dataclass(frozen=True, slots=True)
class Living:
    """The Comune, its administrator and its first child."""

    municipality: Municipality
    administrator: Account
    child: Child


def settle() -> Living:
    """The rows and the files."""
    municipality = Municipality.objects.get(schema_name=SCHEMA)
    with in_schema(SCHEMA):
        prepare(municipality)
        child, payer = _code("EMMA", "F", date(2018, 8, 3), "F052"), _code("NICOLO'", "M", date(1996, 3, 29), "A225")
        committed(roster(row(COD_FISCALE=child, CF_PAG=payer)))
        family(children=2)
        for number, text in enumerate(HOSTILE):
            account(given_name=text[:80], identifier=f"LOCALE{number}", scheme="local", phone="")
        administrator = account(Role.ADMINISTRATOR, password="argon2$the-digest-of-a-password")
        now = clock.now()
        OpenSession.objects.create(
            account=administrator,
            session_key="a-key-that-opens-the-desk",
            provider="spid",
            level=2,
            opened_at=now,
            last_seen_at=now,
        )
        default_storage.save("domande/allegato.pdf", ContentFile(FILE))
        return Living(municipality, administrator, Child.objects.order_by("pk")[0])


def _code(name: str, sex: Literal["F", "M"], born: date, place: str) -> str:
    return FiscalCode.compute(last_name="RUSSO", first_name=name, sex=sex, birth_date=born, birthplace_code=place).value


def exported(living: Living) -> ExportPackage:
    """A package, made now."""
    with in_schema(SCHEMA):
        package = request_export(actor=living.administrator, now=clock.now())
        return make_package(package=package, now=clock.now(), progress=Silent())


def confirmed(living: Living) -> ExportPackage:
    """A package that the Comune downloaded and confirmed."""
    package = exported(living)
    with in_schema(SCHEMA):
        hand_out(package=package, actor=living.administrator, now=clock.now())
        return confirm_export(package=package, sha256=package.sha256, actor=living.administrator, now=clock.now())


def path_of(package: ExportPackage) -> Path:
    """Its file on disk."""
    with in_schema(SCHEMA):
        return Path(package.file.path)


def opened(package: ExportPackage) -> Package:
    """The package, judged and open."""
    return open_package(path_of(package))
