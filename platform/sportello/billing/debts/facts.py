"""A notice and all that bears on what is due for it now, read in one statement that the database keeps planned.

The station answers while somebody waits at a counter, and the carts ask the same: eight trips through the ORM were
nine tenths of an answer. What an account holds comes summed, but where more than one person ever bore its costs: there
each entry is split by the shares of its own day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS

from integrations.pagopa.models import CreditorInstitution, InstitutionState
from sportello.billing.debts.bearing import Bearers
from sportello.billing.debts.models import OptionState, Purpose
from sportello.billing.debts.pieces import Piece, pieces_of
from sportello.billing.debts.shares import Bearing
from sportello.billing.debts.states import OPEN
from sportello.kernel.dates import DateRange
from tenants.current import ask_prepared
from tenants.models import Municipality

_COLUMNS: Final = (
    "position_id",
    "option_id",
    "number",
    "amount_cents",
    "due_on",
    "last_day",
    "notice_number",
    "state",
    "payer_id",
    "debtor_code",
    "debtor_name",
    "purpose",
    "description",
    "position_state",
    "valid_from",
    "switch_to_expired",
)
_GATHERED: Final = """
WITH asked AS (
    SELECT option.*, option.id AS option_id, position.payer_id, position.debtor_code, position.debtor_name,
           position.purpose, position.description, position.state AS position_state, position.valid_from,
           position.switch_to_expired
    FROM here.debts_paymentoption option JOIN here.debts_debtposition position ON position.id = option.position_id
    WHERE option.notice_number = %s
), account AS (
    SELECT DISTINCT account.id, account.child_id
    FROM asked JOIN here.debts_positionline line USING (position_id)
    JOIN here.billing_ledgeraccount account ON account.id = line.account_id
), share AS (
    SELECT child_id, adult_id, basis_points, lower(valid_during) AS since, upper(valid_during) AS until
    FROM here.debts_costshare WHERE child_id IN (SELECT child_id FROM account)
), payer AS (
    SELECT child_id, adult_id, lower(valid_during) AS since, upper(valid_during) AS until
    FROM here.families_payerassignment WHERE child_id IN (SELECT child_id FROM account)
), entry AS (
    SELECT entry.account_id, account.child_id, entry.payer_id, min(entry.competence_on) AS day,
           sum(entry.amount_cents) AS cents
    FROM account JOIN here.billing_entry entry ON entry.account_id = account.id
    GROUP BY entry.account_id, account.child_id, entry.payer_id, CASE WHEN entry.payer_id IS NULL AND (
        EXISTS (SELECT FROM share WHERE share.child_id = account.child_id)
        OR (SELECT count(*) FROM payer WHERE payer.child_id = account.child_id) > 1
    ) THEN entry.id END
), older AS (
    SELECT DISTINCT position.id
    FROM asked JOIN here.debts_debtposition position ON position.payer_id = asked.payer_id
    JOIN here.debts_positionline line ON line.position_id = position.id JOIN account ON account.id = line.account_id
    WHERE position.id < asked.position_id AND position.state = ANY(%s) AND position.purpose <> %s
), claim AS (
    SELECT id AS position_id,
        (SELECT json_agg(json_build_array(line.id, line.account_id, line.amount_cents, account.service_code)
                         ORDER BY line.number)
         FROM here.debts_positionline line JOIN here.billing_ledgeraccount account ON account.id = line.account_id
         WHERE line.position_id = claimed.id) AS lines,
        (SELECT json_agg(json_build_array(option.number, option.amount_cents, option.state) ORDER BY option.number)
         FROM here.debts_paymentoption option WHERE option.position_id = claimed.id) AS options
    FROM (SELECT id FROM older UNION ALL SELECT position_id FROM asked) claimed
)
"""
_TOLD: Final = f"""
{", ".join(f"asked.{name}" for name in _COLUMNS)},
       (SELECT json_agg(json_build_array(lines, options) ORDER BY position_id) FROM claim),
       (SELECT json_agg(json_build_array(account_id, child_id, payer_id, day, cents)) FROM entry),
       (SELECT json_agg(json_build_array(child_id, adult_id, basis_points, since, until)) FROM share),
       (SELECT json_agg(json_build_array(child_id, adult_id, 1, since, until)) FROM payer)
"""  # noqa: S608 names of columns
_READ: Final = f"{_GATHERED} SELECT {_TOLD} FROM asked"  # noqa: S608
_INSTITUTION: Final = [field.attname for field in CreditorInstitution._meta.concrete_fields]
_READ_FOR: Final = f"""
{_GATHERED}
SELECT {", ".join(f"institution.{name}" for name in _INSTITUTION)}, {_TOLD}
FROM public.{CreditorInstitution._meta.db_table} institution
JOIN public.{Municipality._meta.db_table} municipality ON municipality.id = institution.municipality_id
LEFT JOIN asked ON true
WHERE institution.fiscal_code = %s AND institution.state <> %s AND municipality.left_on IS NULL
      AND municipality.schema_name = %s
"""  # noqa: S608 names of columns


@dataclass(frozen=True, slots=True)
class Line:
    """What a position collects for an account."""

    pk: int
    account_id: int
    cents: int
    service_code: str


@dataclass(frozen=True, slots=True)
class Way:
    """An option of a position, as far as its siblings look at it."""

    number: int
    cents: int
    state: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The lines of a position and the ways of paying them."""

    lines: tuple[Line, ...]
    ways: tuple[Way, ...]

    def pieces(self, number: int) -> tuple[Piece, ...]:
        """What the option of that number pays of the lines."""
        instalments = [way.cents for way in self.ways if way.number]
        return pieces_of([Piece(line.pk, line.cents) for line in self.lines], instalments, number)

    def unpaid(self) -> dict[int, int]:
        """Account id -> cents of it that no option has paid yet."""
        accounts = {line.pk: line.account_id for line in self.lines}
        left: dict[int, int] = {}
        for line in self.lines:
            left[line.account_id] = left.get(line.account_id, 0) + line.cents
        for way in self.ways:
            for piece in self.pieces(way.number) if way.state != OptionState.UNPAID else ():
                left[accounts[piece.line_id]] -= piece.cents
        return left


@dataclass(frozen=True, slots=True)
class Sum:
    """Entries of an account that are borne alike, in one."""

    account_id: int
    child_id: int
    payer_id: int | None
    day: date
    cents: int


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The option of a notice number with its position; `older`: what the payer's earlier open positions claim."""

    position_id: int
    option_id: int
    number: int
    amount_cents: int
    due_on: date
    last_day: date
    notice_number: str
    state: str
    payer_id: int
    debtor_code: str
    debtor_name: str
    purpose: str
    description: str
    position_state: str
    valid_from: date | None
    switch_to_expired: bool
    claim: Claim
    older: tuple[Claim, ...]
    sums: tuple[Sum, ...]
    bearers: Bearers

    @property
    def iuv(self) -> str:
        """The notice number without its first digit."""
        return self.notice_number[1:]


def facts_of(notice_number: str) -> NoticeFacts | None:
    """What is known of a notice; None for a number that is none of ours. One statement."""
    row = ask_prepared(_READ, _asked(notice_number))
    return None if row is None else _facts(row)


def facts_for(
    fiscal_code: str, notice_number: str, *, schema: str
) -> tuple[CreditorInstitution, NoticeFacts | None] | None:
    """The institution that the station answers for, if that is its schema, with what is known of a notice of its.

    None when it is not: the same statement that reads the notice sees to it, so that a guess may be asked with.
    """
    row = ask_prepared(_READ_FOR, [*_asked(notice_number), fiscal_code, InstitutionState.DRAFT, schema], schema=schema)
    if row is None:
        return None
    count = len(_INSTITUTION)
    institution = CreditorInstitution.from_db(DEFAULT_DB_ALIAS, _INSTITUTION, row[:count])
    return institution, _facts(row[count:]) if row[count] is not None else None


def _asked(notice_number: str) -> list[Any]:
    return [notice_number, sorted(OPEN), Purpose.TOP_UP]


def _facts(row: Sequence[Any]) -> NoticeFacts:
    *told, claims, sums, shares, payers = row
    *older, claim = [_claim(lines, ways) for lines, ways in claims]
    return NoticeFacts(
        **dict(zip(_COLUMNS, told, strict=True)),
        claim=claim,
        older=tuple(older),
        sums=tuple(_sum(*one) for one in sums or ()),
        bearers=Bearers(_by_child(shares or ()), _by_child(payers or ())),
    )


def _claim(lines: Sequence[Sequence[Any]], ways: Sequence[Sequence[Any]]) -> Claim:
    return Claim(tuple(Line(*line) for line in lines), tuple(Way(*way) for way in ways))


def _sum(account: int, child: int, payer: int | None, day: str, cents: int) -> Sum:
    return Sum(account, child, payer, date.fromisoformat(day), cents)


def _by_child(rows: Sequence[Sequence[Any]]) -> dict[int, list[Bearing]]:
    found: dict[int, list[Bearing]] = {}
    for child, adult, weight, since, until in rows:
        period = DateRange(date.fromisoformat(since), date.fromisoformat(until) if until else None)
        found.setdefault(child, []).append(Bearing(adult, weight, period))
    return found
