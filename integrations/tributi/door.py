"""What the room that decides calls: one verdict about one person, or a whole file."""

from datetime import date, datetime, timedelta
from typing import cast

from integrations.errors import NotConfigured
from integrations.models import Connector
from integrations.registry import connector_for, exchange, simulators_allowed
from integrations.tributi.file import FileSettings
from integrations.tributi.mapping import DEMO_BASIS, Common
from integrations.tributi.port import Standing, TaxOffice
from integrations.tributi.reading import ReadFile, read_file
from integrations.tributi.registering import KIND
from integrations.tributi.standings import standings_of
from integrations.tributi.types import Reason, TaxVerdict, Verdict
from integrations.typed_settings import read_settings


def ask(*, fiscal_code: str, reference: str, now: datetime) -> tuple[TaxVerdict, str]:
    """How the person stands, and the adapter that told it. `reference` stands in the log: never the code itself.

    Must not be called in a transaction. Raises ConnectorError.
    """
    line = connector_for(KIND)
    office = cast("TaxOffice", line.client)
    today = now.date()
    with exchange(line, operation="standing", reference=reference, now=now):
        found = office.standing(fiscal_code, today=today)
    return verdict_from(found, line.settings, today=today), line.adapter.name


def verdict_from(found: Standing | None, chosen: Common, *, today: date) -> TaxVerdict:
    """The standing with the Comune's legal basis and expiry; who is not listed is unknown, and nothing speaks against
    her. The days of validity count from the day of the data: old data do not become young by being asked for.
    """
    held = found or Standing(Verdict.UNKNOWN, Reason.NOT_LISTED, (), today)
    as_of = min(held.as_of, today)
    expires_on = as_of + timedelta(days=chosen.valid_days)
    return TaxVerdict(held.verdict, held.reason, held.taxes, as_of, expires_on, str(chosen.legal_basis))


def file_settings() -> FileSettings:
    """The file settings of this Comune, whichever adapter is on; the sample layout where people are invented.

    Raises NotConfigured, SettingsInvalid.
    """
    row = Connector.objects.filter(kind=KIND, adapter="file").first()
    if row is None and not simulators_allowed():
        raise NotConfigured
    return read_settings({"legal_basis": DEMO_BASIS} if row is None else row.settings, FileSettings)


def read_tax_file(content: bytes, chosen: FileSettings) -> ReadFile:
    """The rows of an uploaded file. Raises FileUnreadable."""
    return read_file(content, chosen.layout)


def verdicts_of(read: ReadFile, chosen: FileSettings, *, as_of: date, today: date) -> dict[str, TaxVerdict]:
    """A verdict for each person of the file, by fiscal code."""
    found = standings_of(read.rows, as_of=as_of)
    return {code: verdict_from(one, chosen, today=today) for code, one in found.items()}
