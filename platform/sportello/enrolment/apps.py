from importlib import import_module

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "sportello.enrolment"
    label = "enrolment"

    def ready(self) -> None:
        from services_catalog.panels import register_panel  # noqa: PLC0415 -- models must be loaded first
        from sportello.applications.enrolled import register_reader  # noqa: PLC0415
        from sportello.applications.occupied import register_counter  # noqa: PLC0415
        from sportello.enrolment.effect_words import effect_panel  # noqa: PLC0415
        from sportello.enrolment.occupancy import taken_from  # noqa: PLC0415
        from sportello.enrolment.queries import users_of_service  # noqa: PLC0415
        from sportello.enrolment.repricing_job import REPRICE, page_of_reprice, run_reprice  # noqa: PLC0415
        from sportello.enrolment.tasks import CHARGE_MONTH, page_of_charge_month, run_charge_month  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        register_reader(users_of_service)
        register_counter(taken_from)
        register_panel(effect_panel)
        register(REPRICE, run_reprice)
        show_result_at(REPRICE, page_of_reprice)
        register(CHARGE_MONTH, run_charge_month)
        show_result_at(CHARGE_MONTH, page_of_charge_month)
        import_module("sportello.enrolment.receivers")
