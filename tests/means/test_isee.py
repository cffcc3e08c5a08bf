"""Which ISEE counts, and what may be declared."""

from datetime import date

import pytest

from sportello.kernel.isee import Isee
from sportello.means.declaring import IseeLapsed, IseeNotYetFiled, declare_isee, share_isee
from sportello.means.models import IseeAttestation, IseeKind, Provenance
from sportello.means.queries import isee_on
from tenants.models import Municipality
from tests.factories.means import isee
from tests.factories.people import child

TODAY = date(2026, 11, 23)


def test_it_holds_until_the_last_day_of_its_year(bari: Municipality) -> None:
    minor = child()
    held = isee(minor)
    assert isee_on(minor, date(2026, 12, 31)) == held
    assert isee_on(minor, date(2027, 1, 1)) is None


def test_the_last_filed_counts_and_a_current_one_before_all(bari: Municipality) -> None:
    minor = child()
    current = isee(minor, "3.000", kind=IseeKind.CURRENT, filed_on=date(2026, 5, 1))
    later = isee(minor, "9.000", filed_on=date(2026, 6, 1))
    assert isee_on(minor, TODAY) == current
    current.delete()
    assert isee_on(minor, TODAY) == later


def test_one_filed_later_did_not_count_before(bari: Municipality) -> None:
    minor = child()
    first = isee(minor)
    isee(minor, "1.000", filed_on=date(2026, 10, 1))
    assert isee_on(minor, date(2026, 9, 30)) == first


def test_declaring_again_corrects(bari: Municipality) -> None:
    minor = child()
    for cents in (900_000, 1_000_000):
        declare_isee(child=minor, isee=Isee(cents), dsu_protocol="A", filed_on=date(2026, 2, 3), today=TODAY)
    kept = IseeAttestation.objects.order_by("pk").values_list("amount_cents", "superseded_on")
    assert list(kept) == [(900_000, TODAY), (1_000_000, None)]
    counts = isee_on(minor, TODAY)
    assert counts is not None
    assert (counts.amount_cents, counts.valid_until) == (1_000_000, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("filed_on", "failure"), [(date(2026, 11, 24), IseeNotYetFiled), (date(2025, 12, 31), IseeLapsed)]
)
def test_what_cannot_hold_today_is_refused(bari: Municipality, filed_on: date, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        declare_isee(child=child(), isee=Isee(0), dsu_protocol="A", filed_on=filed_on, today=TODAY)


def test_what_inps_said_of_one_child_is_only_declared_for_another(bari: Municipality) -> None:
    first, second = child(), child()
    held = isee(first, provenance=Provenance.INPS)
    shared = share_isee(attestation=held, child=second)
    assert (shared.amount_cents, shared.provenance) == (held.amount_cents, Provenance.DECLARED)
    assert (share_isee(attestation=held, child=first), IseeAttestation.objects.count()) == (held, 2)
