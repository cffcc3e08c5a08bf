"""One schema, no tenants: Django's own backend with a fixed path, and the same pool."""

from sportello.config.settings import *  # noqa: F403
from sportello.config.settings import DATABASES

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.bench.sites.urls"
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["OPTIONS"]["options"] = "-c search_path=c_a662,public,extensions"
LOGGING = {"version": 1}
