from django.apps import AppConfig


class ShadowConfig(AppConfig):
    name = "onboarding.shadow"
    label = "shadow"

    def ready(self) -> None:
        from onboarding.golive.check import register_check  # noqa: PLC0415 -- models must be loaded first
        from onboarding.shadow.asking import COMPARE  # noqa: PLC0415
        from onboarding.shadow.runners import page_of, run_comparison  # noqa: PLC0415
        from onboarding.shadow.standing import SHADOW_CHECKS, read_shadow  # noqa: PLC0415
        from onboarding.signs import register_signs  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        register(COMPARE, run_comparison)
        show_result_at(COMPARE, page_of)
        register_signs("shadow", read_shadow)
        for check in SHADOW_CHECKS:
            register_check(check)
