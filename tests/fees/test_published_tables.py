"""The fee tables printed in public acts (`published/`), with their worked examples, priced by the interpreter."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from services_catalog.fee_table import FeeTable
from services_catalog.reading import from_builtins
from sportello.fees.rules import Facts, price
from sportello.kernel.money import Money

PUBLISHED = Path(__file__).parent / "published"
TABLES = ("bari_mensa_2024_25", "bari_mensa_versions", "bitonto_mensa_2021", "terlizzi_mensa_block21")


def published(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((PUBLISHED / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def examples() -> list[Any]:
    return [
        pytest.param(document, example, id=f"{name}-{example['id']}")
        for name in TABLES
        for document in [published(name)]
        for example in document["examples"]
    ]


def rows(bands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = ("isee_from", "isee_to", "amount", "share_percent")
    return [
        {key: row[key] for key in kept if row.get(key) is not None}
        for row in bands
        if row.get("share_percent", "known") is not None
    ]


def base_of(document: dict[str, Any], school_year: str | None) -> dict[str, Any]:
    if "unit_cost" in document.get("price", {}):
        costs = [{"level": level, "unit_cost": cost} for level, cost in document["price"]["unit_cost"].items()]
        return {"kind": "cost_share", "unit_costs": costs, "bands": rows(document["table"])}
    if "bands" in document:
        return {"kind": "flat_bands", "bands": rows(document["bands"])}
    version = next(version for version in document["table"] if version["valid_for"] == school_year)
    return {"kind": "flat_bands", "bands": rows(version["bands"])}


def siblings_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    percentages, prices = [], []
    for rule in document.get("siblings", {}).get("rule", []):
        rank, open_end = int(str(rule["rank"]).rstrip("+")), str(rule["rank"]).endswith("+")
        row: dict[str, Any] = {"rank_from": rank} | ({} if open_end else {"rank_to": rank})
        if rule.get("when") == "two children use it":
            row["children_to"] = 2
        if "fixed_amount" in rule:
            prices.append(row | {"amount": rule["fixed_amount"]})
        else:
            percentages.append(row | {"discount_percent": rule["discount_percent"]})
    steps = [{"kind": "sibling_discounts", "rows": percentages}] if percentages else []
    return steps + ([{"kind": "sibling_prices", "rows": prices}] if prices else [])


def table_of(document: dict[str, Any], school_year: str | None) -> FeeTable:
    block = document.get("price", {}).get("block_meals")
    replaced = []
    if school_year == "2021/2022":  # the act of 2021 keeps the older amounts for families in arrears
        replaced = [{"condition": "arrears", "base": base_of(document, "2020/2021")}]
    return from_builtins(
        {
            "unit": {"kind": "block", "meals": block} if block else {"kind": "meal"},
            "base": base_of(document, school_year),
            "replacements": replaced,
            "reductions": [{"kind": "exemption", "condition": "disability"}, *siblings_of(document)],
        },
        FeeTable,
    )


@pytest.mark.parametrize(("document", "example"), examples())
def test_the_worked_example_comes_out_to_the_cent(document: dict[str, Any], example: dict[str, Any]) -> None:
    given, expected = example["input"], example["expect"]
    isee = None if given["isee"] is None else Money.from_decimal_string(given["isee"]).cents
    facts = Facts(
        level=given.get("level", "primaria"),
        isee_cents=isee,
        sibling_rank=given.get("siblings_rank", 1),
        children_using=given.get("children_using", given.get("siblings_rank", 1)),
        conditions=frozenset(name for name in ("arrears",) if given.get(name))
        | frozenset({"disability"} if given.get("disabled") else ()),
    )
    result = price(table_of(document, given.get("school_year")), facts)
    if "meals_left" in expected:  # a block is a stock of meals: what was eaten leaves the rest
        assert result.block_meals == document["price"]["block_meals"]
        assert given["meals_left"] - given["meals_eaten"] == expected["meals_left"]
        return
    units = given.get("meals", given.get("blocks", 1))
    assert result.amount * units == Money.from_decimal_string(expected["fee"])
    assert result.steps[-1].after_cents == result.amount.cents
    assert Decimal(expected["fee"]) == (result.amount * units).as_decimal()
