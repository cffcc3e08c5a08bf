"""The office accepts: a place, a price, a seat, a diet, a notice; once, and all or nothing."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from services_catalog.models import Edition
from sportello.accounts.models import Account, Role
from sportello.applications.models import Application, ApplicationState, SensitiveAnswer
from sportello.applications.states import TransitionNotAllowed
from sportello.audit.models import Action, Event
from sportello.canteen.models import SpecialDiet
from sportello.enrolment.admission import AlreadySubscribed, accept_application, accept_many
from sportello.enrolment.models import Subscription
from sportello.families.models import Pupil
from sportello.fees.models import PriceDecision
from sportello.kernel import clock
from sportello.notifications.models import Notice, OutboxMail
from tenants.models import Municipality
from tests import factories
from tests.factories.applications import sent_application
from tests.factories.editions import edition_from_pack

type Sent = Callable[..., Application]
STARTS = date(2026, 12, 1)


@pytest.fixture
def edition(bari: Municipality) -> Edition:
    return edition_from_pack("bari")


@pytest.fixture
def clerk(bari: Municipality) -> Account:
    return factories.account(Role.CLERK)


@pytest.fixture
def sent(edition: Edition) -> Sent:
    return partial(sent_application, edition)


def accept(application: Application, clerk: Account) -> Subscription:
    return accept_application(public_id=application.public_id, actor=clerk, now=clock.now(), starts_on=STARTS)


def test_accepting_gives_a_place_to_the_end_of_the_school_year(sent: Sent, clerk: Account) -> None:
    application = sent()
    place = accept(application, clerk)
    application.refresh_from_db()
    assert application.state == ApplicationState.ACCEPTED
    assert (place.valid_during[0], place.valid_during[1]) == (STARTS, date(2027, 9, 1))


def test_accepting_decides_the_price_with_its_explanation(sent: Sent, clerk: Account) -> None:
    parent = factories.adult()
    child = factories.child(parent)
    factories.pupil(child)
    factories.isee(child, "8.500,00")
    accept(sent(child), clerk)
    prices = list(PriceDecision.objects.order_by("valid_during").values_list("unit_price_cents", flat=True))
    assert prices == [190, 600], "to 31 December the ISEE holds; from January none does, so the top band applies"
    assert all(PriceDecision.objects.values_list("steps", flat=True))


def test_accepting_tells_the_family_and_leaves_a_record(sent: Sent, clerk: Account) -> None:
    application = sent()
    accept(application, clerk)
    assert Notice.objects.get().account == application.applicant
    assert OutboxMail.objects.get().recipient == "madre@example.org"
    event = Event.objects.get(action=Action.APPLICATION_DECIDED)
    assert (event.actor, event.subject) == (clerk.pk, str(application.public_id))


def test_accepting_twice_is_refused_and_gives_one_place(sent: Sent, clerk: Account) -> None:
    application = sent()
    accept(application, clerk)
    with pytest.raises(TransitionNotAllowed):
        accept(application, clerk)
    assert Subscription.objects.count() == 1


def test_a_child_with_a_place_is_not_accepted_again(sent: Sent, clerk: Account, edition: Edition) -> None:
    child = factories.child(factories.adult())
    Subscription.objects.create(
        child=child, service=edition.service, edition=edition, origin="roster", valid_during=(date(2026, 9, 1), None)
    )
    application = sent(child)
    with pytest.raises(AlreadySubscribed, match="già iscritto"):
        accept(application, clerk)
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED


def test_the_diet_asked_for_is_recorded_apart(sent: Sent, clerk: Account) -> None:
    application = sent()
    SensitiveAnswer.objects.create(application=application, question="diet", value="ethical_religious")
    accept(application, clerk)
    diet = SpecialDiet.objects.get()
    assert (diet.child, diet.code) == (application.child, "ethical_religious")


def test_no_special_diet_leaves_none(sent: Sent, clerk: Account) -> None:
    application = sent()
    SensitiveAnswer.objects.create(application=application, question="diet", value="standard")
    accept(application, clerk)
    assert not SpecialDiet.objects.exists()


def test_the_class_stated_becomes_the_seat(sent: Sent, clerk: Account) -> None:
    school = factories.school()
    child = factories.child(factories.adult())
    stated = {"school": school.school_code, "class_year": "2", "letter": "b"}
    accept(sent(child, answers={"scuola": {"values": stated, "complete": True}}), clerk)
    section = Pupil.objects.get(child=child).section
    assert (section.school, section.class_year, section.letter) == (school, 2, "B")


def test_a_bulk_accepts_what_it_can_and_says_why_not(sent: Sent, clerk: Account) -> None:
    good, gone = sent(), sent(state=ApplicationState.WITHDRAWN)
    outcome = accept_many(public_ids=[good.public_id, gone.public_id], actor=clerk, now=clock.now())
    assert outcome.accepted == 1
    assert [refusal.protocol for refusal in outcome.refused] == [str(gone.protocol)]
