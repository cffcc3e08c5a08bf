"""The Celery application: every task runs in a named Comune (tenants.tasks)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")

celery_app = Celery("sportello", task_cls="tenants.tasks:MunicipalTask")
celery_app.config_from_object("django.conf:settings", namespace="CELERY")
celery_app.autodiscover_tasks()
