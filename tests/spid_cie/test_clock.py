"""A provider's clock may be a minute from ours; a login lasts fifteen minutes. The clock stands still here."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from integrations.spid_cie.simulator.answers import written
from sportello.kernel import clock
from tests.spid_cie.browser import signed_in
from tests.spid_cie.cases import CONDITIONS, DATA, STATEMENT
from tests.spid_cie.crafting import put
from tests.spid_cie.open_login import OpenLogin, refusal


@pytest.fixture
def now() -> Iterator[datetime]:
    """An instant at which the clock stands: today's, because the keys of the desks are of today."""
    instant = clock.instant().replace(microsecond=400_000)
    with time_machine.travel(instant, tick=False):
        yield instant


@pytest.fixture
def login(now: datetime, begun: "type[OpenLogin]") -> OpenLogin:
    """Begun at that instant."""
    return begun()


SHIFTS = [
    (-3600, "response_issued_before_request"),
    (-90, "response_issued_before_request"),
    (-61, "response_issued_before_request"),
    (-60, "accepted"),
    (-30, "accepted"),
    (0, "accepted"),
    (30, "accepted"),
    (60, "accepted"),
    (61, "response_issued_in_future"),
    (90, "response_issued_in_future"),
    (290, "response_issued_in_future"),
]


@pytest.mark.parametrize(("seconds", "outcome"), SHIFTS)
def test_a_providers_clock_may_be_a_minute_from_ours(
    login: OpenLogin, now: datetime, seconds: int, outcome: str
) -> None:
    message = login.signed(now=now + timedelta(seconds=seconds))
    assert refusal(message, now=now) == outcome
    assert login.outcomes() == [outcome]


@pytest.mark.parametrize(("seconds", "enters"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_the_whole_way_with_a_provider_whose_clock_is_off(
    login: OpenLogin, now: datetime, seconds: int, enters: bool
) -> None:
    answer = login.send(login.signed(now=now + timedelta(seconds=seconds)))
    assert answer.status_code == (303 if enters else 403)
    if enters:
        login.browser.finish(answer)
    assert signed_in(login.browser.desk) == enters


@pytest.mark.parametrize(
    ("path", "name", "code"),
    [
        (DATA, "NotOnOrAfter", "confirmation_over"),
        (CONDITIONS, "NotOnOrAfter", "too_late"),
        (STATEMENT, "SessionNotOnOrAfter", "session_over"),
    ],
)
@pytest.mark.parametrize(("seconds", "good"), [(-1, True), (0, True), (58, True), (59, True), (60, False), (61, False)])
def test_what_is_over_is_still_good_for_a_minute(
    login: OpenLogin, now: datetime, path: str, name: str, code: str, seconds: int, good: bool
) -> None:
    """The end itself no longer belongs to it: at the end and a minute it is over."""
    end = now.replace(microsecond=0) + timedelta(seconds=100)
    message = login.signed(put(path, name, written(end)))
    assert refusal(message, now=end + timedelta(seconds=seconds)) == ("accepted" if good else code)


@pytest.mark.parametrize(("path", "code"), [(DATA, "confirmation_too_early"), (CONDITIONS, "too_early")])
@pytest.mark.parametrize(("seconds", "good"), [(0, True), (59, True), (60, True), (61, False), (62, False)])
def test_what_begins_within_a_minute_is_good_already(
    login: OpenLogin, now: datetime, path: str, code: str, seconds: int, good: bool
) -> None:
    begins = now.replace(microsecond=0) + timedelta(seconds=seconds)
    message = login.signed(put(path, "NotBefore", written(begins)))
    assert refusal(message, now=now.replace(microsecond=0)) == ("accepted" if good else code)


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(-60, "accepted"), (-1, "accepted"), (0, "expired"), (1, "expired"), (86400, "expired")]
)
def test_a_login_lasts_fifteen_minutes(login: OpenLogin, now: datetime, seconds: int, outcome: str) -> None:
    """However fresh the provider's answer is."""
    late = now + timedelta(minutes=15, seconds=seconds)
    assert refusal(login.signed(now=late), now=late) == outcome
    assert login.outcomes() == [outcome]


def test_who_takes_her_time_at_the_providers_still_enters(login: OpenLogin, now: datetime) -> None:
    with time_machine.travel(now + timedelta(minutes=14), tick=False):
        assert login.comes_in()
