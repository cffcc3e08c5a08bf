"""The codes of a Comune and the nightly comparison with PagoPA's record (P2 to P4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from integrations.errors import NotConfigured
from integrations.pagopa import drift_check, simulated
from integrations.pagopa.backoffice import BackOffice, IbanOnRecord, OnRecord
from integrations.pagopa.codes import (
    ChangeNotConfirmed,
    CodesInvalid,
    FiscalCodeTaken,
    InstitutionFacts,
    is_iban,
    is_tax_code,
    keep_codes,
)
from integrations.pagopa.drift import Difference, Ours, What, differences
from integrations.pagopa.drift_check import check_drift, own_backoffice
from integrations.pagopa.models import CENTRAL_SEGREGATIONS, CreditorInstitution, Drift, DriftCheck
from integrations.pagopa.rest import Service
from integrations.pagopa.tasks import check_codes
from sportello.audit.models import Action, Event
from sportello.demo.creditors import register_creditors
from tenants.current import in_schema
from tenants.models import Municipality
from tests.pagopa.messages import EC
from tests.pagopa.standing_in import StandIn

NOW = datetime(2026, 11, 23, 5, 40, tzinfo=UTC)
BROKER = "12345678903"
IBAN = "IT60X0542811101000000123456"
FACTS = InstitutionFacts(
    fiscal_code=EC,
    company_name="Comune di Bari",
    office_name="Scuola",
    adapter="station",
    state="production",
    broker_code=BROKER,
    station_code=f"{BROKER}_01",
    segregation_code="03",
    cbill_code="AB1CD",
    iban=IBAN,
    postal_iban="",
    postal_account="",
    postal_authorised=False,
)
OURS = Ours(EC, "Comune di Bari", f"{BROKER}_01", "03", "AB1CD", IBAN, "", on_own_station=True)
THEIRS = OnRecord(
    EC,
    "COMUNE DI BARI",
    BROKER,
    f"{BROKER}_01",
    "ACTIVE",
    "3",
    "03",
    "AB1CD",
    is_enabled=True,
    is_broadcast=False,
    primitive_version=2,
    receipt_endpoint="",
)
ACCOUNT = IbanOnRecord(EC, IBAN, "ACTIVE", datetime(2026, 1, 1, tzinfo=UTC))


def keep(municipality: Municipality, facts: InstitutionFacts, *, confirmed: bool = False) -> list[str]:
    return keep_codes(municipality=municipality, facts=facts, confirmed=confirmed, actor=7, now=NOW)


def record() -> list[tuple[Any, ...]]:
    with in_schema(django_settings.CENTRAL_SCHEMA):
        rows = Event.objects.filter(action=Action.CONNECTOR_CHANGED).order_by("pk")
        return [(one.actor, one.subject, one.details["did"], one.details["fields"]) for one in rows]


def test_codes_are_kept_and_on_record(bari: Municipality) -> None:
    assert len(keep(bari, FACTS)) == 13
    assert keep(bari, FACTS) == []
    assert keep(bari, replace(FACTS, cbill_code="ZZ9ZZ", office_name="")) == ["office_name", "cbill_code"]
    row = CreditorInstitution.objects.get(municipality=bari)
    assert (row.fiscal_code, row.segregation_code, row.cbill_code, row.office_name) == (EC, "03", "ZZ9ZZ", "")
    assert [one[:3] for one in record()] == [(7, "A662", "registered"), (7, "A662", "changed")]
    assert record()[1][3] == ["office_name", "cbill_code"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("fiscal_code", "80015010724"),
        ("fiscal_code", "8001501072"),
        ("broker_code", "12345678901"),
        ("station_code", "80015010723_01"),
        *(("segregation_code", code) for code in CENTRAL_SEGREGATIONS),
        ("iban", "IT61X0542811101000000123456"),
        ("postal_iban", "IT60"),
        ("broker_code", ""),
        ("station_code", ""),
        ("segregation_code", ""),
        ("iban", ""),
    ],
)
def test_a_code_that_cannot_be_is_told_at_its_place(bari: Municipality, field: str, wrong: str) -> None:
    facts = replace(FACTS, **{field: wrong})  # type: ignore[arg-type]
    with pytest.raises(CodesInvalid) as caught:
        keep(bari, facts)
    told = "station_code" if (field, wrong) == ("broker_code", "") else field
    assert caught.value.field == told
    assert str(caught.value)
    assert not CreditorInstitution.objects.exists()


def test_a_bollettino_wants_its_account(bari: Municipality) -> None:
    with pytest.raises(CodesInvalid, match="conto postale"):
        keep(bari, replace(FACTS, postal_authorised=True))


def test_in_preparation_codes_may_be_missing(bari: Municipality) -> None:
    bare = replace(FACTS, state="draft", broker_code="", station_code="", segregation_code="", cbill_code="", iban="")
    keep(bari, bare)
    with pytest.raises(CodesInvalid):
        keep(bari, replace(bare, state="collaudo"))
    keep(bari, replace(bare, state="collaudo", adapter="mypay"))


def test_two_comuni_have_not_one_code(bari: Municipality) -> None:
    keep(bari, FACTS)
    with pytest.raises(FiscalCodeTaken):
        keep(Municipality.objects.get(slug="bitonto"), FACTS)


@pytest.mark.parametrize("field", ["segregation_code", "fiscal_code", "adapter"])
def test_what_stands_on_notices_changes_only_when_confirmed(bari: Municipality, field: str) -> None:
    keep(bari, FACTS)
    other = {"segregation_code": "04", "fiscal_code": "00382650729", "adapter": "gpd"}[field]
    changed = replace(FACTS, **{field: other})  # type: ignore[arg-type]
    with pytest.raises(ChangeNotConfirmed):
        keep(bari, changed)
    assert keep(bari, changed, confirmed=True) == [field]


@pytest.mark.parametrize(
    ("text", "right"), [(EC, True), (BROKER, True), ("80015010722", False), ("٨" * 11, False), ("", False)]
)
def test_the_last_digit_of_a_tax_code(text: str, right: bool) -> None:
    assert is_tax_code(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [(IBAN, True), (IBAN.lower(), False), (IBAN[:-1] + "7", False), ("DE89370400440532013000", False), ("", False)],
)
def test_the_number_of_an_iban(text: str, right: bool) -> None:
    assert is_iban(text) == right


def test_no_difference_where_there_is_none() -> None:
    assert differences([OURS], [THEIRS], [ACCOUNT], now=NOW) == []


@pytest.mark.parametrize(
    ("theirs", "what", "ours", "told"),
    [
        ({"segregation_code": "04"}, What.SEGREGATION, "03", "04"),
        ({"segregation_code": ""}, What.SEGREGATION, "03", ""),
        ({"station_code": f"{BROKER}_02"}, What.STATION, f"{BROKER}_01", f"{BROKER}_02"),
        ({"cbill_code": "ZZZZZ"}, What.CBILL, "AB1CD", "ZZZZZ"),
        ({"aux_digit": "0"}, What.AUX_DIGIT, "3", "0"),
        ({"is_enabled": False}, What.DISABLED, "", ""),
        ({"station_state": "WAITING_FOR_UPDATE"}, What.STATION_STATE, "ACTIVE", "WAITING_FOR_UPDATE"),
        ({"primitive_version": 1}, What.PRIMITIVE, "2", "1"),
    ],
)
def test_each_difference_has_its_name(theirs: dict[str, Any], what: What, ours: str, told: str) -> None:
    found = differences([OURS], [replace(THEIRS, **theirs)], [ACCOUNT], now=NOW)
    assert found == [Difference(EC, "Comune di Bari", what, ours, told)]


@pytest.mark.parametrize(
    "theirs", [{"aux_digit": "0/3"}, {"cbill_code": "ab1cd"}, {"primitive_version": None}, {"is_broadcast": True}]
)
def test_what_is_the_same_in_other_words_is_no_difference(theirs: dict[str, Any]) -> None:
    assert differences([OURS], [replace(THEIRS, **theirs)], [ACCOUNT], now=NOW) == []


def test_a_creditor_on_two_stations_is_compared_on_ours() -> None:
    other = replace(THEIRS, station_code=f"{BROKER}_09", segregation_code="44")
    assert differences([OURS], [other, THEIRS], [ACCOUNT], now=NOW) == []


def test_missing_and_unknown_creditors() -> None:
    stranger = replace(THEIRS, fiscal_code="00382650729", company_name="Comune di Bitonto")
    assert differences([OURS], [stranger], [ACCOUNT], now=NOW) == [
        Difference(EC, "Comune di Bari", What.MISSING, f"{BROKER}_01", ""),
        Difference("00382650729", "Comune di Bitonto", What.UNKNOWN, "", f"{BROKER}_01"),
    ]


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        ([], ""),
        ([replace(ACCOUNT, status="DISABLED")], "DISABLED 2026-01-01"),
        ([replace(ACCOUNT, valid_from=NOW + timedelta(days=1))], "ACTIVE 2026-11-24"),
        ([replace(ACCOUNT, fiscal_code="00382650729")], ""),
    ],
)
def test_an_account_must_be_known_active_and_valid(accounts: list[IbanOnRecord], told: str) -> None:
    assert differences([OURS], [THEIRS], accounts, now=NOW) == [Difference(EC, "Comune di Bari", What.IBAN, IBAN, told)]
    postal = replace(OURS, postal_iban="IT02X0760104000000012345678")
    assert differences([postal], [THEIRS], [ACCOUNT], now=NOW)[0].what == What.POSTAL_IBAN


def answer(segregation: str = "03", *, more: bool = False) -> list[tuple[int, Any, dict[str, str]]]:
    row = {
        "taxCode": EC,
        "companyName": "COMUNE DI BARI",
        "brokerTaxCode": BROKER,
        "auxDigit": "3",
        "stationState": "ACTIVE",
        "ciStatus": True,
        "stationId": f"{BROKER}_01",
        "segregationCode": segregation,
        "cbillCode": "AB1CD",
        "primitiveVersion": 2,
    }
    info = {"totalPages": 1}
    rows = [row, row | {"taxCode": "00382650729", "companyName": "Altro"}] if more else [row]
    iban = {"ciFiscalCode": EC, "iban": IBAN, "status": "ACTIVE", "validityDate": "2026-01-01T00:00:00Z"}
    return [
        (200, {"creditorInstitutions": rows, "pageInfo": info}, {}),
        (200, {"ibans": [iban], "pageInfo": info}, {}),
    ]


def test_a_difference_stands_until_a_check_does_not_find_it(
    bari: Municipality, service: Service, stand_in: StandIn
) -> None:
    keep(bari, FACTS)
    office = BackOffice(service)
    stand_in.answers[:] = [*answer("04", more=True), *answer("05"), (503, None, {}), *answer()]
    [first] = check_drift(now=NOW, office=office)
    assert (first.broker_code, first.institutions, first.differences, first.error_code) == (BROKER, 1, 2, "")
    assert [(one.what, one.ours, one.theirs) for one in Drift.objects.order_by("what")] == [
        ("segregation", "03", "04"),
        ("unknown", "", f"{BROKER}_01"),
    ]
    check_drift(now=NOW + timedelta(days=1), office=office)
    [left] = Drift.objects.all()
    assert (left.theirs, left.first_seen_at, left.last_seen_at) == ("05", NOW, NOW + timedelta(days=1))
    [failed] = check_drift(now=NOW + timedelta(days=2), office=office)
    assert (failed.error_code, Drift.objects.count()) == ("unreachable", 1)  # silence is not agreement
    [last] = check_drift(now=NOW + timedelta(days=3), office=office)
    assert (last.differences, Drift.objects.count()) == (0, 0)


def test_who_stands_on_another_s_station_is_not_compared(bari: Municipality, service: Service) -> None:
    keep(bari, replace(FACTS, adapter="mypay"))
    assert check_drift(now=NOW, office=BackOffice(service)) == []


def test_the_clock_asks_the_simulator_where_people_are_invented(
    bari: Municipality, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated, "node_origin", lambda: stand_in.url)
    keep(bari, FACTS)
    stand_in.answers[:] = answer("99")
    check_codes()
    assert [one.path for one in stand_in.asked] == [
        f"/backoffice/brokers/{BROKER}/creditor_institutions",
        f"/backoffice/brokers/{BROKER}/ibans",
    ]
    assert DriftCheck.objects.get().differences == 1


def test_the_broker_s_key_is_the_central_team_s(
    bari: Municipality, stand_in: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAGOPA_BACKOFFICE_KEY, settings.PAGOPA_BACKOFFICE_BASE = "pagopa-backoffice", stand_in.url
    monkeypatch.setenv("CONNECTOR_SECRET_CENTRALE_PAGOPA_BACKOFFICE", "broker-key")
    stand_in.answers[:] = answer()
    assert list(own_backoffice().institutions(BROKER)) != []
    assert stand_in.asked[0].headers["ocp-apim-subscription-key"] == "broker-key"
    assert stand_in.asked[0].path == f"/backoffice/external/ec/v1/brokers/{BROKER}/creditor_institutions"


def test_nobody_is_invented_in_production(bari: Municipality, settings: Settings) -> None:
    settings.DEPLOY_ENV = "production"
    with pytest.raises(NotConfigured):
        drift_check.own_backoffice()
    keep(bari, FACTS)
    [check] = check_drift(now=NOW)
    assert check.error_code == "not_configured"


def test_the_demonstration_has_codes_for_everybody(bari: Municipality) -> None:
    keep(bari, FACTS)
    assert register_creditors(now=NOW) == Municipality.objects.count() - 1
    assert register_creditors(now=NOW) == 0
    rows = CreditorInstitution.objects.all()
    assert len({one.fiscal_code for one in rows}) == len(rows) == Municipality.objects.count()
    terlizzi = CreditorInstitution.objects.get(municipality__slug="terlizzi")
    assert is_iban(terlizzi.iban)
    assert is_iban(terlizzi.postal_iban)
    assert terlizzi.postal_authorised
    assert CreditorInstitution.objects.get(municipality=bari).fiscal_code == EC  # as it was
