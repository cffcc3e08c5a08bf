"""From the pack of a Comune into its schema, and back: schools, closed days, editions.

A pack is seed, export and review form; once an edition is in force the database is the truth. Loading the same pack
again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tomli_w
from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.closing import close_days
from services_catalog.lineage import follow
from services_catalog.metropolitan import template_of
from services_catalog.models import ClosureKind, Edition, EditionStatus, Service, TemplateLineage
from services_catalog.publication import Act, draft_edition, fingerprint_of, put_in_force, register_service
from services_catalog.reading import SchemaError, from_builtins, from_toml, to_toml_builtins
from services_catalog.schema import EditionHead, PackCalendar, PackClosure, PackService, ServiceHead
from sportello.accounts.models import Account
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School
from sportello.schools.registering import SchoolRow, register_schools
from tenants.models import Municipality
from tenants.municipal_packs import MunicipalPack, PackNotFound, pack_of

CALENDAR = "calendario.toml"
CASES = "cases.toml"


class PackError(DomainError):
    """A file of a pack cannot be loaded; the sentence names the file and the place."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: schools held by the pack, closures it names, editions made and left as they were."""

    schools: int
    closures: int
    editions_made: tuple[str, ...]
    editions_unchanged: tuple[str, ...]


def service_files(folder: Path) -> Iterator[Path]:
    """The service files of every school year of a pack, in order."""
    yield from (path for path in sorted(folder.glob("[0-9]*/*.toml")) if path.name not in (CALENDAR, CASES))


def own_services(pack: MunicipalPack) -> frozenset[str]:
    """The services of which a pack speaks. Raises PackError."""
    return frozenset(read_service(path).service.code for path in service_files(pack.folder))


def own_services_of(municipality: Municipality) -> frozenset[str]:
    """The services of which the pack of a Comune speaks; none for one without a pack."""
    try:
        return own_services(pack_of(municipality.belfiore_code))
    except PackNotFound:
        return frozenset()


def read_service(path: Path) -> PackService:
    """Read one service file; raises PackError with file and place."""
    return _read(path, PackService)


@transaction.atomic
def load_pack(*, pack: MunicipalPack, in_force: bool, actor: Account | None, now: datetime) -> LoadReport:
    """Load a pack into the current Comune, all or nothing.

    Editions arrive as drafts, or are put in force by the act they name; one whose fees are to confirm stays a draft
    all the same. A file that names the version of the metropolitan template it started from is compared with it from
    then on. Raises PackError, TemplateError and the failures of ``put_in_force``.
    """
    schools = register_schools(rows=_school_rows(pack))
    services = [read_service(path) for path in service_files(pack.folder)]
    for head in {each.service.code: each.service for each in services}.values():
        register_service(code=head.code, name=head.name.it, archetype=head.archetype)
    closures = sum(_load_calendar(path, actor, now) for path in sorted(pack.folder.glob(f"[0-9]*/{CALENDAR}")))
    made: list[str] = []
    unchanged: list[str] = []
    for each in services:
        label = f"{each.service.code} {each.edition.school_year}"
        if each.edition.template is not None:
            service = Service.objects.get(code=each.service.code)
            follow(service=service, template=template_of(each.service.code, each.edition.template), now=now)
        (made if _load_edition(each, in_force=in_force, actor=actor, now=now) else unchanged).append(label)
    return LoadReport(schools, closures, tuple(made), tuple(unchanged))


def export_edition(edition: Edition) -> str:
    """An edition as the text of a service file; ``load_pack`` reads it back to the same fingerprint."""
    year_start = edition.year.period.start
    lineage = TemplateLineage.objects.filter(service=edition.service_id).first()
    pack = PackService(
        service=from_builtins(
            {
                "code": edition.service.code,
                "name": {"it": edition.service.name},
                "archetype": edition.service.archetype,
            },
            ServiceHead,
        ),
        edition=EditionHead(
            school_year=str(edition.year),
            template=None if lineage is None else lineage.version,
            valid_from=None if edition.period.start == year_start else edition.period.start,
            act_number=edition.act_number,
            act_date=edition.act_date,
            act_url=edition.act_url,
            approved_by=edition.approved_by,
        ),
        content=edition.rules,
    )
    return tomli_w.dumps(to_toml_builtins(pack), multiline_strings=True)


def export_to(folder: Path) -> list[Path]:
    """Write every edition in force of the current Comune below a folder, one file each; returns the files."""
    written = []
    held = Edition.objects.filter(status=EditionStatus.IN_FORCE).select_related("service")
    for edition in held.order_by("service__code", "valid_during"):
        year = folder / str(edition.school_year)
        year.mkdir(parents=True, exist_ok=True)
        last = year / f"{edition.service.code}.toml"
        path = last if last not in written else year / f"{edition.service.code}-{edition.revision}.toml"
        path.write_text(export_edition(edition), encoding="utf-8")
        written.append(path)
    return written


def _read[T](path: Path, kind: type[T]) -> T:
    try:
        return from_toml(path.read_text(encoding="utf-8"), kind)
    except SchemaError as error:
        name = f"{path.parent.name}/{path.name}"
        raise PackError(_("%(file)s, %(detail)s"), file=name, detail=error.message) from error


def _school_rows(pack: MunicipalPack) -> Iterator[SchoolRow]:
    for school in pack.schools():
        yield SchoolRow(
            school_code=school.school_code,
            name=school.name,
            level=school.level,
            kind=school.kind,
            ownership=school.ownership,
            address=school.address,
        )


def _load_edition(pack: PackService, *, in_force: bool, actor: Account | None, now: datetime) -> bool:
    """Make the edition unless its content is already there; whether it was made."""
    head, year = pack.edition, SchoolYear.parse(pack.edition.school_year)
    service = Service.objects.get(code=pack.service.code)
    act = Act(number=head.act_number, decided_on=head.act_date, url=head.act_url, approved_by=head.approved_by)
    held = Edition.objects.filter(
        service=service, school_year=year.start_year, fingerprint=fingerprint_of(pack.content)
    ).exclude(status=EditionStatus.SUPERSEDED)
    known = held.first()
    puts = in_force and not pack.content.fees.to_confirm
    if known is not None and not (known.is_draft and puts):
        return False
    draft = known or draft_edition(
        service=service,
        school_year=year,
        content=pack.content,
        valid_from=head.valid_from,
        act=act,
        actor=actor,
        now=now,
    )
    if puts:
        put_in_force(edition=draft, act=act, actor=actor, now=now)
    return True


def _load_calendar(path: Path, actor: Account | None, now: datetime) -> int:
    calendar = _read(path, PackCalendar)
    for closure in calendar.closures:
        _load_closure(closure, path, actor, now)
    return len(calendar.closures)


def _load_closure(closure: PackClosure, path: Path, actor: Account | None, now: datetime) -> None:
    school = School.objects.filter(school_code=closure.school).first() if closure.school else None
    if closure.school and school is None:
        raise PackError(_("%(file)s: la scuola %(code)s non esiste."), file=path.name, code=closure.school)
    service = Service.objects.filter(code=closure.service).first() if closure.service else None
    if closure.service and service is None:
        raise PackError(_("%(file)s: il servizio %(code)s non esiste."), file=path.name, code=closure.service)
    close_days(
        days=DateRange.inclusive(closure.first_day, closure.last_day),
        kind=ClosureKind(closure.kind),
        reason=closure.reason,
        service=service,
        school=school,
        actor=actor,
        now=now,
    )
