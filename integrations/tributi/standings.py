"""From the rows of a file to one standing a person."""

from collections.abc import Iterable
from datetime import date

from integrations.tributi.port import Standing
from integrations.tributi.rows import ReadRow, RowVerdict
from integrations.tributi.types import Reason, Tax, Verdict

TRUSTED = frozenset({RowVerdict.GOOD, RowVerdict.FIX})
DOUBTFUL = frozenset({RowVerdict.REVIEW, RowVerdict.REJECT})


def standings_of(rows: Iterable[ReadRow], *, as_of: date) -> dict[str, Standing]:
    """How each person of the file stands, by fiscal code.

    In arrears only by rows that can be trusted. Whoever has a doubtful row and no certain arrears is UNKNOWN: neither
    a fault of the file nor the missing half of her rows may speak for or against her.
    """
    certain: dict[str, list[ReadRow]] = {}
    doubtful: set[str] = set()
    for row in rows:
        if row.verdict in TRUSTED and row.duty is not None:
            certain.setdefault(row.fiscal_code, []).append(row)
        elif row.verdict in DOUBTFUL and row.fiscal_code:
            doubtful.add(row.fiscal_code)
    codes = certain.keys() | doubtful
    return {code: _standing(certain.get(code, []), doubted=code in doubtful, as_of=as_of) for code in sorted(codes)}


def _standing(rows: list[ReadRow], *, doubted: bool, as_of: date) -> Standing:
    duties = [row.duty for row in rows if row.duty is not None]
    owed = {duty.tax for duty in duties if duty.verdict is Verdict.IN_ARREARS}
    if owed:
        return Standing(Verdict.IN_ARREARS, Reason.UNPAID, _taxes(owed), as_of)
    if doubted:
        return Standing(Verdict.UNKNOWN, Reason.TO_REVIEW, (), as_of)
    by_plan = {duty.tax for duty in duties if duty.reason is Reason.INSTALMENTS}
    reason = Reason.INSTALMENTS if by_plan else Reason.PAID
    return Standing(Verdict.REGULAR, reason, _taxes(by_plan or {duty.tax for duty in duties}), as_of)


def _taxes(said: Iterable[Tax | str]) -> tuple[Tax, ...]:
    return tuple(sorted(one for one in said if isinstance(one, Tax)))
