"""Local-tax extracts of fixed width with layouts that nobody has seen: order, widths, marks, signs, dates are drawn."""

# ruff: noqa: E501, ARG005 -- a column is a function of a position

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tests.onboarding.recognition.world import Person, World

TAXES: Final = ("TARI", "IMU", "TASI")


@dataclass(frozen=True)
class Part:
    """A column: its field, its width, what stands in it. `sign` before or behind the digits of amounts."""

    field: str
    width: int
    cell: Callable[["Position"], str]


@dataclass(frozen=True)
class Position:
    number: int
    person: Person
    company: str
    tax: str
    year: int
    due: int
    paid: int
    paid_on: date | None
    in_instalments: bool


@dataclass(frozen=True)
class Records:
    """A file and the truth: (place, width, field) of each column, the mark, the declared sums."""

    seed: int
    content: bytes
    columns: tuple[tuple[int, int, str], ...]
    mark: tuple[str, str, str]
    declared: frozenset[str]
    unit: str


def draw_records(seed: int, count: int = 400) -> Records:
    """A file of positions, some lines damaged as in real life."""
    dice = random.Random(seed)  # noqa: S311 -- test data
    world = World(seed, "A662")
    parts = _parts(dice)
    header, detail, trailer = dice.choice((("0", "1", "9"), ("1", "2", "3"), ("H", "D", "T"), ("00", "10", "99"), ("TES", "DET", "COD"), ("", "1", "9"), ("", "", "")))  # fmt: skip
    positions = [_position(dice, world, number) for number in range(1, count + 1)]
    width = len(detail) + sum(part.width for part in parts)
    lines = [detail + "".join(_fit(part.cell(one), part) for part in parts) for one in positions]
    lines = [_damaged(dice, line) for line in lines]
    if header:
        lines.insert(0, f"{header}TRIBUTI COMUNALI    20251115".ljust(width)[:width])
    declared = frozenset[str]()
    if trailer:
        sums = {"": count, "due": sum(one.due for one in positions), "paid": sum(one.paid for one in positions)}
        order = dice.sample(("due", "paid"), 2)
        tail = trailer + f"{sums['']:0{dice.choice((6, 7, 8))}d}" + "".join(f"{sums[of]:0{dice.choice((12, 13, 15))}d}" for of in order)  # fmt: skip
        lines.append(tail.ljust(width))
        declared = frozenset(("", *order))
    columns, at = [], len(detail) + 1
    for part in parts:
        columns.append((at, part.width, part.field))
        at += part.width
    content = (dice.choice(("\r\n", "\n")).join(lines) + "\n").encode("latin-1", "replace")
    return Records(seed, content, tuple(columns), (header, detail, trailer), declared, "cents")


def _fit(text: str, part: Part) -> str:
    assert len(text) <= part.width or not text.isdigit(), (text, part.field)
    return text.ljust(part.width)[: part.width]


def _damaged(dice: random.Random, line: str) -> str:
    chance = dice.random()
    if chance < 0.03:
        return line.rstrip()
    if chance < 0.04:
        return (line[:24] + line[26:]).ljust(len(line))
    return line


def _parts(dice: random.Random) -> list[Part]:
    """The columns in a drawn order; a filler may stand anywhere."""
    wide = dice.choice((9, 10, 11, 12))
    day = dice.choice(("%d%m%Y", "%Y%m%d"))
    sign = dice.choice(("", "", "before", "behind"))
    yes, no = dice.choice((("S", "N"), ("1", "0"), ("Y", "N")))
    surname, given = dice.choice((30, 35, 40, 50)), dice.choice((15, 20, 25, 30))

    def amount(cents: int) -> str:
        digits = f"{cents:0{wide}d}"
        return f"+{digits}" if sign == "before" else f"{digits}+" if sign == "behind" else digits

    names = [
        Part("surname_or_name", surname, lambda one: one.company or one.person.surname),
        Part("given_name", given, lambda one: "" if one.company else one.person.given),
    ]
    code = Part("fiscal_code", 16, lambda one: f"{10**10 + one.number * 7919}" if one.company else one.person.code)
    what = [Part("tax", dice.choice((4, 5, 6)), lambda one: one.tax), Part("year", 4, lambda one: str(one.year))]
    money = [
        Part("due", wide + bool(sign), lambda one: amount(one.due)),
        Part("paid", wide + bool(sign), lambda one: amount(one.paid)),
        Part("last_payment", 8, lambda one: one.paid_on.strftime(day) if one.paid_on else "0" * 8),
        Part("instalments", 1, lambda one: yes if one.in_instalments else no),
    ]
    groups = [[code], names, what, money, [Part("municipality", 4, lambda one: "A662")]]
    dice.shuffle(groups)
    parts = [part for group in groups for part in group]
    if dice.random() < 0.7:
        digits = dice.choice((6, 7, 8))
        parts.insert(0, Part("line_number", digits, lambda one: f"{one.number:0{digits}d}"))
    if dice.random() < 0.8:
        parts.append(Part("", dice.choice((5, 12, 33)), lambda one: ""))
    return parts


def _position(dice: random.Random, world: World, number: int) -> Position:
    person = world.person(date(1950, 1, 1), date(2000, 12, 31))
    company = f"EDILIZIA {person.surname} SRL" if dice.random() < 0.06 else ""
    year, due = dice.choice((2022, 2023, 2024)), dice.randrange(3000, 120000)
    paid = dice.choice((due, due, 0, due // 2, due + 700))
    when = date(year, 3, 1) + timedelta(days=dice.randrange(280)) if paid else None
    return Position(
        number, person, company, dice.choice(TAXES[:2]), year, due, paid, when, paid == due // 2 and dice.random() < 0.7
    )
