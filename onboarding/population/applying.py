"""Families of the demo that have asked for the canteen and wait for the office: so its queue is not empty."""

from datetime import date, datetime, timedelta
from typing import Final

from onboarding.population.families import Inventor, Place, Sex
from onboarding.population.people import FATHER, MOTHER
from onboarding.population.settling import settle_newcomer
from sportello.accounts.granting import register_person
from sportello.accounts.models import Account
from sportello.applications.calls import Call, call_on
from sportello.applications.drafting import blank_application, keep_step
from sportello.applications.models import Application
from sportello.applications.queries import open_applications
from sportello.applications.steps.draft import Draft
from sportello.applications.steps.order import STEPS
from sportello.applications.steps.protocol import bound_form
from sportello.applications.submitting import submit
from sportello.canteen.service import canteen_service
from sportello.families.models import Child, PayerAssignment
from sportello.kernel.fiscal_code import FiscalCode

SEED: Final = 7
WAITING: Final = 24
DIETS: Final = ("standard", "standard", "standard", "ethical_religious")
NAMES: Final[tuple[tuple[str, Sex], ...]] = (
    ("VIOLA", "F"),
    ("DIEGO", "M"),
    ("ELENA", "F"),
    ("MARCO", "M"),
    ("BIANCA", "F"),
    ("PAOLO", "M"),
)


def send_applications(place: Place, *, today: date, now: datetime) -> int:
    """Each of WAITING families sends an application for a younger child; returns how many were sent now."""
    call = call_on(canteen_service(), today)
    if call is None or not call.is_open:
        return 0
    inventor, sent = Inventor(place, seed=SEED), 0
    for number, payer in enumerate(_families()):
        given_name, sex = NAMES[number % len(NAMES)]
        born = date(place.school_year - 4, 1, 10) + timedelta(days=11 * number)
        person = inventor.somebody(given_name, payer.child.family_name, sex, born)
        newcomer = inventor.enrolled(person, "infanzia", 2)
        child = settle_newcomer(place, newcomer, parent=payer.adult, sibling=payer.child)
        if open_applications([child], service_id=call.edition.service_id, school_year=call.edition.school_year):
            continue
        account = register_person(
            fiscal_code=FiscalCode.parse(payer.adult.fiscal_code or ""),
            given_name=payer.adult.given_name.title(),
            family_name=payer.adult.family_name.title(),
            email=payer.adult.email,
        )
        _send(call, account, child, diet=DIETS[number % len(DIETS)], today=today, now=now - timedelta(hours=5 * number))
        sent += 1
    return sent


def _families() -> list[PayerAssignment]:
    """Payers of the roster with a mail address, one for each family, without the people everybody is told about."""
    told = {MOTHER[1], FATHER[1]}
    payers = PayerAssignment.objects.select_related("adult", "child").exclude(adult__email="")
    chosen: dict[int, PayerAssignment] = {}
    for payer in payers.exclude(adult__fiscal_code=None).order_by("pk")[: WAITING * 4]:
        if payer.adult.family_name not in told and len(chosen) < WAITING:
            chosen.setdefault(payer.adult_id, payer)
    return list(chosen.values())


def _send(call: Call, account: Account, child: Child, *, diet: str, today: date, now: datetime) -> Application:
    """Through the same steps and the same sending as everybody."""
    application = blank_application(call=call, account=account, now=now)
    draft = Draft(application, call.content, account, today)
    answers = {
        "privacy": {"read": "on"},
        "figlio": {"child": str(child.public_id), "contact_email": account.email},
        "scuola": {"school_state": "confirmed", "diet": diet},
        "isee": {"isee": "none"},
    }
    for step in STEPS:
        if step.applies(draft):
            keep_step(draft=draft, step=step, form=bound_form(step, draft, answers[step.slug]), now=now)
            draft = Draft(draft.application, call.content, account, today)
    return submit(application=draft.application, applicant=account, now=now)
