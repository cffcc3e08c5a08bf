"""The fictional families come in by the doors that everybody uses; inviting them again changes nothing."""

from typing import Any

import pytest
from django.core.management import call_command

from sportello.applications.models import Application, ApplicationState
from sportello.canteen.models import MonthClose, Presence
from sportello.demo.management.commands.populate_demo import Command
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from tenants.current import in_schema
from tenants.models import Municipality


def counts() -> list[tuple[int, ...]]:
    found = []
    for schema in ("c_a662", "c_a893", "c_l109"):
        with in_schema(schema):
            waiting = Application.objects.filter(state=ApplicationState.SUBMITTED).count()
            tables = (Child, Subscription, Presence, MonthClose)
            found.append((waiting, *(table.objects.count() for table in tables)))
    return found


@pytest.mark.usefixtures("db")
def test_three_comuni_live_and_a_second_invitation_changes_nothing(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    call_command(Command(), children=60)
    first = counts()
    assert all(number > 0 for comune in first for number in comune)
    assert set(Municipality.objects.filter(stage="live").values_list("slug", flat=True)) >= {"bari", "bitonto"}
    call_command(Command(), children=60)
    assert counts() == first
