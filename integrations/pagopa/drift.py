"""What differs between our codes and PagoPA's record (P4). Pure: facts in, differences out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from integrations.pagopa.backoffice import IbanOnRecord, OnRecord
from sportello.kernel.clock import ROME

ACTIVE: Final = frozenset({"ACTIVE", "ENABLED"})


class What(StrEnum):
    """What a difference is about."""

    MISSING = "missing"  # PagoPA does not have the Comune with this broker
    UNKNOWN = "unknown"  # PagoPA has a creditor that we have not
    STATION = "station"
    SEGREGATION = "segregation"
    AUX_DIGIT = "aux_digit"
    CBILL = "cbill"
    DISABLED = "disabled"
    STATION_STATE = "station_state"
    PRIMITIVE = "primitive"
    IBAN = "iban"
    POSTAL_IBAN = "postal_iban"


@dataclass(frozen=True, slots=True)
class Ours:
    """A Comune as we have it."""

    fiscal_code: str
    name: str
    station_code: str
    segregation_code: str
    cbill_code: str
    iban: str
    postal_iban: str
    on_own_station: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; empty is what somebody has not."""

    fiscal_code: str
    name: str
    what: What
    ours: str
    theirs: str


def differences(
    ours: Iterable[Ours], on_record: Iterable[OnRecord], ibans: Iterable[IbanOnRecord], *, now: datetime
) -> list[Difference]:
    """All of them, Comune by Comune. A creditor on several stations is compared with ours, else with the first."""
    by_code: dict[str, list[OnRecord]] = {}
    for one in on_record:
        by_code.setdefault(one.fiscal_code, []).append(one)
    accounts: dict[str, dict[str, IbanOnRecord]] = {}
    for account in ibans:
        accounts.setdefault(account.fiscal_code, {})[account.iban] = account
    found: list[Difference] = []
    known = set()
    for row in ours:
        known.add(row.fiscal_code)
        there = by_code.get(row.fiscal_code, [])
        if not there:
            found.append(Difference(row.fiscal_code, row.name, What.MISSING, row.station_code, ""))
            continue
        match = next((one for one in there if one.station_code == row.station_code), there[0])
        found += _of_station(row, match)
        found += _of_accounts(row, accounts.get(row.fiscal_code, {}), now)
    found += [
        Difference(code, rows[0].company_name, What.UNKNOWN, "", rows[0].station_code)
        for code, rows in sorted(by_code.items())
        if code not in known
    ]
    return found


def _of_station(row: Ours, there: OnRecord) -> list[Difference]:
    compared = [
        (What.STATION, row.station_code, there.station_code),
        (What.SEGREGATION, row.segregation_code, there.segregation_code),
        (What.CBILL, row.cbill_code.upper(), there.cbill_code.upper()),
    ]
    found = [(what, mine, theirs) for what, mine, theirs in compared if mine != theirs]
    if "3" not in there.aux_digit:
        found.append((What.AUX_DIGIT, "3", there.aux_digit))
    if not there.is_enabled:
        found.append((What.DISABLED, "", ""))
    if there.station_state.upper() not in ACTIVE:
        found.append((What.STATION_STATE, "ACTIVE", there.station_state))
    if row.on_own_station and there.primitive_version not in {None, 2}:
        found.append((What.PRIMITIVE, "2", str(there.primitive_version)))
    return [Difference(row.fiscal_code, row.name, *one) for one in found]


def _of_accounts(row: Ours, there: Mapping[str, IbanOnRecord], now: datetime) -> list[Difference]:
    """An account must be on record, active, and already valid."""
    found = []
    for what, iban in ((What.IBAN, row.iban), (What.POSTAL_IBAN, row.postal_iban)):
        account = there.get(iban)
        if not iban or (account and account.status.upper() in ACTIVE and _day(account.valid_from) <= _day(now)):
            continue
        theirs = "" if account is None else f"{account.status} {account.valid_from:%Y-%m-%d}"
        found.append(Difference(row.fiscal_code, row.name, what, iban, theirs))
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(ROME).date()
