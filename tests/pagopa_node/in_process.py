"""A wire to our own station inside this process, for tests that live in one transaction: no server is needed.

pay(nav, fiscal_code, station_url=STATION, wire=in_process)
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from integrations.pagopa.simulator.wire import Reply
from tenants.current import stay_in, whereabouts

STATION: Final = f"http://pagamenti.{settings.BASE_HOST}/stazione/"


def in_process(address: str, body: bytes, headers: Mapping[str, str], _seconds: float = 0) -> Reply:
    """Through the whole stack, as a POST of another machine's; afterwards the test is where it was."""
    place = urlsplit(address)
    told = {name: text for name, text in headers.items() if name.lower() != "content-type"}
    with stay_in(whereabouts()):
        client = Client(headers={**told, "host": place.netloc}, enforce_csrf_checks=True)
        answer = client.post(place.path, data=body, content_type=headers.get("Content-Type", "text/xml"))
    return Reply(answer.status_code, answer.get("Content-Type", ""), answer.content)
