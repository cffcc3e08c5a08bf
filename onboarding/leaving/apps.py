from django.apps import AppConfig


class LeavingConfig(AppConfig):
    name = "onboarding.leaving"
    label = "leaving"

    def ready(self) -> None:
        """Ties the jobs to their kinds, and what stands in `public` to the end of a Comune."""
        from onboarding.leaving import runners  # noqa: PLC0415 -- models must be loaded first
        from onboarding.leaving.in_public import reached_by, register_public_rows, remove_public_rows  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415
        from tenants.models import StageChange  # noqa: PLC0415
        from tenants.signals import municipality_left  # noqa: PLC0415

        register(runners.EXPORT, runners.run_export)
        show_result_at(runners.EXPORT, runners.page_of_export)
        register(runners.PREPARE, runners.run_prepare)
        register(runners.DELETE, runners.run_delete)
        register_public_rows(StageChange, reached_by(StageChange.objects, "municipality"))
        municipality_left.connect(remove_public_rows, dispatch_uid="leaving")
