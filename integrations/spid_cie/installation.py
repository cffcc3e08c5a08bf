"""What of this connector is installed; may be asked before the models are loaded."""

from django.apps import apps


def simulator_installed() -> bool:
    """Whether identities are invented here: the demo and the tests only (accounts.E001)."""
    return apps.is_installed("integrations.spid_cie.simulator")
