"""One colour makes the theme of a Comune."""

import re
from pathlib import Path

import pytest

from sportello.ui.theme import brand_colours, contrast, readable_brand, theme_css

CSS = Path(__file__).parents[2] / "static/vendor/bootstrap-italia/css/bootstrap-italia.css"


def _values(css: str) -> dict[str, str]:
    return dict(re.findall(r"--(brand[a-z0-9-]*):([^;}]+)", css))


def test_the_theme_sets_every_colour_the_stylesheet_uses() -> None:
    used = set(re.findall(r"var\(--(brand[a-z0-9-]*)\)", CSS.read_text()))
    assert set(_values(theme_css("#7a1f2b"))) == used == {each.name for each in brand_colours()}


def test_the_stock_colour_gives_the_stock_theme() -> None:
    theme = _values(theme_css("#0066cc"))
    assert (theme["brand"], theme["brand-dark"], theme["brand-darkest"]) == ("#0066cc", "#0052a3", "#003366")


def test_another_colour_changes_the_hue_of_all() -> None:
    theme = _values(theme_css("#7a1f2b"))
    assert theme["brand"] == "#7a1f2b"
    assert "#0066cc" not in theme.values()


@pytest.mark.parametrize("colour", ["#7a1f2b", "#0b5d1e", "#4a2c82", "#005a66", "#8a4b00"])
def test_darker_shades_stay_readable_under_white_text(colour: str) -> None:
    theme = _values(theme_css(colour))
    assert readable_brand(colour)
    assert min(contrast(theme[name], "#ffffff") for name in ("brand", "brand-dark", "brand-darkest")) >= 4.5


def test_contrast_as_wcag_counts_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert not readable_brand("#ffcc00")


def test_the_tints_of_states_are_readable() -> None:
    base = (CSS.parents[3] / "css/base.css").read_text()
    tints = dict(re.findall(r"--(tint-[a-z]+|on-[a-z]+): (#[0-9a-f]{6})", base))
    shades = [name.removeprefix("tint-") for name in tints if name.startswith("tint-")]
    assert [shade for shade in shades if contrast(tints[f"tint-{shade}"], tints[f"on-{shade}"]) < 4.5] == []


def test_not_a_colour() -> None:
    with pytest.raises(ValueError, match="not a colour"):
        theme_css("#fff")
