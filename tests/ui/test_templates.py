"""All templates of the house: they compile, they keep to the Content-Security-Policy, their icons exist."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html"))
SPRITE = (ROOT / "static/vendor/bootstrap-italia/svg/sprites.svg").read_text()
FORBIDDEN = re.compile(r"""\sstyle=|<style|\son[a-z]+=["']|<script(?![^>]*\bsrc=)|javascript:|\shx-on""", re.IGNORECASE)
ICON = re.compile(r"""{% icon ["']([a-z-]+)["']|icon_name=["']([a-z-]+)["']""")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_it_compiles_and_keeps_to_the_policy(path: Path) -> None:
    get_template(_name(path))
    text = path.read_text()
    assert [line.strip() for line in text.splitlines() if FORBIDDEN.search(line)] == []
    unknown = [name for pair in ICON.findall(text) for name in pair if name and f'id="it-{name}"' not in SPRITE]
    assert unknown == []


def test_every_component_says_what_it_takes() -> None:
    components = [path for path in TEMPLATES if path.parent.name == "components"]
    assert [_name(path) for path in components if not path.read_text().startswith("{# ")] == []
