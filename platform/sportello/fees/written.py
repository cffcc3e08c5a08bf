"""How a decision keeps its facts and its steps, and how they are read back."""

from collections.abc import Iterable
from typing import Any

from sportello.fees.facts import Facts, Step


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """The facts as a decision keeps them; those that only some tables read, where they say something."""
    kept: dict[str, Any] = {
        "level": facts.level,
        "isee_cents": facts.isee_cents,
        "sibling_rank": facts.sibling_rank,
        "children_using": facts.children_using,
        "conditions": sorted(facts.conditions),
        "resident": facts.resident,
    }
    rare = {"minors": facts.minors, "enrolled": facts.enrolled, "members": facts.members}
    kept |= {name: number for name, number in rare.items() if number != 1}
    kept |= {"isee_state": facts.isee_state} if facts.isee_state != "attested" else {}
    kept |= {} if facts.income_cents is None else {"income_cents": facts.income_cents}
    return kept | ({"amounts": dict(sorted(facts.amounts))} if facts.amounts else {})


def facts_from_json(inputs: dict[str, Any]) -> Facts:
    """The facts a decision keeps."""
    amounts = frozenset(inputs.get("amounts", {}).items())
    return Facts(**{**inputs, "conditions": frozenset(inputs["conditions"]), "amounts": amounts})


def steps_to_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The steps as a decision keeps them; :func:`steps_from_json` reads them back."""
    return [
        {
            "code": step.code,
            "place": step.place,
            "before_cents": step.before_cents,
            "after_cents": step.after_cents,
            "params": step.params,
        }
        for step in steps
    ]


def steps_from_json(steps: Iterable[dict[str, Any]]) -> list[Step]:
    """The steps a decision keeps."""
    return [Step(**step) for step in steps]
