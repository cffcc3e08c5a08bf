"""Notices in bulk by the job's own steps: 20,000 issued, beside the same rows by INSERT..SELECT, and their papers."""

from time import perf_counter, process_time
from typing import Any, Final

from django.db import connection, transaction
from django.urls import reverse

from sportello.billing.debts.models import DebtPosition
from sportello.billing.documents.facing import ourselves
from sportello.billing.issuing.models import NoticeIssue, PaperPart
from sportello.billing.issuing.printing import _zip
from sportello.billing.issuing.runs import count_issue, issue_notices, positions_of
from sportello.notifications.models import Notice
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.payments import DUE, NOW, PEOPLE, SCHEMA, TABLES
from tests.bench.table import Row, Table, seconds
from tests.factories.paying import institution

PAYERS: Final = 20_000
PAPERS: Final = 200
AIM_PAPER: Final = 10.0
TOLD: Final = (*TABLES, "notifications_notice", "notifications_outboxmail")
ACCOUNTS: Final = """
INSERT INTO accounts_account (public_id, password, scheme, identifier, given_name, family_name, email, phone,
                              is_active, created_at)
SELECT gen_random_uuid(), '', 'fiscal_code', fiscal_code, given_name, family_name, 'u' || id || '@example.org', '',
       true, now()
FROM families_adult;
ANALYZE;
"""


class Quiet:
    """Progress that nobody looks at."""

    def advance(self, **_: Any) -> None:
        return


def run() -> Table:
    """Three charged months for each of 20,000 payers, all of whom have an account and a mail address."""
    with database():
        bring_in(pack=pack_of("A662"))
        with in_schema(SCHEMA):
            institution(Municipality.objects.get(schema_name=SCHEMA), cbill_code="AB12C")
            with connection.cursor() as cursor:
                cursor.execute(PEOPLE, {"count": PAYERS})
                cursor.execute(ACCOUNTS)
            issue = NoticeIssue.objects.create(
                services=["mensa"], description="Mensa scolastica, autunno", due_on=DUE, last_day=DUE, created_at=NOW
            )
            quiet = Quiet()
            reverse("desk:dues")  # a worker has its pages loaded
            counted = seconds(lambda: count_issue(issue=issue, now=NOW, progress=quiet))
            issued = seconds(lambda: issue_notices(issue=issue, actor=None, now=NOW, progress=quiet))
            _agree(issue)
            paper, wall = _papers(issue)
            bare = _bare_inserts()
    return Table(
        "Issuing notices in bulk",
        "The steps of the job in one process: what each payer owes is read twice (the preview, and again under the"
        " lock of the payers), notices are made and payers told in pieces of 1,000 that commit. limit: the same rows by"
        f" INSERT..SELECT into the same tables, triggers off. Papers: {PAPERS} PDFs in a zip, processor time;"
        f" {1000 / paper:.0f} a second of one core, {PAPERS / wall:.0f} on the clock.",
        (
            Row(f"{PAYERS:,} notices counted", counted, "s"),
            Row(
                f"{PAYERS:,} notices issued and told",
                issued,
                "s",
                bare,
                aim="at most 5 times the INSERT",
                is_met=issued <= 5 * bare,
            ),
            Row("a notice as PDF", paper, "ms", aim="< 10 ms", is_met=paper < AIM_PAPER),
        ),
    )


def _agree(issue: NoticeIssue) -> None:
    """No speed without the result."""
    issue.refresh_from_db()
    made = (DebtPosition.objects.count(), Notice.objects.count(), issue.counts["cents"])
    if made != (PAYERS, PAYERS, PAYERS * 3 * 4550):
        raise AssertionError(made)


def _papers(issue: NoticeIssue) -> tuple[float, float]:
    """Milliseconds of processor time for each of some papers, and seconds on the clock for all, the form once drawn."""
    ids = list(positions_of(issue).values_list("pk", flat=True)[: PAPERS + 1])
    part, payee = PaperPart(issue=issue, number=1, notices=PAPERS, made_at=NOW), ourselves()
    _zip(part, ids[:1], payee, Quiet(), 0)
    began, clock = process_time(), perf_counter()
    _zip(part, ids[1:], payee, Quiet(), 0)
    return (process_time() - began) / PAPERS * 1000, perf_counter() - clock


def _bare_inserts() -> float:
    """The same rows by the database alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in TOLD:
            cursor.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        cursor.execute(f"TRUNCATE {', '.join(TOLD)} CASCADE")
        cursor.execute("SET session_replication_role = origin")
        for table in TOLD:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    @transaction.atomic
    def insert() -> None:
        with connection.cursor() as cursor:
            for table in TOLD:
                cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")

    return seconds(insert)
