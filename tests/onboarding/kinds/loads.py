"""Loads of any kind for the tests: the same use cases as the screens, with the mapping that a person would write."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models

from onboarding.checking import check_roster
from onboarding.committing import commit_roster
from onboarding.confirming import confirm_mapping, correct_mapping
from onboarding.mapping.structs import Mapping
from onboarding.models import LoadState, RosterLoad
from onboarding.reading_in import read_export
from onboarding.undoing import undo_load
from onboarding.uploading import upload_roster
from services_catalog.models import Edition
from sportello.kernel.clock import ROME
from sportello.kernel.school_year import SchoolYear
from tests.factories.progress import Silent

ROOMS = ("families", "schools", "means", "canteen", "enrolment", "billing", "applications")


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=ROME)


def checked(content: bytes, mapping: Mapping, *, today: date, year: int, source: str = "") -> RosterLoad:
    """Uploaded, its columns confirmed as the mapping says, and judged."""
    now = moment(today)
    load = upload_roster(
        file=ContentFile(content), file_name="export.dat", school_year=SchoolYear(year), actor=None, now=now
    )
    load = read_export(load=load, today=today, now=now, progress=Silent())
    if load.state == LoadState.MAPPING:
        name = source or mapping.kind
        correct_mapping(load=load, mapping=mapping, source_name=name, actor=None, now=now)
        load = confirm_mapping(load=load, actor=None, now=now)
    load = check_roster(load=load, today=today, progress=Silent())
    assert load.state == LoadState.CHECKED, load.failure
    return load


def commit(load: RosterLoad, *, today: date) -> RosterLoad:
    return commit_roster(load=load, today=today, now=moment(today), actor=None, progress=Silent())


def committed(content: bytes, mapping: Mapping, *, today: date, year: int, source: str = "") -> RosterLoad:
    return commit(checked(content, mapping, today=today, year=year, source=source), today=today)


def undone(load: RosterLoad) -> RosterLoad:
    return undo_load(load=load, now=moment(date(2026, 12, 31)), actor=None, progress=Silent())


def everything() -> dict[str, list[str]]:
    """Every row of every table of the rooms, as text."""
    tables: list[type[models.Model]] = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {
        model._meta.label: sorted(map(repr, model._default_manager.order_by("pk").values_list())) for model in tables
    }


def left_out(load: RosterLoad) -> dict[str, int]:
    return {one["code"]: one["rows"] for one in load.result.get("left_out", ())}


def counts(load: RosterLoad) -> dict[str, Any]:
    """The figures of a commit without those at nought."""
    return {name: value for name, value in load.result.items() if name != "left_out" and value}


def in_force_a_year_before(service_code: str) -> Edition:
    """The edition in force of a service, put in force for the school year before too."""
    held = Edition.objects.get(service__code=service_code, status="in_force")
    days = held.valid_during
    held.pk = None
    held.school_year -= 1
    held.valid_during = (days.lower - timedelta(days=365), days.lower)
    held.save(force_insert=True)
    return held


def with_year(mapping: Mapping, year: int) -> Mapping:
    return msgspec.structs.replace(mapping, school_year=year)
