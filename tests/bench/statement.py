"""The statement of a family: what is due and paid by three children, for one year and for five of history."""

import logging
from collections.abc import Callable
from datetime import date
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.billing.debts.opening import Collected
from sportello.billing.receipts.settling import settle
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality, Stage
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.table import Row, Table
from tests.factories import family
from tests.factories.charging import service_of
from tests.factories.paying import charge, institution, position, receipt
from tests.factories.people import Family

TIMES: Final = 60
SCHEMA: Final = "c_a662"
AIM: Final = 150.0
CHILDREN: Final = 3
YEARS: Final = {"one year": 1, "five years": 5}


def run() -> Table:
    """Whole requests through the middlewares, in turns; the pages of both families and a bare view."""
    logging.getLogger("sportello").setLevel(logging.WARNING)
    settings.ROOT_URLCONF = "tests.bench.sites.bare_desk"
    with database():
        bring_in(pack=pack_of("A662"))
        with in_schema(SCHEMA):
            Municipality.objects.filter(schema_name=SCHEMA).update(stage=Stage.LIVE)
            municipality = Municipality.objects.get(schema_name=SCHEMA)
            host = municipality.domains.get(is_primary=True).domain
            institution(municipality)
            service_of("mensa", "meals")
            homes = {name: _history(years) for name, years in YEARS.items()}
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        clients = {name: _entered(host, home) for name, home in homes.items()}
        asked = {name: _queries(client) for name, client in clients.items()}
        works: dict[str, Callable[[], Any]] = {
            "bare": lambda: clients["one year"].get("/nulla/"),
            **{name: lambda client=client: client.get("/area/dovuto/") for name, client in clients.items()},  # type: ignore[misc]  # bound now
        }
        spans = _spans(works)
    return Table(
        "The statement of a family",
        f"Whole requests, {TIMES} of each in turns, one thread; p95 in milliseconds, {CHILDREN} children. limit: a bare"
        " view of the same host to the same person. Each month of the history is charged, asked for and paid by pagoPA."
        f" Medians: {', '.join(f'{name} {median(found) * 1000:.1f}' for name, found in spans.items())}."
        f" Queries: {', '.join(f'{name} {count}' for name, count in asked.items())}.",
        (
            *(_row(name, spans, is_flat=asked[name] == asked["one year"]) for name in YEARS),
            Row("five years by one", _p95(spans["five years"]), "ms", _p95(spans["one year"])),
        ),
    )


def _row(name: str, spans: dict[str, list[float]], *, is_flat: bool) -> Row:
    ours = _p95(spans[name])
    aim = f"<= {AIM:.0f} ms, as many queries"
    return Row(name, ours, "ms", _p95(spans["bare"]), aim=aim, is_met=ours <= AIM and is_flat)


def _history(years: int) -> Family:
    made = family(children=CHILDREN)
    for minor in made.children:
        for year in range(2027 - years, 2027):
            for month in (1, 2, 3, 4, 5, 9, 10):
                charge(minor, 500, on=date(year, month, 28))
                notice = position(made.parent, Collected(minor.pk, "mensa", 500))
                settle(receipt_id=receipt(notice.options.get()).pk, now=clock.now())
        charge(minor, 700)
        position(made.parent, Collected(minor.pk, "mensa", 500))
    return made


def _entered(host: str, home: Family) -> Client:
    client = Client(headers={"host": host})
    with in_schema(SCHEMA):
        client.force_login(home.account)
    if b"Da pagare" not in client.get("/area/dovuto/").content:
        raise AssertionError(host)
    return client


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get("/area/dovuto/")
    return len(asked)


def _spans(works: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    spans: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(TIMES + 5):
        for name, work in works.items():
            began = perf_counter()
            answer = work()
            if answer.status_code != 200:
                raise AssertionError(answer.status_code)
            if turn >= 5:
                spans[name].append(perf_counter() - began)
    return spans


def _p95(spans: list[float]) -> float:
    return quantiles(spans, n=20)[-1] * 1000
