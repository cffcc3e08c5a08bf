"""The adapters of this folder, for the registry."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from integrations.inps_isee.client import HttpInpsIsee
from integrations.inps_isee.settings import PdndSettings, SimulatorSettings
from integrations.inps_isee.simulator.client import SimulatedInpsIsee
from integrations.registry import name_kind, register

KIND: Final = "inps_isee"


def register_adapters() -> None:
    """Called once, when the app is ready."""
    name_kind(KIND, _("ISEE da INPS"))
    register(KIND, "pdnd", HttpInpsIsee, PdndSettings, label=_("INPS con i voucher di PDND"), needs_secret=True)
    register(KIND, "simulator", SimulatedInpsIsee, SimulatorSettings, label=_("Simulatore"), simulator=True)
