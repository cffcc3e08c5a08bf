"""The bar itself: a bad page is refused, for each of its faults."""

import pytest

from tests.journeys.browser import Visitor

FAULTS = {
    "image-alt": "<img src='/static/img/favicon.svg'>",
    "color-contrast": "<p style='color: #ccc; background: #fff'>pale</p>",
    "wider than the window": "<div style='width: 3000px; height: 9px'></div>",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(desktop: Visitor, fault: str) -> None:
    page = desktop.open("bari")
    page.evaluate(
        """html => { const main = document.querySelector("main"); const box = document.createElement("div");
        box.innerHTML = html; main.append(box);
        for (const part of box.querySelectorAll("[style]")) part.style.cssText = part.getAttribute("style"); }""",
        FAULTS[fault],
    )
    with pytest.raises(AssertionError, match=fault):
        desktop.assert_page_is_good()


def test_what_the_policy_refuses_is_seen(desktop: Visitor) -> None:
    page = desktop.open("bari")
    page.evaluate(
        """() => { const script = document.createElement("script"); script.textContent = "1 + 1";
        document.body.append(script); }"""
    )
    with pytest.raises(AssertionError, match="script-src"):
        desktop.assert_page_is_good()


def test_an_error_of_a_script_is_seen(desktop: Visitor) -> None:
    page = desktop.open("bari")
    page.evaluate("() => setTimeout(() => { throw new Error('lost'); }, 0)")
    page.wait_for_timeout(50)
    with pytest.raises(AssertionError, match="lost"):
        desktop.assert_page_is_good()
