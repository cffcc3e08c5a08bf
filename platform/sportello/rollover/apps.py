from django.apps import AppConfig


class RolloverConfig(AppConfig):
    name = "sportello.rollover"
    label = "rollover"

    def ready(self) -> None:
        from sportello.jobs.registry import register  # noqa: PLC0415 -- models must be loaded first
        from sportello.jobs.results import show_result_at  # noqa: PLC0415
        from sportello.rollover.rehearsal_job import (  # noqa: PLC0415
            REHEARSAL,
            page_of_rehearsal,
            run_rehearsal,
        )

        register(REHEARSAL, run_rehearsal)
        show_result_at(REHEARSAL, page_of_rehearsal)
