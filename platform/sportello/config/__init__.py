"""The wiring: settings, URL maps, Celery, WSGI and system checks. The only place that knows every room."""
