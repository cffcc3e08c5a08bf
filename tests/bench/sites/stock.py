"""django-tenants as its documentation sets it up, with persistent connections."""

from tests.bench.sites.inherited import project_settings

globals().update(project_settings())
MIDDLEWARE = ["django_tenants.middleware.main.TenantMainMiddleware"]
ROOT_URLCONF = "tests.bench.sites.urls"
TENANT_LIMIT_SET_CALLS = False
DATABASES = project_settings()["DATABASES"]
DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["OPTIONS"] = {}
LOGGING = {"version": 1}
