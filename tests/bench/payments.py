"""The station: verify, get and receipt beside a bare view and the parser; 20,000 positions beside bare INSERTs."""

import io
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from lxml import etree

from sportello.billing.debts.asking import Asked
from sportello.billing.debts.models import PaymentOption, Purpose
from sportello.billing.debts.opening import Collected, open_positions
from sportello.billing.receipts.settling import settle_waiting
from sportello.families.models import Adult, Child
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.table import Row, Table, seconds
from tests.billing import node
from tests.factories.paying import institution

KINDS: Final = ("bare", "floor", "floor-async", "verify", "get", "receipt")
POSITIONS: Final = 20_000
TIMES: Final = 400
SCHEMA: Final = "c_a662"
NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
DUE: Final = date(2026, 12, 23)
TABLES: Final = (
    "debts_debtposition",
    "debts_statechange",
    "debts_positionline",
    "debts_paymentoption",
    "debts_transfer",
)
PEOPLE: Final = """
INSERT INTO families_adult (public_id, given_name, family_name, fiscal_code, sex, birthplace_code, address,
                            postal_code, residence_code, email, phone)
SELECT gen_random_uuid(), 'Adulta', 'Numero ' || n, 'AAAAAA00A' || lpad(n::text, 7, '0'), '', '', '', '', '', '', ''
FROM generate_series(1, %(count)s) n;
INSERT INTO families_child (public_id, given_name, family_name, sex, birthplace_code, address, postal_code,
                            residence_code, legacy_id)
SELECT gen_random_uuid(), 'Bimba', 'Numero ' || n, '', '', '', '', '', '' FROM generate_series(1, %(count)s) n;
INSERT INTO families_payerassignment (adult_id, child_id, valid_during)
SELECT adult.id, child.id, '[2026-09-01,)'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM families_adult) adult
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM families_child) child USING (n);
INSERT INTO billing_ledgeraccount (child_id, service_code) SELECT id, 'mensa' FROM families_child;
INSERT INTO billing_entry (account_id, kind, amount_cents, quantity, competence_on, posted_at, description,
                           idempotency_key)
SELECT account.id, 'charge', -4550, 1, month, month, 'Mensa', account.id || ':' || month
FROM billing_ledgeraccount account, generate_series(date '2026-09-01', date '2026-11-01', '1 month') month;
ANALYZE;
"""


def run() -> Table:
    """One process, one thread, the whole stack of middlewares; calls of every kind take turns."""
    settings.PUBLIC_HOSTS[settings.PAYMENTS_HOST] = "tests.bench.sites.bare_station"
    _log_to_nowhere()
    with database():
        bring_in(pack=pack_of("A662"))
        with in_schema(SCHEMA):
            code = institution(Municipality.objects.get(schema_name=SCHEMA)).fiscal_code
            with connection.cursor() as cursor:
                cursor.execute(PEOPLE, {"count": POSITIONS})
            opened = _open()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # what autovacuum does a minute later
            navs = list(PaymentOption.objects.order_by("pk").values_list("notice_number", flat=True)[: TIMES * 4])
        spans = _speak(code, navs)
        with in_schema(SCHEMA):
            settled = seconds(lambda: settle_waiting(now=NOW)) / TIMES * 1000
            bare = _bare_inserts()
    return Table(
        "Payments",
        f"Whole requests through WSGI, {TIMES} of each in turns, one thread; p95 in milliseconds. limit: a bare view on"
        " the same host that answers nothing; naive is empty. The floor is a view that reads one row and commits one:"
        f" waiting for the disk {_p95(spans['floor']):.3f} ms, not waiting {_p95(spans['floor-async']):.3f} ms."
        f" Medians: {', '.join(f'{name} {median(spans[name]) * 1000:.3f}' for name in KINDS)}. The parser alone:"
        f" {median(spans['parse']) * 1000:.3f} ms. A receipt is settled by the worker in {settled:.1f} ms. Positions:"
        " limit is INSERT..SELECT of the same rows into the same tables with keys and indexes, our triggers off.",
        (
            *(_row(name, spans) for name in ("verify", "get", "receipt")),
            Row(
                f"{POSITIONS:,} positions opened",
                opened,
                "s",
                bare,
                aim="at most 5 times the INSERT",
                is_met=opened <= 5 * bare,
            ),
        ),
    )


def _log_to_nowhere() -> None:
    """A line is written for each request, as in an office, but not on the terminal."""
    access = logging.getLogger("sportello.access")
    for handler in logging.getLogger().handlers:
        unseen = logging.StreamHandler(io.StringIO())
        unseen.setFormatter(handler.formatter)
        access.addHandler(unseen)
    access.propagate = False


def _row(name: str, spans: dict[str, list[float]]) -> Row:
    ours, bare = _p95(spans[name]), _p95(spans["bare"])
    rate = 1 / (sum(spans[name]) / len(spans[name]))
    asked = name != "receipt"
    return Row(
        f"{name} ({rate:.0f} a second)",
        ours,
        "ms",
        bare,
        aim="at most 5 times the bare view" if asked else "",
        is_met=ours <= 5 * bare if asked else None,
    )


def _p95(spans: list[float]) -> float:
    return quantiles(spans, n=20)[-1] * 1000


def _open() -> float:
    """Opens a position for each payer, committed."""
    pairs = zip(
        Adult.objects.order_by("pk").values_list("pk", flat=True),
        Child.objects.order_by("pk").values_list("pk", flat=True),
        strict=True,
    )
    asked = [
        Asked(who, Purpose.DUES, "Mensa scolastica", (Collected(minor, "mensa", 4550),), DUE, DUE, f"k{who}")
        for who, minor in pairs
    ]
    return seconds(lambda: open_positions(asked=asked, actor=None, now=NOW))


def _bare_inserts() -> float:
    """The same rows by the database alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        cursor.execute("SET session_replication_role = origin")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    @transaction.atomic
    def insert() -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")

    return seconds(insert)


def _speak(code: str, navs: list[str]) -> dict[str, list[float]]:
    """Seconds of each call by its kind."""
    handler = WSGIHandler()
    spans: dict[str, list[float]] = {name: [] for name in (*KINDS, "parse")}
    rest = iter(navs)
    for turn in range(TIMES + 20):
        nav = next(rest)
        body = node.verify(code, nav)
        works: dict[str, Callable[[], Any]] = {
            "bare": lambda: _call(handler, b"", "GET", "/nulla/"),
            "floor": lambda: _call(handler, b"", "GET", "/minimo/"),
            "floor-async": lambda: _call(handler, b"", "GET", "/minimo/subito/"),
            "parse": lambda body=body: etree.fromstring(body),  # type: ignore[misc]  # bound now
            "verify": lambda body=body: _call(handler, body),  # type: ignore[misc]
            "get": lambda nav=nav: _call(handler, node.get(code, nav)),  # type: ignore[misc]
            "receipt": lambda nav=nav: _call(handler, node.receipt(code, nav, 4550, uuid4().hex)),  # type: ignore[misc]
        }
        for name, work in works.items():
            began = perf_counter()
            answer = work()
            if turn >= 20:
                spans[name].append(perf_counter() - began)
            if name in {"verify", "get", "receipt"} and b"<outcome>OK" not in answer:
                raise AssertionError(answer)
    return spans


def _call(handler: WSGIHandler, body: bytes, method: str = "POST", path: str = "/stazione/") -> bytes:
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": settings.PAYMENTS_HOST,
        "SERVER_PORT": "80",
        "HTTP_HOST": settings.PAYMENTS_HOST,
        "CONTENT_TYPE": "text/xml; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
    response = handler(environ, lambda *_: None)
    content = b"".join(response)
    response.close()
    return content
