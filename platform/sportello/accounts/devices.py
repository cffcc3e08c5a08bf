"""What a browser says of itself, in two words that its owner recognises. The text it sends is not kept."""

from dataclasses import dataclass
from typing import Final

# The first that is found wins: nearly every browser also says that it is Chrome or Safari.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser and a system by their common names; empty where none of the known ones was found."""

    browser: str
    system: str


def device_of(user_agent: str) -> Device:
    """The device behind a User-Agent.

    >>> device_of("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")
    Device(browser='Chrome', system='Android')
    """
    return Device(_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))


def _first(signs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in signs if sign in text), "")
