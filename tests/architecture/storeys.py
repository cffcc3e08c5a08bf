"""The storeys of the house, as pyproject.toml gives them to import-linter: bottom first."""

import tomllib
from functools import cache
from itertools import takewhile

from tests.architecture.source import ROOT


@cache
def storeys() -> tuple[frozenset[str], ...]:
    """The rooms of each storey by their package name; the kernel is first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return tuple(frozenset(name.strip(" ()") for name in layer.split("|")) for layer in reversed(layers))


@cache
def rooms() -> frozenset[str]:
    """The package names of all rooms."""
    return frozenset().union(*storeys())


def height(room: str) -> int:
    """On which storey the room is."""
    return sum(1 for _ in takewhile(lambda storey: room not in storey, storeys()))


def room_of(module: str) -> str | None:
    """The room a module belongs to; None outside the house."""
    parts = module.split(".")
    candidates = (".".join(parts[:2]), parts[0])
    return next((name for name in candidates if name in rooms()), None)
