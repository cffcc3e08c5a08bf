"""A Comune's rules against the template they started from; a newer template is proposed, never forced."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from services_catalog.lineage import (
    NoSuchDifference,
    ReasonMissing,
    ServiceAlreadyThere,
    base_of,
    current_edition,
    differences,
    explain_difference,
    start_from_template,
)
from services_catalog.metropolitan import FOLDER, TemplateError, latest_templates, template_of, templates
from services_catalog.models import Edition, EditionStatus, ProposalState, Service, TemplateLineage, TemplateProposal
from services_catalog.packs import load_pack
from services_catalog.point_words import told
from services_catalog.proposing import Offered, ProposalDecided, accept, decline, offer_templates, preview, propose
from services_catalog.publication import discard_draft
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account, Role
from sportello.audit.models import Event
from tenants import municipal_packs
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tests.factories import account
from tests.factories.editions import NOW, draft, edition
from tests.services_catalog.templates import FASTER, followed, version


@pytest.fixture
def administrator(bari: Municipality) -> Account:
    return account(Role.ADMINISTRATOR)


def proposed(lineage: TemplateLineage, number: int = 2) -> TemplateProposal:
    made = propose(lineage=lineage, template=version(number, **FASTER), now=NOW)
    assert made is not None
    return made


def test_a_service_begins_at_its_template(bari: Municipality) -> None:
    drafted = start_from_template(template=latest_templates()["mensa"], actor=None, now=NOW)
    lineage = TemplateLineage.objects.get(service=drafted.service)
    assert (drafted.status, lineage.version) == (EditionStatus.DRAFT, 1)
    assert lineage.fingerprint == drafted.fingerprint
    assert differences(lineage) == []
    with pytest.raises(ServiceAlreadyThere):
        start_from_template(template=latest_templates()["mensa"], actor=None, now=NOW)


def test_the_pack_of_bari_says_in_what_it_differs(bari: Municipality) -> None:
    load_pack(pack=pack_of("A662"), in_force=True, actor=None, now=NOW)
    lineage = TemplateLineage.objects.select_related("service").get(service__code="mensa")
    held = {one.point.place: one.point for one in differences(lineage)}
    assert {"fees.base", "windows", "procedure.office", "sheet.it.costs"} <= held.keys()
    current = current_edition(lineage.service)
    assert current is not None
    words = told(held["fees.base"], base_of(lineage), current.rules)
    assert (words.title, words.before) == ("Tariffa", ("Tariffa: da confermare",))
    assert words.after[0] == "ISEE fino a 6.000,00 €: 0,00 €"


def test_why_it_differs_is_written_place_by_place(administrator: Account) -> None:
    lineage = followed()
    write = {"lineage": lineage, "author": "Aldo", "actor": administrator, "now": NOW}
    explain_difference(place="fees.base", reason="Delibera 12/2026", **write)  # type: ignore[arg-type]
    explain_difference(place="fees.base", reason=" Delibera 13/2026 ", **write)  # type: ignore[arg-type]
    reasons = {one.point.place: one.reason.reason for one in differences(lineage) if one.reason}
    assert reasons == {"fees.base": "Delibera 13/2026"}
    with pytest.raises(ReasonMissing):
        explain_difference(place="fees.base", reason="  ", **write)  # type: ignore[arg-type]
    with pytest.raises(NoSuchDifference):
        explain_difference(place="audience.levels", reason="?", **write)  # type: ignore[arg-type]
    assert Event.objects.filter(subject_kind="template_lineage", actor=administrator.pk).count() == 2


def test_a_newer_template_is_proposed_and_changes_nothing(bari: Municipality) -> None:
    lineage = followed()
    before = list(Edition.objects.values_list("pk", "status", "fingerprint"))
    assert propose(lineage=lineage, template=latest_templates()["mensa"], now=NOW) is None
    made = proposed(lineage)
    assert propose(lineage=lineage, template=version(2, **FASTER), now=NOW) is None
    assert list(Edition.objects.values_list("pk", "status", "fingerprint")) == before
    assert [point.place for point in preview(made).taken] == ["procedure.answer_days"]


def test_accepting_makes_a_draft_that_keeps_every_override(administrator: Account) -> None:
    lineage = followed()
    own = current_edition(lineage.service)
    assert own is not None
    made = accept(proposal=proposed(lineage), actor=administrator, now=NOW)
    assert (made.status, made.revision) == (EditionStatus.DRAFT, 2)
    assert made.rules.procedure.answer_days == 20
    assert made.rules.fees == own.rules.fees
    own.refresh_from_db()
    assert own.status == EditionStatus.IN_FORCE
    lineage.refresh_from_db()
    assert lineage.version == 2
    assert "procedure.answer_days" not in {one.point.place for one in differences(lineage)}
    proposal = TemplateProposal.objects.get()
    assert (proposal.state, proposal.draft, proposal.conflicts) == (ProposalState.ACCEPTED, made, [])
    with pytest.raises(ProposalDecided):
        accept(proposal=proposal, actor=administrator, now=NOW)


def test_what_both_changed_is_a_conflict_and_ones_own_stays(administrator: Account) -> None:
    lineage = followed()
    sheet = to_builtins(latest_templates()["mensa"].content)["sheet"]
    theirs = version(2, sheet={**sheet, "it": {**sheet["it"], "title": "Refezione"}})
    made = propose(lineage=lineage, template=theirs, now=NOW)
    assert made is not None
    drafted = accept(proposal=made, actor=administrator, now=NOW)
    made.refresh_from_db()
    assert drafted.rules.sheet.it.title == "Mensa"
    assert made.conflicts == ["sheet.it.title"]


def test_declining_needs_a_reason_and_leaves_the_older_version(administrator: Account) -> None:
    lineage = followed()
    made = proposed(lineage)
    with pytest.raises(ReasonMissing):
        decline(proposal=made, reason=" ", actor=administrator, now=NOW)
    decline(proposal=made, reason="La nostra delibera dice 30 giorni", actor=administrator, now=NOW)
    lineage.refresh_from_db()
    assert (lineage.version, Edition.objects.count()) == (1, 1)
    assert propose(lineage=lineage, template=version(2, **FASTER), now=NOW) is None
    with pytest.raises(ProposalDecided):
        accept(proposal=made, actor=administrator, now=NOW)


def test_a_version_declined_comes_back_within_the_next(administrator: Account) -> None:
    lineage = followed()
    decline(proposal=proposed(lineage), reason="non ora", actor=administrator, now=NOW)
    third = propose(lineage=lineage, template=version(3, **FASTER), now=NOW)
    assert third is not None
    assert [point.place for point in preview(third).taken] == ["procedure.answer_days"]


def test_an_open_proposal_gives_way_to_a_newer_one(bari: Municipality) -> None:
    lineage = followed()
    first = proposed(lineage)
    proposed(lineage, 3)
    first.refresh_from_db()
    assert first.state == ProposalState.OVERTAKEN
    assert [made.version for made in lineage.proposals.filter(state=ProposalState.PROPOSED)] == [3]
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateProposal.objects.filter(pk=first.pk).update(state=ProposalState.PROPOSED)


def test_a_draft_may_be_thrown_away_after_accepting(administrator: Account) -> None:
    lineage = followed()
    drafted = accept(proposal=proposed(lineage), actor=administrator, now=NOW)
    discard_draft(edition=drafted, actor=administrator, now=NOW)
    assert TemplateProposal.objects.get().draft is None


def test_offering_proposes_to_who_follows_and_leaves_the_others(
    bari: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed()
    monkeypatch.setattr("services_catalog.proposing.latest_templates", lambda: {"mensa": version(2, **FASTER)})
    assert offer_templates(own_services=frozenset(), now=NOW).proposed == ("mensa",)
    assert offer_templates(own_services=frozenset(), now=NOW).proposed == ()


def test_a_service_that_never_followed_is_asked_nothing(bari: Municipality) -> None:
    edition()
    assert offer_templates(own_services=frozenset(), now=NOW) == Offered((), ())
    assert Service.objects.count() == 1


def test_the_latest_edition_is_the_one_compared(bari: Municipality) -> None:
    lineage = followed()
    newer = draft(content=from_builtins(lineage.base, EditionContent))
    assert current_edition(lineage.service) == newer
    assert differences(lineage) == []


def test_the_versions_are_counted_and_every_file_is_sound(bari: Municipality) -> None:
    held = [(one.code, one.version) for one in templates()]
    assert held == sorted(set(held))
    for code in {code for code, _number in held}:
        numbers = [number for name, number in held if name == code]
        assert numbers == list(range(1, len(numbers) + 1))
    with pytest.raises(TemplateError, match="versione 99"):
        template_of("mensa", 99)


def test_a_template_that_states_an_amount_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (municipal_packs.PACKS / FOLDER / "2026" / "mensa-1.toml").read_text(encoding="utf-8")
    folder = tmp_path / FOLDER / "2026"
    folder.mkdir(parents=True)
    stated = source.replace(
        'base = { kind = "stated_amount", name = "meal_price", to_confirm = true }',
        'base = { kind = "single_price", amount = "2.50" }',
    )
    (folder / "mensa-1.toml").write_text(stated, encoding="utf-8")
    monkeypatch.setattr(municipal_packs, "PACKS", tmp_path)
    with pytest.raises(TemplateError, match="non stabilisce importi"):
        templates()
    (folder / "mensa-1.toml").write_text(source.replace("version = 1", "version = 2"), encoding="utf-8")
    with pytest.raises(TemplateError, match="nome del file"):
        templates()


def test_the_command_offers_to_the_comuni_it_is_told(bari: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    place = "services_catalog.management.commands.offer_templates.own_services_of"
    said, again, all_of_them = StringIO(), StringIO(), StringIO()
    call_command("offer_templates", stdout=all_of_them)
    assert all_of_them.getvalue().count("begun: -; proposed: -") == 3  # their packs speak of the canteen
    monkeypatch.setattr(place, lambda _municipality: frozenset())
    call_command("offer_templates", "a662", stdout=said)
    call_command("offer_templates", "a662", stdout=again)
    assert said.getvalue() == "Bari: begun: mensa; proposed: -\n"
    assert again.getvalue() == "Bari: begun: -; proposed: -\n"
    assert Edition.objects.get().rules.fees.to_confirm
