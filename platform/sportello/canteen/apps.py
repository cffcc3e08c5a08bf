from django.apps import AppConfig


class CanteenConfig(AppConfig):
    name = "sportello.canteen"
    label = "canteen"

    def ready(self) -> None:
        """Ties the month close to its kind of job, and listens to enrolment."""
        from sportello.canteen.receivers import record_stated_diet  # noqa: PLC0415
        from sportello.canteen.tasks import MONTH_CLOSE, page_of_month_close, run_month_close  # noqa: PLC0415  # models must be loaded first
        from sportello.canteen.what_if_job import WHAT_IF, page_of_what_if, run_what_if  # noqa: PLC0415
        from sportello.enrolment.signals import subscription_started  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        register(MONTH_CLOSE, run_month_close)
        show_result_at(MONTH_CLOSE, page_of_month_close)
        register(WHAT_IF, run_what_if)
        show_result_at(WHAT_IF, page_of_what_if)
        subscription_started.connect(record_stated_diet, dispatch_uid="canteen.record_stated_diet")
