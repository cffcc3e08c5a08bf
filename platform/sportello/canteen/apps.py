from django.apps import AppConfig


class CanteenConfig(AppConfig):
    name = "sportello.canteen"
    label = "canteen"

    def ready(self) -> None:
        """Ties jobs to their kinds, and listens to enrolment and to the calendar."""
        from services_catalog.lint import register_check  # noqa: PLC0415
        from services_catalog.signals import days_closed, days_reopening  # noqa: PLC0415
        from sportello.canteen import announcing, counting, receivers  # noqa: PLC0415
        from sportello.canteen.tasks import MONTH_CLOSE, page_of_month_close, run_month_close  # noqa: PLC0415  # models must be loaded first
        from sportello.canteen.uncharged import uncharged_findings  # noqa: PLC0415
        from sportello.canteen.what_if_job import WHAT_IF, page_of_what_if, run_what_if  # noqa: PLC0415
        from sportello.enrolment.counting import register_counter  # noqa: PLC0415
        from sportello.enrolment.signals import subscription_started  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        register_counter(counting.meals_register)
        register_check(uncharged_findings)
        register(MONTH_CLOSE, run_month_close)
        show_result_at(MONTH_CLOSE, page_of_month_close)
        register(WHAT_IF, run_what_if)
        show_result_at(WHAT_IF, page_of_what_if)
        register(announcing.TELL_CLOSURE, announcing.run_tell_closure)
        register(announcing.TELL_REOPENING, announcing.run_tell_reopening)
        subscription_started.connect(receivers.record_stated_diet, dispatch_uid="canteen.record_stated_diet")
        days_closed.connect(receivers.tell_of_closed_days, dispatch_uid="canteen.tell_of_closed_days")
        days_reopening.connect(receivers.judge_reopening, dispatch_uid="canteen.judge_reopening")
