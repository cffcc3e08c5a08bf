"""The colours of a Comune: bootstrap-italia's brand colours derived from one, as a small CSS of custom properties.

`brand.json` is written by `make vendor`: for each custom property of the vendored CSS, how it follows the brand colour.
"""

import colorsys
import json
from functools import cache
from pathlib import Path

import msgspec

AA_CONTRAST = 4.5
_STOCK_SATURATION, _STOCK_BRIGHTNESS = 100.0, 80.0

type Rgb = tuple[int, int, int]


class BrandColour(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One custom property: hue relative to the brand's, saturation and brightness (percent) and their slopes."""

    name: str
    triple: bool
    hue: float
    saturation: float
    saturation_slope: float
    brightness: float
    brightness_slope: float
    alpha: float


@cache
def brand_colours() -> tuple[BrandColour, ...]:
    """The custom properties that follow the brand."""
    raw = json.loads((Path(__file__).parent / "brand.json").read_text())
    return msgspec.convert(raw, tuple[BrandColour, ...])


def theme_css(colour: str) -> str:
    """The CSS that turns the pages to a brand colour like "#7a1f2b". Small and constant: serve it immutable."""
    red, green, blue = (channel / 255 for channel in _rgb(colour))
    hue, saturation, brightness = colorsys.rgb_to_hsv(red, green, blue)
    lines = [f"--{each.name}:{_value(each, hue * 360, saturation * 100, brightness * 100)}" for each in brand_colours()]
    return ":root{" + ";".join(lines) + "}\n"


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two colours like "#0066cc", from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_brand(colour: str) -> bool:
    """Whether white text on this colour, and this colour on white, reach 4.5:1."""
    return contrast(colour, "#ffffff") >= AA_CONTRAST


def _value(each: BrandColour, hue: float, saturation: float, brightness: float) -> str:
    strength = _percent(each.saturation + each.saturation_slope * (saturation - _STOCK_SATURATION))
    light = _percent(each.brightness + each.brightness_slope * (brightness - _STOCK_BRIGHTNESS))
    channels = colorsys.hsv_to_rgb(((hue + each.hue) % 360) / 360, strength, light)
    red, green, blue = (round(channel * 255) for channel in channels)
    if each.triple:
        return f"{red},{green},{blue}"
    return f"#{red:02x}{green:02x}{blue:02x}" if each.alpha == 1 else f"rgba({red},{green},{blue},{each.alpha:g})"


def _percent(value: float) -> float:
    return min(max(value, 0.0), 100.0) / 100


def _rgb(colour: str) -> Rgb:
    digits = colour.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"not a colour like #0066cc: {colour}")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _luminance(colour: str) -> float:
    shares = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in _rgb(colour))
    ]
    return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]
