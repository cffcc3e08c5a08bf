"""The factories make whole families, different at each call, in the current Comune only."""

from sportello.accounts.models import Account, Role
from sportello.families.models import Child
from sportello.kernel.fiscal_code import FiscalCode
from tenants.current import in_schema
from tenants.models import Municipality
from tests.factories import account, family, isee, pupil, scope, section
from tests.factories.numbering import TODAY


def test_a_family_lives_in_one_comune(bari: Municipality) -> None:
    made = family(children=2)
    for child in made.children:
        pupil(child)
        isee(child)
        assert FiscalCode.parse(child.fiscal_code or "").value == child.fiscal_code
    assert made.account.fiscal_code == made.parent.fiscal_code
    with in_schema("c_a893"):
        assert not Child.objects.exists()
        assert not Account.objects.exists()


def test_staff_have_their_roles_and_sections(bari: Municipality) -> None:
    teacher = account(Role.SCHOOL)
    scope(teacher, section())
    assert teacher.roles_on(TODAY) == {Role.SCHOOL}
