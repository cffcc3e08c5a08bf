"""A PDF as people, cameras and screen readers meet it: its words, the codes drawn on its pages, its tags."""

import io
from dataclasses import dataclass

import pikepdf
import pypdfium2
import zxingcpp
from pypdf import PdfReader

CAMERA = 200 / 72
"""Dots for each point: what a cheap scanner sees."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code read from a page: its kind, its text, its side in millimetres, its version and level of correction."""

    kind: str
    text: str
    side: float
    version: str
    level: str


def codes_on(content: bytes) -> list[list[Code]]:
    """The codes of each page, found as a scanner would find them."""
    with pypdfium2.PdfDocument(content) as document:
        return [_read(page) for page in document]


def _read(page: pypdfium2.PdfPage) -> list[Code]:
    found = zxingcpp.read_barcodes(page.render(scale=CAMERA, grayscale=True).to_pil())
    return [Code(str(one.format), one.text, _side(one), one.extra["Version"], one.ec_level) for one in found]


def _side(code: zxingcpp.Barcode) -> float:
    corners = code.position.top_left, code.position.top_right
    return round((corners[1].x - corners[0].x) / CAMERA / 72 * 25.4, 1)


def sheets_of(content: bytes) -> int:
    """How many pages."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def pages_of(content: bytes) -> list[str]:
    """The words of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def assert_accessible(content: bytes, title: str, *, lang: str = "it") -> None:
    """PDF/UA-1: tagged, titled, its language told, and every picture says what it is."""
    with pikepdf.open(io.BytesIO(content)) as document, document.open_metadata() as metadata:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == lang
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == title
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        figures = [
            one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        assert all(str(figure.Alt) for figure in figures)
