"""Which children a person may see is asked at one door: no other room reads guardianships by who has logged in."""

import ast
from typing import Final

from tests.architecture.source import place, tree, written_modules

DOOR: Final = "families"
NAMES: Final = frozenset({"Guardianship", "Delegation"})
MAY_READ: Final = {
    "platform/sportello/desk/child_file.py",  # the office's own file of a child: for staff, not for families
    "onboarding/population/settling.py",  # writes invented families
}


def test_guardianships_and_delegations_are_read_by_their_room_alone() -> None:
    trespasses = [
        place(file, node)
        for file in written_modules()
        if DOOR not in file.parts and place(file) not in MAY_READ
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom)
        and node.module == "sportello.families.models"
        and NAMES & {alias.name for alias in node.names}
    ]
    assert trespasses == []


def test_nobody_reaches_them_by_the_names_of_their_keys() -> None:
    """`child__guardianships__...` in a query is the same door, forced."""
    trespasses = [
        place(file, node)
        for file in written_modules()
        if DOOR not in file.parts and not place(file).startswith("platform/sportello/desk/people.py")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.keyword) and node.arg and {"guardianships", "delegations"} & set(node.arg.split("__"))
        and "__" in node.arg
    ]  # fmt: skip
    assert trespasses == []
