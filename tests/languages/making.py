"""The commands of the project that read the sentences: they stand outside the packages."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def command(name: str) -> ModuleType:
    """A module of `.make`."""
    folder = str(ROOT / ".make")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module(name)
