"""Celery's door to enrolment."""

from celery import shared_task

from sportello.enrolment.pricing import review_arrears
from sportello.enrolment.reminding import remind_of_lapsing_isee
from sportello.kernel import clock


@shared_task(name="enrolment.remind_isee")
def remind_isee() -> None:
    """Tells the families of this Comune whose ISEE is about to lapse."""
    remind_of_lapsing_isee(now=clock.now())


@shared_task(name="enrolment.review_arrears")
def review_arrears_tonight() -> None:
    """Works out the prices of this Comune that follow arrears."""
    review_arrears(now=clock.now())
