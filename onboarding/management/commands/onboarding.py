"""Propose the mapping of an export, and try the export with it. Neither needs a database; storing it does.

manage.py onboarding propose-mapping FILE [--hint-municipality A662] > mapping.toml
manage.py onboarding dry-run --municipality A662 --mapping mapping.toml FILE --report out.jsonl [--commit]

The report has one JSON object for each physical line of FILE. Exit codes: 0 done; 1 the file needs a person (a line to
review or that cannot be read, a declared sum that is not the file's own, a kind that --commit keeps staged because no
room takes it); 2 unusable, with the reason on stderr.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandError

from onboarding.bringing_in import bring_in
from onboarding.commit.left_out import told_left_out
from onboarding.judging.judging import judge
from onboarding.judging.known import known_of
from onboarding.judging.report import Outcome, write_report
from onboarding.kinds import why_not_committed
from onboarding.mapping.texts import mapping_text, read_mapping
from onboarding.models import LoadState
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from onboarding.sources.rows import read_rows
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.municipal_packs import PackNotFound, pack_of

NEEDS_A_PERSON: Final = 1
UNUSABLE: Final = 2


class Command(BaseCommand):
    help = "Proposes how to read an export, and says of each of its lines what would become of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        proposed = actions.add_parser("propose-mapping", help="the mapping of a file, as TOML on the standard output")
        proposed.add_argument("file", type=Path)
        proposed.add_argument("--hint-municipality", default="", metavar="BELFIORE", help="the Comune it comes from")
        tried = actions.add_parser("dry-run", help="a verdict for each physical line; nothing is stored")
        tried.add_argument("file", type=Path)
        tried.add_argument("--municipality", required=True, metavar="BELFIORE")
        tried.add_argument("--mapping", type=Path, required=True)
        tried.add_argument("--report", required=True, help="a file for the JSON lines, or - for the standard output")
        tried.add_argument("--commit", action="store_true", help="store the good and the repaired lines, all or none")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "propose-mapping":
                self._propose(options["file"], options["hint_municipality"].upper())
                return
            outcome = self._try(options)
            done = self._commit(options) if options["commit"] and outcome.has_data else True
        except DomainError as error:
            unusable(error.message, error)
        except PackNotFound as error:
            unusable(f"No pack for the Belfiore code {error}.", error)
        except UnicodeDecodeError as error:
            unusable("The mapping is not text in UTF-8.", error)
        except OSError as error:
            unusable(f"{error.filename}: {error.strerror}", error)
        self._tell(outcome, done=done)

    def _propose(self, path: Path, municipality: str) -> None:
        if municipality:
            pack_of(municipality)
        proposed = propose(open_source(path), facts_of_packs(today=clock.today(), municipality=municipality))
        self.stdout.write(mapping_text(proposed), ending="")

    def _try(self, options: dict[str, Any]) -> Outcome:
        mapping = read_mapping(options["mapping"].read_text(encoding="utf-8-sig"))
        known = known_of(options["municipality"].upper(), today=clock.today())
        judging = judge(read_rows(open_source(options["file"]), mapping), mapping, known)
        if options["report"] == "-":
            return write_report(judging, sys.stdout.buffer)
        with Path(options["report"]).open("wb") as out:
            return write_report(judging, out)

    def _commit(self, options: dict[str, Any]) -> bool:
        """By the use cases of the screens: the load stands on its page, and can be undone there. Whether it is written:
        what no room keeps stays staged.
        """
        mapping = read_mapping(options["mapping"].read_text(encoding="utf-8-sig"))
        with in_schema(pack_of(options["municipality"].upper()).facts.schema_name):
            load = bring_in(path=options["file"], mapping=mapping, actor=None, now=clock.now)
        if load.state != LoadState.COMMITTED:
            self.stderr.write(why_not_committed(load.kind))
            return False
        self.stderr.write(", ".join(f"{what} {n}" for what, n in load.result.items() if what != "left_out"))
        for one in told_left_out(load.result):
            self.stderr.write(f"{one.rows}: {one.sentence} ({', '.join(map(str, one.lines))}{', ...' * one.has_more})")
        return True

    def _tell(self, outcome: Outcome, *, done: bool) -> None:
        """How many lines of each verdict, on stderr: the standard output may be the report."""
        told = ", ".join(f"{verdict} {count}" for verdict, count in sorted(outcome.verdicts.items()) if count)
        self.stderr.write(f"{outcome.lines} lines: {told}")
        if not outcome.has_data:
            raise CommandError("No line of the file holds data.", returncode=UNUSABLE)
        if outcome.needs_a_person or not done:
            sys.exit(NEEDS_A_PERSON)


def unusable(reason: str, cause: BaseException) -> NoReturn:
    """End with the reason."""
    raise CommandError(reason, returncode=UNUSABLE) from cause
