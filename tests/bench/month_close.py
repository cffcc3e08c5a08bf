"""Month close: 20,000 children x 20 meals, against one INSERT..SELECT of the same entries.

Both run in a transaction that is rolled back, on the same rows, with the triggers of the ledger; the totals must be
equal to the cent. The statement knows no rules: it multiplies meals by prices already decided, which is the least any
way of closing a month must do.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from services_catalog.models import Edition
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.canteen.models import Presence
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.fees.models import PriceDecision
from sportello.kernel.clock import ROME
from tenants.current import in_schema
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.table import Row, Table
from tests.factories.meals import canteen_edition
from tests.factories.progress import Silent

CHILDREN = 20_000
MEALS = 20
SECTIONS = 1_000
SCHOOLS = 100
SAMPLE = 200
NOVEMBER = Month(2026, 11)
FIRST, LAST = NOVEMBER.first_day, NOVEMBER.last_day
AFTER = datetime(2026, 12, 1, 9, tzinfo=ROME)

POPULATION = """
INSERT INTO schools_school (school_code, name, level, kind, ownership, address, is_active)
SELECT 'BENC' || lpad(n::text, 6, '0'), 'Scuola ' || n, 'primaria', '', '', '', true
FROM generate_series(1, %(schools)s) n;
INSERT INTO schools_section (school_id, school_year, class_year, letter)
SELECT school.id, 2026, mod(n, 5) + 1, chr(65 + n / 5) FROM schools_school school, generate_series(0, %(each)s - 1) n
WHERE school.school_code LIKE 'BENC%%';
INSERT INTO families_child (public_id, given_name, family_name, sex, birthplace_code, address, postal_code,
                            residence_code, legacy_id)
SELECT gen_random_uuid(), 'Bimba', 'Numero ' || n, '', '', '', '', 'A662', '' FROM generate_series(1, %(children)s) n;
INSERT INTO canteen_rollcall (public_id, section_id, day, called_at, version)
SELECT gen_random_uuid(), section.id, day, day, 1
FROM schools_section section, unnest(%(days)s::date[]) day;
INSERT INTO canteen_presence (child_id, roll_call_id, day, ate)
SELECT child.id, call.id, call.day, true
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM families_child) child
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM schools_section) section
  ON section.n = mod(child.n, %(sections)s) + 1
JOIN canteen_rollcall call ON call.section_id = section.id;
INSERT INTO fees_pricedecision (child_id, service_id, edition_id, valid_during, unit_price_cents, unit, inputs, steps,
                                decided_at, status, version, sent_at)
SELECT child.id, %(service)s, %(edition)s, '[2026-09-01,2027-09-01)', band.cents, 'meal', '{}',
       jsonb_build_array(jsonb_build_object('code', 'band', 'place', 'fees.base.bands[' || band.n || ']',
           'before_cents', null, 'after_cents', band.cents,
           'params', jsonb_build_object('isee_from', band.n * 600000, 'isee_to', band.n * 600000 + 599999,
                                        'reason', 'isee'))),
       now(), 'sent', 1, now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM families_child) child
JOIN (SELECT n, cents FROM unnest(ARRAY[0, 95, 190, 300, 360, 480, 600, 668]) WITH ORDINALITY AS one(cents, n)) band
  ON band.n = mod(child.n, 8) + 1;
INSERT INTO billing_ledgeraccount (child_id, service_code) SELECT id, 'mensa' FROM families_child;
ANALYZE;
"""

ONE_STATEMENT = """
INSERT INTO billing_entry (account_id, kind, amount_cents, quantity, unit_price_cents, competence_on, posted_at,
                           description, idempotency_key, explanation)
SELECT account.id, 'charge', -meals.count * meals.cents, meals.count, meals.cents, %(last)s, %(now)s,
       meals.count || ' pasti di novembre 2026', 'meals:mensa:2026-11:' || meals.child_id || ':' || meals.cents || ':0',
       jsonb_build_object('edition', edition.id, 'revision', edition.revision, 'act_number', edition.act_number,
                          'act_date', edition.act_date, 'act_url', edition.act_url, 'steps', meals.steps)
FROM (
    SELECT price.child_id, price.unit_price_cents AS cents, price.edition_id, price.steps, count(*) AS count
    FROM canteen_presence presence
    JOIN fees_pricedecision price
      ON price.child_id = presence.child_id AND price.service_id = %(service)s AND price.valid_during @> presence.day
     AND price.status = 'sent'
    WHERE presence.ate AND presence.day >= %(first)s AND presence.day <= %(last)s
    GROUP BY price.id
) meals
JOIN services_catalog_edition edition ON edition.id = meals.edition_id
JOIN billing_ledgeraccount account ON account.child_id = meals.child_id AND account.service_code = 'mensa'
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of closing the month: seconds (the best of some runs), entries, cents charged."""

    seconds: float
    entries: int
    cents: int


def populate(children: int = CHILDREN) -> Edition:
    """Fills the current Comune with a month of meals; each child eats on MEALS working days."""
    edition = canteen_edition()
    days = [day for day in NOVEMBER.period.days() if day.weekday() < 5][:MEALS]
    sizes = {"schools": SCHOOLS, "each": SECTIONS // SCHOOLS, "sections": SECTIONS, "children": children}
    with connection.cursor() as cursor:
        cursor.execute(POPULATION, {**sizes, "days": days, "service": edition.service_id, "edition": edition.pk})
    return edition


def measure(work: Callable[[], object], *, runs: int = 3) -> Measured:
    """Time the work in transactions that are rolled back, and count what it posted."""
    best = float("inf")
    figures = (0, 0)
    for _run in range(runs):
        gc.collect()
        with transaction.atomic():
            started = time.perf_counter()
            work()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            best = min(best, time.perf_counter() - started)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*), -coalesce(sum(amount_cents), 0)::bigint FROM billing_entry")
                figures = cursor.fetchone()
            transaction.set_rollback(True)
    return Measured(best, *figures)


def close(edition: Edition) -> None:
    """The close as people start it."""
    close_month(service=edition.service, month=NOVEMBER, actor=None, now=AFTER, progress=Silent())


def one_statement(edition: Edition) -> None:
    """The same entries by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_STATEMENT, {"first": FIRST, "last": LAST, "now": AFTER, "service": edition.service_id})


def one_by_one(edition: Edition, children: int) -> None:
    """How it is usually written: for each child its meals, each meal its price, each price its entry, by the ORM."""
    for account in LedgerAccount.objects.filter(service_code="mensa").order_by("pk")[:children]:
        eaten: dict[int, int] = {}
        for presence in Presence.objects.filter(child_id=account.child_id, ate=True, day__range=(FIRST, LAST)):
            price = PriceDecision.objects.in_force().get(
                child_id=account.child_id, service=edition.service, valid_during__contains=presence.day
            )
            eaten[price.unit_price_cents] = eaten.get(price.unit_price_cents, 0) + 1
        for cents, meals in eaten.items():
            Entry.objects.create(
                account=account,
                kind=EntryKind.CHARGE,
                amount_cents=-cents * meals,
                quantity=meals,
                unit_price_cents=cents,
                competence_on=LAST,
                posted_at=AFTER,
                description=f"{meals} pasti",
                idempotency_key=f"naive:{account.pk}:{cents}",
            )


def run() -> Table:
    """Closes the month by one statement, by the ORM for a sample of children, and as the product does."""
    pack = pack_of("A662")
    with database():
        bring_in(pack=pack)
        with in_schema(pack.facts.schema_name):
            edition = populate()
            limit = measure(lambda: one_statement(edition))
            ours = measure(lambda: close(edition))
            naive = measure(lambda: one_by_one(edition, SAMPLE), runs=1)
    if (limit.entries, limit.cents) != (ours.entries, ours.cents):
        raise AssertionError(f"The totals differ: {limit} against {ours}")
    row = Row(
        what=f"close {CHILDREN:,} children x {MEALS} meals",
        ours=ours.seconds,
        unit="s",
        limit=limit.seconds,
        naive=naive.seconds * CHILDREN / SAMPLE,
        aim="<= 3 times the limit, < 2 s",
        is_met=ours.seconds <= 3 * limit.seconds and ours.seconds < 2,
    )
    return Table(
        "Month close",
        "limit: one INSERT..SELECT of the same entries, with the triggers of the ledger. naive: the ORM, child by"
        f" child, for {SAMPLE} children, in proportion. Totals of limit and ours are equal to the cent.",
        (row,),
    )
