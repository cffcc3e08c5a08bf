"""A check of the workbench."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the office would verify by hand: whether it holds, and what to look at."""

    holds: bool
    sentence: str
