""" "Quanto pagherei?": for anybody, for all services together, and with what the Comune knows of a household."""

import logging
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from services_catalog.models import Edition
from services_catalog.packs import load_pack
from services_catalog.publication import register_service
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.municipal_packs import pack_of
from tests.applications.enrolling import family_at_school
from tests.comuni import HostClient
from tests.factories.editions import SHEET, edition, edition_content
from tests.factories.means import isee
from tests.factories.people import Family

ALL, MENSA = "/quanto-pagherei/", "/servizi/mensa/quanto-pagherei/"
BUS_FEES = {
    "unit": {"kind": "month"},
    "base": {
        "kind": "flat_bands",
        "bands": [{"isee_to": "10000.00", "amount": "10.00"}, {"isee_from": "10000.01", "amount": "25.00"}],
    },
    "reductions": [
        {"kind": "discount", "discount_percent": 50, "when": {"all_of": ["one_way"]}},
        {"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]},
    ],
    "isee": {"effective": "month_of_filing", "cut_off_day": 15},
}


def the_bus() -> Edition:
    """A bus by the month, for primary school only, cheaper one way and for brothers and sisters."""
    service = register_service(code="trasporto", name="Trasporto", archetype="transport")
    one_way = {"code": "one_way", "label": {"it": "solo andata", "en": "one way only"}, "evidence": "self_declared"}
    content = edition_content(
        fees=BUS_FEES,
        conditions=[one_way],
        audience={"levels": ["primaria"]},
        calendar={"spans": [{"level": "primaria", "first_day": "2026-09-28", "last_day": "2027-06-04"}]},
        sheet={"it": {**SHEET, "title": "Scuolabus"}},
    )
    return edition(service, content=content)


def stated(*levels: str, income: str | None = "8.500,00", **answers: str) -> dict[str, str]:
    """What is posted for children of those levels who use both services, from September."""
    posted = {"figli": str(len(levels)), "dal": "9", "ha_isee": "si" if income else "no", "isee": income or ""}
    for place, level in enumerate(levels, start=1):
        posted |= {f"f{place}_scuola": level, f"f{place}_s_mensa": "on", f"f{place}_s_trasporto": "on"}
    return posted | answers


def told(client: HostClient, answers: dict[str, str], url: str = ALL) -> str:
    """The answer as text: one space between words."""
    page = client.post(url, answers)
    assert page.status_code == 200
    return re.sub(
        r"\s+", " ", unescape(strip_tags(page.content.decode().replace("<", " <"))).replace("\N{NO-BREAK SPACE}", " ")
    )


def test_one_page_tells_all_the_services_and_the_sum_of_the_household(bari_client: HostClient, parent: Family) -> None:
    the_bus()
    text = told(bari_client, stated("primaria", "primaria", "infanzia"))
    assert "Figlio 1, mensa 1,90 € a pasto" in text
    assert "Figlio 1, scuolabus 10,00 € al mese" in text
    assert "Figlio 2, scuolabus 5,00 € al mese" in text
    assert "Figlio 3, scuolabus Questo servizio non c'è per la scuola scelta." in text
    # 28 September to 4 June: ten calendar months; the bus is 100,00 for the first, 50,00 for the second.
    assert "10,00 € 100,00 €" in text
    assert "5,00 € 50,00 €" in text
    assert "La famiglia" in text


def test_every_line_says_why_step_by_step(bari_client: HostClient, parent: Family) -> None:
    the_bus()
    text = told(bari_client, stated("primaria", "primaria"))
    assert text.count("Perché questo importo?") == 4
    assert "Figlio numero 2: 50 % in meno, da 10,00 € a 5,00 €" in text
    assert "Fascia ISEE da 6.000,01 € a 12.500,00 €: 1,90 €" in text
    assert "ottobre 2026" in text.lower()


def test_half_the_meals_cost_about_half(bari_client: HostClient, parent: Family) -> None:
    """5 meals a week and 2: the days are those of the calendar, the first of each week."""
    full, two = (told(bari_client, stated("primaria", f1_q_mensa=times), MENSA) for times in ("5", "2"))
    meals = [int(re.search(r"Ottobre 2026 (\d+) pasti", text)[1]) for text in (full, two)]  # type: ignore[index]
    assert meals == [22, 8]  # 22 weekdays; Mondays and Tuesdays: those of the first week are in September


def test_only_what_a_fee_reads_is_asked(bari_client: HostClient, parent: Family) -> None:
    page = bari_client.get(MENSA).content.decode()
    assert ("residente" in page, "f1_c_" in page, "f1_scuola" in page) == (False, False, False)
    the_bus()
    page = bari_client.get(ALL).content.decode()
    assert ("residente" in page, "f1_c_one_way" in page, "f1_scuola" in page) == (False, True, True)
    assert "f1_q_trasporto" not in page
    half = told(bari_client, stated("primaria", f1_c_one_way="on"))
    assert "scuolabus 5,00 € al mese" in half


@pytest.mark.parametrize("income", ["", "tanto", "-5"])
def test_a_wrong_isee_is_explained_and_nothing_is_lost(bari_client: HostClient, parent: Family, income: str) -> None:
    answers = stated("primaria") | {"isee": income, "dal": "11"}
    response = bari_client.post(MENSA, answers)
    assert response.status_code == 422
    page = response.content.decode()
    assert "error-summary" in page
    assert re.search(r'value="11"\s[^>]*selected', page)


def test_without_isee_the_highest_fee_is_told_and_why(bari_client: HostClient, parent: Family) -> None:
    text = told(bari_client, stated("primaria", income=None), MENSA)
    assert "3,00 € a pasto" in text
    assert "fascia più alta" in text


def test_a_child_is_added_and_taken_away_without_losing_what_was_typed(bari_client: HostClient, parent: Family) -> None:
    the_bus()
    more = bari_client.post(ALL, stated("primaria") | {"azione": "aggiungi", "isee": "tanto"})
    assert (more.status_code, more.content.decode().count("child-part")) == (200, 2)
    assert 'value="tanto"' in more.content.decode()
    less = bari_client.post(ALL, stated("primaria", "infanzia") | {"azione": "togli"})
    assert less.content.decode().count("child-part") == 1
    assert (
        bari_client.post(ALL, stated() | {"figli": "99", "azione": "aggiungi"}).content.decode().count("child-part")
        == 6
    )


def test_nothing_personal_reaches_an_address_a_cache_or_a_log(
    bari_client: HostClient, parent: Family, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = bari_client.post(MENSA, stated("primaria", income="8.765,43"))
    assert "no-store" in answer.headers["Cache-Control"]
    assert "8.765" not in caplog.text
    assert 'method="post"' in answer.content.decode()
    assert "?isee" not in answer.content.decode()
    asked = bari_client.get(MENSA, {"ha_isee": "si", "isee": "8.765,43", "figli": "1"}).content.decode()
    assert 'value="8.765,43"' not in asked  # an address of before: what it says is not taken up


def test_a_parent_finds_her_children_school_isee_and_services(bari_client: HostClient, parent: Family) -> None:
    child = parent.children[0]
    isee(child, "8.500,00")
    rules = Edition.objects.get()
    Subscription.objects.create(
        child=child, service=rules.service, edition=rules, origin=SubscriptionOrigin.ROSTER,
        valid_during=("2026-09-01", "2027-09-01"),
    )  # fmt: skip
    the_bus()
    bari_client.force_login(parent.account)
    page = bari_client.get(ALL).content.decode()
    assert child.given_name in page
    assert 'value="8.500,00"' in page
    assert re.search(r'name="f1_s_mensa"[^>]*checked', page)
    assert not re.search(r'name="f1_s_trasporto"[^>]*checked', page)
    assert re.search(r'value="primaria:[A-Z0-9]{10}"[^>]*checked', page)


def test_a_stranger_sees_no_child_of_anybody(bari_client: HostClient, parent: Family) -> None:
    the_bus()
    bari_client.force_login(family_at_school().account)
    page = bari_client.get(ALL).content.decode()
    assert parent.children[0].family_name not in page
    assert parent.children[0].fiscal_code not in page


def test_the_queries_do_not_grow_with_the_children(bari_client: HostClient, parent: Family) -> None:
    the_bus()
    counts = []
    for number in (1, 3):
        made = family_at_school(children=number)
        bari_client.force_login(made.account)
        bari_client.get(ALL)
        for answers in (None, stated(*["primaria"] * number)):
            with CaptureQueriesContext(connection) as queries:
                bari_client.get(ALL) if answers is None else bari_client.post(ALL, answers)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_new_isee_by_the_15th_counts_from_the_first(bari_client: HostClient, parent: Family) -> None:
    the_bus()
    new = {"nuovo_isee": "4.000,00", "presentato_day": "10", "presentato_month": "12", "presentato_year": "2026"}
    text = told(bari_client, stated("primaria", income="20.000,00") | new)
    assert "Se lo presenti entro il 15/12/2026 conta dal 01/12/2026." in text
    # Filed later in December it would count from January, when it has lapsed.
    assert "Presentato il giorno dopo non conta. Un ISEE presentato dal 01/01/2027 conta dal 01/01/2027." in text
    assert "25,00 € al mese 10,00 € al mese" in text
    assert "Vale fino al 31/12/2026: dopo serve un ISEE nuovo." in text
    assert "Conta dal giorno in cui lo presenti: 10/12/2026." in text  # the canteen has no such rule
    # 15,00 of the bus of December, and the 15 meals from the 10th to the 31st at nothing instead of 3,00.
    assert "Pagheresti in meno 60,00 €" in text


def test_the_last_useful_day_stands_there_before_anybody_asks(bari_client: HostClient, parent: Family) -> None:
    """It is 23 November: for the bus the 15th is over, and 15 December is the next."""
    the_bus()
    page = re.sub(r"\s+", " ", strip_tags(bari_client.get(ALL).content.decode()))
    assert "Mensa. Conta dal giorno in cui lo presenti: 23/11/2026." in page
    assert "Scuolabus. Se lo presenti entro il 15/12/2026 conta dal 01/12/2026." in page


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({"nuovo_isee": "4.000,00"}, "Scrivi il giorno in cui lo presenti."),
        ({"presentato_day": "1", "presentato_month": "12", "presentato_year": "2026"}, "Scrivi il valore del nuovo"),
    ],
)
def test_half_a_new_isee_is_asked_for_the_other_half(
    bari_client: HostClient, parent: Family, new: dict[str, str], words: str
) -> None:
    response = bari_client.post(MENSA, stated("primaria") | new)
    assert response.status_code == 422
    assert words in response.content.decode()


@pytest.mark.parametrize(("slug", "belfiore", "asks"), [("bitonto", "A893", True), ("terlizzi", "L109", True)])
def test_the_school_is_asked_where_the_fee_or_the_days_depend_on_it(
    client_of: Callable[..., HostClient], slug: str, belfiore: str, asks: bool
) -> None:
    client = client_of(slug)
    with in_schema(client.schema):
        load_pack(pack=pack_of(belfiore), in_force=True, actor=None, now=clock.now())
    assert ('name="f1_scuola"' in client.get(MENSA).content.decode()) is asks


def test_what_is_not_confirmed_says_so(client_of: Callable[..., HostClient]) -> None:
    client = client_of("bari")
    with in_schema(client.schema):
        load_pack(pack=pack_of("A662"), in_force=True, actor=None, now=clock.now())
    assert "Tariffe da confermare" in told(client, stated("primaria"), MENSA)


def test_a_fee_of_a_real_act_is_not_called_to_confirm(bari_client: HostClient, parent: Family) -> None:
    assert "Tariffe da confermare" not in told(bari_client, stated("primaria"), MENSA)
