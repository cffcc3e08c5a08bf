"""How many columns of unseen shapes are recognised: the table of docs/how-to/map-an-export.md.

python -m tests.onboarding.recognition.measure [files of each kind]
"""

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from onboarding.mapping.structs import Column, Mapping
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.recognition.shapes import Expected, Shape, draw_shape, is_decidable
from tests.onboarding.recognition.world import facts

KINDS: Final = ("roster", "sheet", "transport")
HEADINGS: Final = ("named", "numbered", "absent")
SURE: Final = 0.9


@dataclass
class Measured:
    """Columns that the file itself decides, those found right, those wrong though sure, and what went wrong."""

    columns: int = 0
    right: int = 0
    wrong: int = 0
    wrong_and_sure: list[str] = field(default_factory=list)
    misses: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return self.right / max(1, self.columns)


def measure(kind: str, headings: str, seeds: range, folder: Path) -> Measured:
    """Propose a mapping for each drawn file and compare it with the truth."""
    found = Measured()
    for seed in seeds:
        shape = draw_shape(seed, headings, kind)
        path = folder / "export"
        path.write_bytes(shape.content)
        _compare(found, shape, propose(open_source(path), facts()))
    return found


def _compare(found: Measured, shape: Shape, mapping: Mapping) -> None:
    if mapping.kind != shape.kind or len(mapping.columns) != len(shape.columns):
        found.columns += len(shape.columns)
        found.misses[f"seed {shape.seed}: {mapping.kind}, {len(mapping.columns)} columns"] += 1
        return
    for column, expected in zip(mapping.columns, shape.columns, strict=True):
        right = is_right(column, expected, named=shape.headings == "named")
        decidable = is_decidable(shape, expected)
        found.columns += decidable
        found.right += decidable and right
        if decidable and not right:
            found.misses[f"{expected.field} -> {column.field or '-'}"] += 1
        if column.field and not right and (decidable or column.field != expected.field):
            found.wrong += 1
            if column.confidence > SURE:
                found.wrong_and_sure.append(f"{shape.seed} {shape.headings}: {expected.field} -> {column.field}")


def is_right(column: Column, expected: Expected, *, named: bool) -> bool:
    """The field, and the way it is written as far as the file says it: without names months are not told apart."""
    return (
        column.field == expected.field
        and (not named or column.part == expected.part)
        and (not expected.order or column.date_order == expected.order)
        and (not expected.names or column.names == expected.names)
    )


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    print("| kind | names | columns | right | wrong | wrong and sure |\n|---|---|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            for headings in HEADINGS:
                found = measure(kind, headings, range(count), Path(folder))
                share = f"{100 * found.share:.1f} %"
                sure = len(found.wrong_and_sure)
                print(f"| {kind} | {headings} | {found.columns} | {share} | {found.wrong} | {sure} |")  # noqa: T201
                for miss, times in found.misses.most_common(8):
                    print(f"    {times} x {miss}", file=sys.stderr)  # noqa: T201
                print(*found.wrong_and_sure[:8], sep="\n", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
