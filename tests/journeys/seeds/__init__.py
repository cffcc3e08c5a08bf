"""What is in the database before anybody clicks.

Each module here has a function `seed()`, called once per run outside any Comune and committed; `ORDER` (50 unless
said) tells which come first. A module is written by whoever writes journeys that need its rows.
"""

import importlib
import pkgutil


def seed_all() -> None:
    """Calls every seed, in order."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    for module in sorted(modules, key=lambda module: (getattr(module, "ORDER", 50), module.__name__)):
        module.seed()
