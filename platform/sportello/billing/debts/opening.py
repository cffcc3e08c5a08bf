"""Opening debt positions: the only door by which one enters, for one payer or for twenty thousand.

Rows are copied, so that a notice asked for at the page and a year's issue go the same way. A position charges nobody:
it asks for what the ledger holds, or for a top-up. A key already known makes nothing new.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from integrations.pagopa.models import CreditorInstitution
from integrations.pagopa.numbers import iuv_of, notice_number
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.asking import (
    LONGEST,
    Asked,
    Collected,
    Instalment,
    by_category,
    check,
    pieces_of_option,
    remittance_of,
)
from sportello.billing.debts.errors import NamesAChild, PayerWithoutCode
from sportello.billing.debts.models import DebtPosition, OptionState, PositionState, Purpose, TransferState
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.debts.states import first_state
from sportello.billing.posting import accounts_of
from sportello.families.models import Adult, Child
from sportello.kernel.clock import ROME
from sportello.kernel.names import shown_name

__all__ = ["Asked", "Collected", "Instalment", "open_position", "open_positions"]

LONGEST_NAME: Final = 70
_STAGING: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS opening_position (
    payer_id bigint, debtor_code text, debtor_name text, purpose text, description text, state text, valid_from date,
    switch_to_expired boolean, published_at timestamptz, key text
) ON COMMIT DROP
"""
_INSERT: Final = """
INSERT INTO debts_debtposition (payer_id, debtor_code, debtor_name, purpose, description, state, valid_from,
                                switch_to_expired, published_at, key, created_at, created_by)
SELECT opened.*, %(now)s, %(actor)s FROM pg_temp.opening_position opened
ON CONFLICT (key) DO NOTHING
RETURNING key, id
"""


@transaction.atomic
def open_position(
    *,
    payer: Adult,
    purpose: Purpose,
    description: str,
    lines: Sequence[Collected],
    due_on: date,
    last_day: date,
    key: str,
    actor: int | None,
    now: datetime,
    instalments: Sequence[Instalment] = (),
    valid_from: date | None = None,
    publish: bool = True,
) -> DebtPosition:
    """Opens a position with its notice numbers, or returns the one that was opened under this key.

    `description` is the causale that payer and bank read. Raises what :func:`open_positions` raises.
    """
    asked = Asked(
        payer_id=payer.pk,
        purpose=purpose,
        description=description,
        lines=tuple(lines),
        due_on=due_on,
        last_day=last_day,
        key=key,
        instalments=tuple(instalments),
        valid_from=valid_from,
        publish=publish,
    )
    open_positions(asked=[asked], actor=actor, now=now)
    return DebtPosition.objects.get(key=key)


@transaction.atomic
def open_positions(*, asked: Sequence[Asked], actor: int | None, now: datetime) -> int:
    """Opens those whose key is new, all or none; returns how many were. The audit record is one for all.

    Raises NothingToAsk, SumsDisagree, DatesDisagree, TooManyServices, PayerWithoutCode, NamesAChild,
    InstitutionNotReady.
    """
    for one in asked:
        check(one)
    ourselves = our_institution()
    debtors = _debtors(asked)
    described = {one.description for one in asked}
    no_child_is_named(described, {line.child_id for one in asked for line in one.lines})
    accounts = accounts_of({(line.child_id, line.service_code) for one in asked for line in one.lines})
    today = now.astimezone(ROME).date()
    with connection.cursor() as cursor:
        ids = _insert_positions(cursor, asked, debtors, actor, now)
        opened = [_Opened(ids[one.key], one) for one in asked if one.key in ids]
        if not opened:
            return 0
        states = [(one.id, "", _state(one.asked, today), now, actor, "") for one in opened]
        _copy(cursor, "debts_statechange", "position_id, before, after, changed_at, changed_by, reason", iter(states))
        _copy(
            cursor,
            "debts_positionline",
            "position_id, account_id, number, amount_cents, month",
            _line_rows(opened, accounts),
        )
        _copy_options(cursor, opened, ourselves)
    _record(opened, actor, now)
    return len(opened)


@dataclass(frozen=True, slots=True)
class _Opened:
    id: int
    asked: Asked


def _debtors(asked: Sequence[Asked]) -> dict[int, tuple[str, str]]:
    """Adult id -> fiscal code and name. Raises PayerWithoutCode."""
    wanted = {one.payer_id for one in asked}
    found = {
        pk: (code, shown_name(f"{given} {family}".strip())[:LONGEST_NAME])
        for pk, code, given, family in Adult.objects.filter(pk__among=wanted)
        .order_by("pk")
        .values_list("pk", "fiscal_code", "given_name", "family_name")
        if code
    }
    if missing := len(wanted - found.keys()):
        raise PayerWithoutCode(missing)
    return found


def no_child_is_named(descriptions: Collection[str], children: Collection[int]) -> None:
    """Raises NamesAChild where a causale tells of one of the children (by id): by full name, either way round, or code.

    A causale that names a child of another notice is as wrong: both are read by somebody who need not know.
    """
    texts = {one.casefold() for one in descriptions}
    rows = Child.objects.filter(pk__among=children).order_by("pk")
    for given, family, code in rows.values_list("given_name", "family_name", "fiscal_code"):
        if any(name in text for name in _names(given, family, code) for text in texts):
            raise NamesAChild


def _names(given: str, family: str, code: str | None) -> tuple[str, ...]:
    told = (f"{given} {family}".casefold(), f"{family} {given}".casefold(), (code or "").casefold())
    return tuple(name for name in told if name.strip())


def _state(asked: Asked, today: date) -> PositionState:
    return first_state(publish=asked.publish, valid_from=asked.valid_from, today=today)


def _insert_positions(
    cursor: Any, asked: Sequence[Asked], debtors: dict[int, tuple[str, str]], actor: int | None, now: datetime
) -> dict[str, int]:
    """Key -> id of the new ones. Any: psycopg's cursor behind Django's wrapper, which the stubs do not know."""
    today = now.astimezone(ROME).date()
    cursor.execute(_STAGING)
    cursor.execute("TRUNCATE pg_temp.opening_position")
    columns = (
        "payer_id, debtor_code, debtor_name, purpose, description, state, valid_from, switch_to_expired,"
        " published_at, key"
    )
    rows = (
        (
            one.payer_id,
            *debtors[one.payer_id],
            one.purpose.value,
            one.description[:LONGEST],
            _state(one, today).value,
            one.valid_from,
            one.switch_to_expired,
            now if one.publish else None,
            one.key,
        )
        for one in asked
    )
    _copy(cursor, "pg_temp.opening_position", columns, rows)
    cursor.execute(_INSERT, {"now": now, "actor": actor})
    return dict(cursor.fetchall())


def _line_rows(opened: Sequence[_Opened], accounts: dict[tuple[int, str], int]) -> Iterator[tuple[object, ...]]:
    for one in opened:
        for number, line in enumerate(one.asked.lines, start=1):
            yield one.id, accounts[line.child_id, line.service_code], number, line.cents, line.month


def _copy_options(cursor: Any, opened: Sequence[_Opened], ourselves: CreditorInstitution) -> None:
    """Options and their transfers. The number of a notice is made of the id of its option, drawn beforehand (P7)."""
    count = sum(len(one.asked.options) for one in opened)
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence('debts_paymentoption', 'id')) FROM generate_series(1, %s)", [count]
    )
    ids = iter([int(row[0]) for row in cursor.fetchall()])
    options: list[tuple[object, ...]] = []
    transfers: list[tuple[object, ...]] = []
    for one in opened:
        services = {number: line.service_code for number, line in enumerate(one.asked.lines, start=1)}
        for number, option in enumerate(one.asked.options):
            pk = next(ids)
            nav = notice_number(ourselves.segregation_code, pk)
            options.append(
                (pk, one.id, number, option.cents, option.due_on, option.last_day, nav, OptionState.UNPAID.value)
            )
            parts = by_category(pieces_of_option(one.asked, number), services)
            transfers += _transfer_rows(pk, nav, parts, one.asked.description, ourselves)
    _copy(
        cursor,
        "debts_paymentoption",
        "id, position_id, number, amount_cents, due_on, last_day, notice_number, state",
        iter(options),
    )
    _copy(
        cursor,
        "debts_transfer",
        "option_id, number, amount_cents, fiscal_code, iban, category, remittance, state",
        iter(transfers),
    )


def _transfer_rows(
    option_id: int, nav: str, parts: dict[str, int], description: str, ourselves: CreditorInstitution
) -> Iterator[tuple[object, ...]]:
    for place, (category, cents) in enumerate(parts.items(), start=1):
        text = remittance_of(iuv_of(nav), cents, description)
        to = (ourselves.fiscal_code, ourselves.iban)
        yield option_id, place, cents, *to, category, text, TransferState.UNREPORTED.value


def _copy(cursor: Any, table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _record(opened: Sequence[_Opened], actor: int | None, now: datetime) -> None:
    """One event: the states of the positions say for each when it was opened and by whom."""
    record(
        action=Action.POSITION_OPENED,
        actor=actor,
        subject_kind="debt_position",
        subject=opened[0].id,
        now=now,
        details={"count": len(opened), "cents": sum(one.asked.cents for one in opened)},
    )
