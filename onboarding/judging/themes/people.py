"""Names of people in a line, child or payer: read, checked, parted."""

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.words.names import NAME_LENGTH, is_name, name, part
from sportello.kernel.fiscal_code import FiscalCode


def checked_name(line: Line, field: str) -> str:
    """A name in capitals; what no name has is told, for a person must look."""
    text = name(line.shortened(field, NAME_LENGTH))
    if not is_name(text) and not line.has("characters_lost"):
        line.note("name_unreadable", field)
    return text


def split_name(line: Line, plan: Plan, who: str, code: FiscalCode | None) -> None:
    """Part a name in one column into surname and given name by the letters of the code."""
    source = f"{who}_name"
    full = checked_name(line, source)
    prefix = "" if who == "child" else f"{who}_"
    family, given = f"{who}_surname", f"{who}_given_name"
    line.record[family] = line.record[given] = None
    if not full:
        if who == "child":
            line.note("name_missing", source)
        return
    line.note(f"{prefix}name_in_one_column", source)
    parted = part(full, code, given_first=plan.columns[source].names == "given_first")
    if parted is None:
        line.note(f"{prefix}name_vs_cf", source)
        return
    line.record[family], line.record[given] = parted.surname or None, parted.given or None
    if code is not None and not parted.certain:
        line.note("name_split_uncertain", source)
    elif code is not None and (" " in parted.surname or " " in parted.given):
        line.note("compound_name_split_by_cf", source)
    elif code is None and " " in full and who == "child" and not line.has("cf_missing") and _is_doubtful(full):
        line.note("name_split_uncertain", source)


def keep_parted(line: Line, plan: Plan, who: str, full: str, code: FiscalCode) -> None:
    """Beside a name that stays in one column: its parts, where one parting alone agrees with the code."""
    parted = part(full, code, given_first=plan.columns[f"{who}_name"].names == "given_first")
    if parted is not None and parted.certain:
        line.beside[f"{who}_surname"], line.beside[f"{who}_given_name"] = parted.surname, parted.given


def _is_doubtful(full: str) -> bool:
    """Without a code three words can be parted in two ways."""
    return full.count(" ") > 1
