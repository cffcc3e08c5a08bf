"""Words of the language that several parts share: a text in the languages of the desk, the code of a school."""

from typing import Annotated

import msgspec

from services_catalog.fees.roots import Rule

type SchoolCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{10}$")]


class Text(Rule, frozen=True, kw_only=True):
    """A short text in the languages of the desk; the Italian one is required."""

    it: Annotated[str, msgspec.Meta(min_length=1)]
    en: str = ""

    def __str__(self) -> str:
        return self.it

    def within(self, language: str) -> str:
        """The text in a language, Italian where it is missing."""
        return self.en or self.it if language.startswith("en") else self.it
