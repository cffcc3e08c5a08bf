"""Settling the fictional people in a Comune: staff, roster, the child to enrol. Doing it again changes nothing."""

import hashlib
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction

from onboarding.confirming import confirm_mapping
from onboarding.models import LoadState, RosterLoad
from onboarding.population.families import Inventor, Place, SchoolChild
from onboarding.population.people import DemoFamilies, demo_families, staff_of
from onboarding.population.roster import write_roster
from onboarding.uploading import request_commit, upload_roster
from services_catalog.models import Edition, EditionStatus
from sportello.accounts.granting import grant_role, register_person
from sportello.accounts.models import Account, Role
from sportello.canteen.service import canteen_service
from sportello.families.models import Adult, Child, Guardianship, Household, PayerAssignment, Pupil
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.kernel.fiscal_code import FiscalCode
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School, Section, StaffScope
from tenants.current import current_municipality
from tenants.twins import real_of

SEED: Final = 2026
LEVELS_AT_THE_CANTEEN: Final = ("infanzia", "primaria", "secondaria_1")
SITES: Final = 6  # of each level, so that classes are as full as real ones


class RosterRefused(RuntimeError):
    """The desk did not take its own demo roster: a fault of the demo, with the sentence of the refusal."""


def demo_place() -> tuple[Place, Edition]:
    """The current Comune as the inventor sees it, and the edition of the canteen it lives by."""
    municipality = current_municipality()
    service = canteen_service()
    edition = Edition.objects.filter(service=service, status=EditionStatus.IN_FORCE).order_by("-school_year").first()
    if edition is None:
        raise RosterRefused("The canteen has no edition in force.")
    levels = [level for level in edition.rules.audience.levels if level in LEVELS_AT_THE_CANTEEN]
    schools: list[tuple[str, str]] = []
    for level in levels:
        sites = School.objects.filter(level=level, ownership="statale", is_active=True).order_by("school_code")
        schools += sites.values_list("school_code", "level")[:SITES]
    place = Place(
        name=real_of(municipality).name,
        belfiore_code=municipality.belfiore_code,
        postal_code=f"70{municipality.istat_code[-3:]}",
        school_year=edition.school_year,
        schools=tuple(schools),
    )
    return place, edition


@transaction.atomic
def settle_staff(place: Place, *, now: datetime) -> dict[Role, Account]:
    """The accounts of the staff, with their roles."""
    accounts: dict[Role, Account] = {}
    for member, person in staff_of(place):
        account = register_person(
            fiscal_code=FiscalCode.parse(person.fiscal_code),
            given_name=member.given_name,
            family_name=member.family_name,
            email=f"{member.given_name.lower()}.{member.family_name.lower()}@example.org",
        )
        if member.role not in account.roles_on(now.date()):
            grant_role(account=account, role=member.role, reason="demo", actor=None, now=now)
        accounts.setdefault(member.role, account)
    return accounts


def settle_roster(place: Place, *, children: int, clerk: Account, now: datetime) -> tuple[DemoFamilies, RosterLoad]:
    """Write the roster and load it as a clerk would: upload, dry run, commit. A load already committed is kept."""
    inventor = Inventor(place, SEED)
    families = demo_families(inventor)
    content = write_roster(inventor, children=children, first=families.of_the_roster)
    load = RosterLoad.objects.filter(sha256=hashlib.sha256(content).hexdigest()).order_by("-pk").first()
    if load is None:
        load = upload_roster(
            file=ContentFile(content),
            file_name=f"mensa_{current_municipality().slug}.csv",
            school_year=SchoolYear(place.school_year),
            actor=clerk,
            now=now,
        )
    if load.state != LoadState.COMMITTED:
        load = _finish(load, clerk, now)
    return families, load


def _finish(load: RosterLoad, clerk: Account, now: datetime) -> RosterLoad:
    if load.state in {LoadState.READING, LoadState.CHECKING}:
        load = _after(load.job, load)
    if load.state == LoadState.MAPPING:
        load = confirm_mapping(load=load, actor=clerk, now=now)
        load = _after(load.job, load)
    job = request_commit(load=load, actor=clerk, now=now)
    load = _after(job, load)
    if load.state != LoadState.COMMITTED:
        raise RosterRefused(load.failure)
    return load


def _after(job: Job | None, load: RosterLoad) -> RosterLoad:
    """Run the job here: the worker of the demo is not up yet, and finds it done."""
    if job is not None:
        run_job(public_id=job.public_id, now=clock.now)
    load.refresh_from_db()
    return load


@transaction.atomic
def settle_child_to_enrol(place: Place, families: DemoFamilies) -> Child:
    """The mother's third child: known to the Comune, in a class, and not at the canteen."""
    mother = Adult.objects.get(fiscal_code=families.mothers.payer.fiscal_code)
    sibling = Child.objects.get(fiscal_code=families.mothers.children[0].person.fiscal_code)
    return settle_newcomer(place, families.to_enrol, parent=mother, sibling=sibling)


def settle_newcomer(place: Place, invented: SchoolChild, *, parent: Adult, sibling: Child | None) -> Child:
    """A child in a class, known to the Comune and not at the canteen; of its own home or of a sibling's."""
    year = SchoolYear(place.school_year).period
    child, created = Child.objects.get_or_create(
        fiscal_code=invented.person.fiscal_code,
        defaults={
            "given_name": invented.person.given_name,
            "family_name": invented.person.family_name,
            "sex": invented.person.sex,
            "birth_date": invented.person.birth_date,
            "birthplace_code": place.belfiore_code,
            "address": sibling.address if sibling else "",
            "postal_code": place.postal_code,
            "residence_code": place.belfiore_code,
            "household_id": sibling.household_id if sibling else None,
        },
    )
    if created:
        if sibling is None:
            child.household = Household.objects.create()
            child.save(update_fields=["household"])
        of_age = invented.person.birth_date.replace(year=invented.person.birth_date.year + 18)
        Guardianship.objects.create(adult=parent, child=child, valid_during=(year.start, of_age))
        PayerAssignment.objects.create(adult=parent, child=child, valid_during=(year.start, None))
        Pupil.objects.create(child=child, section=_section(place, invented), valid_during=year.bounds)
    return child


def _section(place: Place, child: SchoolChild) -> Section:
    section, _created = Section.objects.get_or_create(
        school=School.objects.get(school_code=child.school_code),
        school_year=place.school_year,
        class_year=child.class_year,
        letter=child.section,
    )
    return section


@transaction.atomic
def settle_school_scope(place: Place, families: DemoFamilies, *, teacher: Account) -> StaffScope:
    """The teacher sees the school of the mother's first child."""
    school = School.objects.get(school_code=families.mothers.children[0].school_code)
    scope, _created = StaffScope.objects.get_or_create(
        account=teacher,
        school=school,
        section=None,
        defaults={"valid_during": SchoolYear(place.school_year).period.bounds},
    )
    return scope
