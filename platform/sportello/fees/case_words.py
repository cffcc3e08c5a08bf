"""For whom a step of an explanation is, in the words of the rule at its place in the fee table.

A step keeps figures, so that it can be worked out again alone; whom its rule is for is read where the rule stands.
"""

import re
from collections.abc import Mapping
from typing import Final

from services_catalog.describing_cases import who
from services_catalog.fee_table import FeeTable, Matrix, When

_KEY: Final = re.compile(r"(\w+)(?:\[(\d+)\])?")


def case_words(table: FeeTable, place: str, labels: Mapping[str, str]) -> str:
    """Whom the rule at a place is for ("minori nel nucleo da 3 in su"); empty where it is for everybody.

    ``labels`` name the conditions by their code. A place that is not in the table has no words.
    """
    found: object = table
    words = ""
    for name, index in _KEY.findall(place.removeprefix("fees")):
        if name == "base" and isinstance(base := getattr(found, "base", None), Matrix):
            return _column_words(base, place, labels) or words
        found = getattr(found, name, None)
        if index:
            found = found[int(index)] if isinstance(found, tuple) and int(index) < len(found) else None
        when = getattr(found, "when", None)
        if isinstance(when, When) and not when.everybody:
            words = who(when, labels)
    return words


def _column_words(base: Matrix, place: str, labels: Mapping[str, str]) -> str:
    column = place.rpartition("amounts[")[2].removesuffix("]")
    known = column.isdigit() and int(column) < len(base.columns)
    return who(base.columns[int(column)].when, labels) if known else ""
