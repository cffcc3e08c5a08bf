"""The four sample exports, whole: committed, the same again without effect, undone exactly, no other Comune touched."""

from datetime import date

import pytest

from sportello.families.models import Adult
from sportello.means.models import TaxPosition
from tenants.current import in_schema
from tenants.models import Municipality
from tests.onboarding.judging.samples import SAMPLES, Sample
from tests.onboarding.kinds.loads import committed, everything, in_force_a_year_before, undone
from tests.onboarding.kinds.test_taxes import OWES, PAID, known

TODAY = date(2025, 12, 1)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_file_is_written_once_and_given_back(ready: Municipality, sample: Sample) -> None:
    for service in ("mensa", "trasporto"):
        in_force_a_year_before(service)
    known(OWES, PAID)
    bitonto = Municipality.objects.get(slug="bitonto")
    with in_schema(bitonto.schema_name):
        known(OWES, PAID)
        elsewhere = everything()
    nothing, content = everything(), sample.content()
    first = committed(content, sample.mapping, today=TODAY, year=2025)
    before = everything()
    assert before != nothing
    assert {OWES, PAID} <= set(Adult.objects.values_list("fiscal_code", flat=True))
    again = committed(content, sample.mapping, today=date(2025, 12, 8), year=2025)
    assert everything() == before
    assert (again.counts["since"]["unchanged"], again.counts["since"]["disappeared"]) == (
        first.counts["people"],
        0,
    ) or (sample.mapping.kind != "roster")
    with in_schema(bitonto.schema_name):
        assert everything() == elsewhere
        assert not TaxPosition.objects.exists()
    for load, was in ((again, before), (first, nothing)):
        undone(load)
        assert everything() == was
