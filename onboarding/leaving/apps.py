from django.apps import AppConfig


class LeavingConfig(AppConfig):
    name = "onboarding.leaving"
    label = "leaving"

    def ready(self) -> None:
        """Ties the jobs to their kinds."""
        from onboarding.leaving import runners  # noqa: PLC0415 -- models must be loaded first
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        register(runners.EXPORT, runners.run_export)
        show_result_at(runners.EXPORT, runners.page_of_export)
        register(runners.PREPARE, runners.run_prepare)
        register(runners.DELETE, runners.run_delete)
