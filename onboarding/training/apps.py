from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "onboarding.training"
    label = "training"

    def ready(self) -> None:
        from onboarding.signs import register_signs  # noqa: PLC0415
        from onboarding.training.filling import FILL, run_fill  # noqa: PLC0415 -- models must be loaded first
        from onboarding.training.sign import read_training  # noqa: PLC0415
        from sportello.jobs.registry import register  # noqa: PLC0415

        register(FILL, run_fill)
        register_signs("training", read_training)
