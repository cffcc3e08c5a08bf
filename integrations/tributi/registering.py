"""The adapters of this folder, for the registry. A new back end is a module here, or a folder beside, and a line."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from integrations.registry import name_kind, register
from integrations.tributi.file import FileOffice, FileSettings
from integrations.tributi.rest import RestOffice, RestSettings
from integrations.tributi.simulator.client import SimulatedOffice, SimulatorSettings
from integrations.tributi.sql_view import SqlViewOffice, SqlViewSettings

KIND: Final = "tributi"


def register_adapters() -> None:
    """Called once, when the app is ready."""
    name_kind(KIND, _("Tributi locali"))
    register(KIND, "file", FileOffice, FileSettings, label=_("File dell'ufficio tributi"))
    register(KIND, "sql-view", SqlViewOffice, SqlViewSettings, label=_("Vista della banca dati"), needs_secret=True)
    register(KIND, "rest", RestOffice, RestSettings, label=_("Servizio web"), needs_secret=True)
    register(KIND, "simulator", SimulatedOffice, SimulatorSettings, label=_("Simulatore"), simulator=True)
