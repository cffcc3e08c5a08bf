"""What a Comune has outside its schema leaves with it: read in the package, named by the certificate, then gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from onboarding.assessment.models import AreaSaving, AreaSheet, AssessmentRound, PlanTask
from onboarding.board.gathering import gather_signs
from onboarding.board.models import GatheredSigns
from onboarding.leaving.certificate import _data
from onboarding.leaving.deletion import delete_comune, prepare_deletion
from onboarding.leaving.departing import WAIT, approve_departure, begin_deletion, request_departure
from onboarding.leaving.errors import ChangedSinceExport
from onboarding.leaving.models import Departure
from onboarding.shelf.models import SharedMapping
from sportello.accounts.models import Account, Role
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists
from tenants.twins import begin_twin_afresh, twin_of
from tests.factories import account
from tests.factories.progress import Silent
from tests.leaving.living import Living, confirmed, exported, opened
from tests.onboarding.assessment.rounds import closed_round

NOW = clock.now()


@pytest.fixture
def known(living: Living) -> Living:
    """Bari assessed, seen by the board, with a mapping on the shelf and a twin."""
    with in_schema(settings.CENTRAL_SCHEMA):
        closed_round(living.municipality)
        gather_signs(municipality=living.municipality, now=NOW)
        SharedMapping.objects.create(
            belfiore_code="A662",
            municipality_name="Bari",
            source_name="mensa",
            kind="roster",
            fingerprint="f",
            toml="",
            confirmed_at=NOW,
        )
        begin_twin_afresh(municipality=living.municipality)
    return living


@pytest.fixture
def leaving(known: Living) -> Iterator[tuple[Departure, Account]]:
    """Approved, past its wait, begun."""
    with in_schema(settings.CENTRAL_SCHEMA):
        first, second = account(Role.CENTRAL), account(Role.CENTRAL)
        asked = request_departure(municipality=known.municipality, act="Del. 1", actor=first, now=NOW)
        confirmed(known)
        done = approve_departure(departure=asked, actor=second, now=NOW)
        begin_deletion(departure=done, name="Bari", actor=first, now=NOW + WAIT)
        yield done, first


def prepared(departure: Departure) -> Departure:
    return prepare_deletion(departure=departure, now=NOW + WAIT, today=clock.today(), progress=Silent())


def test_the_package_has_the_assessment(known: Living) -> None:
    resources = {one["path"]: one for one in opened(exported(known)).descriptor["resources"]}
    for model in (AssessmentRound, AreaSheet, AreaSaving, PlanTask):
        entry = resources[f"public/{model._meta.db_table}.csv"]
        assert entry["rows"] == model._default_manager.count()
        assert entry["descriptionIt"] != entry["description"]
    assert resources["public/assessment_areasheet.csv"]["rows"] > 0
    assert resources["public/onboarding_shelf_sharedmapping.csv"]["rows"] == 2  # the one of its load too


def test_nothing_of_it_is_left(leaving: tuple[Departure, Account], known: Living, media: Path) -> None:
    other = Municipality.objects.exclude(pk=known.municipality.pk).order_by("pk")[0]
    theirs = closed_round(other)
    done = delete_comune(departure=prepared(leaving[0]), now=NOW + WAIT, today=clock.today(), progress=Silent())
    assert twin_of(known.municipality) is None
    assert not schema_exists("prova_a662")
    assert list(AssessmentRound.objects.all()) == [theirs]
    assert AreaSheet.objects.exclude(round=theirs).count() == 0
    assert not GatheredSigns.objects.filter(municipality=known.municipality).exists()
    assert not SharedMapping.objects.exists()
    paper = str(_data(done))
    assert "assessment_assessmentround (comune a tutti: le sue righe)" in paper
    assert "prova_a662" in paper
    with pytest.raises(IntegrityError), transaction.atomic():
        theirs.delete()  # of a Comune that stays, a closed round stays


def test_an_assessment_after_the_package_stops_the_deletion(leaving: tuple[Departure, Account], known: Living) -> None:
    closed_round(known.municipality)
    with pytest.raises(ChangedSinceExport, match="assessment_assessmentround"):
        prepared(leaving[0])
