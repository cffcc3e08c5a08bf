"""No charge rests on a draft, and a price that changes after the close is put right to the cent."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.billing.models import Entry, EntryKind
from sportello.billing.statements import statement_of
from sportello.canteen.blocks import open_missing_blocks
from sportello.canteen.errors import MealsWithoutPrice
from sportello.canteen.models import MealBlock, Presence
from sportello.canteen.month import Month
from sportello.canteen.months import month_row
from sportello.enrolment.pricing import reprice_household, reprice_service
from sportello.families.models import Child, Pupil
from sportello.fees.models import DecisionStatus, PriceDecision
from sportello.fees.sending import TELL_PRICES, send_prices
from sportello.jobs.models import Job
from sportello.kernel.money import Money
from tests.canteen.test_month_close import AFTER, NOVEMBER, close, days
from tests.comuni import HostClient
from tests.factories import account, child, isee, pupil, section
from tests.factories.deciding import send
from tests.factories.editions import NOW, edition, edition_content
from tests.factories.meals import block_edition, canteen_edition, meals, place, price
from tests.factories.numbering import YEAR

LATER = datetime(2026, 12, 9, 8, tzinfo=UTC)
FRESH = """
SELECT coalesce(sum(decision.unit_price_cents), 0)
FROM canteen_presence presence
JOIN fees_pricedecision decision ON decision.child_id = presence.child_id
 AND decision.valid_during @> presence.day AND decision.status = 'sent'
WHERE presence.ate AND presence.child_id = %s
"""


@pytest.fixture
def mensa(bari: object) -> Edition:
    return canteen_edition()


def eater(mensa: Edition, *eaten: int) -> Child:
    """At the canteen all year, in a class, at 3,00 a meal (no ISEE), with what was sent."""
    minor, room = child(), section()
    pupil(minor, room)
    place(minor, mensa)
    reprice_household(child=minor, service=mensa.service, within=YEAR.period, now=NOW)
    send(minor)
    meals(room, {minor: days(*eaten)})
    return minor


def reprice(mensa: Edition, minor: Child) -> None:
    reprice_household(child=minor, service=mensa.service, within=YEAR.period, now=NOW)


def fresh(minor: Child) -> Money:
    """What the meals cost by one statement that knows nothing of closes and differences."""
    with connection.cursor() as cursor:
        cursor.execute(FRESH, [minor.pk])
        return Money(int(cursor.fetchone()[0]))


def send_later(minor: Child) -> None:
    drafts = PriceDecision.objects.to_send().filter(child=minor)
    send_prices(drafts=drafts, actor=None, now=LATER, tell=False)


def test_the_close_sends_what_its_charges_rest_on(mensa: Edition) -> None:
    minor = eater(mensa, 2, 3)
    isee(minor, "8.500,00", valid_during=(date(2026, 11, 3), date(2027, 1, 1)))
    reprice(mensa, minor)
    assert close(mensa)["posted_cents"] == 300 + 190
    held = PriceDecision.objects.in_force().get(valid_during__contains=date(2026, 11, 3))
    assert (held.unit_price_cents, held.sent_at, held.reasons) == (190, AFTER, ["isee_new"])
    assert not PriceDecision.objects.to_send().exists()
    assert Job.objects.filter(kind=TELL_PRICES).count() == 1, "the family is told"
    assert month_row(mensa.service, NOVEMBER, date(2026, 12, 1)).state == "closed"


def test_the_page_of_the_month_says_what_the_close_will_send(mensa: Edition, bari_client: HostClient) -> None:
    minor = eater(mensa, 2)
    isee(minor, "8.500,00")
    reprice(mensa, minor)
    bari_client.force_login(account(Role.CLERK))
    page = bari_client.get("/ufficio/mensa/chiusura/2026-11/").content.decode()
    assert "1 decisione sulle tariffe di questi giorni è da inviare" in page
    send(minor)
    assert "da inviare:" not in bari_client.get("/ufficio/mensa/chiusura/2026-11/").content.decode()


def test_a_draft_of_another_month_is_left_to_the_office(mensa: Edition) -> None:
    minor = eater(mensa, 2)
    isee(minor, "8.500,00", valid_during=(date(2026, 12, 1), date(2027, 1, 1)))
    reprice(mensa, minor)
    close(mensa)
    assert PriceDecision.objects.to_send().count() == 1


def test_a_close_that_fails_sends_nothing(mensa: Edition) -> None:
    minor, bare = eater(mensa, 2), child()
    meals(section(), {bare: days(2)})
    isee(minor, "8.500,00")
    reprice(mensa, minor)
    with pytest.raises(MealsWithoutPrice):
        close(mensa)
    assert PriceDecision.objects.to_send().exists()
    assert not PriceDecision.objects.filter(status=DecisionStatus.SUPERSEDED).exists()


def test_a_new_act_counts_even_if_its_repricing_has_not_run(mensa: Edition) -> None:
    minor = eater(mensa, 2, 30)
    dearer = edition_content(fees={"base": {"kind": "single_price", "amount": "4.00"}})
    second = edition(mensa.service, content=dearer, valid_from=date(2026, 11, 16))
    assert Job.objects.filter(kind="enrolment.reprice").count() == 1, "queued, and nobody runs it here"
    assert close(mensa)["posted_cents"] == 300 + 400
    acts = [entry.explanation["edition"] for entry in statement_of(minor, "mensa").entries if entry.explanation]
    assert sorted(acts) == sorted([mensa.pk, second.pk])


def test_meals_on_days_that_nobody_can_decide_stop_the_close(mensa: Edition) -> None:
    minor = eater(mensa, 2)
    Pupil.objects.filter(child=minor).delete()
    reprice(mensa, minor)
    with pytest.raises(MealsWithoutPrice, match="manca un dato"):
        close(mensa)
    assert not Entry.objects.exists()


def test_a_price_that_changes_after_the_close_is_a_correction_that_names_the_charge(mensa: Edition) -> None:
    minor = eater(mensa, 2, 3, 4)
    close(mensa)
    charge = Entry.objects.get()
    isee(minor, "8.500,00", valid_during=(date(2026, 11, 3), date(2027, 1, 1)))
    reprice(mensa, minor)
    assert month_row(mensa.service, NOVEMBER, date(2026, 12, 9)).state == "closed", "a draft changes nothing"
    send_later(minor)
    assert month_row(mensa.service, NOVEMBER, date(2026, 12, 9)).state == "changed"
    assert close(mensa, now=LATER)["posted_cents"] == -220
    credit = Entry.objects.get(kind=EntryKind.CORRECTION)
    assert (credit.corrects, credit.quantity, credit.unit_price_cents) == (charge, -2, 300)
    anew = Entry.objects.filter(kind=EntryKind.CHARGE).latest("pk")
    assert (anew.quantity, anew.unit_price_cents, anew.amount_cents) == (2, 190, -380)
    assert statement_of(minor, "mensa").balance == -fresh(minor) == Money(-300 - 380)
    assert close(mensa, now=LATER)["entries"] == 0
    assert month_row(mensa.service, NOVEMBER, date(2026, 12, 9)).state == "closed"


CHANGES = st.lists(
    st.tuples(st.integers(1, 30), st.integers(1, 60), st.sampled_from(["3.000,00", "8.500,00", "40.000,00"])),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(1, 30), min_size=1), CHANGES)
def test_whatever_changes_the_ledger_says_what_a_fresh_close_would(
    mensa: Edition, eaten: set[int], changes: Sequence[tuple[int, int, str]]
) -> None:
    weekdays = [day.day for day in days(*sorted(eaten)) if day.weekday() < 5] or [2]
    minor = eater(mensa, *weekdays)
    close(mensa)
    for first, length, value in changes:
        minor.isee_attestations.all().delete()
        start = date(2026, 11, first)
        isee(minor, value, valid_during=(start, date.fromordinal(start.toordinal() + length)))
        reprice(mensa, minor)
        send_later(minor)
        close(mensa, now=LATER)
        assert statement_of(minor, "mensa").balance == -fresh(minor)
    assert all(entry.corrects_id for entry in Entry.objects.filter(kind=EntryKind.CORRECTION))


def test_a_block_keeps_the_price_of_the_day_it_was_opened(bari: object) -> None:
    mensa = block_edition()
    minor = child()
    price(minor, mensa, 3990)
    meals(section(), {minor: days(2, 3)})
    open_missing_blocks(service=mensa.service, month=NOVEMBER, now=AFTER, actor=None)
    pupil(minor)
    place(minor, mensa)
    reprice_service(service=mensa.service, within=YEAR.period, now=NOW)
    send_later(minor)
    assert open_missing_blocks(service=mensa.service, month=NOVEMBER, now=LATER, actor=None) == 0
    assert (MealBlock.objects.count(), Entry.objects.get().amount_cents) == (1, -3990)
    assert Presence.objects.count() == 2


def test_what_the_close_asks_of_the_acts_costs_the_same(mensa: Edition) -> None:
    counted = []
    for month, size in ((Month(2026, 10), 1), (NOVEMBER, 3)):
        for _number in range(size):
            minor = eater(mensa)
            meals(section(), {minor: days(2, month=month)})
            isee(minor, "8.500,00", valid_during=(month.first_day, month.next.first_day))
            reprice(mensa, minor)
        with CaptureQueriesContext(connection) as queries:
            assert close(mensa, month)["posted_cents"] == 190 * size
        counted.append(len(queries))
    assert counted[0] == counted[1]
