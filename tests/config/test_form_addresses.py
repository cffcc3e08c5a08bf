"""The address of a form, opened as a page, leads to the page above; a program is told that it may not."""

import pytest

from tests.accounts.test_sessions import entered
from tests.comuni import HostClient
from tests.factories import fiscal_code

pytestmark = pytest.mark.django_db


def test_a_browser_is_led_to_the_page_above(bari_client: HostClient) -> None:
    answer = entered(bari_client, fiscal_code()).get("/area/accessi/altri/esci/", headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer["Location"]) == (302, "/area/accessi/altri/")


def test_a_program_reads_what_it_may_do(bari_client: HostClient) -> None:
    answer = entered(bari_client, fiscal_code()).get(
        "/area/accessi/altri/esci/", headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_form_sent_to_a_page_without_one_is_refused(bari_client: HostClient) -> None:
    assert bari_client.post("/area/dovuto/", headers={"accept": "text/html"}).status_code in {302, 405}
    answer = entered(bari_client, fiscal_code()).post("/area/dovuto/", headers={"accept": "text/html"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
