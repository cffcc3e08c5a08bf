from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "onboarding.assessment"
    label = "assessment"
