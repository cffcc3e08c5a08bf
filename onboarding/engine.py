"""The engine as the screens use it: a kept file, a reading of it, a verdict on each of its lines."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from onboarding.judging.types import Defect, Judged, Known, Record, Verdict
from onboarding.layout import COLUMNS, read_header
from onboarding.layout import split_cells as split
from onboarding.mapping.structs import Column, Layout, Mapping
from onboarding.reading import TextFile, inspect
from onboarding.record import Known as OldKnown
from onboarding.record import RosterRow
from onboarding.rules import judge_line
from onboarding.sources.types import Source, SourceRow

FIELD_OF = dict(
    zip(
        COLUMNS,
        "legacy_id child_surname child_given_name sex birth_date child_fiscal_code birth_place birth_province street"
        " house_number cap residence school_code class_year section diet isee payer_surname payer_given_name"
        " payer_fiscal_code phone email balance".split(),
        strict=True,
    )
)


@dataclass
class _Old:
    file: TextFile
    form: Literal["text", "sheet"] = "text"

    @property
    def sha256(self) -> str:
        return self.file.sha256

    @property
    def size(self) -> int:
        return self.file.size

    @property
    def encoding(self) -> str:
        return self.file.encoding

    def sheets(self) -> tuple[str, ...]:
        return ()

    def lines(self) -> Iterator[tuple[int, str]]:
        return self.file.lines()

    def rows(self, layout: Layout) -> Iterator[SourceRow]:
        for number, text in self.lines():
            try:
                yield SourceRow(number, text, tuple(split(text)))
            except ValueError:
                yield SourceRow(number, text, (), "quotes_unbalanced")


def open_export(path: Path) -> Source:
    return _Old(inspect(path))


def proposal(source: Source, known: Known) -> Mapping:
    header = next(source.lines(), (0, ""))[1]
    read_header(header)
    names = [name.strip() for name in split(header)]
    return Mapping(
        kind="roster",
        layout=Layout(
            form="delimited", encoding=source.encoding, separator=";", header_line=1, header=tuple(names)
        ),
        columns=tuple(
            Column(source=name, place=place, field=FIELD_OF.get(name.upper(), ""), confidence=0.9, reason="come da nome")
            for place, name in enumerate(names, start=1)
        ),
    )


def verdicts(rows: Iterator[SourceRow], mapping: Mapping, known: Known) -> Iterator[Judged]:
    old = OldKnown(today=known.today, schools=dict(known.schools))
    width, order = read_header(";".join(mapping.layout.header))
    seen: dict[object, tuple[int, Record]] = {}
    for row in rows:
        if row.number == mapping.layout.header_line:
            yield Judged(row.number, row.raw, Verdict.NOT_DATA, [Defect("header")])
            continue
        if not row.raw.strip("; \t"):
            yield Judged(row.number, row.raw, Verdict.NOT_DATA, [Defect("blank")])
            continue
        text = ";".join('"' + c.replace('"', '""') + '"' for c in row.cells) if row.cells else row.raw
        done = judge_line(text, width=width, order=order, known=old)
        record = None if done.row is None else _record(done.row)
        judged = Judged(
            row.number,
            row.raw,
            Verdict(done.verdict.value),
            [Defect(d.code, "", d.detail) for d in done.defects],
            record,
            {FIELD_OF.get(k, k): v for k, v in done.suggestion.items()},
        )
        if record and judged.verdict in {"good", "fix"}:
            first = seen.setdefault(record["child_fiscal_code"], (row.number, record))
            if first[0] != row.number:
                same = first[1] == record
                judged.verdict = Verdict.DUPLICATE if same else Verdict.REVIEW
                code = "duplicate_same_data" if same else "duplicate_conflicting_data"
                judged.defects = [Defect(code, "", str(first[0]))]
                judged.duplicate_of_line = first[0]
        yield judged


def _record(row: RosterRow) -> Record:
    v = {f.name: getattr(row, f.name) for f in fields(row)}
    return {
        "legacy_id": v["legacy_id"],
        "child_fiscal_code": v["child_fiscal_code"],
        "child_surname": v["child_family_name"],
        "child_given_name": v["child_given_name"],
        "sex": v["child_sex"],
        "birth_date": str(v["child_birth_date"]) if v["child_birth_date"] else None,
        "birth_place": v["child_birthplace"],
        "address": v["address"],
        "cap": v["postal_code"],
        "residence": v["residence_code"],
        "school_code": v["school_code"],
        "class_year": v["class_year"],
        "section": v["section"],
        "diet": f"{v['diet_kind']}:{v['diet_code']}" if v["diet_code"] else "standard",
        "isee": None if v["isee_cents"] is None else f"{v['isee_cents'] / 100:.2f}",
        "payer_fiscal_code": v["payer_fiscal_code"],
        "payer_surname": v["payer_family_name"],
        "payer_given_name": v["payer_given_name"],
        "phone": v["phone"],
        "email": v["email"] or None,
        "balance": None if v["balance_cents"] is None else f"{v['balance_cents'] / 100:.2f}",
    }


from onboarding.defects import CATALOGUE as _OLD_CATALOGUE  # noqa: E402

CATALOGUE = {code: Verdict(kind.verdict.value) for code, kind in _OLD_CATALOGUE.items()}


from onboarding.sentences import SENTENCES  # noqa: E402
from onboarding.sentences import told as _old_told  # noqa: E402


def told(code: str, detail: str) -> tuple[str, str]:
    if code not in SENTENCES:
        return code, ""
    return _old_told(code, detail)


def rows_of(source: Source, mapping: Mapping) -> Iterator[SourceRow]:
    return source.rows(mapping.layout)
