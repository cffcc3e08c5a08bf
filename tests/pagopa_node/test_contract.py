"""The contract that the Node was given by us says what the official one says, about good messages and damaged ones."""

from pathlib import Path

import pytest

from integrations.pagopa.simulator import paying
from integrations.pagopa.simulator.contracts import faults_of_schema
from integrations.pagopa.simulator.faults import Fault
from tests.pagopa_node.fake_station import BARI, NAV, URL, Debt, FakeStation
from tests.pagopa_node.mutants import FULL, damaged, message
from tests.pagopa_node.official import PAGOPA, faults_of_message, needs_official, samples

CONTRACT = Path(paying.__file__).parent / "contract"


def test_every_kind_of_message_is_taken_with_all_its_parts() -> None:
    for name, inside in FULL.items():
        assert faults_of_schema(message(name, inside)) == [], name


def test_a_part_that_carries_a_namespace_is_refused() -> None:
    whole = message("paSendRTV2Response", "<outcome>OK</outcome>")
    assert faults_of_schema(whole) == []
    whole[0].tag = "{http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd}outcome"
    assert faults_of_schema(whole) != []


@needs_official
def test_golden_messages_are_good_to_both() -> None:
    held = samples()
    assert len(held) == 11
    for name, whole in held.items():
        assert (faults_of_schema(whole), faults_of_message(whole)) == ([], []), name


@needs_official
@pytest.mark.parametrize("name", sorted(FULL))
def test_both_judge_every_damage_alike(name: str) -> None:
    judged = {True: 0, False: 0}
    whole = message(name, FULL[name])
    assert faults_of_message(whole) == []
    for what, other in damaged(whole):
        official, own = faults_of_message(other), faults_of_schema(other)
        assert bool(own) == bool(official), f"{name}: {what}: official {official}, ours {own}"
        judged[not official] += 1
    assert min(judged.values()) > 10, "neither all good nor all bad"


@needs_official
def test_no_line_of_the_official_files_stands_in_ours() -> None:
    for ours, theirs in (("station.xsd", "wsdl/xsd/paForNode.xsd"), ("station.wsdl", "wsdl/paForNode.wsdl")):
        written = {line.strip() for line in (CONTRACT / ours).read_text().splitlines()}
        official = {line.strip() for line in (PAGOPA / theirs).read_text().splitlines()}
        shared = {line for line in written & official if len(line) > 60 and "http" not in line}
        assert shared == set(), ours


@needs_official
@pytest.mark.django_db
@pytest.mark.parametrize("fault", [None, *(one for one in Fault if one is not Fault.BROKEN_RECEIPT)])
def test_what_the_node_sends_is_good_to_the_official_schema(fault: Fault | None) -> None:
    station = FakeStation(debts={NAV: Debt(parts=("40.00", "5.50"))})
    paying.pay(NAV, BARI, station_url=URL, wire=station.wire, note="x", faults=(fault,) if fault else ())
    assert {one.tag: faults_of_message(one) for one in station.messages} == {one.tag: [] for one in station.messages}
    assert station.messages
