"""The tests' own ground holds: Comuni apart, rollbacks, clones."""

import pytest
from django.db import ProgrammingError, connection

from sportello.accounts.models import Account, Scheme
from tenants.current import current_schema, in_schema
from tenants.models import Municipality


def test_the_test_runs_inside_the_comune(bari: Municipality) -> None:
    assert current_schema() == bari.schema_name == "c_a662"
    assert Account.objects.count() == 0


def test_public_has_no_table_of_a_comune(db: None) -> None:
    with pytest.raises(ProgrammingError):
        Account.objects.count()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_is_rolled_back(bari: Municipality, turn: int) -> None:
    assert not Account.objects.exists()
    Account.objects.create(scheme=Scheme.LOCAL, identifier="uno", given_name="Ada", family_name="Prova")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_has_its_own_database(transactional_db: None, turn: int) -> None:
    assert not connection.in_atomic_block
    with in_schema("c_a893"):
        assert not Account.objects.exists()
        Account.objects.create(scheme=Scheme.LOCAL, identifier="uno", given_name="Ada", family_name="Prova")
