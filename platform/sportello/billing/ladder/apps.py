from django.apps import AppConfig


class LadderConfig(AppConfig):
    name = "sportello.billing.ladder"
    label = "ladder"

    def ready(self) -> None:
        """Ties the jobs to their kinds."""
        from sportello.billing.ladder import tasks  # noqa: PLC0415  # models must be loaded first
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        for kind, runner in tasks.RUNNERS.items():
            register(kind, runner, in_pieces=kind in tasks.IN_PIECES)
            show_result_at(kind, tasks.page_of)
