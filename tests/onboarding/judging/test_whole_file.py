"""Facts of the whole file: repeats and contradictions, numbers given twice, sums declared, decisions taken before."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import msgspec

from onboarding.judging.judging import judge
from onboarding.judging.known import known_of
from onboarding.judging.report import write_report
from onboarding.judging.seen import Seen
from onboarding.judging.types import Amendment, Defect, Verdict
from onboarding.mapping.structs import Mapping
from onboarding.sources.types import SourceRow
from tests.onboarding.judging.mappings import BUS, ROSTER, SHEET, TAXES
from tests.onboarding.judging.rows import cells, codes, judging, verdict
from tests.onboarding.judging.samples import TODAY, known
from tests.onboarding.unseen.reading import children, delimited, read_export

OTHER = {
    "COGNOME": "DE GIGLIO", "NOME": "ANNA", "COD_FISCALE": "DGGNNA18M43A662U", "COMUNE_NASCITA": "BARI", "PROV": "BA",
}  # fmt: skip


def test_the_same_line_again_is_a_duplicate_also_where_the_first_cannot_be_read() -> None:
    good, broken = cells(BUS), (*cells(BUS), "vedi bollettino")
    found = list(judging(BUS, [good, broken, good, broken]))
    assert [one.verdict for one in found] == ["good", "reject", "duplicate", "duplicate"]
    assert [one.duplicate_of_line for one in found] == [None, None, 2, 3]
    assert codes(found[2]) == ["duplicate_month"]


def test_a_child_twice_with_other_data_waits_for_a_person() -> None:
    rows = [cells(ROSTER), cells(ROSTER, SEZ="A"), cells(ROSTER, SALDO="1,00"), cells(ROSTER, SEZ="A")]
    found = list(judging(ROSTER, rows))
    assert [codes(one) for one in found] == [
        [],
        ["duplicate_conflicting_section"],
        ["duplicate_conflicting_data"],
        ["duplicate_conflicting_section"],
    ]
    assert [one.duplicate_of_line for one in found] == [None, 2, 2, 2]


def test_a_row_that_waits_claims_nothing() -> None:
    found = list(judging(ROSTER, [cells(ROSTER, CLASSE=""), cells(ROSTER)]))
    assert [one.verdict for one in found] == ["review", "good"]


def test_one_number_for_two_children_amends_the_earlier_line() -> None:
    stream = judging(ROSTER, [cells(ROSTER), cells(ROSTER, **OTHER)])
    found = list(stream)
    assert [one.verdict for one in found] == ["good", "review"], [codes(one) for one in found]
    assert stream.amendments == [Amendment(2, Verdict.REVIEW, Defect("legacy_id_repeated", "legacy_id", "3"))]


def test_the_report_tells_amended_lines() -> None:
    header = SourceRow(1, ";".join(ROSTER.layout.header), ROSTER.layout.header)
    rows = [header, *(SourceRow(at, str(at), row) for at, row in enumerate([cells(ROSTER), cells(ROSTER, **OTHER)], 2))]
    out = BytesIO()
    outcome = write_report(judge(iter(rows), ROSTER, known()), out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(line["line"], line["verdict"]) for line in lines] == [(1, "not_data"), (2, "review"), (3, "review")]
    assert lines[1]["defects"] == ["legacy_id_repeated"]
    assert (dict(outcome.verdicts)[Verdict.REVIEW], outcome.needs_a_person) == (2, True)


def test_a_line_of_totals_is_checked() -> None:
    total = ("", "TOTALE", *[""] * 8, "0", "0", "3", "4", "0", "0", "0", "0", "0", "1", "8")
    wrong = (*total[:-1], "9")
    assert [codes(one) for one in judging(SHEET, [cells(SHEET), total])][1] == ["total_row"]
    found = list(judging(SHEET, [cells(SHEET), wrong]))[1]
    assert (found.verdict, found.defects[1:]) == (Verdict.NOT_DATA, [Defect("total_row_off_by", "meals_total", "1")])


def test_somma_is_a_surname() -> None:
    judged = verdict(ROSTER, MATRICOLA="", COGNOME="SOMMA", NOME="EMMA", COD_FISCALE="SMMMME18M43F052Z")
    assert judged.verdict is Verdict.REVIEW


def test_lines_that_are_no_data() -> None:
    blank, header = ("",) * 23, ROSTER.layout.header
    page = ("Pagina 2 di 9", *blank[1:])
    found = list(judging(ROSTER, [blank, header, page]))
    assert [codes(one) for one in found] == [["blank"], ["repeated_header"], ["page_text"]]
    assert {one.verdict for one in found} == {Verdict.NOT_DATA}


def tax_line(number: int, paid: str = "00000012300", due: str = "00000012300") -> str:
    return f"1{number:07d}{'DGGNNA88M43A662N'}{'DE GIGLIO':<40}{'ANNA':<20}TARI2024{due}{paid}17092024NA662".ljust(160)


def tax_rows(*lines: str) -> list[SourceRow]:
    cuts = [(column.place - 1, column.place - 1 + column.width) for column in TAXES.columns]
    return [SourceRow(at, text, tuple(text[a:b] for a, b in cuts)) for at, text in enumerate(lines, 1)]


def test_a_trailer_is_compared_with_every_line_but_the_repeated_ones() -> None:
    shifted = tax_line(2)[:24] + tax_line(2)[26:] + "  "
    tail = f"9{2:07d}{24600:013d}{24700:013d}".ljust(160)
    found = list(judge(iter(tax_rows(tax_line(1), tax_line(1), shifted, tail)), TAXES, known()))
    assert [one.verdict for one in found] == ["good", "duplicate", "reject", "control"], [codes(one) for one in found]
    assert found[3].record == {
        "records_declared": 2, "due_declared": "246.00", "paid_declared": "247.00", "paid_true": "246.00"
    }  # fmt: skip
    assert found[3].defects == [Defect("tail_total_off_by", "paid", "1.00")]


def test_a_sum_with_unreadable_amounts_is_told_as_incomplete() -> None:
    tail = f"9{2:07d}{24600:013d}{24600:013d}".ljust(160)
    damaged = tax_line(2, due="ABC00012300")
    found = list(judge(iter(tax_rows(tax_line(1), damaged, tail)), TAXES, known()))
    assert codes(found[1]) == ["amount_not_numeric"]
    assert found[2].defects == [Defect("info_sum_incomplete", "due", "1")]


def test_decisions_of_the_review_desk_hold_for_the_next_load() -> None:
    facts = replace(
        known(),
        decided={
            ("diet_unknown", "diet", "S/GLUT"): "medical:celiac",
            ("class_vs_level", "class_year", "4"): "4",
        },
    )
    judged = verdict(ROSTER, facts, DIETA="S/GLUT")
    assert judged.record is not None
    assert (judged.verdict, judged.record["diet"]) == (Verdict.FIX, "medical:celiac")
    assert judged.defects == [Defect("decided_before", "diet")]
    other = verdict(ROSTER, facts, DIETA="S/GLUT", SESSO="M")
    assert (other.verdict, set(codes(other))) == (Verdict.REVIEW, {"decided_before", "sex_vs_cf"})


def test_what_was_decided_to_stand_stands() -> None:
    facts = replace(known(), decided={("free_text_note", "note", "fratello"): "fratello"})
    judged = verdict(BUS, facts, note="fratello")
    assert (judged.verdict, codes(judged)) == (Verdict.FIX, ["decided_before"])


def test_what_was_seen_spills_to_a_file_and_is_still_found() -> None:
    seen = Seen(in_memory=10)
    assert [seen.first(key, key, key * 2) for key in range(-50, 50)] == [None] * 100
    assert [seen.first(key, 0) for key in range(-50, 50)] == [(key, key * 2, 0) for key in range(-50, 50)]


def test_another_comune_has_its_own_schools() -> None:
    altamura = known_of("A225", today=TODAY)
    mapping: Mapping = msgspec.structs.replace(ROSTER, municipality="A225")
    assert codes(verdict(mapping, altamura)) == ["school_code_unknown"]
    own = next(code for code, level in altamura.schools.items() if level == "primaria")
    assert verdict(mapping, altamura, COD_PLESSO=own).verdict is Verdict.GOOD


def test_a_sum_whose_word_stands_under_an_id_or_amid_the_row(tmp_path: Path) -> None:
    """The word is no child; a child of that name is one."""
    some = children(40)
    rows = [
        [str(number), one.person.code, one.person.surname, one.person.given, "", f"{number},50"]
        for number, one in enumerate(some, 301)
    ]
    head = [["Cod. utente", "CF", "Cognome", "Nome", "Note", "Saldo"], *rows]
    total = f"{sum(range(301, 341)) + 20},00"
    for last, code in (
        (["TOTALE", "", "", "", "", total], "total_row"),
        (["", "", "TOTALE", "", "", total], "total_row"),
        (["", "", "", "", "Totale generale", total], "total_row"),
        (["", "", "SOMMA", "RITA", "", "12,00"], "cf_missing"),
    ):
        found = read_export(tmp_path, delimited([*head, last]))[1][-1]
        assert found.defects[0].code == code, last
        assert "total_row_off_by" not in [defect.code for defect in found.defects]
