from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "onboarding.shelf"
    label = "onboarding_shelf"
