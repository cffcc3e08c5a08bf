"""Examples are kept with the table and worked out at every change; one that disagrees stops the proposal."""

from typing import Any

import pytest

from services_catalog.approval import propose_edition
from services_catalog.examples import Example
from services_catalog.lint import errors_of, lint
from services_catalog.models import Edition
from services_catalog.packs import export_edition
from services_catalog.publication import Act, ExamplesDisagree, copy_as_draft, fingerprint_of, put_in_force
from services_catalog.reading import SchemaError, canonical_json, from_toml
from services_catalog.schema import EditionContent, PackService
from sportello.accounts.models import Account, Role
from sportello.fees.cases import PackCases, failures
from sportello.fees.example_facts import facts_words
from sportello.fees.examples import DraftChanged, accepted, example_findings, judged, write_examples
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.editions import NOW, act, draft, edition, edition_content

RIGHT = {"isee": "12500", "sibling_rank": 2, "children_using": 2, "pays": "1.90", "because": "seconda fascia"}
WRONG = {**RIGHT, "pays": "2.10"}


def content(*examples: dict[str, Any], **fees: Any) -> EditionContent:
    return edition_content(fees=fees, examples=list(examples))


def example(**parts: Any) -> Example:
    return Example(**{"isee": Money(1_250_000), "pays": Money(190), "because": "-", **parts})


def test_an_example_agrees_to_the_cent_or_is_named_with_what_it_gives() -> None:
    held = content(RIGHT, WRONG)
    (found,) = example_findings(held)
    assert (found.place, found.message) == (
        "examples[1]",
        "Esempio 2, «seconda fascia»: dà 1,90 € invece di 2,10 €.",
    )
    assert found in errors_of(lint(held)), "the linter says it wherever it is read"
    assert not errors_of(lint(content(RIGHT)))


def test_an_example_may_expect_that_the_table_has_no_answer() -> None:
    refusing = {"isee": {"missing": "refused"}}
    expects = {"refused": "isee_required", "because": "l'ISEE è obbligatorio"}
    assert not list(example_findings(content(expects, **refusing)))
    (found,) = example_findings(content({"pays": "3.00", "because": "x"}, **refusing))
    assert "dà nessun importo" in found.message
    (found,) = example_findings(content(expects))
    assert "dà 3,00 € invece di nessun importo (senza un ISEE non c'è un prezzo)" in found.message


def test_units_counts_and_conditions_are_priced_as_golden_cases_are() -> None:
    table = content().fees
    twenty = example(units=20, pays=Money(3800))
    assert judged(twenty, table).agrees
    cases = from_toml(
        '[[cases]]\nname = "x"\nservice = "mensa"\nisee = "12500"\nunits = 20\npays = "38.00"\nbecause = "-"', PackCases
    )
    assert failures(cases.cases, table) == []


def test_what_came_out_is_accepted_as_expected() -> None:
    table = content().fees
    right = accepted(judged(example(pays=Money(210)), table))
    assert (right.pays, judged(right, table).agrees) == (Money(190), True)
    refusing = content(isee={"missing": "refused"}).fees
    refused = accepted(judged(example(isee=None), refusing))
    assert (refused.pays, refused.refused) == (None, "isee_required")
    assert accepted(judged(refused, table)).refused is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"because": "x"}, "uno solo dei due"),
        ({"because": "x", "pays": "1", "refused": "isee_required"}, "uno solo dei due"),
        ({"because": "x", "pays": "1", "fratelli": 2}, "fratelli"),
        ({"because": "x", "refused": "isee_requird"}, "isee_required"),
        ({"because": "x", "pays": "1", "conditions": ["mai_detta"]}, "mai_detta"),
    ],
)
def test_the_language_of_examples_is_closed(written: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        content(written)


def test_the_facts_are_told_in_words() -> None:
    told = facts_words(example(sibling_rank=2, children_using=2, conditions=("social_services",)), {})
    assert told == "ISEE 12.500,00 €, figlio 2 di 2, residente, scuola primaria, social_services"
    assert facts_words(example(isee=None, resident=False, level="nido", units=3, month=6), {}) == (
        "senza ISEE, non residente, asilo nido, quantità 3, mese 6"
    )


def test_an_example_that_disagrees_refuses_proposal_and_approval(bari: Municipality) -> None:
    author, other = account(Role.ADMINISTRATOR), account(Role.ADMINISTRATOR)
    with pytest.raises(ExamplesDisagree, match="Esempio 2, «seconda fascia»"):
        propose_edition(edition=draft(content=content(RIGHT, WRONG)), actor=author, now=NOW)
    with pytest.raises(ExamplesDisagree):
        put_in_force(edition=draft(content=content(WRONG)), act=act(), actor=None, now=NOW)
    proposed = propose_edition(edition=draft(content=content(RIGHT)), actor=author, now=NOW)
    assert put_in_force(edition=proposed, act=act(), actor=other, now=NOW).rules.examples


def test_examples_travel_with_packs_and_copies(bari: Municipality) -> None:
    held = edition(content=content(RIGHT))
    read = from_toml(export_edition(held), PackService)
    assert read.content.examples == held.rules.examples
    assert fingerprint_of(read.content) == held.fingerprint
    assert copy_as_draft(edition=held, valid_from=held.period.start, actor=None, now=NOW).rules == held.rules


def test_an_edition_without_examples_keeps_its_fingerprint() -> None:
    assert b"examples" not in canonical_json(content())


def test_examples_are_written_in_a_draft_as_it_was_seen(bari: Municipality) -> None:
    held, author = draft(content=content(RIGHT)), account()
    changed = write_examples(
        edition=held, examples=(*held.rules.examples, example()), seen=held.fingerprint, actor=author, now=NOW
    )
    assert (len(changed.rules.examples), changed.revised_by) == (2, author)
    with pytest.raises(DraftChanged):
        write_examples(edition=held, examples=(), seen=held.fingerprint, actor=author, now=NOW)


def page(held: Edition, name: str = "") -> str:
    return f"/ufficio/tariffe/{held.pk}/esempi/{name}"


@pytest.fixture
def author(bari: Municipality, bari_client: HostClient) -> Account:
    person = account(Role.ADMINISTRATOR)
    bari_client.force_login(person)
    return person


def posted(**parts: str) -> dict[str, Any]:
    common = {"isee_state": "attested", "level": "primaria", "sibling_rank": "1", "children_using": "1", "units": "1"}
    return {**common, "resident": "on", "outcome": "pays", "because": "di prova", **parts}


def test_an_example_is_added_changed_and_taken_away(bari_client: HostClient, author: Account) -> None:
    held = draft(content=content())
    shown = bari_client.post(page(held, "aggiungi/"), posted(isee="12.500,00", pays="2,10"), follow=True)
    assert "dà 1,90 € invece di 2,10 €" in shown.content.decode()
    held.refresh_from_db()
    assert held.rules.examples == (Example(isee=Money(1_250_000), pays=Money(210), because="di prova"),)
    form = bari_client.get(page(held, "1/")).context["form"]
    assert form["isee"].value() == "12.500,00"
    shown = bari_client.post(page(held, "1/"), posted(isee="12.500,00", pays="1,90"), follow=True)
    assert "Tutti gli esempi tornano" in shown.content.decode()
    assert "Fascia ISEE da 6.000,01 € a 12.500,00 €" in shown.content.decode(), "the steps"
    shown = bari_client.post(page(held, "1/togli/"), follow=True)
    assert "Nessun esempio" in shown.content.decode()


def test_what_comes_out_is_accepted_by_a_button(bari_client: HostClient, author: Account) -> None:
    held = draft(content=content(RIGHT, WRONG))
    seen = held.fingerprint
    assert "Accetta 1,90 €" in bari_client.get(page(held)).content.decode()
    shown = bari_client.post(page(held, "2/accetta/"), {"seen": seen}, follow=True)
    assert "Tutti gli esempi tornano" in shown.content.decode()
    late = bari_client.post(page(held, "1/togli/"), {"seen": seen}, follow=True)
    assert "Intanto la bozza è cambiata" in late.content.decode()


def test_the_form_asks_only_what_the_table_reads(bari_client: HostClient, author: Account) -> None:
    plain = bari_client.get(page(draft(content=content()), "aggiungi/")).context["form"]
    assert not {"minors", "income", "members", "month", "conditions"} & set(plain.fields)
    asking = content(
        reductions=[
            {"kind": "exemption", "condition": "social_services"},
            {"kind": "discount", "discount_percent": 10, "when": {"minors_from": 3}},
        ],
        proration=[{"kind": "not_due", "months": [7]}, {"kind": "parts", "counted": "weeks", "of": 4}],
    )
    form = bari_client.get(page(draft(content=asking), "aggiungi/")).context["form"]
    assert {"minors", "enrolled", "month", "conditions", "count_weeks"} <= set(form.fields)
    held = draft(content=asking)
    answers = posted(isee="20.000", pays="1,50", minors="1", enrolled="1", count_weeks="2", conditions="")
    answers |= {"conditions": [], "month": "6"}
    assert (
        "Tutti gli esempi tornano" in bari_client.post(page(held, "aggiungi/"), answers, follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"pays": ""}, "pays"), ({"because": ""}, "because"), ({"isee": "tanto"}, "isee"), ({"level": "nido"}, "level")],
)
def test_a_wrong_example_is_refused_in_its_place(
    bari_client: HostClient, author: Account, wrong: dict[str, str], field: str
) -> None:
    held = draft(content=content())
    refused = bari_client.post(page(held, "aggiungi/"), posted(**{"pays": "1,90", **wrong}))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])


def test_only_administrators_write_and_only_in_drafts(
    bari: Municipality, bari_client: HostClient, author: Account
) -> None:
    held = put_in_force(edition=draft(content=content(RIGHT)), act=Act("1", act().decided_on), actor=None, now=NOW)
    for name in ("aggiungi/", "1/"):
        assert bari_client.get(page(held, name)).status_code == 404
    assert bari_client.post(page(held, "1/togli/")).status_code == 404
    drafted = draft(content=content(RIGHT))
    assert bari_client.get(page(drafted, "2/")).status_code == 404
    bari_client.force_login(account(Role.CLERK))
    shown = bari_client.get(page(drafted))
    assert (shown.status_code, "Togli" in shown.content.decode()) == (200, False)
    assert bari_client.get(page(drafted, "aggiungi/")).status_code == 403


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    bari_client: HostClient, author: Account, size: int, django_assert_max_num_queries: Any
) -> None:
    held = draft(content=content(*[RIGHT] * size))
    with django_assert_max_num_queries(10):
        shown = bari_client.get(page(held)).content.decode()
    assert shown.count("come previsto") == size


def test_who_judges_sees_the_examples(bari_client: HostClient, author: Account) -> None:
    held = draft(content=content(RIGHT))
    assert "come previsto" in bari_client.get(f"/ufficio/tariffe/{held.pk}/proponi/").content.decode()
