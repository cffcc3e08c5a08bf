"""The database backend: django-tenants' own, with connections that forget their Comune."""
