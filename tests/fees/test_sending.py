"""What was sent holds until something else is sent; what is sent again says which days it keeps."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_catalog.models import Edition
from sportello.audit.models import Action, Event
from sportello.families.models import Child, Pupil
from sportello.fees.deciding import ServiceUse, decide_prices, price_on
from sportello.fees.models import DecisionStatus, PriceDecision
from sportello.fees.sending import TELL_PRICES, send_prices
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.notifications.models import Notice, OutboxMail
from tenants.models import Municipality
from tests.factories import adult, child, family, isee, pupil, school, section
from tests.factories.deciding import send
from tests.factories.editions import NOW
from tests.factories.editions import edition as edition_in_force
from tests.factories.numbering import YEAR

WHOLE = YEAR.period
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def mensa(bari: Municipality) -> Edition:
    return edition_in_force()


def placed(minor: Child | None = None) -> Child:
    made = minor or child(adult())
    pupil(made, section(school(level="primaria")))
    return made


def decide(mensa: Edition, *children: Child, within: DateRange = WHOLE, use: DateRange = WHOLE) -> Any:
    uses = [ServiceUse(child=each, period=use) for each in children]
    return decide_prices(service=mensa.service, uses=uses, within=within, now=NOW)


def in_force(minor: Child) -> list[tuple[DateRange, int, int]]:
    rows = PriceDecision.objects.in_force().filter(child=minor).order_by("valid_during")
    return [(row.period, row.unit_price_cents, row.version) for row in rows]


def told(key: Any) -> int:
    job = Job.objects.get(kind=TELL_PRICES, arguments__sending=str(key))
    run_job(public_id=job.public_id, now=clock.now)
    return int(Job.objects.get(pk=job.pk).result["told"])


def test_a_draft_makes_no_price_until_it_is_sent(mensa: Edition) -> None:
    minor = placed()
    decide(mensa, minor)
    assert in_force(minor) == []
    assert send().sent == 1
    assert in_force(minor) == [(WHOLE, 300, 1)]
    row = PriceDecision.objects.get()
    assert (row.status, row.sent_at, row.reasons, row.before_cents) == (DecisionStatus.SENT, NOW, ["first"], None)


def test_a_new_isee_supersedes_and_the_days_left_are_sent_again(mensa: Edition) -> None:
    minor = placed()
    decide(mensa, minor)
    send()
    isee(minor, "8.500,00", valid_during=(date(2026, 10, 1), NEW_YEAR))
    decide(mensa, minor)
    draft = PriceDecision.objects.to_send().get()
    assert (draft.reasons, draft.before_cents, draft.unit_price_cents) == (["isee_new"], 300, 190)
    assert in_force(minor) == [(WHOLE, 300, 1)], "what was sent holds"
    done = send()
    assert (done.sent, done.superseded) == (1, 1)
    october = date(2026, 10, 1)
    assert in_force(minor) == [
        (DateRange(WHOLE.start, october), 300, 3),
        (DateRange(october, NEW_YEAR), 190, 2),
        (DateRange(NEW_YEAR, WHOLE.end), 300, 4),
    ]
    old = PriceDecision.objects.get(version=1)
    assert (old.status, old.superseded_by_id, old.superseded_at) == (DecisionStatus.SUPERSEDED, draft.pk, NOW)
    assert (old.period, old.unit_price_cents) == (WHOLE, 300)
    report = decide(mensa, minor)
    assert (report.made, report.unchanged, report.withdrawn) == (0, 0, 0), "nothing is left to send"


def test_a_fact_taken_back_takes_its_draft_back(mensa: Edition) -> None:
    minor = placed()
    decide(mensa, minor)
    send()
    filed = isee(minor, "8.500,00")
    assert decide(mensa, minor).made == 1
    filed.delete()
    assert decide(mensa, minor).withdrawn == 1
    assert not PriceDecision.objects.to_send().exists()


def test_a_brother_who_joins_changes_the_other_and_says_so(mensa: Edition) -> None:
    home = family(children=2)
    one, two = (placed(minor) for minor in home.children)
    decide(mensa, one)
    send()
    decide(mensa, one, two)
    rows = {row.child_id: row for row in PriceDecision.objects.to_send()}
    assert (rows[one.pk].reasons, rows[two.pk].reasons) == (["sibling_joined"], ["first"])


def test_a_child_who_leaves_pays_until_the_end_is_sent(mensa: Edition) -> None:
    minor = placed()
    decide(mensa, minor)
    send()
    until = DateRange(WHOLE.start, date(2026, 12, 1))
    decide(mensa, minor, use=until)
    assert price_on(child=minor, service_code="mensa", day=NEW_YEAR).unit_price_cents == 300
    send()
    assert in_force(minor) == [(until, 300, 3)]
    assert PriceDecision.objects.get(status=DecisionStatus.ENDED).reasons == ["ended"]


def test_what_nobody_can_decide_is_not_sent_with_the_others(mensa: Edition) -> None:
    minor, other = placed(), placed()
    decide(mensa, minor)
    send()
    Pupil.objects.filter(child=minor).delete()
    report = decide(mensa, minor, other)
    assert [one.child_id for one in report.undecided] == [minor.pk]
    assert (send().sent, in_force(minor)) == (1, [(WHOLE, 300, 1)])
    assert PriceDecision.objects.to_send().get().reasons == ["undecided"]


def test_a_double_click_sends_once(mensa: Edition) -> None:
    minor = placed()
    decide(mensa, minor)
    chosen = list(PriceDecision.objects.values_list("pk", flat=True))
    both = [send_prices(drafts=PriceDecision.objects.filter(pk__in=chosen), actor=7, now=NOW) for _click in range(2)]
    assert [one.sent for one in both] == [1, 0]
    assert Job.objects.filter(kind=TELL_PRICES).count() == 1
    event = Event.objects.get(action=Action.PRICES_SENT)
    assert (event.actor, event.details) == (7, {"decisions": 1, "children": 1, "superseded": 0})


def test_each_family_has_one_notice_with_the_reason_and_no_amount_in_the_subject(mensa: Edition) -> None:
    home, other = family(children=2), family()
    children = [placed(minor) for minor in (*home.children, *other.children)]
    decide(mensa, *children)
    first = send_prices(drafts=PriceDecision.objects.to_send(), actor=None, now=NOW)
    assert told(first.key) == 2
    Job.objects.update(state="queued", finished_at=None)
    assert told(first.key) == 2
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (2, OutboxMail.objects.values("recipient").count())
    notice = Notice.objects.get(account=home.account)
    names = [minor.given_name for minor in home.children]
    assert all(f"{name}, Mensa scolastica: dal 01/09/2026 3,00 € a pasto." in notice.body for name in names)
    assert "È la prima tariffa decisa." in notice.body
    assert not any(sign.isdigit() or sign == "€" for sign in notice.subject)
    isee(children[2], "8.500,00", valid_during=(date(2026, 10, 1), date(2027, 9, 1)))
    decide(mensa, children[2])
    second = send_prices(drafts=PriceDecision.objects.to_send(), actor=None, now=NOW)
    assert told(second.key) == 1
    latest = Notice.objects.filter(account=other.account).latest("pk")
    assert "dal 01/10/2026 1,90 € a pasto; prima 3,00 €. C'è un nuovo ISEE." in latest.body


@pytest.mark.parametrize("size", [1, 3])
def test_sending_costs_the_same_for_one_and_three(mensa: Edition, django_assert_num_queries: Any, size: int) -> None:
    children = [placed() for _number in range(size)]
    decide(mensa, *children)
    send()
    for minor in children:
        isee(minor, "8.500,00", valid_during=(date(2026, 10, 1), NEW_YEAR))
    decide(mensa, *children)
    with django_assert_num_queries(10):
        send_prices(drafts=PriceDecision.objects.to_send(), actor=None, now=NOW)


FACTS = st.lists(
    st.tuples(st.sampled_from(["isee", "gone", "send", "leave"]), st.integers(0, 11), st.integers(0, 3_000_000)),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FACTS)
def test_whatever_happens_sent_rows_rest_days_are_unique_and_running_twice_changes_nothing(
    mensa: Edition, events: list[tuple[str, int, int]]
) -> None:
    minor, use = placed(), WHOLE
    decide(mensa, minor)
    for what, month, cents in events:
        before = {row["id"]: row for row in PriceDecision.objects.filter(child=minor).in_force().values()}
        _happen(minor, what, month, cents)
        use = DateRange(WHOLE.start, _month(month + 1)) if what == "leave" else use
        decide(mensa, minor, use=use)
        kept = set(PriceDecision.objects.filter(child=minor).values_list("pk", flat=True))
        report = decide(mensa, minor, use=use)
        assert (report.made, report.withdrawn) == (0, 0)
        assert set(PriceDecision.objects.filter(child=minor).values_list("pk", flat=True)) == kept
        after = {row["id"]: row for row in PriceDecision.objects.filter(child=minor).values()}
        rest = ("status", "superseded_at", "superseded_by_id")
        assert all({**after[pk], **{n: row[n] for n in rest}} == row for pk, row in before.items())
    send(minor)
    decide(mensa, minor, use=use)
    assert not PriceDecision.objects.to_send().filter(child=minor).exists(), "what was sent is what is worked out"
    days = [day for period, _cents, _version in in_force(minor) for day in period.days()]
    assert len(days) == len(set(days))
    assert set(days) == set(use.days())


def _month(number: int) -> date:
    return date(2026 + (8 + number) // 12, (8 + number) % 12 + 1, 1)


def _happen(minor: Child, what: str, month: int, cents: int) -> None:
    if what == "isee":
        minor.isee_attestations.all().delete()
        isee(minor, f"{cents // 100},{cents % 100:02}", valid_during=(_month(month), _month(month + 3)))
    elif what == "gone":
        minor.isee_attestations.all().delete()
    elif what == "send":
        send(minor)
