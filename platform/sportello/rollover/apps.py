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
        from sportello.rollover.renewal_job import RENEWAL, page_of_renewal, run_renewal  # noqa: PLC0415

        register(REHEARSAL, run_rehearsal)
        show_result_at(REHEARSAL, page_of_rehearsal)
        register(RENEWAL, run_renewal)
        show_result_at(RENEWAL, page_of_renewal)
