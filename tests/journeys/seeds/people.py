"""In each Comune a clerk, an administrator, somebody of support, a teacher with a class, a mother; the central team."""

from django.conf import settings

from sportello.accounts.models import Account, Role
from sportello.schools.models import Level, School
from tenants.current import in_schema
from tests.factories import citizen, family, fiscal_code, grant, isee, pupil, scope, section

ORDER = 20
SCHEMAS = ("c_a662", "c_a893", "c_l109")


def seed() -> None:
    for schema in SCHEMAS:
        with in_schema(schema):
            _seed_comune()
    with in_schema(settings.CENTRAL_SCHEMA):
        _staff(Role.CENTRAL)


def _seed_comune() -> None:
    for role in (Role.CLERK, Role.ADMINISTRATOR, Role.SUPPORT):
        _staff(role)
    school = School.objects.filter(level=Level.PRIMARY).order_by("school_code").first()
    first_class = section(school)
    scope(_staff(Role.SCHOOL), first_class)
    made = family(children=2)
    for child in made.children:
        pupil(child, first_class)
        isee(child)
    Account.objects.filter(pk=made.account.pk).update(given_name="Giulia")


def _staff(role: Role) -> Account:
    """Somebody who enters with a digital identity and has this role; found again by the name of the role."""
    person = citizen(given_name=role.value.capitalize(), family_name="Prova", identifier=fiscal_code())
    grant(person, role)
    return person
