"""Who stands around the demo families: a delegation, an exemption, a mother of two Comuni. Again changes nothing."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from onboarding.population.families import Inventor, Place, Sex
from onboarding.population.people import GRANDMOTHER, OF_TWO_COMUNI, DemoFamilies, born_in_bari
from onboarding.population.settling import settle_newcomer
from services_catalog.models import Edition
from sportello.accounts.granting import register_person
from sportello.accounts.models import Account
from sportello.enrolment.recognising import recognise_and_reprice
from sportello.families.delegating import delegate
from sportello.families.models import Act, Adult, Child
from sportello.families.queries import delegations_about
from sportello.families.rules import Delegate
from sportello.fees.models import RecognisedCondition
from sportello.kernel.dates import DateRange
from sportello.kernel.fiscal_code import FiscalCode
from sportello.kernel.school_year import SchoolYear

CHILDREN_OF_TWO: Final[dict[str, tuple[str, Sex, int]]] = {"A662": ("TOMMASO", "M", 7), "A893": ("VERA", "F", 9)}
"""The child of Elena Loiacono in each of her two Comuni."""


def settle_circle(place: Place, families: DemoFamilies, edition: Edition, *, clerk: Account, now: datetime) -> None:
    """Everybody the identity page promises beside the parents of the roster."""
    _delegate_to_grandmother(families, now)
    _exempt(families, edition, clerk, now)
    _mother_of_two_comuni(place)


def _delegate_to_grandmother(families: DemoFamilies, now: datetime) -> None:
    code = FiscalCode.parse(born_in_bari(GRANDMOTHER))
    payer, today = families.mothers.payer, now.date()
    child = Child.objects.filter(fiscal_code=families.mothers.children[0].person.fiscal_code)
    if any(given.delegate_code == code.value for given, _counts in delegations_about(child, today)):
        return
    mother = register_person(
        fiscal_code=FiscalCode.parse(payer.fiscal_code),
        given_name=payer.given_name.title(),
        family_name=payer.family_name.title(),
        email=families.mothers.email,
    )
    delegate(
        child=child.get(),
        delegate=Delegate(code, GRANDMOTHER[0].title(), GRANDMOTHER[1].title()),
        acts=(Act.SEE, Act.PAY),
        period=DateRange(today, SchoolYear.of(today).period.end),
        actor=mother,
        now=now,
    )


def _exempt(families: DemoFamilies, edition: Edition, clerk: Account, now: datetime) -> None:
    """The first condition that the Comune knows, if it knows any."""
    conditions = edition.rules.conditions
    child = Child.objects.get(fiscal_code=families.exempt.children[0].person.fiscal_code)
    if not conditions or RecognisedCondition.objects.filter(child=child).exists():
        return
    recognise_and_reprice(
        child=child,
        service=edition.service,
        condition=conditions[0].code,
        during=SchoolYear(edition.school_year).period,
        reason="Relazione dei servizi sociali (dimostrazione)",
        actor=clerk,
        now=now,
    )


@transaction.atomic
def _mother_of_two_comuni(place: Place) -> None:
    told = CHILDREN_OF_TWO.get(place.belfiore_code)
    if told is None:
        return
    given_name, family_name, sex, born = OF_TWO_COMUNI
    mother, _created = Adult.objects.get_or_create(
        fiscal_code=born_in_bari(OF_TWO_COMUNI),
        defaults={
            "given_name": given_name,
            "family_name": family_name,
            "sex": sex,
            "birth_date": born,
            "birthplace_code": "A662",
            "residence_code": place.belfiore_code,
        },
    )
    name, childs_sex, age = told
    inventor = Inventor(place, seed=1)
    person = inventor.somebody(name, "LATERZA", childs_sex, date(place.school_year - age, 6, 2))
    settle_newcomer(place, inventor.enrolled(person, "primaria", age - 5), parent=mother, sibling=None)
