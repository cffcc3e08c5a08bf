"""`manage.py comune export|import|check`: a whole Comune as a package, by command line."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from onboarding.leaving.exporting import make_package, request_export
from onboarding.leaving.importing import import_package
from onboarding.leaving.opening import open_package
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import in_schema
from tenants.models import Municipality


class Lines:
    """A job's progress on the console: one line a message."""

    def __init__(self, say: Any) -> None:  # Django's wrapper of a stream has no public name
        self._say, self._last = say, ""

    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:  # noqa: ARG002 -- the protocol's
        if message and message != self._last:
            self._last = message
            self._say(message)


class Command(BaseCommand):
    help = "Export a Comune as a package, check a package, import it into a new schema."

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        out = deeds.add_parser("export", help="write the package of a Comune and say where it is")
        out.add_argument("belfiore", help="its Belfiore code, such as A662")
        into = deeds.add_parser("import", help="take a package into a new schema, all or nothing")
        into.add_argument("package", type=Path)
        into.add_argument("--into", required=True, metavar="SCHEMA", help="a schema that is new or holds nothing")
        check = deeds.add_parser("check", help="verify every digest of a package")
        check.add_argument("package", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        started = time.monotonic()
        with translation.override("it"):
            try:
                said = getattr(self, f"_{options['deed']}")(options)
            except DomainError as failure:
                raise CommandError(str(failure)) from failure
        self.stdout.write(f"{said} ({time.monotonic() - started:.1f} s)")

    def _export(self, options: dict[str, Any]) -> str:
        found = Municipality.objects.filter(belfiore_code=options["belfiore"].upper()).first()
        if found is None:
            raise CommandError(f"No Comune has the code {options['belfiore']}.")
        with in_schema(found.schema_name):
            package = request_export(actor=None, now=clock.now(), asked_by="command line")
            made = make_package(package=package, now=clock.now(), progress=Lines(self.stdout.write))
            return f"{made.file.path}\nsha256 {made.sha256}, {made.size} bytes, {made.counts}"

    def _import(self, options: dict[str, Any]) -> str:
        done = import_package(path=options["package"], schema=options["into"], progress=Lines(self.stdout.write))
        where = f"answers at {done.host}" if done.host else "no host: another schema answers for this Comune"
        return f"{done.tables} tables, {done.rows} rows, {done.files} files, all verified; {where}"

    def _check(self, options: dict[str, Any]) -> str:
        package = open_package(options["package"])
        return f"{package.descriptor['title']}: {len(package.digests)} files, every digest agrees"
