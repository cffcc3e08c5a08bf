"""The audit record cannot be rewritten, not even by SQL."""

import pytest
from django.db import IntegrityError, connection

from sportello.audit.models import Action, Event
from sportello.audit.recording import record
from sportello.kernel import clock

pytestmark = pytest.mark.usefixtures("bari")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET actor = 1", "DELETE FROM audit_event", "TRUNCATE audit_event"],
)
def test_events_are_never_changed(statement: str) -> None:
    record(action=Action.LOGIN, actor=None, subject_kind="account", subject="1", now=clock.now())
    with pytest.raises(IntegrityError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_says_who_did_what() -> None:
    record(action=Action.CHILD_READ, actor=7, subject_kind="child", subject="x", now=clock.now(), details={"rows": 1})
    event = Event.objects.get()
    assert (event.action, event.actor, event.subject_kind, event.subject, event.details) == (
        "child_read",
        7,
        "child",
        "x",
        {"rows": 1},
    )
