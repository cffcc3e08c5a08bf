"""How verdicts compare with an answer key: the confusion table, records that differ, repairs that are wrong."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onboarding.judging.catalogue import told_code
from onboarding.judging.judging import judge
from onboarding.judging.types import COMMITTED, Judged, Known
from onboarding.mapping.structs import Mapping
from onboarding.sources.opening import open_source
from onboarding.sources.rows import read_rows

type Key = dict[int, dict[str, Any]]


@dataclass
class Accuracy:
    """`pairs` counts (verdict of the key, our verdict); `wrong` are the lines of which something differs."""

    lines: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    records: int = 0
    equal: int = 0
    repairs_wrong: int = 0
    defects_equal: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the lines with a key, how many have its verdict."""
        return sum(count for (key, ours), count in self.pairs.items() if key == ours) / max(self.pairs.total(), 1)

    @property
    def share_equal(self) -> float:
        """Of the lines we would import, how many have the key's record."""
        return self.equal / max(self.records, 1)


def key_of(lines: Iterable[str]) -> Key:
    """By line number."""
    return {answer["line"]: answer for answer in map(json.loads, lines)}


def judged(path: Path, mapping: Mapping, known: Known) -> Iterator[Judged]:
    """The verdicts on a file, later amendments included."""
    judging = judge(read_rows(open_source(path), mapping), mapping, known)
    found = list(judging)
    for amendment in judging.amendments:
        found[amendment.line - 1].verdict = amendment.verdict
    return iter(found)


def measured(found: Iterable[Judged], key: Key) -> Accuracy:
    """Compare."""
    accuracy = Accuracy()
    for one in found:
        accuracy.lines += 1
        answer = key.get(one.line)
        if answer is None:
            continue
        accuracy.pairs[answer["verdict"], str(one.verdict)] += 1
        codes = sorted(told_code(defect) for defect in one.defects if not defect.code.startswith("info_"))
        meant = sorted(code for code in answer["defects"] if not code.startswith("info_"))
        accuracy.defects_equal += codes == meant
        if one.verdict != answer["verdict"]:
            accuracy.wrong.append(f"{one.line}: {answer['verdict']} {meant}, told {one.verdict} {codes}")
        if one.verdict in COMMITTED:
            _compare(one, answer, accuracy)
    return accuracy


def _compare(one: Judged, answer: dict[str, Any], accuracy: Accuracy) -> None:
    accuracy.records += 1
    expected = answer["expected"] or {}
    if one.record == expected:
        accuracy.equal += 1
        return
    record = one.record or {}
    differing = {
        name: (expected.get(name, "-"), record.get(name, "-"))
        for name in sorted({*expected, *record})
        if expected.get(name, "-") != record.get(name, "-")
    }
    accuracy.repairs_wrong += 1
    accuracy.wrong.append(f"{one.line}: record {differing}")
