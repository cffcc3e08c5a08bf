from django.apps import AppConfig


class GoLiveConfig(AppConfig):
    name = "onboarding.golive"
    label = "golive"

    def ready(self) -> None:
        from onboarding.golive.check import register_check  # noqa: PLC0415 -- models must be loaded first
        from onboarding.golive.data_checks import DATA_CHECKS  # noqa: PLC0415
        from onboarding.golive.people_checks import PEOPLE_CHECKS  # noqa: PLC0415
        from onboarding.golive.rehearsing import REHEARSE, run_rehearsal  # noqa: PLC0415
        from onboarding.golive.sign import read_go_live  # noqa: PLC0415
        from onboarding.signs import register_signs  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415

        for check in (*DATA_CHECKS, *PEOPLE_CHECKS):
            register_check(check)
        register(REHEARSE, run_rehearsal)
        register_signs("golive", read_go_live)
