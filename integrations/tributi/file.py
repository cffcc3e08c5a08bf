"""The file adapter: an extract that a clerk uploads, or that the tax office leaves in a mounted folder."""

from datetime import date
from pathlib import Path
from typing import Annotated

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from integrations.errors import PlainFailure
from integrations.registry import Secret
from integrations.tributi.mapping import FIXED_160, Common, CsvLayout, FixedLayout
from integrations.tributi.port import Standing
from integrations.tributi.reading import FileUnreadable, read_file
from integrations.tributi.standings import standings_of
from sportello.kernel.errors import gettext_noop
from tenants.current import require_schema


class FileSettings(Common, frozen=True, kw_only=True):
    """The layout, and the name of the mounted file where there is one."""

    file_name: Annotated[
        str,
        Meta(
            pattern=r"^([A-Za-z0-9_][A-Za-z0-9._-]{0,99})?$",
            title=gettext_noop("Nome del file montato"),
            description=gettext_noop("Vuoto se il file si carica da questa applicazione."),
        ),
    ] = ""
    layout: Annotated[
        FixedLayout | CsvLayout,
        Meta(
            title=gettext_noop("Mappatura delle colonne"),
            description=gettext_noop("In TOML: form «fixed» (larghezza fissa) o «csv», colonne, formati, codifica."),
        ),
    ] = FIXED_160


class NoFile(PlainFailure):
    """The mounted file is not there."""

    words = _("Il file montato non c'è: chiedi a chi gestisce l'installazione.")


class UploadedOnly(PlainFailure):
    """The Comune uploads its files: nobody can be asked about one person."""

    words = _("La posizione arriva con il file che carica l'ufficio, non si può chiedere per una persona.")
    spoils_health = False


class NoDay(PlainFailure):
    """Neither header nor clerk says of which day the file is."""

    words = _("Il file non dice di che giorno è.")


class ControlSumsOff(PlainFailure):
    """A mounted file whose sums do not come out is used for nobody: no clerk is there to decide."""

    words = _("Le somme di controllo del file non tornano.")


class FileOffice:
    """Answers from the mounted file. A file that is uploaded is read by the room that decides, with the same layout."""

    def __init__(self, chosen: FileSettings, _secret: Secret) -> None:
        self._settings = chosen

    def probe(self) -> None:
        """Reads the mounted file to its end; where files are uploaded there is nobody to ask.

        Raises NoFile, FileUnreadable, NoDay or ControlSumsOff.
        """
        if self._settings.file_name:
            self._standings()

    def standing(self, fiscal_code: str, *, today: date) -> Standing | None:  # noqa: ARG002 -- the port names it
        """How the person stands in the file. Raises UploadedOnly too."""
        if not self._settings.file_name:
            raise UploadedOnly
        return self._standings().get(fiscal_code)

    def _standings(self) -> dict[str, Standing]:
        read = read_file(self._content(), self._settings.layout)
        if read.as_of is None:
            raise NoDay
        if not read.comes_out:
            raise ControlSumsOff
        return standings_of(read.rows, as_of=read.as_of)

    def _content(self) -> bytes:
        """The file of this Comune: its schema is part of the name, so that nobody names another's."""
        name = self._settings.file_name
        path = Path(settings.CONNECTOR_FILES_DIR) / f"{require_schema()}.{name}"
        if not settings.CONNECTOR_FILES_DIR or not path.is_file():
            raise NoFile
        if path.stat().st_size > settings.TAX_FILE_MAX_BYTES:
            raise FileUnreadable(_("Il file è più grande di quanto ammesso."))
        return path.read_bytes()
