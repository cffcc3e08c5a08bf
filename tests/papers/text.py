"""The words of a PDF, as who reads it sees them."""

import io

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """All the pages, one after the other, with single blanks."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
