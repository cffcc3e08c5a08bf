"""Wherever a family reads a fee, "Perché questo importo?" stands beside it; to whom it may not be told, nothing is."""

import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.urls import reverse

from services_catalog.models import Edition
from sportello.applications.models import Application
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.enrolment.pricing import reprice_household
from sportello.families.models import Act
from sportello.kernel import clock
from tests import factories
from tests.applications.enrolling import Enrolling, enrolment_edition
from tests.comuni import HostClient
from tests.desk.test_quote import MENSA, stated
from tests.factories.editions import BANDS
from tests.factories.meals import meals, place
from tests.factories.numbering import YEAR
from tests.factories.people import Family
from tests.factories.schooling import pupil, section

WHY: Final = "Perché questo importo?"
REASON: Final = "Fascia ISEE da 6.000,01"
OF_FAMILIES: Final = {
    "desk/_child_services.html": "the price of today, beside it",
    "desk/_quote_answer.html": "each line, beneath it",
    "applications/_aside.html": "the estimate, beside it",
    "applications/application.html": "the estimate of the sending, open",
    "applications/summary.html": "the estimate, open",
    "canteen/child_statement.html": "each charge and what is not charged yet",
    "desk/dues.html": "sums: each child's page, one link away, has the charges they are made of",
    "desk/_dues_history.html": "payments and notices, sums too",
    "billing/cart.html": "sums to pay, chosen on desk/dues.html",
    "billing/plan.html": "the same",
    "billing/credit.html": "credit is no fee",
    "canteen/order_block.html": "the price of a block, beneath it",
}
OF_STAFF: Final = (
    "billing/ledger.html", "billing/payment.html", "billing/correction.html", "billing/relief.html", "billing/refund",
    "billing/debts/", "billing/issuing/", "billing/ladder/", "billing/receipts/", "reconciliation/", "accounting/",
    "onboarding/", "shadow/", "enrolment/", "canteen/office_", "canteen/months.html", "canteen/month.html",
    "canteen/what_if.html", "canteen/_what_if_lines.html", "desk/office_", "desk/children.html",
    "desk/_child_isee.html",
)  # fmt: skip
NOT_OF_A_CHILD: Final = ("components/", "nodo/")  # the simulated Node knows no child


class Silent:
    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        return


@pytest.fixture
def fed(bari_client: HostClient, bari: object) -> Family:
    """A child who ate in October, charged, and in November, to be charged: at 1,90 by its ISEE."""
    return _fed(enrolment_edition())


def _fed(rules: Edition) -> Family:
    made = factories.family()
    child, room = made.children[0], section()
    pupil(child, room)
    place(child, rules)
    factories.isee(child, "8.500,00")
    reprice_household(child=child, service=rules.service, within=YEAR.period, now=clock.now())
    meals(room, {child: [date(2026, 10, 6), date(2026, 10, 7), date(2026, 11, 3)]})
    close_month(service=rules.service, month=Month(2026, 10), actor=None, now=clock.now(), progress=Silent())
    return made


def page_of(client: HostClient, name: str, *arguments: object) -> str:
    return client.get(reverse(name, args=arguments)).content.decode()


def reasons(page: str) -> list[str]:
    """The steps told under each question."""
    return re.findall(rf"<summary>{re.escape(WHY)}.*?</summary>(.*?)</details>", page, flags=re.DOTALL)


def test_the_price_of_today_on_the_area_and_on_the_page_of_the_child(bari_client: HostClient, fed: Family) -> None:
    bari_client.force_login(fed.account)
    for page in (
        page_of(bari_client, "desk:area"),
        page_of(bari_client, "desk:child", fed.children[0].public_id),
    ):
        (reason,) = reasons(page)
        assert REASON in reason
        assert "Atto " in reason


def test_each_charge_and_what_is_still_to_be_charged(bari_client: HostClient, fed: Family) -> None:
    bari_client.force_login(fed.account)
    page = page_of(bari_client, "canteen:statement", fed.children[0].public_id)
    pending, charged = reasons(page)
    assert (REASON in pending, REASON in charged) == (True, True)
    assert "Quantità: 2 per 1,90" in charged
    assert "3,80" in charged.rpartition("explanation-total")[2]
    family = page_of(bari_client, "desk:dues")
    assert reverse("canteen:statement", args=[fed.children[0].public_id]) in family


def test_the_price_of_a_block(bari_client: HostClient, bari: object) -> None:
    blocks = enrolment_edition(fees={"unit": {"kind": "block", "meals": 21}, "base": BANDS})
    made = _fed(blocks)
    bari_client.force_login(made.account)
    (reason,) = reasons(page_of(bari_client, "canteen:order_blocks", made.children[0].public_id))
    assert REASON in reason


def test_the_estimate_while_applying_and_after(bari_client: HostClient, enrolling: Enrolling) -> None:
    factories.isee(enrolling.child, "8.500,00")
    enrolling.begin()
    for step in ("figlio", "scuola"):
        enrolling.post(step)
    beside = bari_client.get(enrolling.url("isee")).content.decode()
    (reason,) = reasons(beside)
    assert REASON in reason
    enrolling.post("isee", isee="known")
    for page in (bari_client.get(enrolling.url("riepilogo")).content.decode(), _sent(bari_client, enrolling)):
        assert 'class="explanation"' in page


def _sent(client: HostClient, enrolling: Enrolling) -> str:
    client.post(enrolling.url("riepilogo"), {"action": "next"})
    application = Application.objects.get(child=enrolling.child)
    return page_of(client, "applications:application", application.public_id)


def test_each_line_of_a_quote(bari_client: HostClient, fed: Family) -> None:
    page = bari_client.post(MENSA, stated("primaria", "infanzia")).content.decode()
    assert len(reasons(page)) == 2


def test_who_is_delegated_to_pay_reads_no_reason(bari_client: HostClient, fed: Family) -> None:
    aunt = factories.account()
    factories.delegation(fed.children[0], fed.parent, aunt, Act.SEE, Act.PAY)
    bari_client.force_login(aunt)
    for name in ("desk:child", "canteen:statement"):
        page = page_of(bari_client, name, fed.children[0].public_id)
        assert fed.children[0].family_name in page
        assert (WHY in page, REASON in page) == (False, False)


def test_no_page_of_families_tells_an_amount_without_having_been_looked_at() -> None:
    """A new template that writes money is put in one of the lists: if families read it, it says why."""
    folder = Path(settings.BASE_DIR) / "templates"
    writing = {
        str(path.relative_to(folder)) for path in folder.rglob("*.html") if "|money" in path.read_text(encoding="utf-8")
    }
    known = {name for name in writing if name in OF_FAMILIES or name.startswith((*OF_STAFF, *NOT_OF_A_CHILD))}
    assert writing - known == set()
    tells = {
        name
        for name in OF_FAMILIES
        if re.search(r"components/(why|explanation)\.html", (folder / name).read_text(encoding="utf-8"))
    }
    assert set(OF_FAMILIES) - tells == {
        name for name in OF_FAMILIES if name.startswith(("billing/", "desk/dues", "desk/_dues"))
    }
