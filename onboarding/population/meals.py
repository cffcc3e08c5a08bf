"""The meals that the fictional children have eaten so far, the months closed since, and what the families paid."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection, transaction

from services_catalog.models import Edition
from services_catalog.queries import day_book
from sportello.billing.models import EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.jobs.registry import Progress
from sportello.kernel.clock import ROME
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from sportello.schools.models import Section

PAID_BY: Final = 5  # of 8 families
PAYMENT_KEY: Final = "payment:demo"

_DAYS: Final = "CREATE TEMPORARY TABLE demo_service_day (section_id bigint, day date) ON COMMIT DROP"
_ROLL_CALLS: Final = """
INSERT INTO canteen_rollcall (public_id, section_id, day, called_at, called_by, version)
SELECT gen_random_uuid(), section_id, day, (day + time '09:20') AT TIME ZONE 'Europe/Rome', %(teacher)s, 1
FROM demo_service_day
ON CONFLICT (section_id, day) DO NOTHING
"""
# Nine meals in ten are eaten; which, follows from child and day.
_PRESENCES: Final = """
INSERT INTO canteen_presence (child_id, roll_call_id, day, ate)
SELECT pupil.child_id, called.id, called.day,
       abs(hashint8(pupil.child_id * 400 + extract(doy FROM called.day)::int)) %% 10 > 0
FROM demo_service_day served
JOIN canteen_rollcall called ON called.section_id = served.section_id AND called.day = served.day
JOIN families_pupil pupil ON pupil.section_id = called.section_id AND pupil.valid_during @> called.day
JOIN enrolment_subscription place ON place.child_id = pupil.child_id AND place.service_id = %(service)s
     AND place.valid_during @> called.day
ON CONFLICT (child_id, day) DO NOTHING
"""


def _service_days(edition: Edition, within: DateRange) -> list[tuple[int, date]]:
    """(section, day) of every day on which the canteen runs.

    Sections of one school have the same days, but for closures of single classes.
    """
    book = day_book(edition.service.code, within)
    days: dict[tuple[str, str, int | None], list[date]] = {}
    named = {closure.section_id for closure in book.closures} - {None}
    sections = Section.objects.filter(school_year=edition.school_year).order_by("pk")
    found = []
    for section_id, code, level in sections.values_list("pk", "school__school_code", "school__level"):
        alone = section_id if section_id in named else None
        if (code, level, alone) not in days:
            days[code, level, alone] = book.service_days(school_code=code, level=level, within=within, section_id=alone)
        found += [(section_id, day) for day in days[code, level, alone]]
    return found


@transaction.atomic
def serve_meals(*, edition: Edition, until: date, teacher: int) -> int:
    """Call the roll of every section on every service day before `until`; returns how many meals were new."""
    served = DateRange(edition.period.start, max(until, edition.period.start + timedelta(days=1)))
    days = _service_days(edition, served)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.demo_service_day")
        cursor.execute(_DAYS)
        with cursor.copy("COPY demo_service_day (section_id, day) FROM STDIN") as copy:
            for section_id, day in days:
                if day < until:
                    copy.write_row((section_id, day))
        cursor.execute(_ROLL_CALLS, {"teacher": teacher})
        cursor.execute(_PRESENCES, {"service": edition.service_id})
        return int(cursor.rowcount)


def close_past_months(*, edition: Edition, today: date, actor: int, now: datetime, progress: Progress) -> list[Month]:
    """Close every month of the school year that is over."""
    closed = []
    month = Month.of(edition.period.start)
    end = edition.period.end or today
    while month.next.first_day <= min(today, end):
        close_month(service=edition.service, month=month, actor=actor, now=now, progress=progress)
        closed.append(month)
        month = month.next
    return closed


def pay_what_is_due(*, edition: Edition, today: date, actor: int, leaving_out: Collection[str] = ()) -> int:
    """Five families in eight have paid what the last close left due; returns how many payments are new.

    `leaving_out`: the fiscal codes of children whose money is told elsewhere.
    """
    code = edition.service.code
    due = LedgerAccount.objects.filter(service_code=code, balance_cents__lt=0)
    due = due.exclude(child__fiscal_code__in=leaving_out)
    unpaid = due.exclude(entries__idempotency_key__startswith=PAYMENT_KEY).order_by("pk")
    paid_on = max(min(Month.of(today).first_day + timedelta(days=11), today), edition.period.start)
    lines = [_payment(account, code, paid_on) for account in unpaid if account.child_id % 8 < PAID_BY]
    return post_entries(lines=lines, now=datetime.combine(paid_on, time(12), tzinfo=ROME), actor=actor)


def _payment(account: LedgerAccount, code: str, paid_on: date) -> EntryLine:
    fields: dict[str, Any] = {"reference": f"DEMO-{account.pk:06d}"}
    return EntryLine(
        child_id=account.child_id,
        service_code=code,
        kind=EntryKind.PAYMENT,
        amount=Money(-account.balance_cents),
        competence_on=paid_on,
        description="Pagamento registrato dall'ufficio",
        key=f"{PAYMENT_KEY}:{account.public_id}",
        **fields,
    )
