"""INPS is asked after the application: what it says counts at once where nothing changes, else after a clerk's word."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.inps_isee import daily_limit
from integrations.models import Connector, ConnectorExchange, Health
from sportello.audit.models import Action, Event
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.isee import Isee
from sportello.means.answering import LEASE, MAX_ATTEMPTS, ask_due
from sportello.means.declaring import declare_isee
from sportello.means.enquiring import ask_inps
from sportello.means.from_inps import record_answer
from sportello.means.models import EnquiryState, IseeAttestation, IseeEnquiry, IseeKind, Provenance, Settlement
from sportello.means.queries import isee_on
from sportello.means.settling import NothingToSettle, confirm_inps_value, dismiss_inps_value
from sportello.means.showing import isee_of_file
from tenants.current import in_schema
from tenants.models import Municipality
from tests import factories
from tests.factories.inps import inps_answers

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=clock.ROME)
TODAY = NOW.date()
PROTOCOL = "INPS-ISEE-2026-00000123A-00"


@pytest.fixture(autouse=True)
def fresh_count(bari: Municipality) -> Iterator[None]:
    def forget() -> None:
        valkey = daily_limit._valkey()
        for day in (TODAY, TODAY + timedelta(days=1)):
            valkey.delete(daily_limit.key_of(day))

    forget()
    yield
    forget()


@pytest.fixture
def inps(bari: Municipality) -> Callable[..., None]:
    """Says how INPS answers from now on."""
    inps_answers("minors:8500.00")
    return inps_answers


@pytest.fixture
def child(bari: Municipality) -> Child:
    """Her parent declared 8.500,00."""
    minor = factories.child(factories.adult())
    declare(minor)
    return minor


def declare(minor: Child, cents: int = 850000) -> None:
    filed = datetime(2026, 2, 3, tzinfo=clock.ROME).date()
    declare_isee(child=minor, isee=Isee(cents), dsu_protocol=PROTOCOL, filed_on=filed, today=TODAY)


def ask(minor: Child, now: datetime = NOW) -> IseeEnquiry:
    found = ask_inps(child=minor, reason="0000123/2026", archetype="meals", asked_by=None, now=now)
    assert found is not None
    return found


def asked_and_answered(minor: Child, now: datetime = NOW) -> IseeEnquiry:
    enquiry = ask(minor, now)
    ask_due(now=lambda: now)
    enquiry.refresh_from_db()
    return enquiry


def rows(minor: Child) -> list[tuple[str, int, bool, bool]]:
    found = IseeAttestation.objects.filter(child=minor).order_by("pk")
    return [(one.provenance, one.amount_cents, one.awaits_office, one.superseded_on is not None) for one in found]


def counted(minor: Child) -> tuple[str, int] | None:
    held = isee_on(minor, TODAY)
    return held and (held.provenance, held.amount_cents)


def test_the_same_value_counts_at_once_and_supersedes_what_was_declared(child: Child, inps: Any) -> None:
    enquiry = asked_and_answered(child)
    assert (enquiry.state, enquiry.changes_value, len(enquiry.answer_digest)) == (EnquiryState.ANSWERED, False, 64)
    assert rows(child) == [("declared", 850000, False, True), ("inps", 850000, False, False)]
    assert counted(child) == ("inps", 850000)
    kept = IseeAttestation.objects.get(provenance=Provenance.INPS)
    assert (kept.kind, kept.dsu_protocol, f"{kept.attested_on}", kept.discrepancies) == (
        IseeKind.MINORS,
        PROTOCOL,
        "2026-02-10",
        "",
    )


def test_another_value_waits_for_the_office_and_nothing_changes(child: Child, inps: Any) -> None:
    inps("minors:9120.00")
    enquiry = asked_and_answered(child)
    assert (enquiry.changes_value, enquiry.before_cents, enquiry.after_cents) == (True, 850000, 912000)
    assert rows(child) == [("declared", 850000, False, False), ("inps", 912000, True, False)]
    assert counted(child) == ("declared", 850000)
    shown = isee_of_file(child, TODAY)
    assert (shown.difference, shown.may_ask) == ("dichiarato 8.500,00, INPS 9.120,00", False)
    assert [(one.row.amount_cents, one.holds, one.why) for one in shown.attestations] == [
        (912000, False, "Attende la conferma dell'ufficio."),
        (850000, True, "È l'unica valida in questo giorno."),
    ]


def test_the_clerk_confirms_and_the_value_of_inps_counts(child: Child, inps: Any) -> None:
    inps("minors:9120.00")
    enquiry, clerk = asked_and_answered(child), factories.account()
    days = confirm_inps_value(enquiry=enquiry, actor=clerk, now=NOW)
    assert (f"{days.start}", f"{days.end}") == ("2026-02-03", "2027-01-01")
    assert rows(child) == [("declared", 850000, False, True), ("inps", 912000, False, False)]
    assert counted(child) == ("inps", 912000)
    enquiry.refresh_from_db()
    assert (enquiry.settlement, enquiry.settled_by, enquiry.settled_at) == (Settlement.CONFIRMED, clerk, NOW)
    for settle in (confirm_inps_value, dismiss_inps_value):
        with pytest.raises(NothingToSettle):
            settle(enquiry=enquiry, actor=clerk, now=NOW)


def test_the_clerk_leaves_the_value_of_before(child: Child, inps: Any) -> None:
    inps("minors:9120.00")
    enquiry = asked_and_answered(child)
    dismiss_inps_value(enquiry=enquiry, actor=factories.account(), now=NOW)
    assert rows(child) == [("declared", 850000, False, False), ("inps", 912000, False, True)]
    assert counted(child) == ("declared", 850000)
    assert isee_of_file(child, TODAY).finding is None


def test_every_deed_is_on_record_without_figures(child: Child, inps: Any) -> None:
    inps("minors:9120.00")
    enquiry = asked_and_answered(child)
    confirm_inps_value(enquiry=enquiry, actor=factories.account(), now=NOW)
    told = Event.objects.filter(subject=str(child.public_id)).order_by("pk")
    assert [(one.action, one.details["event"]) for one in told] == [
        (Action.ISEE_READ, "inps_asked"),
        (Action.ISEE_CHANGED, "inps_answered"),
        (Action.ISEE_CHANGED, "inps_confirmed"),
    ]
    kept = f"{list(told.values())} {list(ConnectorExchange.objects.values())}"
    assert [secret for secret in ("9120", "912000", "8500", "850000", str(child.fiscal_code)) if secret in kept] == []


def test_omissions_are_a_difference_even_at_the_same_value(child: Child, inps: Any) -> None:
    inps("PatrimoniMobiliari:8500.00")
    enquiry = asked_and_answered(child)
    assert isee_of_file(child, TODAY).difference == (
        "dichiarato 8.500,00, INPS 8.500,00; INPS segnala omissioni o difformità (PatrimoniMobiliari)"
    )
    assert counted(child) == ("declared", 850000)
    confirm_inps_value(enquiry=enquiry, actor=factories.account(), now=NOW)
    assert counted(child) is None


def test_another_day_of_the_declaration_is_a_difference_too(bari: Municipality, inps: Any) -> None:
    minor = factories.child(factories.adult())
    factories.isee(minor, "8.500,00", provenance=Provenance.DECLARED, dsu_protocol=PROTOCOL)  # filed on 1 February
    asked_and_answered(minor)
    assert isee_of_file(minor, TODAY).difference == "dichiarato 8.500,00, INPS 8.500,00; cambia la validità"


def test_a_parent_who_lives_elsewhere_is_known_from_then_on(child: Child, inps: Any) -> None:
    inps("attracted:9120.00")
    asked_and_answered(child)
    assert IseeAttestation.objects.get(provenance=Provenance.INPS).other_parent is True


def test_a_current_one_is_valid_as_inps_says(child: Child, inps: Any) -> None:
    inps("current:3000.00")
    asked_and_answered(child)
    kept = IseeAttestation.objects.get(provenance=Provenance.INPS)
    assert (kept.kind, f"{kept.valid_from}", f"{kept.valid_until}") == (IseeKind.CURRENT, "2026-02-03", "2026-12-10")


def test_without_any_isee_what_inps_has_waits_for_the_office(bari: Municipality, inps: Any) -> None:
    minor = factories.child(factories.adult())
    inps("minors:9120.00")
    asked_and_answered(minor)
    assert isee_of_file(minor, TODAY).difference == "nessun ISEE che vale oggi, INPS 9.120,00"
    assert counted(minor) is None


@pytest.mark.parametrize(
    ("case", "state", "sentence"),
    [
        (
            "DATI_NON_TROVATI",
            EnquiryState.NOT_FOUND,
            "23/11/2026: INPS non trova l'attestazione. Vale quello che si sapeva.",
        ),
        ("empty", EnquiryState.NOT_FOUND, "23/11/2026: INPS non trova l'attestazione. Vale quello che si sapeva."),
        (
            "not_computable",
            EnquiryState.ANSWERED,
            "23/11/2026: per INPS l'ISEE di questo minorenne non è calcolabile.",
        ),
        (
            "RICHIESTA_INVALIDA",
            EnquiryState.REFUSED,
            "23/11/2026: INPS non può rispondere. Verifica l'attestazione a mano.",
        ),
        (
            "RISCONTRO_NON_VALIDO",
            EnquiryState.REFUSED,
            "23/11/2026: INPS non può rispondere. Verifica l'attestazione a mano.",
        ),
        ("malformed", EnquiryState.REFUSED, "23/11/2026: INPS non può rispondere. Verifica l'attestazione a mano."),
    ],
)
def test_an_answer_without_a_value_leaves_what_was_known(
    child: Child, inps: Any, case: str, state: EnquiryState, sentence: str
) -> None:
    inps(case)
    assert asked_and_answered(child).state == state
    assert ask_due(now=lambda: NOW + timedelta(days=9)) == 0, "it is not asked again"
    assert (counted(child), isee_of_file(child, TODAY).enquiry) == (("declared", 850000), sentence)


@pytest.mark.parametrize(
    ("case", "word"),
    [("DATABASE_OFFLINE", "database_offline"), ("ERRORE_INTERNO", "errore_interno"), ("unreachable", "http_503")],
)
def test_when_inps_is_down_it_is_asked_again_with_growing_pauses(child: Child, inps: Any, case: str, word: str) -> None:
    inps(case)
    enquiry = asked_and_answered(child)
    assert isee_of_file(child, TODAY).enquiry == "INPS non risponde: riproviamo alle 09:10."
    assert counted(child) == ("declared", 850000)
    moment, pauses = NOW, []
    while enquiry.state == EnquiryState.WAITING:
        assert ask_due(now=lambda: enquiry.next_attempt_at - timedelta(seconds=1)) == 0
        pauses.append(int((enquiry.next_attempt_at - moment).total_seconds() // 60))
        moment = enquiry.next_attempt_at
        ask_due(now=lambda then=moment: then)
        enquiry.refresh_from_db()
    assert (pauses, enquiry.state, enquiry.attempts) == ([5, 15, 45, 135, 405], EnquiryState.GIVEN_UP, MAX_ATTEMPTS)
    assert enquiry.trouble == word
    logged = ConnectorExchange.objects.values_list("kind", "outcome", "error_code", "reference")
    assert list(logged) == [("inps_isee", "failed", "inps_unavailable", str(enquiry.public_id))] * MAX_ATTEMPTS
    assert Connector.objects.get(kind="inps_isee").health == Health.DOWN


def test_once_inps_is_up_again_it_answers(child: Child, inps: Any) -> None:
    inps("DATABASE_OFFLINE")
    asked_and_answered(child)
    inps("minors:8500.00")
    assert ask_due(now=lambda: NOW + timedelta(minutes=5)) == 1
    assert counted(child) == ("inps", 850000)


def test_over_the_limit_of_the_day_everything_waits_for_tomorrow(child: Child, inps: Any) -> None:
    inps("minors:8500.00", daily_limit=1)
    others = [factories.child(factories.adult()) for _ in range(2)]
    for minor in (child, *others):
        ask(minor)
    assert ask_due(now=lambda: NOW) == 1
    tomorrow = datetime(2026, 11, 24, 7, tzinfo=clock.ROME)
    waiting = IseeEnquiry.objects.filter(state=EnquiryState.WAITING).order_by("pk")
    assert [(one.attempts, one.next_attempt_at, one.trouble) for one in waiting] == [
        (0, tomorrow, "over_limit"),
        (0, tomorrow, "over_limit"),
    ]
    assert isee_of_file(others[0], TODAY).enquiry == (
        "Le richieste a INPS di oggi sono finite: riproviamo il 24/11/2026."
    )
    assert ask_due(now=lambda: tomorrow) == 1, "tomorrow has a turn of its own"


def test_inps_may_say_itself_that_the_day_is_over(child: Child, inps: Any) -> None:
    inps("over_limit")
    assert asked_and_answered(child).trouble == "over_limit"


def test_each_comune_has_its_own_turns(bari: Municipality, bitonto: Municipality) -> None:
    with in_schema(bari.schema_name):
        assert [daily_limit.take_turn(limit=2, day=TODAY) for _ in range(2)] == [1, 2]
        with pytest.raises(daily_limit.DailyLimitReached):
            daily_limit.take_turn(limit=2, day=TODAY)
        assert daily_limit.key_of(TODAY) == "c_a662:inps_isee:asked:2026-11-23"
        daily_limit._valkey().delete(daily_limit.key_of(TODAY))
    assert daily_limit.take_turn(limit=2, day=TODAY) == 1


def test_turns_taken_at_the_same_moment_are_never_more_than_there_are(bari: Municipality) -> None:
    def take(_turn: int) -> bool:
        with in_schema(bari.schema_name), suppress(daily_limit.DailyLimitReached):
            return daily_limit.take_turn(limit=10, day=TODAY) > 0
        return False

    with ThreadPoolExecutor(8) as clerks:
        assert sum(clerks.map(take, range(40))) == 10


def test_asking_twice_is_asking_once(child: Child, inps: Any) -> None:
    first = ask(child)
    assert (ask(child), IseeEnquiry.objects.count()) == (first, 1)
    inps("minors:9120.00")
    ask_due(now=lambda: NOW)
    assert ask(child, NOW + timedelta(days=1)) == first, "its difference is not settled"


def test_asking_again_later_adds_nothing_that_is_known(child: Child, inps: Any) -> None:
    asked_and_answered(child)
    again = asked_and_answered(child, NOW + timedelta(minutes=1))
    assert (again.state, again.attestation_id) == (
        EnquiryState.ANSWERED,
        IseeAttestation.objects.get(provenance=Provenance.INPS).pk,
    )
    assert rows(child) == [("declared", 850000, False, True), ("inps", 850000, False, False)]


def test_an_answer_that_comes_twice_is_taken_once(child: Child, inps: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[dict[str, Any]] = []
    monkeypatch.setattr("sportello.means.answering.record_answer", lambda **call: taken.append(call))
    ask(child)
    ask_due(now=lambda: NOW)
    for _ in range(2):
        record_answer(**taken[0])
    assert rows(child) == [("declared", 850000, False, True), ("inps", 850000, False, False)]
    assert Event.objects.filter(details__event="inps_answered").count() == 1


def test_a_question_whose_worker_died_is_put_again(child: Child, inps: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    ask(child)
    with monkeypatch.context() as patch:
        patch.setattr("sportello.means.answering.consult", die)
        with pytest.raises(KeyboardInterrupt):
            ask_due(now=lambda: NOW)
    assert ask_due(now=lambda: NOW + LEASE - timedelta(seconds=1)) == 0
    assert ask_due(now=lambda: NOW + LEASE) == 1


def test_where_the_connector_is_off_nobody_asks(child: Child, settings: Any) -> None:
    settings.DEPLOY_ENV = "production"
    asked = ask_inps(child=child, reason="0000123/2026", archetype="meals", asked_by=None, now=NOW)
    assert (asked, IseeEnquiry.objects.count(), isee_of_file(child, TODAY).may_ask) == (None, 0, False)


def test_a_simulator_is_refused_where_people_are_real(child: Child, inps: Any, settings: Any) -> None:
    settings.DEPLOY_ENV = "production"
    enquiry = asked_and_answered(child)
    assert (enquiry.state, enquiry.trouble) == (EnquiryState.REFUSED, "simulator_refused")


def test_settings_that_fit_no_more_go_to_the_manual_check(child: Child, inps: Any) -> None:
    inps("minors", daily_limit="molte")
    enquiry = asked_and_answered(child)
    assert (enquiry.state, enquiry.trouble) == (EnquiryState.REFUSED, "settings_invalid")


def test_each_comune_has_its_own_line(bari: Municipality, bitonto: Municipality) -> None:
    with in_schema(bari.schema_name):
        inps_answers("minors:9120.00")
    with in_schema(bitonto.schema_name):
        assert not Connector.objects.exists()


def test_a_child_without_a_code_goes_to_the_manual_check(bari: Municipality, inps: Any) -> None:
    minor = factories.child(factories.adult(), fiscal_code=None)
    enquiry = asked_and_answered(minor)
    assert (enquiry.state, enquiry.trouble) == (EnquiryState.REFUSED, "question_unfit")
