"""Our backend, our middleware, our pool."""

from tests.bench.sites.inherited import project_settings

globals().update(project_settings())
MIDDLEWARE = ["tenants.middleware.MunicipalityMiddleware"]
ROOT_URLCONF = "tests.bench.sites.urls"
LOGGING = {"version": 1}
