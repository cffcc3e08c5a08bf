"""The view adapter: one question to one view of the tax office's PostgreSQL, read-only and with a time limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, Final

import psycopg
from msgspec import Meta
from psycopg import sql

from integrations.errors import AccessDenied, AnswerUnreadable, Unreachable
from integrations.registry import Secret
from integrations.tributi.mapping import Common, Words
from integrations.tributi.port import Standing
from integrations.tributi.words import standing_from
from sportello.kernel.errors import gettext_noop

NAME: Final = r"^[a-z_][a-z0-9_]{0,62}$"
MOST_ROWS: Final = 100


class SqlViewSettings(Common, frozen=True, kw_only=True):
    """The view and its columns. The address of the database is the secret."""

    schema: Annotated[str, Meta(pattern=NAME, title=gettext_noop("Schema della vista"))] = "public"
    view: Annotated[str, Meta(pattern=NAME, title=gettext_noop("Nome della vista"))]
    code_column: Annotated[str, Meta(pattern=NAME, title=gettext_noop("Colonna del codice fiscale"))] = "codice_fiscale"
    verdict_column: Annotated[str, Meta(pattern=NAME, title=gettext_noop("Colonna della posizione"))] = "posizione"
    tax_column: Annotated[str, Meta(pattern=NAME, title=gettext_noop("Colonna del tributo"))] = "tributo"
    day_column: Annotated[str, Meta(pattern=NAME, title=gettext_noop("Colonna della data"))] = "aggiornata_al"
    seconds: Annotated[int, Meta(ge=1, le=30, title=gettext_noop("Secondi di attesa"))] = 5
    words: Annotated[
        Words,
        Meta(
            title=gettext_noop("Parole della vista"), description=gettext_noop("In TOML: regular, in_arrears, taxes.")
        ),
    ] = Words()


class SqlViewOffice:
    """Asks the view for the rows of one person; parameters only, identifiers quoted."""

    def __init__(self, chosen: SqlViewSettings, secret: Secret) -> None:
        self._settings = chosen
        self._secret = secret

    def probe(self) -> None:
        """Reads the columns of the view for nobody."""
        self._rows("")

    def standing(self, fiscal_code: str, *, today: date) -> Standing | None:
        """How the person stands in the view; the oldest day of her rows is its day."""
        rows = self._rows(fiscal_code)
        days = [_day(row[2], today) for row in rows]
        said = [(str(row[0] or ""), str(row[1] or "")) for row in rows]
        return standing_from(said, self._settings.words, as_of=min(days, default=today))

    def _rows(self, fiscal_code: str) -> list[tuple[Any, ...]]:
        chosen = self._settings
        question = sql.SQL("SELECT {verdict}, {tax}, {day} FROM {view} WHERE {code} = %s LIMIT {most}").format(
            verdict=sql.Identifier(chosen.verdict_column),
            tax=sql.Identifier(chosen.tax_column),
            day=sql.Identifier(chosen.day_column),
            view=sql.Identifier(chosen.schema, chosen.view),
            code=sql.Identifier(chosen.code_column),
            most=sql.Literal(MOST_ROWS),
        )
        with self._connection() as connection:
            return connection.execute(question, [fiscal_code]).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection that can only read. What psycopg says may hold data or the address: it is not passed on."""
        limit = f"-c default_transaction_read_only=on -c statement_timeout={self._settings.seconds * 1000}"
        try:
            with psycopg.connect(self._secret(), connect_timeout=self._settings.seconds, options=limit) as connection:
                yield connection
        except (psycopg.errors.InvalidPassword, psycopg.errors.InsufficientPrivilege) as error:
            raise AccessDenied from error
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.ProgrammingError) as error:
            raise AnswerUnreadable from error
        except psycopg.Error as error:
            raise Unreachable from error


def _day(value: object, today: date) -> date:
    if isinstance(value, datetime):
        return value.date()
    if value is None:
        return today
    if not isinstance(value, date):
        raise AnswerUnreadable
    return value
