"""django-tenants as its documentation sets it up, with persistent connections."""

from sportello.config.settings import *  # noqa: F403
from sportello.config.settings import DATABASES

MIDDLEWARE = ["django_tenants.middleware.main.TenantMainMiddleware"]
ROOT_URLCONF = "tests.bench.sites.urls"
TENANT_LIMIT_SET_CALLS = False
DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["OPTIONS"] = {}
LOGGING = {"version": 1}
