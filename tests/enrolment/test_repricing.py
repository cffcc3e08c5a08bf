"""A new act changes what the enrolled children pay, from its first day."""

from datetime import date

from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.enrolment.pricing import reprice_service
from sportello.enrolment.repricing_job import REPRICE
from sportello.fees.models import PriceDecision
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.models import Municipality
from tests.factories import child, pupil, school, section
from tests.factories.deciding import send
from tests.factories.editions import NOW, edition, edition_content
from tests.factories.numbering import YEAR

NEW_YEAR = date(2027, 1, 1)


def test_an_edition_put_in_force_reprices_the_enrolled_from_its_first_day(bari: Municipality) -> None:
    first, minor = edition(), child()
    pupil(minor, section(school(level="primaria")))
    Subscription.objects.create(
        child=minor,
        service=first.service,
        edition=first,
        origin=SubscriptionOrigin.ROSTER,
        valid_during=YEAR.period.bounds,
    )
    reprice_service(service=first.service, within=YEAR.period, now=NOW)
    send()
    dearer = edition_content(fees={"base": {"kind": "single_price", "amount": "4.00"}})
    second = edition(first.service, content=dearer, valid_from=NEW_YEAR)
    job = Job.objects.get(kind=REPRICE)
    run_job(public_id=job.public_id, now=clock.now)
    assert Job.objects.get().result == {"drafts": 1, "undecided": 0}
    Job.objects.update(state="queued", finished_at=None)
    run_job(public_id=job.public_id, now=clock.now)
    assert PriceDecision.objects.to_send().get().reasons == ["new_act"], "running again makes nothing more"
    send()
    before, after = YEAR.period.split(NEW_YEAR)
    rows = PriceDecision.objects.in_force().filter(child=minor).order_by("valid_during")
    assert [(row.period, row.unit_price_cents, row.edition_id) for row in rows] == [
        (before, 300, first.pk),
        (after, 400, second.pk),
    ]
