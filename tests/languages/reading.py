"""What a person reads on a page, and whether it is an Italian sentence of ours."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import polib

SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder", "content", "data-label")
UNREAD = ("script", "style", "svg")
VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "use", "path")
_PLACE = re.compile(r"%\([a-z_]+\)[sd]")
LETTERS_ENOUGH = 8
"""Letters a sentence needs beside its places for its shape to be recognised."""


class Reading(HTMLParser):
    """The texts of a page, each as the browser joins its white space; what is marked as Italian is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self._inside: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses, and the words that only screen readers say."""
        given = {name: value or "" for name, value in attrs}
        outside = tag in UNREAD or (tag != "html" and given.get("lang") == "it")
        hidden = outside or self._hidden()
        if tag == "a" and given.get("href"):
            self.addresses.append(given["href"])
        if not hidden:
            self.texts += [given[name] for name in SPOKEN_ATTRIBUTES if name in given]
        if tag not in VOID:
            self._inside.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, and any that was left open in it."""
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep the text of a node."""
        text = " ".join(data.split())
        if text and not self._hidden():
            self.texts.append(text)

    def _hidden(self) -> bool:
        return bool(self._inside) and self._inside[-1][1]


def read(page: str) -> Reading:
    """The page as read from the first line to the last."""
    reading = Reading()
    reading.feed(page)
    reading.close()
    return reading


class Italian:
    """The Italian sentences that English says otherwise."""

    def __init__(self, catalogue: polib.POFile) -> None:
        self.plain: set[str] = set()
        self.shapes: list[re.Pattern[str]] = []
        english = set()
        for entry in catalogue:
            pairs = {entry.msgid: entry.msgstr or entry.msgstr_plural.get(0, "")}
            if entry.msgid_plural:
                pairs[entry.msgid_plural] = entry.msgstr_plural.get(1, "")
            english |= set(pairs.values())
            self._learn({italian: said for italian, said in pairs.items() if italian != said})
        self.plain -= english

    def _learn(self, pairs: Mapping[str, str]) -> None:
        for italian in pairs:
            words = _PLACE.split(italian)
            if len(words) == 1:
                self.plain.add(italian.strip())
            elif sum(letter.isalpha() for word in words for letter in word) >= LETTERS_ENOUGH:
                self.shapes.append(re.compile(".+".join(re.escape(word) for word in words)))

    def among(self, texts: list[str]) -> Iterator[str]:
        """The texts that are one of those sentences."""
        for text in texts:
            if text in self.plain or any(shape.fullmatch(text) for shape in self.shapes):
                yield text
