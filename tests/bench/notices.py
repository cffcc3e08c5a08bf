"""Payment notices on paper: processor time for each, alone and many in one document. `NOTICES` sets how many."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import typst
from django.conf import settings

from sportello.billing.papers.notices import notice_pdf, notices_pdf
from sportello.billing.papers.sheets import Addressee, NoticeSheet
from sportello.ui.pdf import FONTS
from tests.bench.table import Row, Table
from tests.factories.notices import PRINTED, whole

NOTICES = int(os.environ.get("NOTICES", "200"))
SAMPLE = 20
ROUNDS = 3
AIM = 10.0


def run() -> Table:
    """The least of some rounds, in milliseconds of processor time a notice; no paper is ever made twice."""
    notices_pdf(_sheets(0, postal=True)[:1], made_at=PRINTED)
    measures = (
        ("one file each", _each(_one_by_one), _each(_with_new_compilers, SAMPLE)),
        ("one file each, with Poste", _each(_one_by_one, postal=True), None),
        ("in one document", _each(_together), None),
        ("in one document, with Poste", _each(_together, postal=True), None),
    )
    limit = _each(_bare_pages)
    return Table(
        "Payment notices as PDF/UA-1",
        f"{NOTICES} notices, processor time of one core for each, codes drawn anew. limit: a tagged page with one"
        " name on it. naive: the same file by a compiler made for it, which reads its fonts again.",
        tuple(Row(what, cost, "ms", limit, slow, "< 10 ms", cost < AIM) for what, cost, slow in measures),
    )


def _sheets(round_number: int, *, postal: bool) -> list[NoticeSheet]:
    """No two alike, so that nothing drawn before is found again but the form itself."""
    names = (f"Maria Rossi {round_number} {n}" for n in range(NOTICES))
    return [whole(postal=postal, debtor=Addressee(name, f"RSSMRA{n:010d}")) for n, name in enumerate(names)]


def _one_by_one(sheets: Sequence[NoticeSheet]) -> None:
    for sheet in sheets:
        notice_pdf(sheet, made_at=PRINTED)


def _together(sheets: Sequence[NoticeSheet]) -> None:
    notices_pdf(sheets, made_at=PRINTED)


def _with_new_compilers(sheets: Sequence[NoticeSheet]) -> None:
    from sportello.ui.pdf import _compiler

    for sheet in sheets:
        _compiler.cache_clear()
        notice_pdf(sheet, made_at=PRINTED)


def _bare_pages(sheets: Sequence[NoticeSheet]) -> None:
    with TemporaryDirectory() as folder:
        page = Path(folder, "page.typ")
        page.write_text('#set document(title: "x")\n= #sys.inputs.name')
        compiler = typst.Compiler(page, font_paths=[settings.BASE_DIR / FONTS], ignore_system_fonts=True)
        for sheet in sheets:
            name = {"name": sheet.debtor.full_name}
            compiler.compile(format="pdf", sys_inputs=name, pdf_standards=["ua-1"], timestamp=0)


def _each(work: Callable[[Sequence[NoticeSheet]], None], count: int = NOTICES, *, postal: bool = False) -> float:
    """The least of some rounds: other work on the machine only ever adds."""
    return min(_milliseconds(work, _sheets(n, postal=postal)[:count]) for n in range(1, ROUNDS + 1)) / count


def _milliseconds(work: Callable[[Sequence[NoticeSheet]], None], sheets: Sequence[NoticeSheet]) -> float:
    started = process_time()
    work(sheets)
    return (process_time() - started) * 1000
