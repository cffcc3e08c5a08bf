"""The wiring: settings, URL maps, Celery, WSGI and system checks. The only place that knows every room."""

from sportello.config.celery import celery_app

__all__ = ["celery_app"]  # loaded with Django, so that tasks sent from anywhere find their broker
