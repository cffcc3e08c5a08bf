from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "integrations.spid_cie.simulator"
    label = "spid_cie_simulator"
