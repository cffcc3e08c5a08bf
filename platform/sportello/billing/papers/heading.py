"""What every letter of the Comune carries: its name, its office, how to reach it, what the paper is."""

from dataclasses import dataclass
from typing import Any

from sportello.billing.papers.sheets import Payee


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of the Comune with its office above, the title, and the line at the foot of each page."""

    payee: Payee
    title: str
    footer: str
    lang: str = "it"


def heading_of(heading: Heading) -> dict[str, Any]:
    """What `_letter.typ` reads."""
    payee = heading.payee
    return {
        "title": heading.title,
        "institution": payee.name,
        "office": payee.office,
        "contacts": payee.contacts,
        "footer": heading.footer,
        "lang": heading.lang,
    }
