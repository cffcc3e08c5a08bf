"""No path leads from a balance to no meal (P38): what decides who eats cannot know what a family owes."""

import ast
from typing import Final

import grimp
import pytest

from tests.architecture.source import ROOT, tree

DECIDING: Final = (
    "sportello.canteen.announcing",
    "sportello.canteen.attendance",
    "sportello.canteen.cancelling",
    "sportello.canteen.closed_days",
    "sportello.canteen.diets_ending",
    "sportello.canteen.dieting",
    "sportello.canteen.month_calendar",
    "sportello.canteen.roll",
    "sportello.canteen.roll_call",
    "sportello.canteen.rules",
    "sportello.canteen.service",
    "sportello.canteen.views.cancelling",
    "sportello.canteen.views.days",
    "sportello.canteen.views.school",
    "sportello.enrolment.ending",
    "sportello.enrolment.ending_places",
    "sportello.enrolment.lapsing",
)
"""Who is on the roll, who is served, which days have meals, who loses a place, and the pages of those who serve."""
MONEY: Final = ("sportello.billing", "sportello.applications.owing", "sportello.fees.arrears")
PREPAID: Final = ("sportello.canteen.stock", "sportello.canteen.blocks", "sportello.canteen.statement")
"""Meals left and what they cost: a balance by another name."""
WORDS: Final = frozenset({"balance", "balance_cents", "credit", "arrears", "overdue", "meals_left", "dues", "owed"})
EATING: Final = frozenset({"Presence", "RollCall"})
WRITES: Final = frozenset({"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete"})


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """The imports, less one that is a foreign key: a block of meals names the entry that charged it."""
    built = grimp.build_graph("sportello", "tenants", "services_catalog", "integrations", "onboarding", cache_dir=None)
    assert built.direct_import_exists(importer="sportello.canteen.models", imported="sportello.billing.models")
    built.remove_import(importer="sportello.canteen.models", imported="sportello.billing.models")
    return built


def ways_to_money(graph: grimp.ImportGraph, module: str) -> list[str]:
    """The chains of imports from a module to what families owe."""
    reached = graph.find_upstream_modules(module)
    money = [one for one in sorted(reached) if one.startswith((*MONEY, *PREPAID))]
    return [" > ".join(graph.find_shortest_chain(module, one) or ()) for one in money]


@pytest.mark.parametrize("module", DECIDING)
def test_what_decides_who_eats_reaches_no_balance(graph: grimp.ImportGraph, module: str) -> None:
    assert module in graph.modules, "renamed: put its new name into DECIDING"
    assert ways_to_money(graph, module) == []


@pytest.mark.parametrize("module", DECIDING)
def test_nor_does_it_ask_for_one_by_name(module: str) -> None:
    file = ROOT / "platform" / f"{module.replace('.', '/')}.py"
    names = {node.attr for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree(file)) if isinstance(node, ast.Name)}
    assert names & WORDS == set()


def test_nobody_else_writes_who_ate() -> None:
    """A new module that serves or refuses meals must be named in DECIDING."""
    room = ROOT / "platform" / "sportello"
    writers = {
        ".".join(file.relative_to(ROOT / "platform").with_suffix("").parts)
        for file in room.rglob("*.py")
        if "migrations" not in file.parts
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        and any(isinstance(one, ast.Name) and one.id in EATING for one in ast.walk(node.func))
    }  # fmt: skip
    assert writers <= set(DECIDING)
    assert writers, "the writers are found at all"


def test_the_check_sees_money(graph: grimp.ImportGraph) -> None:
    for module in ("sportello.canteen.statement", "sportello.canteen.month_close", "sportello.canteen.views.family"):
        assert ways_to_money(graph, module), module
