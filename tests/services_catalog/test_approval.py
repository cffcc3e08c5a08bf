"""Who writes a fee table does not put it in force: it is proposed, frozen, and judged by another administrator."""

from datetime import date
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from services_catalog.approval import (
    NotAProposal,
    NotItsAuthor,
    ReasonMissing,
    StartOutsideYear,
    propose_edition,
    send_back,
    take_back,
)
from services_catalog.approvers import ApproverIsAuthor, NotProposed, approvers_of
from services_catalog.models import Edition, EditionStatus
from services_catalog.publication import EditionFrozen, EditionHasErrors, discard_draft, put_in_force, revise_draft
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.notifications.models import Notice
from tenants.models import Municipality
from tests.architecture.source import ROOT
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.editions import NOW, act, draft, edition_content
from tests.factories.numbering import ALWAYS

NEW_YEAR = date(2027, 1, 1)
TODAY = NOW.date()


@pytest.fixture
def author(bari: Municipality) -> Account:
    return account(Role.ADMINISTRATOR)


@pytest.fixture
def other(author: Account) -> Account:
    return account(Role.ADMINISTRATOR)


@pytest.fixture
def proposal(author: Account, other: Account) -> Edition:
    return propose_edition(edition=draft(actor=author), actor=author, note="Come da delibera", now=NOW)


def test_another_administrator_puts_in_force_what_was_proposed(
    proposal: Edition, author: Account, other: Account
) -> None:
    held = put_in_force(edition=proposal, act=act(), actor=other, now=NOW)
    assert (held.status, held.drafted_by, held.proposed_by, held.in_force_by) == (
        EditionStatus.IN_FORCE,
        author,
        author,
        other,
    )


def test_nobody_puts_in_force_what_was_not_proposed(author: Account, other: Account) -> None:
    with pytest.raises(NotProposed):
        put_in_force(edition=draft(actor=author), act=act(), actor=other, now=NOW)


@pytest.mark.parametrize("part", ["drafted", "revised", "proposed"])
def test_who_had_a_part_in_it_does_not_approve(author: Account, other: Account, part: str) -> None:
    written = draft(actor=author if part == "drafted" else other)
    revise_draft(edition=written, content=edition_content(), actor=author if part == "revised" else other, now=NOW)
    proposed = propose_edition(edition=written, actor=author if part == "proposed" else other, now=NOW)
    with pytest.raises(ApproverIsAuthor, match="un altro amministratore"):
        put_in_force(edition=proposed, act=act(), actor=author, now=NOW)
    with pytest.raises(IntegrityError, match="edition_approved_by_another"), transaction.atomic():
        Edition.objects.filter(pk=proposed.pk).update(
            status="in_force", act_number="1", act_date=TODAY, in_force_by=author
        )


def test_the_central_team_loads_a_pack_without_anybody(bari: Municipality) -> None:
    held = put_in_force(edition=draft(), act=act(), actor=None, now=NOW)
    assert (held.status, held.proposed_by, held.in_force_by) == (EditionStatus.IN_FORCE, None, None)


def test_a_proposal_is_frozen(proposal: Edition, author: Account) -> None:
    with pytest.raises(EditionFrozen):
        revise_draft(edition=proposal, content=edition_content(), actor=author, now=NOW)
    with pytest.raises(EditionFrozen):
        discard_draft(edition=proposal, actor=author, now=NOW)
    with pytest.raises(EditionFrozen):
        propose_edition(edition=proposal, actor=author, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "fingerprint = 'x'",
        "drafted_by_id = NULL",
        "proposed_by_id = NULL",
        "proposal_note = 'altro'",
        "valid_during = daterange('2026-10-01', '2027-09-01')",
        "status = 'draft', content = '{}'",
        "status = 'draft', drafted_by_id = NULL",
        "status = 'in_force', act_number = '1', act_date = '2026-04-30', content = '{}'",
        "status = 'in_force', act_number = '1', act_date = '2026-04-30', drafted_by_id = NULL, proposed_by_id = NULL",
        "status = 'superseded', act_number = '1', act_date = '2026-04-30'",
    ],
)
def test_the_database_freezes_it_too(proposal: Edition, change: str) -> None:
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE services_catalog_edition SET {change} WHERE id = %s", [proposal.pk])


def test_the_database_does_not_delete_a_proposal_nor_let_a_person_skip_it(proposal: Edition, other: Account) -> None:
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        proposal.delete()
    drafted = draft()
    with pytest.raises(IntegrityError, match="was not proposed"), transaction.atomic():
        Edition.objects.filter(pk=drafted.pk).update(
            status="in_force", act_number="1", act_date=TODAY, in_force_by=other
        )
    with pytest.raises(IntegrityError, match="edition_proposed_by_somebody"), transaction.atomic():
        Edition.objects.filter(pk=drafted.pk).update(status="proposed")


def test_its_author_takes_it_back_and_corrects_it(proposal: Edition, author: Account, other: Account) -> None:
    with pytest.raises(NotItsAuthor):
        take_back(edition=proposal, actor=other, now=NOW)
    again = take_back(edition=proposal, actor=author, now=NOW)
    assert (again.status, again.proposed_by, again.proposal_note) == (EditionStatus.DRAFT, None, "")
    revise_draft(edition=again, content=edition_content(assumptions=["nuova"]), actor=author, now=NOW)
    with pytest.raises(NotAProposal):
        take_back(edition=proposal, actor=author, now=NOW)


def test_it_goes_back_with_a_reason_that_its_author_reads(proposal: Edition, author: Account, other: Account) -> None:
    with pytest.raises(ApproverIsAuthor):
        send_back(edition=proposal, reason="Mi piace", actor=author, now=NOW)
    with pytest.raises(ReasonMissing):
        send_back(edition=proposal, reason="  ", actor=other, now=NOW)
    again = send_back(edition=proposal, reason="La seconda fascia è 2,00", actor=other, now=NOW)
    assert (again.status, again.returned_because) == (EditionStatus.DRAFT, "La seconda fascia è 2,00")
    assert Notice.objects.get(account=author).body == "La seconda fascia è 2,00"
    assert propose_edition(edition=again, actor=author, now=NOW).returned_because == ""


def test_the_other_administrators_of_today_are_told(bari: Municipality, author: Account, other: Account) -> None:
    account(Role.CLERK)
    account(Role.ADMINISTRATOR, is_active=False)
    account(Role.ADMINISTRATOR, valid_during=(ALWAYS[0], TODAY))
    proposed = propose_edition(edition=draft(actor=author), actor=author, now=NOW)
    assert approvers_of(proposed, TODAY) == [other]
    told = Notice.objects.get()
    assert (told.account, told.link) == (other, f"/ufficio/tariffe/{proposed.pk}/")
    assert author.full_name in told.body


def test_a_draft_with_a_hole_is_not_proposed(author: Account) -> None:
    holed = {"kind": "flat_bands", "bands": [{"isee_to": "3500", "amount": "1"}, {"isee_from": "3501", "amount": "2"}]}
    with pytest.raises(EditionHasErrors):
        propose_edition(edition=draft(content=edition_content(fees={"base": holed})), actor=author, now=NOW)


def test_it_holds_from_the_day_proposed_which_lies_in_its_year(author: Account, other: Account) -> None:
    written = draft(actor=author)
    with pytest.raises(StartOutsideYear):
        propose_edition(edition=written, actor=author, valid_from=date(2027, 9, 1), now=NOW)
    proposed = propose_edition(edition=written, actor=author, valid_from=NEW_YEAR, now=NOW)
    assert put_in_force(edition=proposed, act=act(), actor=other, now=NOW).period.start == NEW_YEAR


def test_every_step_is_on_record(proposal: Edition, author: Account, other: Account) -> None:
    send_back(edition=proposal, reason="Da rivedere", actor=other, now=NOW)
    propose_edition(edition=proposal, actor=author, now=NOW)
    take_back(edition=proposal, actor=author, now=NOW)
    events = Event.objects.filter(action=Action.EDITION_CHANGED, subject=str(proposal.pk)).order_by("pk")
    assert [(event.details["event"], event.actor) for event in events] == [
        ("drafted", author.pk),
        ("proposed", author.pk),
        ("sent_back", other.pk),
        ("proposed", author.pk),
        ("taken_back", author.pk),
    ]
    assert "Da rivedere" not in str([event.details for event in events])


def test_the_migration_back_makes_proposals_drafts_again(proposal: Edition, author: Account) -> None:
    (name,) = (path.stem for path in (ROOT / "services_catalog/migrations").glob("*_a_second_person_approves.py"))
    migration = import_module(f"services_catalog.migrations.{name}")
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKWARD)
        proposal.refresh_from_db()
        assert (proposal.status, proposal.proposed_by) == (EditionStatus.DRAFT, None)
        Edition.objects.filter(pk=proposal.pk).update(content={})
        cursor.execute(migration.FORWARD)
    with pytest.raises(IntegrityError, match="was not proposed"), transaction.atomic():
        Edition.objects.filter(pk=proposal.pk).update(in_force_by=author)


def page(held: Edition, name: str = "") -> str:
    return f"/ufficio/tariffe/{held.pk}/{name}"


ACT = {
    "act_number": "77/2026",
    "act_date_day": "20",
    "act_date_month": "11",
    "act_date_year": "2026",
    "approved_by": "Giunta",
}


def test_the_page_refuses_the_author_and_lets_another_approve(
    bari_client: HostClient, proposal: Edition, author: Account, other: Account
) -> None:
    bari_client.force_login(author)
    shown = bari_client.get(page(proposal, "vigore/")).content.decode()
    assert "un altro amministratore" in shown
    assert 'name="act_number"' not in shown
    refused = bari_client.post(page(proposal, "vigore/"), ACT)
    assert (refused.status_code, refused.context["form"].non_field_errors()) == (
        422,
        ["Hai preparato o proposto tu questa tariffa: la mette in vigore un altro amministratore."],
    )
    bari_client.force_login(other)
    assert "Come da delibera" in bari_client.get(page(proposal, "vigore/")).content.decode()
    assert "La tariffa è in vigore" in bari_client.post(page(proposal, "vigore/"), ACT, follow=True).content.decode()


def test_the_pages_send_back_and_take_back(
    bari_client: HostClient, proposal: Edition, author: Account, other: Account
) -> None:
    bari_client.force_login(other)
    assert bari_client.post(page(proposal, "rimanda/"), {}).status_code == 422
    bari_client.post(page(proposal, "rimanda/"), {"reason": "Manca la quarta fascia"})
    bari_client.force_login(author)
    assert "Manca la quarta fascia" in bari_client.get(page(proposal)).content.decode()
    propose_edition(edition=proposal, actor=author, now=NOW)
    assert "Ritira la proposta" in bari_client.get(page(proposal)).content.decode()
    assert "di nuovo una bozza" in bari_client.post(page(proposal, "ritira/"), follow=True).content.decode()
    late = bari_client.post(page(proposal, "ritira/"), follow=True).content.decode()
    assert "non aspetta più una decisione" in late


def test_who_is_alone_is_told_to_find_another(bari: Municipality, bari_client: HostClient) -> None:
    alone = account(Role.ADMINISTRATOR)
    bari_client.force_login(alone)
    drafted = draft(actor=alone)
    assert "Nessun altro amministratore" in bari_client.get(page(drafted, "proponi/")).content.decode()
    account(Role.ADMINISTRATOR)
    assert "Nessun altro amministratore" not in bari_client.get(page(drafted, "proponi/")).content.decode()
