"""One schema, no tenants: Django's own backend with a fixed path, and the same pool."""

from tests.bench.sites.inherited import project_settings

globals().update(project_settings())
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.bench.sites.urls"
DATABASES = project_settings()["DATABASES"]
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["OPTIONS"]["options"] = "-c search_path=c_a662,public,extensions"
LOGGING = {"version": 1}
