"""The metropolitan templates: with what a service starts in a Comune that has not said its own rules yet.

``tenants/packs/_metropolitan/<year>/<service>-<version>.toml``. A version once published is never changed: the next one
is a further file, so that what a Comune started from can be read again. A template states no amount: its fees are to
confirm until an act of the Comune says them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from django.utils.translation import gettext as _

from services_catalog.fee_table import Rule
from services_catalog.publication import fingerprint_of
from services_catalog.reading import SchemaError, from_toml
from services_catalog.schema import EditionContent, ServiceHead, Text
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from tenants import municipal_packs

FOLDER = "_metropolitan"


class TemplateError(DomainError):
    """A template cannot be read, or states what only a Comune may; the sentence names the file."""


class TemplateFile(Rule, frozen=True, kw_only=True):
    """A file of a template. ``changed`` says in words what is new in this version.

    ``starts_everywhere``: a Comune that says nothing of the service begins with it; otherwise somebody chooses it.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=999)]
    school_year: Annotated[str, msgspec.Meta(pattern=r"^\d{4}/\d{2}$")]
    changed: Text
    starts_everywhere: bool = False
    service: ServiceHead
    content: EditionContent


@dataclass(frozen=True, slots=True)
class MetropolitanTemplate:
    """A version of the template of a service, with the fingerprint of its content."""

    file: TemplateFile
    fingerprint: str

    @property
    def code(self) -> str:
        """The service."""
        return self.file.service.code

    @property
    def version(self) -> int:
        """Its number; the versions of a service are counted on over the years."""
        return self.file.version

    @property
    def year(self) -> SchoolYear:
        """The school year it is written for."""
        return SchoolYear.parse(self.file.school_year)

    @property
    def content(self) -> EditionContent:
        """What it says."""
        return self.file.content


def templates() -> tuple[MetropolitanTemplate, ...]:
    """Every version of every template, by service and version. Raises TemplateError."""
    return _read_all(municipal_packs.PACKS / FOLDER)


def latest_templates() -> dict[str, MetropolitanTemplate]:
    """The latest version of each service, by its code."""
    return {template.code: template for template in templates()}


def template_of(code: str, version: int) -> MetropolitanTemplate:
    """One version; raises TemplateError where there is none."""
    for template in templates():
        if (template.code, template.version) == (code, version):
            return template
    raise TemplateError(
        _("Il modello metropolitano di «%(code)s» non ha la versione %(version)s."), code=code, version=version
    )


@cache  # the files are of the release: they change with the process
def _read_all(folder: Path) -> tuple[MetropolitanTemplate, ...]:
    found = [_read(path) for path in folder.glob("[0-9]*/*.toml")]
    return tuple(sorted(found, key=lambda template: (template.code, template.version)))


def _read(path: Path) -> MetropolitanTemplate:
    name = f"{path.parent.name}/{path.name}"
    try:
        file = from_toml(path.read_text(encoding="utf-8"), TemplateFile)
    except SchemaError as error:
        raise TemplateError(_("%(file)s, %(detail)s"), file=name, detail=error.message) from error
    if path.stem != f"{file.service.code}-{file.version}":
        raise TemplateError(_("%(file)s: il nome del file dice un altro servizio o un'altra versione."), file=name)
    if not file.content.fees.to_confirm:
        raise TemplateError(_("%(file)s: un modello metropolitano non stabilisce importi."), file=name)
    return MetropolitanTemplate(file, fingerprint_of(file.content))
