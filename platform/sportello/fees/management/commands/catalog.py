"""Load the pack of a Comune, write its editions in force as files, check a fee table, price cases with it.

manage.py catalog load A662 --in-force
manage.py catalog export A662 --to DIRECTORY
manage.py catalog check FILE                  (no database)
manage.py catalog price FILE --cases CASES    (no database)

It stands here, above the catalogue it loads, because pricing does.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from services_catalog.fee_file import FeeFile, archetype_in, read_fee_file
from services_catalog.lint import Finding, errors_of, lint, lint_table
from services_catalog.packs import export_to, load_pack
from services_catalog.reading import from_toml
from sportello.fees.cases import Case, PackCases, failures, other_failures
from sportello.fees.dues import due
from sportello.fees.explanation import explain_with
from sportello.fees.lint_prices import price_findings
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.municipal_packs import MunicipalPack, PackNotFound, pack_of


class Command(BaseCommand):
    help = "Loads or exports the editions of a Comune; checks a fee table and prices cases without a database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        load = actions.add_parser("load", help="schools, closed days and editions of a pack")
        load.add_argument("belfiore_code")
        how = load.add_mutually_exclusive_group(required=True)
        how.add_argument("--as-draft", action="store_true", help="editions wait for somebody to put them in force")
        how.add_argument("--in-force", action="store_true", help="editions are put in force by the act they name")
        export = actions.add_parser("export", help="the editions in force as TOML files")
        export.add_argument("belfiore_code")
        export.add_argument("--to", type=Path, required=True, help="a folder, made when missing")
        check = actions.add_parser("check", help="is the file in the language, and what should be asked about it")
        check.add_argument("file", type=Path)
        price = actions.add_parser("price", help="the cases of a file priced and explained")
        price.add_argument("file", type=Path)
        price.add_argument("--cases", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match options["action"]:
                case "check":
                    self._check(options["file"])
                case "price":
                    self._price(options["file"], options["cases"])
                case _:
                    self._of_comune(options)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _of_comune(self, options: dict[str, Any]) -> None:
        try:
            pack = pack_of(options["belfiore_code"].upper())
        except PackNotFound as error:
            raise CommandError(f"No pack for the Belfiore code {error}.") from error
        with in_schema(pack.facts.schema_name):
            if options["action"] == "load":
                self._load(pack, in_force=options["in_force"])
            else:
                self._export(options["to"])

    def _load(self, pack: MunicipalPack, *, in_force: bool) -> None:
        report = load_pack(pack=pack, in_force=in_force, actor=None, now=clock.now())
        made = ", ".join(report.editions_made) or "-"
        unchanged = ", ".join(report.editions_unchanged) or "-"
        self.stdout.write(
            f"{pack.facts.name}: {report.schools} schools, {report.closures} closures; "
            f"editions made: {made}; unchanged: {unchanged}"
        )

    def _export(self, folder: Path) -> None:
        for path in export_to(folder):
            self.stdout.write(str(path))

    def _check(self, path: Path) -> None:
        file, content = read_fee_file(path)
        findings = _asked_of(file) if content is None else lint(content, archetype_in(path))
        for found in findings:
            self.stdout.write(f"{found.severity}: {found.place}: {found.message} [{found.code}]")
        wrong = errors_of(findings)
        self.stdout.write(f"{path.name}: {file.title}: {len(wrong)} errors, {len(findings) - len(wrong)} questions")
        if wrong:
            raise CommandError("The table cannot be put in force until the errors are settled.")

    def _price(self, path: Path, cases_path: Path) -> None:
        file, content = read_fee_file(path)
        cases = from_toml(cases_path.read_text(encoding="utf-8"), PackCases)
        if content is not None:  # the cases of a pack are of all its services
            own = path.stem.partition("-")[0]
            cases = msgspec.structs.replace(cases, cases=tuple(case for case in cases.cases if case.service == own))
        for case in cases.cases:
            self.stdout.write("\n".join(_told(case, file)))
        failed = [*failures(cases.cases, file.fees), *other_failures(cases, file.fees)]
        for one in failed:
            self.stdout.write(f"FAILS: {one.case.name}: {one.reason}")
        count = len(cases.cases) + len(cases.filings) + len(cases.stocks)
        self.stdout.write(f"{count} cases, {len(failed)} fail")
        if failed:
            raise CommandError("Some cases do not come out as signed.")


def _asked_of(file: FeeFile) -> list[Finding]:
    """All there is to ask about a fee table alone."""
    labels = {condition.code: condition.label.it for condition in file.conditions}
    return [*lint_table(file.fees), *price_findings(file.fees, labels)]


def _told(case: Case, file: FeeFile) -> Iterator[str]:
    """A case, what is due, and each step in words; or why the table has no answer."""
    labels = {condition.code: condition.label.it for condition in file.conditions}
    try:
        found = due(file.fees, case.facts, case.use)
    except DomainError as error:
        yield f"{case.name}: {error.message} [{error.code}]"
        return
    yield f"{case.name}: {found.amount}"
    yield from (f"  {line.text}  ({line.place})" for line in explain_with(found.all_steps(), labels, file.fees))
    if file.act or file.source:
        yield f"  {file.act or '-'}  {file.source}".rstrip()
