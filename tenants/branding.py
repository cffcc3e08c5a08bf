"""How a Comune looks: its colour as a style sheet, its coat of arms, its contacts and links."""

import colorsys
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError
from sportello.ui.theme import readable_brand, theme_css
from tenants.current import PUBLIC, in_schema
from tenants.hosts import announce_change
from tenants.models import Municipality

LARGEST_IMAGE: Final = 512 * 1024
COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
IMAGE_TYPES: Final = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


class ColourNotReadable(DomainError):
    """White on the colour, and the colour on white, must reach 4.5:1 (WCAG 2.2, 1.4.3)."""

    def __init__(self, suggestion: str) -> None:
        super().__init__(
            _("Il colore è troppo chiaro: il testo bianco non si legge. Il più vicino che va bene è %(suggestion)s."),
            suggestion=suggestion,
        )
        self.suggestion = suggestion


class ImageTooLarge(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'immagine supera %(most)s KB: riducila e riprova."), most=LARGEST_IMAGE // 1024)


class ImageNotRecognised(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Il file non è un'immagine PNG, JPEG o WebP."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """What the central team sets. `colour` is like "#0066cc"; `footer_links` are (label, https address)."""

    colour: str
    contacts_email: str
    contacts_phone: str
    contacts_address: str
    privacy_url: str
    legal_notes_url: str
    accessibility_declaration_url: str
    footer_links: tuple[tuple[str, str], ...]
    eu_funded: bool


FIELDS: Final = (
    "colour",
    "contacts_email",
    "contacts_phone",
    "contacts_address",
    "privacy_url",
    "legal_notes_url",
    "accessibility_declaration_url",
    "eu_funded",
)


@transaction.atomic
def set_branding(*, municipality: Municipality, branding: Branding) -> list[str]:
    """Stores it and returns the names of the fields that changed. Raises ColourNotReadable.

    Every process shows the new look after commit.
    """
    if not readable_brand(branding.colour):
        raise ColourNotReadable(nearest_readable(branding.colour))
    held = Municipality.objects.select_for_update().get(pk=municipality.pk)
    wanted = {name: getattr(branding, name) for name in FIELDS}
    wanted["footer_links"] = [list(link) for link in branding.footer_links]
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, wanted[name])
        _store(held, changed)
    return changed


@transaction.atomic
def set_coat_of_arms(*, municipality: Municipality, content: bytes) -> None:
    """Keeps the image in the Comune's own files, named by its content.

    Raises ImageTooLarge, ImageNotRecognised: the first bytes decide, not the name of the file.
    """
    if len(content) > LARGEST_IMAGE:
        raise ImageTooLarge
    name = f"stemma/{hashlib.sha256(content).hexdigest()[:16]}.{image_kind(content)}"
    held = Municipality.objects.select_for_update().get(pk=municipality.pk)
    with in_schema(held.schema_name):
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
    held.coat_of_arms = name
    _store(held, ["coat_of_arms"])


def read_coat_of_arms(municipality: Municipality, file_name: str) -> tuple[bytes, str] | None:
    """(content, media type) of the coat of arms in use; None when the Comune uses another or none."""
    name = str(municipality.coat_of_arms)
    if not name or name != f"stemma/{file_name}":
        return None
    with in_schema(municipality.schema_name):
        if not default_storage.exists(name):
            return None
        with default_storage.open(name) as file:
            return file.read(), IMAGE_TYPES[name.rpartition(".")[2]]


def image_kind(content: bytes) -> str:
    """The kind of image by its first bytes: png, jpg or webp; raises ImageNotRecognised."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    raise ImageNotRecognised


def nearest_readable(colour: str) -> str:
    """The colour itself, or the same hue darkened just enough to reach 4.5:1 against white."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    for step in range(round(value * 255), -1, -1):
        channels = colorsys.hsv_to_rgb(hue, saturation, step / 255)
        candidate = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
        if readable_brand(candidate):
            return candidate
    return "#000000"


def theme_name(municipality: Municipality) -> str:
    """The name of the style sheet, new at every change of look: `<version>-<digest>`."""
    return f"{municipality.branding_version}-{_digest(municipality.colour)}"


@lru_cache(maxsize=128)
def _digest(colour: str) -> str:
    return hashlib.sha256(theme_css(colour).encode()).hexdigest()[:12]


def _store(held: Municipality, changed: list[str]) -> None:
    held.branding_version += 1
    with in_schema(PUBLIC):  # django_tenants saves a Comune only from there or from its own schema
        held.save(update_fields=[*changed, "branding_version"])
    transaction.on_commit(announce_change)
