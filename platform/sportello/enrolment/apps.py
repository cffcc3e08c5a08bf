from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "sportello.enrolment"
    label = "enrolment"
