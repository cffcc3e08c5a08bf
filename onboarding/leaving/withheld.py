"""What never leaves: what would let somebody in. The data about it leave; the key itself does not.

A package is read by people and machines outside this installation, while doors here are still open. So open sessions
and the keys of one-time codes stay, and a password leaves not even as its digest: who had one is sent a new link.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Instead:
    """What stands in the place of a value: an expression of SQL, and why in two languages."""

    sql: str
    because: tuple[str, str]


TABLES: Final = {
    "django_session": (
        "Le sessioni aperte non escono: chi avesse la chiave di una sessione sarebbe dentro.",
        "Open sessions do not leave: whoever held the key of one would be inside.",
    ),
    "crossing_passage": (
        "I passaggi da un ambiente all'altro non escono: sono codici che valgono un minuto.",
        "Passages from one place to another do not leave: they are codes good for a minute.",
    ),
    "otp_totp_totpdevice": (
        "Le chiavi dei codici temporanei non escono: le utenze locali le rinnovano al primo accesso.",
        "Keys of one-time codes do not leave: local accounts renew them at their first entrance.",
    ),
}
COLUMNS: Final = {
    ("accounts_account", "password"): Instead(
        "'!'",
        (
            "Nessuna password, nemmeno cifrata: le utenze locali ricevono un nuovo collegamento.",
            "No password, not even its digest: local accounts are sent a new link.",
        ),
    ),
    ("accounts_opensession", "session_key"): Instead(
        "'withheld-' || id",
        (
            "La chiave della sessione non esce: resta un segnaposto.",
            "The key of the session does not leave: a placeholder stands here.",
        ),
    ),
}
KNOWN_HARMLESS: Final = frozenset(
    {
        ("integrations_connector", "secret_name"),  # the name of a secret that is mounted, never in the database
        ("publishing_gatewaycopy", "told_digest"),  # of what pagoPA was told: an equal message does not leave
        ("means_iseeenquiry", "answer_digest"),  # of what INPS answered: proves it, opens nothing
        ("notifications_notice", "key"),  # names the event, so that it is told once
        ("leaving_exportpackage", "digests"),
        ("onboarding_stagedrow", "key"),  # names the fact of a row across loads
        ("shadow_explaineddifference", "key"),  # names a difference across comparisons
        ("onboarding_farewell", "key"),
        ("debts_debtposition", "key"),  # names the fact that a notice was made for
        ("carts_cart", "key"),  # names the choice that a cart was made of
    }
)
"""Columns whose name sounds like a secret, judged and found to hold none."""


def is_withheld(table: str) -> bool:
    """Whether no row of the table leaves."""
    return table in TABLES
