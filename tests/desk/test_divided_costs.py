"""Separated parents: wherever money of a child is told, each reads her own part to the cent, nothing of the other's."""

import re
from datetime import date

import pytest
from django.urls import reverse

from sportello.billing.debts.opening import Collected
from sportello.billing.debts.sharing import Share, set_cost_shares
from sportello.billing.receipts.settling import settle
from sportello.kernel.dates import DateRange
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import adult, citizen, family, guardianship
from tests.factories.meals import canteen_edition, place
from tests.factories.paying import NOW, charge, institution, position, receipt
from tests.factories.people import Family


@pytest.fixture
def home(bari: Municipality) -> Family:
    """A child of 70/30: 10,01 charged at the canteen; the father (30) has paid 3,00."""
    institution(bari)
    edition, made = canteen_edition(), family()
    minor, father = made.children[0], adult(given_name="Babbo")
    guardianship(father, minor)
    place(minor, edition)
    seven = [Share(made.parent, 7000), Share(father, 3000)]
    set_cost_shares(child=minor, during=DateRange(date(2026, 9, 1)), shares=seven, source="-", actor=None, now=NOW)
    charge(minor, 1001)
    made_for = position(father, Collected(minor.pk, "mensa", 300))
    settle(receipt_id=receipt(made_for.options.get()).pk, now=NOW)
    return made


def told(client: HostClient, path: str) -> str:
    page = client.get(path).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ")


def pages(home: Family) -> list[str]:
    child = home.children[0].public_id
    return ["/area/", "/area/dovuto/", f"/area/figli/{child}/", reverse("canteen:statement", args=[child])]


def test_the_mother_reads_her_seven_tenths(home: Family, bari_client: HostClient) -> None:
    bari_client.force_login(home.account)
    for path in pages(home):
        text = told(bari_client, path)
        assert "7,01 €" in text, path
        for foreign in ("10,01", "3,00 €", "Pagamento con pagoPA"):
            assert foreign not in text, (path, foreign)


def test_the_father_has_paid_his_part(home: Family, bari_client: HostClient) -> None:
    father = home.children[0].guardianships.get(adult__given_name="Babbo").adult
    bari_client.force_login(citizen(father))
    text = told(bari_client, "/area/dovuto/")
    assert "Da pagare in tutto 0,00 €" in text
    assert "Pagamento con pagoPA" in text
    text = told(bari_client, reverse("canteen:statement", args=[home.children[0].public_id]))
    assert "Saldo 0,00 €" in text
    assert "10,01" not in text


def test_the_csv_too(home: Family, bari_client: HostClient) -> None:
    bari_client.force_login(home.account)
    body = bari_client.get(reverse("canteen:statement_csv")).content.decode("utf-8-sig")
    assert "-7,01" in body
    assert "3,00" not in body
