"""The wire of other rooms' tests: the whole stack of this process, and back to where the test was."""

from django.conf import settings

from tenants.current import current_schema
from tenants.models import Municipality
from tests.pagopa_node.in_process import STATION, in_process


def test_it_goes_through_the_host_and_comes_back(bari: Municipality) -> None:
    asked = f"http://{settings.NODE_HOST}/checkout/ec/v2/carts"
    headers = {"Content-Type": "application/json", "Ocp-Apim-Subscription-Key": "x"}
    reply = in_process(asked, b"{}", headers)
    assert (reply.status, reply.content_type) == (400, "application/problem+json")
    assert current_schema() == bari.schema_name


def test_it_names_the_station() -> None:
    assert STATION == "http://pagamenti.localhost/stazione/"
