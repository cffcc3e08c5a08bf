"""Load the pack of a Comune, or write its editions in force as files to review.

manage.py catalog load A662 --in-force
manage.py catalog export A662 --to DIRECTORY
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services_catalog.packs import export_to, load_pack
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.municipal_packs import MunicipalPack, PackNotFound, pack_of


class Command(BaseCommand):
    help = "Loads the pack of a Comune, or exports its editions in force."

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

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pack = pack_of(options["belfiore_code"].upper())
        except PackNotFound as error:
            raise CommandError(f"No pack for the Belfiore code {error}.") from error
        with in_schema(pack.facts.schema_name):
            try:
                if options["action"] == "load":
                    self._load(pack, in_force=options["in_force"])
                else:
                    self._export(options["to"])
            except DomainError as error:
                raise CommandError(error.message) from error

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
