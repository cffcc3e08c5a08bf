from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "sportello.desk"
    label = "desk"

    def ready(self) -> None:
        from sportello.desk.identity_jobs import (  # noqa: PLC0415 -- models must be loaded first
            REGISTRY_SYNC,
            registry_page,
            run_registry_sync,
        )
        from sportello.desk.pagopa_jobs import DRIFT_CHECK, drift_page, run_drift_check  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        register(REGISTRY_SYNC, run_registry_sync)
        show_result_at(REGISTRY_SYNC, registry_page)
        register(DRIFT_CHECK, run_drift_check)
        show_result_at(DRIFT_CHECK, drift_page)
