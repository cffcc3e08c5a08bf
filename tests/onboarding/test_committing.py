"""What a commit stores, and what a second one changes."""

from datetime import date

import pytest

from onboarding.errors import LoadNotReady, NothingToCommit
from onboarding.models import LoadState
from sportello.billing.models import Entry, LedgerAccount
from sportello.canteen.models import SpecialDiet
from sportello.enrolment.models import Subscription
from sportello.families.models import Adult, Child, Guardianship, PayerAssignment, Pupil
from sportello.kernel.fiscal_code import FiscalCode
from sportello.means.models import IseeAttestation
from tenants.models import Municipality
from tests.onboarding.rosters import checked, committed, roster, row


def cf(last: str, first: str, sex: str, born: date, place: str = "A662") -> str:
    return FiscalCode.compute(
        last_name=last, first_name=first, sex="F" if sex == "F" else "M", birth_date=born, birthplace_code=place
    ).value


EMMA = cf("RUSSO", "EMMA", "F", date(2018, 8, 3), "F052")
LUCA = cf("RUSSO", "LUCA", "M", date(2017, 4, 5))
NICOLO = cf("RUSSO", "NICOLO'", "M", date(1996, 3, 29), "A225")


def emma(**changes: str) -> str:
    return row(**{"COD_FISCALE": EMMA, "CF_PAG": NICOLO, **changes})


def luca(**changes: str) -> str:
    values = {
        "MATRICOLA": "000002",
        "NOME": "LUCA",
        "SESSO": "M",
        "DATA_NASCITA": "05/04/2017",
        "COD_FISCALE": LUCA,
        "COMUNE_NASCITA": "BARI",
        "PROV": "BA",
        "CF_PAG": NICOLO,
        "CLASSE": "3",
        "DIETA": "CEL",
        "SALDO": "-12,50",
    }
    return row(**{**values, **changes})


def test_a_family_is_stored_whole(ready: Municipality) -> None:
    load = committed(roster(emma(), luca()))
    assert load.state == LoadState.COMMITTED
    girl, boy = Child.objects.order_by("legacy_id")
    payer = Adult.objects.get()
    assert (girl.family_name, girl.fiscal_code, girl.birthplace_code, girl.residence_code) == (
        "RUSSO",
        EMMA,
        "F052",
        "A662",
    )
    assert girl.household_id == boy.household_id
    assert girl.household_id is not None
    assert (payer.given_name, payer.fiscal_code, payer.email) == ("NICOLÒ", NICOLO, "nicolo.russo@example.org")
    assert {str(pupil.section) for pupil in Pupil.objects.all()} == {"2D", "3D"}
    guardianship = Guardianship.objects.get(child=girl)
    assert (guardianship.adult, guardianship.valid_during.upper) == (payer, date(2036, 8, 3))
    assert PayerAssignment.objects.get(child=boy).adult == payer
    isee = IseeAttestation.objects.get(child=girl)
    assert (isee.amount_cents, isee.provenance, isee.valid_during.upper) == (2_400_001, "legacy", date(2027, 1, 1))
    assert SpecialDiet.objects.get().child == boy
    place = Subscription.objects.get(child=girl)
    assert (place.origin, place.valid_during.lower, place.valid_during.upper) == (
        "roster",
        date(2026, 9, 1),
        date(2027, 9, 1),
    )
    assert [account.balance_cents for account in LedgerAccount.objects.order_by("child__legacy_id")] == [4001, -1250]
    assert load.result["children_created"] == 2


def test_the_same_roster_again_changes_nothing(ready: Municipality) -> None:
    committed(roster(emma(), luca()))
    before = everything()
    again = committed(roster(emma(), luca()), today=date(2026, 12, 1))
    assert everything() == before
    assert again.result == {name: 2 if name in {"rows", "children_unchanged"} else 0 for name in again.result}


def test_what_changed_holds_from_the_day_of_the_commit(ready: Municipality) -> None:
    committed(roster(emma(), luca()))
    committed(roster(emma(CLASSE="4", SALDO="50,00"), luca(DIETA="VEG")), today=date(2026, 12, 1))
    girl = Child.objects.get(legacy_id="000001")
    placements = [(str(p.section), p.valid_during.lower) for p in girl.placements.order_by("valid_during")]
    assert placements == [("2D", date(2026, 9, 1)), ("4D", date(2026, 12, 1))]
    diets = [(d.code, d.valid_during.lower) for d in SpecialDiet.objects.order_by("valid_during")]
    assert diets == [("celiac", date(2026, 9, 1)), ("vegetarian", date(2026, 12, 1))]
    entries = Entry.objects.filter(account__child=girl).order_by("id")
    assert [(e.kind, e.amount_cents, e.corrects_id) for e in entries] == [
        ("opening", 4001, None),
        ("correction", 999, entries[0].pk),
    ]
    assert LedgerAccount.objects.get(child=girl).balance_cents == 5000


def test_what_the_family_told_the_desk_is_kept(ready: Municipality) -> None:
    committed(roster(emma()))
    Adult.objects.update(email="nuova@example.org")
    committed(roster(emma(EMAIL="vecchia@example.org")))
    assert Adult.objects.get().email == "nuova@example.org"


def test_rows_to_review_are_left_out(ready: Municipality) -> None:
    load = committed(roster(emma(), luca(COD_FISCALE="")))
    assert [child.legacy_id for child in Child.objects.all()] == ["000001"]
    assert load.totals["read"] == 4001 - 1250
    assert load.totals["committable"] == 4001


def test_a_roster_without_good_rows_is_not_committed(ready: Municipality) -> None:
    with pytest.raises(NothingToCommit):
        committed(roster(emma(COD_FISCALE="")))


def test_a_file_that_cannot_be_read_is_not_committed(ready: Municipality) -> None:
    load = checked(b"PK\x03\x04 not a csv")
    assert load.state == LoadState.FAILED
    assert "foglio di calcolo" in load.failure
    with pytest.raises(LoadNotReady):
        committed(b"PK\x03\x04 not a csv")


def everything() -> list[object]:
    models = (Child, Adult, Guardianship, PayerAssignment, Pupil, IseeAttestation, SpecialDiet, Subscription)
    return [sorted(map(repr, model.objects.order_by("pk").values_list())) for model in (*models, Entry, LedgerAccount)]
