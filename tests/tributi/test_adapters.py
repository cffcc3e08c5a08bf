"""The tax office behind a mounted file, a view, a web service: the same question, the same answers."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from pytest_django import Settings

from integrations.errors import (
    AccessDenied,
    AddressRefused,
    AnswerUnreadable,
    ConnectorError,
    SecretMissing,
    Unreachable,
)
from integrations.models import Connector, ConnectorExchange
from integrations.registry import line_of
from integrations.tributi import door
from integrations.tributi.file import ControlSumsOff, FileOffice, FileSettings, NoFile, UploadedOnly
from integrations.tributi.port import Standing
from integrations.tributi.rest import RestOffice, RestSettings
from integrations.tributi.simulator.server import answer_about
from integrations.tributi.sql_view import SqlViewOffice, SqlViewSettings
from integrations.tributi.types import Reason, Tax, TaxVerdict, Verdict
from tenants.models import Municipality
from tests.factories import fiscal_code
from tests.tributi.files import BASIS, detail, extract

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ARREARS = Standing(Verdict.IN_ARREARS, Reason.UNPAID, (Tax.TARI,), date(2026, 11, 15))


def no_secret() -> str:
    raise SecretMissing


class TestFile:
    @pytest.fixture
    def mounted(self, bari: Municipality, settings: Settings, tmp_path: Path) -> Path:
        settings.CONNECTOR_FILES_DIR = str(tmp_path)
        return tmp_path / f"{bari.schema_name}.estrazione.txt"

    def office(self, name: str = "estrazione.txt") -> FileOffice:
        return FileOffice(FileSettings(legal_basis=BASIS, file_name=name), no_secret)

    def test_it_answers_from_the_mounted_file(self, mounted: Path) -> None:
        code = fiscal_code()
        mounted.write_bytes(extract([detail(1, code, paid=0)]))
        assert self.office().standing(code, today=TODAY) == ARREARS
        assert self.office().standing(fiscal_code(), today=TODAY) is None

    def test_a_file_whose_sums_are_off_is_used_for_nobody(self, mounted: Path) -> None:
        mounted.write_bytes(extract([detail(1, fiscal_code())], off_by=1))
        with pytest.raises(ControlSumsOff):
            self.office().probe()

    def test_where_files_are_uploaded_nobody_is_asked_and_the_line_is_well(self, mounted: Path) -> None:
        row = Connector.objects.create(kind="tributi", adapter="file", settings={"legal_basis": BASIS}, enabled=True)
        line_of(row).client.probe()
        with pytest.raises(UploadedOnly):
            door.ask(fiscal_code="ABC", reference="1", now=NOW)
        row.refresh_from_db()
        assert (row.health, row.last_error_code) == ("never", "uploaded_only")

    def test_no_file_of_another_comune_is_in_reach(self, mounted: Path) -> None:
        mounted.with_name("c_a893.estrazione.txt").write_bytes(extract([detail(1, fiscal_code())]))
        for name in ("estrazione.txt", "../c_a893.estrazione.txt"):
            with pytest.raises(NoFile):
                self.office(name).probe()


@dataclass
class Desk:
    """A web service that says what it is told to say, and remembers what it was asked."""

    url: str
    replies: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[tuple[str, bytes, str | None]] = field(default_factory=list)


@pytest.fixture
def desk() -> Iterator[Desk]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.asked.append((self.path, body, self.headers["Authorization"]))
            status, content = made.replies.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 302:
                self.send_header("Location", made.url)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Desk(f"http://127.0.0.1:{server.server_port}/posizioni")
    Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


IN_ARREARS = b'{"aggiornata_al": "2026-11-15", "posizioni": [{"esito": "MOROSO", "tributo": "TARI"}]}'


class TestRest:
    def office(self, desk: Desk, **fields: Any) -> RestOffice:
        return RestOffice(RestSettings(legal_basis=BASIS, url=desk.url, **fields), lambda: "chiave")

    def test_it_asks_in_the_body_and_reads_by_the_paths(self, desk: Desk) -> None:
        desk.replies = [(200, IN_ARREARS)]
        assert self.office(desk).standing("ABC", today=TODAY) == ARREARS
        assert desk.asked == [("/posizioni", b'{"codice_fiscale": "ABC"}', "Bearer chiave")]

    def test_other_paths_and_words_are_data(self, desk: Desk) -> None:
        desk.replies = [(200, b'{"data": {"rows": [{"st": {"code": "KO"}, "t": "TARI"}], "day": "2026-11-15"}}')]
        words = {"in_arrears": ["KO"]}
        settings = RestSettings(
            legal_basis=BASIS, url=desk.url, items_path="data.rows", verdict_path="st.code", tax_path="t",
            day_path="data.day", words=_words(words),
        )  # fmt: skip
        assert RestOffice(settings, lambda: "chiave").standing("ABC", today=TODAY) == ARREARS

    def test_who_is_not_listed_is_nobody(self, desk: Desk) -> None:
        desk.replies = [(404, b"")]
        assert self.office(desk).standing("ABC", today=TODAY) is None

    def test_only_what_may_pass_is_tried_again(self, desk: Desk) -> None:
        desk.replies = [(503, b""), (429, b""), (200, IN_ARREARS)]
        assert self.office(desk).standing("ABC", today=TODAY) == ARREARS
        assert len(desk.asked) == 3

    @pytest.mark.parametrize(
        ("replies", "failure", "times"),
        [
            ([(500, b"")] * 3, Unreachable, 3),
            ([(401, b"")], AccessDenied, 1),
            ([(400, b"")], AnswerUnreadable, 1),
            ([(302, b"")], AnswerUnreadable, 1),
            ([(200, b"{")], AnswerUnreadable, 1),
            ([(200, b'{"posizioni": {}}')], AnswerUnreadable, 1),
            ([(200, IN_ARREARS.replace(b"MOROSO", b"FORSE"))], AnswerUnreadable, 1),
            ([(200, IN_ARREARS.replace(b"11-15", b"11-31"))], AnswerUnreadable, 1),
            ([(200, b" " * 300_000)], AnswerUnreadable, 1),
        ],
    )
    def test_each_failure_has_its_name(
        self, desk: Desk, replies: list[tuple[int, bytes]], failure: type[ConnectorError], times: int
    ) -> None:
        desk.replies = list(replies)
        with pytest.raises(failure):
            self.office(desk).standing("ABC", today=TODAY)
        assert len(desk.asked) == times

    def test_nobody_at_the_address(self) -> None:
        settings = RestSettings(legal_basis=BASIS, url="http://127.0.0.1:9/", retries=0)
        with pytest.raises(Unreachable):
            RestOffice(settings, lambda: "chiave").standing("ABC", today=TODAY)

    @pytest.mark.parametrize(
        "url",
        [
            "http://tributi.example/x",
            "https://altrove.example/x",
            "https://a:b@tributi.example/x",
            "file:///etc/passwd",
        ],
    )
    def test_only_https_to_an_allowed_host(self, settings: Settings, url: str) -> None:
        settings.CONNECTOR_HOSTS = ["tributi.example"]
        with pytest.raises(AddressRefused):
            RestOffice(RestSettings(legal_basis=BASIS, url=url), lambda: "chiave").probe()

    def test_this_machine_is_no_address_in_production(self, settings: Settings, desk: Desk) -> None:
        settings.DEPLOY_ENV = "production"
        with pytest.raises(AddressRefused):
            self.office(desk).probe()
        assert desk.asked == []


def _words(plain: dict[str, Any]) -> Any:
    from integrations.tributi.mapping import Words
    from integrations.typed_settings import read_settings

    return read_settings(plain, Words)


class TestSqlView:
    @pytest.fixture
    def database(self, bari: Municipality) -> Iterator[str]:
        """A view of another system's database: not ours, in another database of the same server."""
        address = os.environ["DATABASE_URL"].rpartition("/")[0] + "/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS tributi CASCADE")
            connection.execute("CREATE SCHEMA tributi")
            connection.execute(
                "CREATE VIEW tributi.posizioni AS SELECT * FROM (VALUES"
                " ('AAA', 'M', 'TARI', DATE '2026-11-15'), ('AAA', 'R', 'IMU', DATE '2026-11-20'),"
                " ('BBB', 'R', 'IMU', DATE '2026-11-20'), ('CCC', '?', 'IMU', DATE '2026-11-20'))"
                " AS t (codice_fiscale, posizione, tributo, aggiornata_al)"
            )
            yield address
            connection.execute("DROP SCHEMA tributi CASCADE")

    def office(self, address: str, **fields: Any) -> SqlViewOffice:
        chosen = {"schema": "tributi", "view": "posizioni", **fields}
        return SqlViewOffice(SqlViewSettings(legal_basis=BASIS, **chosen), lambda: address)

    def test_it_reads_the_rows_of_one_person(self, database: str) -> None:
        office = self.office(database)
        office.probe()
        assert office.standing("AAA", today=TODAY) == ARREARS
        told = office.standing("BBB", today=TODAY)
        assert told == Standing(Verdict.REGULAR, Reason.DECLARED, (Tax.IMU,), date(2026, 11, 20))
        assert office.standing("' OR 1=1 --", today=TODAY) is None

    def test_a_word_or_a_column_nobody_knows_is_told(self, database: str) -> None:
        for office, code in ((self.office(database), "CCC"), (self.office(database, tax_column="imposta"), "AAA")):
            with pytest.raises(AnswerUnreadable):
                office.standing(code, today=TODAY)

    def test_it_can_only_read(self, database: str) -> None:
        with self.office(database)._connection() as connection:
            assert connection.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
            assert connection.execute("SHOW statement_timeout").fetchone() == ("5s",)

    def test_a_database_that_is_not_there(self, database: str) -> None:
        with pytest.raises(Unreachable):
            self.office("postgres://nobody@127.0.0.1:9/none").probe()


class TestDoor:
    def row(self, adapter: str, **fields: Any) -> Connector:
        plain = {"legal_basis": BASIS, "valid_days": 30, **fields}
        return Connector.objects.create(kind="tributi", adapter=adapter, settings=plain, enabled=True)

    def test_the_verdict_has_basis_and_expiry_and_the_log_no_code(
        self, bari: Municipality, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CONNECTOR_SECRET_C_A662_TRIBUTI", "chiave")
        made = self.row("rest", url=desk.url)
        Connector.objects.filter(pk=made.pk).update(secret_name="tributi")
        desk.replies = [(200, IN_ARREARS)]
        assert door.ask(fiscal_code="ABC", reference="7", now=NOW) == (
            TaxVerdict(Verdict.IN_ARREARS, Reason.UNPAID, (Tax.TARI,), date(2026, 11, 15), date(2026, 12, 15), BASIS),
            "rest",
        )
        kept = ConnectorExchange.objects.get()
        assert (kept.operation, kept.reference, kept.outcome) == ("standing", "7", "ok")

    def test_by_default_a_simulator_answers_by_the_real_protocol(self, bari: Municipality) -> None:
        codes = [fiscal_code() for _ in range(20)]
        told = {code: door.ask(fiscal_code=code, reference="1", now=NOW)[0] for code in codes}
        said: dict[str, Callable[[], tuple[Verdict, Reason]]] = {
            "REGOLARE": lambda: (Verdict.REGULAR, Reason.DECLARED),
            "RATEIZZATO": lambda: (Verdict.REGULAR, Reason.INSTALMENTS),
            "MOROSO": lambda: (Verdict.IN_ARREARS, Reason.UNPAID),
            "": lambda: (Verdict.UNKNOWN, Reason.NOT_LISTED),
        }
        assert {code: (one.verdict, one.reason) for code, one in told.items()} == {
            code: said[_word(answer_about(code))]() for code in codes
        }

    def test_every_adapter_can_be_tried(self, bari: Municipality) -> None:
        made = Connector(kind="tributi", adapter="simulator", settings={})
        line_of(made).client.probe()


def _word(answer: Any) -> str:
    return answer["posizioni"][0]["esito"] if answer else ""


def test_verdicts_tell_nothing_in_a_log() -> None:
    verdict = TaxVerdict(Verdict.IN_ARREARS, Reason.UNPAID, (Tax.IMU,), TODAY, TODAY, BASIS)
    assert repr(verdict) == "TaxVerdict(as of 2026-11-23)"
    assert repr(ARREARS) == "Standing(as of 2026-11-15)"
