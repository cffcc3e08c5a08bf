from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "onboarding.assessment"
    label = "assessment"

    def ready(self) -> None:
        """What leaves with a Comune, and what keeps one from starting."""
        from onboarding.assessment import models  # noqa: PLC0415 -- models must be loaded first
        from onboarding.assessment.starting import LEGAL_STEPS  # noqa: PLC0415
        from onboarding.golive.check import register_check  # noqa: PLC0415
        from onboarding.leaving.in_public import reached_by, register_public_rows  # noqa: PLC0415

        register_check(LEGAL_STEPS)
        for model, path in (
            (models.AssessmentRound, "municipality"),
            (models.AreaSheet, "round__municipality"),
            (models.AreaSaving, "sheet__round__municipality"),
            (models.PlanTask, "round__municipality"),
            (models.TaskChange, "task__round__municipality"),
        ):
            register_public_rows(model, reached_by(model.objects, path))
