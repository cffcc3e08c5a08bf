"""Our backend, our middleware, our pool."""

from sportello.config.settings import *  # noqa: F403

MIDDLEWARE = ["tenants.middleware.MunicipalityMiddleware"]
ROOT_URLCONF = "tests.bench.sites.urls"
LOGGING = {"version": 1}
