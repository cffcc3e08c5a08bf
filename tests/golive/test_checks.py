"""Each check turns when what it asks turns, with its reason and where it is cured."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from integrations.models import Connector, Health
from integrations.spid_cie.models import EntityState, SamlEntity
from onboarding.golive.check import Asked, Check, Where, check_named, checks, passes, register_check
from onboarding.golive.models import Rehearsal
from onboarding.models import LoadState, RosterLoad
from onboarding.training.exercise import exercises_for
from onboarding.training.models import ExerciseDone
from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.billing.models import EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.jobs.models import Job
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from tenants.current import PUBLIC, in_schema
from tenants.models import Municipality
from tests.factories import account
from tests.golive.rows import good_row, spoilt_row
from tests.onboarding.rosters import YEAR, checked, committed, roster

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ROME)


def asked(municipality: Municipality, code: str) -> tuple[bool, str]:
    fresh = Municipality.objects.get(pk=municipality.pk)
    found = check_named(code)
    assert found is not None
    finding = found.judge(Asked(fresh, NOW.date(), NOW))
    return finding.passed, str(finding.sentence)


def test_what_the_law_asks_is_marked_and_the_codes_are_known() -> None:
    assert {one.code for one in checks() if one.legal} >= {"identity", "privacy", "accessibility"}
    assert {one.code for one in checks() if not one.blocking} >= {"second-administrator", "schools"}
    assert all(one.blocking for one in checks() if one.legal)


def test_another_part_of_the_house_may_add_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onboarding.golive.check._checks", {})
    mine = Check("pagopa", "Stazione pagoPA", lambda _asked: passes("Attiva."), legal=True)
    register_check(mine)
    register_check(mine)
    assert checks() == (mine,)
    with pytest.raises(ValueError, match="twice"):
        register_check(Check("pagopa", "Altra", lambda _asked: passes("")))


def test_no_load_no_start(eve: Municipality) -> None:
    assert asked(eve, "rows") == (False, "Nessun elenco dell'archivio precedente è stato caricato.")
    assert asked(eve, "balances")[0] is False


def test_a_row_to_review_blocks_until_it_is_gone(eve: Municipality) -> None:
    load = checked(roster(good_row(), spoilt_row()))
    assert load.counts.get("review", 0) + load.counts.get("reject", 0) == 1
    passed, sentence = asked(eve, "rows")
    assert (passed, sentence) == (False, "Nell'ultimo caricamento di «mensa» 1 riga aspetta una decisione.")
    load.rows.filter(verdict__in=["review", "reject"]).update(verdict="reject", decided=True)  # left out by a person
    assert asked(eve, "rows") == (False, "L'ultimo elenco di «mensa» è stato controllato ma non caricato.")
    RosterLoad.objects.filter(pk=load.pk).update(state=LoadState.COMMITTED)
    assert asked(eve, "rows")[0] is True


def test_the_last_load_of_each_source_counts(eve: Municipality) -> None:
    committed(roster(good_row()))
    assert asked(eve, "rows")[0] is True
    other = checked(roster(good_row(), spoilt_row()))
    committed(roster(good_row()))  # a later one of the first source changes nothing about the other
    mapping = other.mapping
    assert mapping is not None
    mapping.pk, mapping.public_id, mapping.source_name, mapping._state.adding = None, uuid4(), "altro archivio", True
    mapping.save()
    RosterLoad.objects.filter(pk=other.pk).update(mapping=mapping)
    assert "«altro archivio» 1 riga" in asked(eve, "rows")[1]
    RosterLoad.objects.filter(pk=other.pk).update(state=LoadState.UNDONE)
    assert asked(eve, "rows")[0] is True  # what was undone says nothing
    RosterLoad.objects.exclude(pk=other.pk).update(state=LoadState.UNDONE)
    assert asked(eve, "rows")[1] == "Nessun elenco dell'archivio precedente è stato caricato."
    assert asked(eve, "balances")[0] is False


def test_balances_are_equal_to_the_cent(eve: Municipality) -> None:
    committed(roster(good_row()))  # 40,01
    assert asked(eve, "balances") == (True, "I saldi riportati sono uguali all'elenco precedente: 40,01 €.")
    held = LedgerAccount.objects.get()
    opening = held.entries.get()
    cent = EntryLine(
        child_id=held.child_id,
        service_code=held.service_code,
        kind=EntryKind.CORRECTION,
        amount=Money(-1),
        competence_on=YEAR.period.start,
        description="Rettifica",
        key="test:cent",
        corrects_id=opening.pk,
    )
    post_entries(lines=[cent], now=NOW, actor=None)
    passed, sentence = asked(eve, "balances")
    assert not passed
    assert "40,00 €" in sentence
    assert "-0,01 €" in sentence or "−0,01 €" in sentence


def test_what_happens_after_the_start_is_no_difference(eve: Municipality) -> None:
    committed(roster(good_row()))
    held = LedgerAccount.objects.get()
    paid = EntryLine(
        child_id=held.child_id,
        service_code=held.service_code,
        kind=EntryKind.PAYMENT,
        amount=Money(500),
        competence_on=NOW.date(),
        description="Pagamento",
        key="test:payment",
        reference="RIC-1",
    )
    post_entries(lines=[paid], now=NOW, actor=None)
    assert asked(eve, "balances")[0] is True


def test_a_row_left_out_leaves_its_balance_out(eve: Municipality) -> None:
    """The report of the previous archive holds it, the ledger does not: that is a difference."""
    committed(roster(good_row(), spoilt_row(SALDO="10,00")))
    passed, sentence = asked(eve, "balances")
    assert not passed
    assert "50,01 €" in sentence


def test_an_administrator_must_be_trained(eve: Municipality) -> None:
    chief = account(Role.ADMINISTRATOR)
    assert asked(eve, "training")[0] is False
    for one in exercises_for(frozenset({Role.ADMINISTRATOR})):
        ExerciseDone.objects.create(account=chief, exercise=one.code, version=one.version, done_at=NOW, event=1)
    assert asked(eve, "training") == (True, "1 amministratore ha finito gli esercizi.")


def test_spid_and_cie_must_be_in_production(eve: Municipality) -> None:
    with in_schema(PUBLIC):
        SamlEntity.objects.filter(municipality=eve).update(state=EntityState.TESTING)
    assert asked(eve, "identity") == (False, "Non ancora in esercizio: SPID, CIE.")
    with in_schema(PUBLIC):
        SamlEntity.objects.filter(municipality=eve, scheme="spid").update(state=EntityState.PRODUCTION)
    assert asked(eve, "identity") == (False, "Non ancora in esercizio: CIE.")
    with in_schema(PUBLIC):
        SamlEntity.objects.filter(municipality=eve).update(state=EntityState.PRODUCTION)
    assert asked(eve, "identity")[0] is True


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("privacy", {"privacy_url": "https://x.example/p"}),
        ("accessibility", {"accessibility_declaration_url": "https://form.agid.gov.it/x"}),
        ("legal-notes", {"legal_notes_url": "https://x.example/n"}),
        ("contacts", {"contacts_email": "a@x.example", "contacts_phone": "080 1234567"}),
        ("branding", {"coat_of_arms": "stemma/x.png"}),
    ],
)
def test_what_the_footer_shows(eve: Municipality, code: str, fields: dict[str, str]) -> None:
    Municipality.objects.filter(pk=eve.pk).update(**dict.fromkeys(fields, ""))
    assert asked(eve, code)[0] is False
    found = check_named(code)
    assert found is not None
    cure = found.judge(Asked(Municipality.objects.get(pk=eve.pk), NOW.date(), NOW)).cure
    assert cure is not None
    assert (cure.where, cure.path) == (Where.CENTRAL, "/comuni/A662/aspetto/")
    Municipality.objects.filter(pk=eve.pk).update(**fields)
    assert asked(eve, code)[0] is True


def test_contacts_name_what_is_missing(eve: Municipality) -> None:
    Municipality.objects.filter(pk=eve.pk).update(contacts_email="a@x.example", contacts_phone="")
    assert asked(eve, "contacts") == (False, "Mancano i contatti dell'ufficio: telefono.")


def test_rules_must_be_in_force_and_confirmed(bitonto: Municipality) -> None:
    assert asked(bitonto, "editions") == (False, "Nessun servizio ha ancora le sue regole.")


def test_fees_to_confirm_block(eve: Municipality) -> None:
    # The packs of the demonstration name invented acts, which are never confirmed.
    passed, sentence = asked(eve, "editions")
    assert not passed
    assert "da confermare" in sentence or "Senza un'edizione" in sentence


def test_confirmed_fees_in_force_pass(bari: Municipality) -> None:
    from tests.factories.editions import edition

    edition()
    assert asked(bari, "editions") == (True, "In vigore e confermate: Mensa scolastica.")
    Edition.objects.update(status="superseded")
    assert asked(bari, "editions") == (False, "Senza un'edizione in vigore: Mensa scolastica.")


def test_the_calendar_of_the_year(eve: Municipality, bitonto: Municipality) -> None:
    with in_schema(eve.schema_name):
        assert asked(eve, "calendar") == (True, "Il calendario dell'anno 2026/27 c'è.")
    assert asked(bitonto, "calendar") == (False, "Manca l'elenco delle scuole.")


def test_connectors(eve: Municipality) -> None:
    assert asked(eve, "connectors")[0] is True
    assert asked(eve, "connectors-tried")[0] is False
    line = Connector.objects.create(kind="inps_isee", adapter="simulator", enabled=True)
    assert asked(eve, "connectors") == (False, "Risponde un simulatore: inps_isee.")
    Connector.objects.filter(pk=line.pk).update(adapter="pdnd", health=Health.DOWN)
    assert asked(eve, "connectors") == (False, "Non funzionano: inps_isee.")
    Connector.objects.filter(pk=line.pk).update(health=Health.DEGRADED)
    assert asked(eve, "connectors")[0] is True
    assert asked(eve, "connectors-tried") == (False, "Mai provati o a singhiozzo: inps_isee.")


def test_a_second_administrator_is_worth_having(eve: Municipality) -> None:
    account(Role.ADMINISTRATOR)
    assert asked(eve, "second-administrator")[0] is False
    account(Role.ADMINISTRATOR)
    assert asked(eve, "second-administrator") == (True, "Gli amministratori sono 2.")


def test_a_school_without_anybody_is_told(eve: Municipality) -> None:
    from tests.factories import scope, section

    room = section()
    assert asked(eve, "schools") == (False, "In 1 scuola nessuno può fare l'appello.")
    scope(account(Role.SCHOOL), room.school)
    assert asked(eve, "schools")[0] is True


def test_the_rehearsal_must_be_good_recent_and_after_the_last_load(eve: Municipality) -> None:
    assert asked(eve, "rehearsal") == (False, "La prova sulla copia non è stata fatta.")
    job = Job.objects.create(kind="x", created_at=NOW)
    made = Rehearsal.objects.create(job=job, asked_by="Lei", asked_at=NOW, finished_at=NOW - timedelta(days=29))
    assert asked(eve, "rehearsal") == (False, "L'ultima prova sulla copia non è riuscita.")
    Rehearsal.objects.update(passed=True)
    assert asked(eve, "rehearsal")[0] is True
    Rehearsal.objects.filter(pk=made.pk).update(finished_at=NOW - timedelta(days=30))
    assert "più di 30 giorni" in asked(eve, "rehearsal")[1]
    Rehearsal.objects.filter(pk=made.pk).update(finished_at=NOW - timedelta(days=1))
    committed(roster(good_row()))
    assert "rifai la prova" in asked(eve, "rehearsal")[1]
