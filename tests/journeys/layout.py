"""What a page looks like, beyond what the accessibility rules see."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

MEASURE: Final = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
ITALIAN: Final = (Path(__file__).parent / "italian.js").read_text(encoding="utf-8")


def layout_faults(page: Page, *, language: str) -> list[str]:
    """One h1, a title, the language, equal left edges, one filled button, rows to tap, amounts on the right."""
    found: list[str] = page.evaluate(MEASURE, language)
    return found


def italian_words(page: Page) -> list[str]:
    """The headings, labels and buttons of an English page that are still Italian."""
    found: list[str] = page.evaluate(ITALIAN)
    return found
