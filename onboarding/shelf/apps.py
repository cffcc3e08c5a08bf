from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "onboarding.shelf"
    label = "onboarding_shelf"

    def ready(self) -> None:
        """What leaves with a Comune."""
        from onboarding.leaving.in_public import register_public_rows  # noqa: PLC0415 -- models must be loaded first
        from onboarding.shelf.models import SharedMapping  # noqa: PLC0415
        from onboarding.shelf.offering import offered_by  # noqa: PLC0415

        register_public_rows(SharedMapping, offered_by)
