"""Stars, reasons, a comment: kept without saying whose."""

from django.urls import reverse

from sportello.applications.models import ServiceRating
from tests.comuni import HostClient
from tests.factories.people import Family

ADDRESS = "/servizi/mensa/valutazione/"


def test_few_stars_ask_where_it_was_hard_and_many_what_was_liked(bari_client: HostClient, parent: Family) -> None:
    few = bari_client.post(ADDRESS, {"rating": "3"}).content.decode()
    many = bari_client.post(ADDRESS, {"rating": "4"}).content.decode()
    assert "Dove hai incontrato le maggiori difficoltà?" in few
    assert "Quali sono stati gli aspetti che hai preferito?" in many


def test_it_is_kept_without_a_person(bari_client: HostClient, parent: Family) -> None:
    bari_client.force_login(parent.account)
    response = bari_client.post(ADDRESS, {"rating": "2", "reasons": ["1", "4"], "comment": "La pagina era lenta"})
    assert response["Location"] == reverse("desk:service", args=["mensa"])
    rating = ServiceRating.objects.get()
    assert (rating.rating, rating.reasons, rating.comment) == (2, [1, 4], "La pagina era lenta")
    assert {field.name for field in ServiceRating._meta.get_fields()} == {
        "id", "service", "rating", "reasons", "comment", "given_on",
    }  # fmt: skip


def test_six_stars_do_not_exist(bari_client: HostClient, parent: Family) -> None:
    assert bari_client.post(ADDRESS, {"rating": "6"}).status_code == 422
    assert not ServiceRating.objects.exists()
