from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "onboarding"

    def ready(self) -> None:
        from onboarding.runners import page_of, run_check, run_commit, run_undo  # noqa: PLC0415 -- models must be loaded first
        from onboarding.uploading import CHECK, COMMIT, UNDO  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415
        from sportello.jobs.results import show_result_at  # noqa: PLC0415

        for kind, runner in ((CHECK, run_check), (COMMIT, run_commit), (UNDO, run_undo)):
            register(kind, runner)
            show_result_at(kind, page_of)
