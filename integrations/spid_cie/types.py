"""What the identity providers tell, in our own words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Provider(StrEnum):
    """The national schemes of digital identity."""

    SPID = "spid"
    CIE = "cie"


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """A person as a provider vouches for her. `level` is the strength of the login, 1 to 3; CIE gives no email.

    `provider_name` is the provider as people know it.
    """

    scheme: str
    identifier: str
    given_name: str
    family_name: str
    birth_date: date | None
    email: str
    level: int
    provider: Provider
    provider_name: str = ""

    def __repr__(self) -> str:
        # A traceback or a log line must not carry a person's data.
        return f"VerifiedIdentity({self.provider}, level {self.level})"


@dataclass(frozen=True, slots=True)
class Entrance:
    """A login that came back: who she is, and the page from which she had started (a path of this host).

    `transaction` is its number, by which the provider's single logout finds the session that follows.
    """

    identity: VerifiedIdentity
    next_path: str
    transaction: str = ""
