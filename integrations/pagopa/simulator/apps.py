from django.apps import AppConfig

import integrations.pagopa.simulator.fence  # noqa: F401  # refuses to load in production


class NodeConfig(AppConfig):
    name = "integrations.pagopa.simulator"
    label = "nodo"
