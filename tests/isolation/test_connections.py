"""Doors on the side of the database: tried with Comuni that hold different data."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections, transaction

from tenants.current import NoMunicipality, ask_prepared, current_schema, in_schema, require_schema, wrapper
from tests.factories import school
from tests.isolation.comuni import SCHEMAS, school_in_sight


@pytest.fixture
def three_comuni(transactional_db: None) -> Iterator[None]:
    """Each Comune has one school, named after its schema. Committed: threads see it."""
    for schema in SCHEMAS:
        with in_schema(schema):
            school(name=schema)
    connection.close()
    yield
    connections.close_all()


def in_a_thread(work: Callable[[], Any]) -> Any:
    """The answer of a new thread, or its error."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_and_close, work).result()


def _and_close(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connection.close()


def test_threads_that_share_two_connections_never_see_another_comune(three_comuni: None) -> None:
    connection.close()
    connection.pool.resize(1, 2)
    together = threading.Barrier(2)

    def visit(number: int) -> list[tuple[str, str]]:
        seen = []
        together.wait()
        for turn in range(25):
            schema = SCHEMAS[(number + turn) % 3]
            with in_schema(schema):
                seen.append((schema, school_in_sight()))
            if turn % 5 == number:
                connection.close()
        connection.close()
        return seen

    with ThreadPoolExecutor(2) as pool:
        answers = [pair for answer in pool.map(visit, range(2)) for pair in answer]
    assert len(answers) == 50
    assert all(entered == seen for entered, seen in answers)


def test_four_threads_take_turns_on_one_connection(three_comuni: None) -> None:
    connection.close()
    connection.pool.resize(1, 1)

    def visit(number: int) -> list[tuple[str, str]]:
        seen = []
        for turn in range(25):
            schema = SCHEMAS[(number + turn) % 3]
            with in_schema(schema):
                seen.append((schema, school_in_sight()))
            connection.close()
        return seen

    with ThreadPoolExecutor(4) as pool:
        answers = [pair for answer in pool.map(visit, range(4)) for pair in answer]
    assert len(answers) == 100
    assert all(entered == seen for entered, seen in answers)


def test_a_raw_connection_of_the_pool_has_an_empty_path(three_comuni: None) -> None:
    connection.pool.resize(1, 1)
    with in_schema("c_a662"):
        assert school_in_sight() == "c_a662"
    connection.close()
    with connection.pool.connection() as raw:
        assert raw.execute("SHOW search_path").fetchone() in {("",), ('""',)}
        with pytest.raises(psycopg.errors.UndefinedTable):
            raw.execute("SELECT * FROM schools_school")


def test_a_raw_connection_of_the_pool_is_born_with_an_empty_path(three_comuni: None) -> None:
    connection.close_pool()
    connection.pool.open()
    with connection.pool.connection() as raw:
        assert raw.execute("SHOW search_path").fetchone() in {("",), ('""',)}


@pytest.mark.parametrize("undo", ["transaction", "savepoint"])
def test_a_rollback_leaves_the_path_where_the_code_is(three_comuni: None, undo: str) -> None:
    with in_schema("c_a662"):
        assert school_in_sight() == "c_a662"
        with transaction.atomic():
            if undo == "savepoint":
                assert school_in_sight() == "c_a662"
            with suppress(ZeroDivisionError), in_schema("c_a893"), transaction.atomic(durable=False):
                assert school_in_sight() == "c_a893"
                raise ZeroDivisionError
            assert school_in_sight() == "c_a662"
    with in_schema("c_l109"):
        assert school_in_sight() == "c_l109"


def test_an_error_inside_a_comune_comes_back_to_where_it_was(three_comuni: None) -> None:
    with in_schema("c_a662"):
        with pytest.raises(ProgrammingError), in_schema("c_a893"), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        assert school_in_sight() == "c_a662"
    assert current_schema() == "public"


def test_a_new_thread_has_no_comune_and_finds_no_table(three_comuni: None) -> None:
    with in_schema("c_a662"):
        assert in_a_thread(current_schema) == "public"
        with pytest.raises(ProgrammingError, match="schools_school"):
            in_a_thread(school_in_sight)
        with pytest.raises(NoMunicipality):
            in_a_thread(require_schema)


def test_threads_that_enter_and_leave_at_once_do_not_swap_comuni(three_comuni: None) -> None:
    def visit(number: int) -> list[tuple[str, str]]:
        seen = []
        for turn in range(50):
            outer, inner = SCHEMAS[number % 3], SCHEMAS[(number + turn) % 3]
            with in_schema(outer):
                with in_schema(inner):
                    seen.append((inner, current_schema()))
                seen.append((outer, school_in_sight()))
        connection.close()
        return seen

    with ThreadPoolExecutor(4) as pool:
        answers = [pair for answer in pool.map(visit, range(4)) for pair in answer]
    assert all(entered == seen for entered, seen in answers)


def test_the_comune_of_a_connection_is_that_of_postgresql(three_comuni: None) -> None:
    """LIMIT_SET_CALLS trusts its memory: it must agree with the server after every kind of step."""
    for schema in SCHEMAS:
        with in_schema(schema):
            assert _path() == [schema, "public", "extensions"]
            with transaction.atomic():
                assert _path() == [schema, "public", "extensions"]
            connection.close()
            assert _path() == [schema, "public", "extensions"]
    assert _path() == ["public", "extensions"]


def test_a_server_side_cursor_reads_its_own_comune(three_comuni: None) -> None:
    from sportello.schools.models import School

    with in_schema("c_a893"), transaction.atomic():
        assert [found.name for found in School.objects.order_by("id").iterator(chunk_size=1)] == ["c_a893"]


def test_public_holds_no_table_of_a_comune(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        in_public = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'c_a662'")
        in_bari = {name for (name,) in cursor.fetchall()}
    hub = {name for name in in_public if name.startswith("spid_cie_")}  # names people only in what is sealed
    assert len(hub) == 10
    board = {name for name in in_public if name.startswith(("assessment_", "board_"))}  # staff by name, no families
    node = {name for name in in_public if name.startswith("nodo_")}  # the simulated Node of pagoPA: the demo's alone
    broker = {name for name in in_public if name.startswith("pagopa_")}  # codes of the Comuni, and where they differ
    assert in_public - hub - board - node - broker == {
        "django_migrations",
        "onboarding_shelf_sharedmapping",  # readings of back-ends, without the data of the Comune that confirmed them
        "tenants_domain",
        "tenants_municipality",
        "tenants_schemablueprint",
        "tenants_stagechange",
    }
    assert in_public & in_bari == {"django_migrations"}


def test_no_key_leads_out_of_a_schema(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid"
            " JOIN pg_class b ON b.oid = k.confrelid WHERE k.contype = 'f' AND a.relnamespace <> b.relnamespace"
        )
        assert cursor.fetchall() == []


def test_no_function_of_a_comune_names_another_schema(db: None) -> None:
    """A function runs with the path of its caller or with its own; either way it stays in its schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'c_a662'"
        )
        definitions = dict(cursor.fetchall())
    others = ("c_a893", "c_l109", "modello_comune", "centrale")
    assert [name for name, text in definitions.items() if any(other in text for other in others)] == []


def _path() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        row = cursor.fetchone()
    assert wrapper().search_path_set_schemas
    return [part.strip('" ') for part in row[0].split(",")]


def test_a_statement_that_stays_planned_is_planned_for_each_comune(three_comuni: None) -> None:
    """One connection that serves them in turns: each sees its own, and no plan is made for another's."""
    names = "SELECT name FROM here.schools_school WHERE name <> %s"
    for _turn in range(12):
        for schema in SCHEMAS:
            with in_schema(schema):
                assert ask_prepared(names, [""]) == (schema,)
    held = "SELECT count(*), min(generic_plans) FROM pg_prepared_statements WHERE statement LIKE %s"
    with in_schema(SCHEMAS[0]):
        assert ask_prepared(held, ['%FROM "c\\_%".schools_school%']) == (len(SCHEMAS), 7)
    with pytest.raises(ProgrammingError):
        ask_prepared(names, [""])


def test_a_statement_that_stays_planned_names_every_schema(three_comuni: None) -> None:
    """A bare name would be looked for on whichever path the connection had last."""
    with in_schema(SCHEMAS[1]), pytest.raises(ValueError, match="schools_school"):
        ask_prepared("SELECT name FROM schools_school", [])
    with in_schema(SCHEMAS[1]):
        assert ask_prepared("SELECT name FROM here.schools_school", [], schema=SCHEMAS[2]) == (SCHEMAS[2],)


def test_who_asked_only_such_statements_leaves_no_path_to_forget(three_comuni: None) -> None:
    connection.close()
    with in_schema(SCHEMAS[0]):
        ask_prepared("SELECT name FROM here.schools_school", [])
        row = ask_prepared("SELECT current_setting('search_path')", [])
    assert row == ('""',)
