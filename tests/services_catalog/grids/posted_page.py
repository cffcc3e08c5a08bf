"""What a browser would post back from a page as it stands: every control of its forms, by name."""

from html.parser import HTMLParser

from django.http import QueryDict
from django.template.loader import render_to_string

from services_catalog.grids.editing import EditionForms, RowSet


class _Controls(HTMLParser):
    """The successful controls of a page: typed inputs, ticked boxes, chosen options, texts."""

    def __init__(self) -> None:
        super().__init__()
        self.posted = QueryDict(mutable=True)
        self._select = ""
        self._area: str | None = None
        self._first: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in given:
                    self.posted.appendlist(name, given.get("value") or "on")
            else:
                self.posted.appendlist(name, given.get("value") or "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            value = given.get("value") or ""
            self._first.setdefault(self._select, value)
            if "selected" in given:
                self.posted[self._select] = value
        elif tag == "textarea":
            self._area = name
            self.posted[name] = ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.posted[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.posted.setdefault(self._select, self._first.get(self._select, ""))
            self._select = ""
        elif tag == "textarea" and self._area is not None:
            self.posted[self._area] = self.posted[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = None


def posted_from(html: str) -> QueryDict:
    """The controls of a page."""
    reader = _Controls()
    reader.feed(html)
    return reader.posted


def drawn(forms: EditionForms) -> str:
    """The grids and blocks as the page draws them."""
    parts = [
        render_to_string("services_catalog/_grid.html", {"rowset": piece, "here": ""})
        if isinstance(piece, RowSet)
        else render_to_string("services_catalog/_block.html", {"block": piece})
        for piece in forms.pieces
    ]
    return "".join(parts)
