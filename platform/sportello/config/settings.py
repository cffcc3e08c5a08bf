"""Settings, read from the environment (see docs/configuration.md); the defaults suit development."""

from importlib.util import find_spec
from pathlib import Path

import environ
from django.utils.csp import CSP

from sportello.config.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS
from sportello.config.log_settings import LOGGING
from sportello.config.mail_settings import mailers
from sportello.config.schedule import BEAT_SCHEDULE, SIMULATED_NODE_SCHEDULE
from sportello.config.static_settings import static_storage

__all__ = ["LOGGING", "REST_FRAMEWORK", "SPECTACULAR_SETTINGS"]  # defined beside, used by Django

BASE_DIR = Path(__file__).resolve().parents[3]
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
TESTING = env.bool("TESTING", default=False)
SIMULATED_IDENTITY = env.bool(
    "SIMULATED_IDENTITY", default=DEBUG or DEMO or TESTING
)  # refused elsewhere: accounts.E001
SIMULATED_NODE = env.bool(
    "SIMULATED_NODE", default=DEBUG or DEMO or TESTING
)  # of pagoPA; production cannot load it: its fence
SECRET_KEY = env.str(
    "SECRET_KEY", default="insecure-development-key" if DEBUG or DEMO or TESTING else environ.Env.NOTSET
)
ALLOWED_HOSTS = ["*"]  # tenants.middleware answers only for registered hosts, and 404 for all others
SEALING_KEYS = env.list("SEALING_KEYS", default=[SECRET_KEY] if DEBUG or DEMO or TESTING else environ.Env.NOTSET)
BASE_HOST = env.str("BASE_HOST", default="localhost")
CENTRAL_HOST = env.str("CENTRAL_HOST", default=f"centrale.{BASE_HOST}")
PAYMENTS_HOST = env.str("PAYMENTS_HOST", default=f"pagamenti.{BASE_HOST}")  # where the Node of pagoPA calls
ACCESS_HOST = env.str("ACCESS_HOST", default=f"accesso.{BASE_HOST}")  # where the identity providers answer to
SIMULATOR_HOST = f"idp.{BASE_HOST}"
NODE_HOST = f"nodo.{BASE_HOST}"  # the simulated Node of pagoPA
DEPLOY_ENV = env.str("DEPLOY_ENV", default="demo" if DEBUG or DEMO or TESTING else "production")
PUBLIC_PORT = env.str("PUBLIC_PORT", default="8000" if DEBUG or DEMO else "")
BEHIND_TLS = env.bool("BEHIND_TLS", default=not (DEBUG or DEMO or TESTING))

# --- Applications -----------------------------------------------------------------------------
# Tables of SHARED_APPS live in `public`, tables of TENANT_APPS in the schema of each Comune and of
# the central team: never in both, so that a forgotten Comune fails instead of answering.
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "integrations.spid_cie",
    "integrations.pagopa",
    "onboarding.assessment",
    "onboarding.board",
    "django.contrib.staticfiles",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "import_export",
    "rest_framework",
    "drf_spectacular",
    "sportello.ui",
    "onboarding.shelf",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "sportello.audit",
    "sportello.jobs",
    "integrations",
    "sportello.accounts",
    "sportello.schools",
    "sportello.notifications",
    "services_catalog",
    "sportello.families",
    "sportello.means",
    "sportello.fees",
    "sportello.billing",
    "sportello.billing.debts",
    "sportello.billing.receipts",
    "sportello.billing.carts",
    "sportello.billing.credits",
    "sportello.billing.issuing",
    "sportello.billing.ladder",
    "sportello.billing.publishing",
    "sportello.billing.reconciliation",
    "sportello.billing.accounting",
    "sportello.applications",
    "sportello.enrolment",
    "sportello.canteen",
    "sportello.rollover",
    "sportello.desk",
    "onboarding",
    "onboarding.leaving",
    "onboarding.crossing",
    "onboarding.training",
    "onboarding.golive",
    "onboarding.shadow",
]
if DEMO:
    SHARED_APPS += ["sportello.demo"]
if SIMULATED_IDENTITY:
    SHARED_APPS += ["integrations.spid_cie.simulator"]
if SIMULATED_NODE:
    SHARED_APPS += ["integrations.pagopa.simulator"]
if find_spec("django_linear_migrations"):  # a tool of those who write migrations; the image leaves it out
    SHARED_APPS.append("django_linear_migrations")
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
FIRST_PARTY_APPS = [
    app
    for app in INSTALLED_APPS
    if app.startswith(("sportello.", "integrations", "onboarding")) or app in {"tenants", "services_catalog"}
]

TENANT_MODEL = "tenants.Municipality"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
CENTRAL_SCHEMA = "centrale"
TEMPLATE_SCHEMA = "modello_comune"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.MunicipalityMiddleware",
    "sportello.config.observability.RequestLogMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "sportello.config.security.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "sportello.config.form_addresses.FormAddressMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sportello.accounts.middleware.OpenSessionMiddleware",
    "onboarding.golive.opening.OpeningMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "sportello.config.urls_municipality"
CENTRAL_URLCONF = "sportello.config.urls_central"
PUBLIC_HOSTS = {  # hosts of no Comune, in the schema `public`
    ACCESS_HOST: "sportello.config.urls_access",
    PAYMENTS_HOST: "sportello.billing.receipts.urls_station",
}
if SIMULATED_IDENTITY:
    for host in (SIMULATOR_HOST, *env.list("SIMULATOR_ALIASES", default=[])):
        PUBLIC_HOSTS[host] = "integrations.spid_cie.simulator.urls"
if SIMULATED_NODE:
    PUBLIC_HOSTS[NODE_HOST] = "integrations.pagopa.simulator.urls"
PUBLIC_SCHEMA_URLCONF = "sportello.config.urls_unknown_host"
WSGI_APPLICATION = "sportello.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "sportello.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sportello.desk.context.page_frame",
            ],
        },
    }
]
FORM_RENDERER = "sportello.ui.renderers.FormRenderer"

# --- Database ---------------------------------------------------------------------------------
# A pool whose connections forget their Comune when they come back, and are born without one.
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgres://postgres@127.0.0.1:5432/sportello"),
        "ENGINE": "tenants.postgres_backend",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {
                "min_size": env.int("DB_POOL_MIN", default=1),
                "max_size": env.int("DB_POOL_MAX", default=4),
                "timeout": 10,
            },
            "options": "-c search_path=",
        },
        "TEST": {"MIGRATE": False},
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Valkey: cache and Celery -----------------------------------------------------------------
VALKEY_URL = env.str("VALKEY_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_FUNCTION": "tenants.cache.municipal_key",
    },
    "public": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_FUNCTION": "tenants.cache.public_key",
    },
}
CELERY_BROKER_URL = VALKEY_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Rome"
CELERY_BEAT_SCHEDULE = dict(sorted((BEAT_SCHEDULE | (SIMULATED_NODE_SCHEDULE if SIMULATED_NODE else {})).items()))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Accounts and sessions --------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["sportello.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 8
SESSION_COOKIE_NAME = "__Host-sessione" if BEHIND_TLS else "sessione"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "sportello.config.security.csrf_failure"
OTP_TOTP_ISSUER = "Sportello Scuola"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Digital identity -------------------------------------------------------------------------
# Who federates the Comuni (SPID's aggregator, CIE's technical partner). The defaults are the demo's inventions.
INVENTED_AGGREGATOR = {
    "name": "Città Metropolitana di Bari",
    "ipa_code": "demo_cm",
    "vat_number": "IT00000000000",
    "fiscal_code": "00000000000",
    "belfiore_code": "A662",
    "province": "BA",
    "email": "spid@example.org",
    "phone": "+390800000000",
}
SAML_AGGREGATOR = {
    fact: env.str(f"SAML_AGGREGATOR_{fact.upper()}", default=invented) for fact, invented in INVENTED_AGGREGATOR.items()
}
# Who lists the identity providers, and the certificate (a PEM file) that must have signed each list.
IDENTITY_REGISTRIES = {
    "spid": {
        "url": env.str("SPID_REGISTRY_URL", default="https://registry.spid.gov.it/metadata/idp/spid-entities-idps.xml"),
        "certificate": env.str("SPID_REGISTRY_CERTIFICATE", default=""),
    },
    "cie": {
        "url": env.str(
            "CIE_METADATA_URL", default="https://idserver.servizicie.interno.gov.it/idp/shibboleth?Metadata"
        ),
        "certificate": env.str("CIE_REGISTRY_CERTIFICATE", default=""),
    },
}

# --- Connectors -------------------------------------------------------------------------------
# Each Comune's choices are rows (integrations.Connector); the installation says where their secrets and files are
# mounted, and which hosts they may speak with: who administers a Comune must not reach the network around us.
CONNECTOR_SECRETS_DIR = env.str("CONNECTOR_SECRETS_DIR", default="")
CONNECTOR_FILES_DIR = env.str("CONNECTOR_FILES_DIR", default="")
NATIONAL_HOSTS = (
    "api.inps.it",
    "auth.interop.pagopa.it",
    "api.platform.pagopa.it",
    "api.uat.platform.pagopa.it",
)
# The broker's key to PagoPA's BackOffice: the name of a secret of the central team. Without one, the simulator's.
PAGOPA_BACKOFFICE_KEY = env.str("PAGOPA_BACKOFFICE_KEY", default="")
PAGOPA_BACKOFFICE_BASE = env.str("PAGOPA_BACKOFFICE_BASE", default="")
CONNECTOR_HOSTS = [*NATIONAL_HOSTS, *env.list("CONNECTOR_HOSTS", default=[])]
TAX_FILE_MAX_BYTES = env.int("TAX_FILE_MAX_BYTES", default=16 * 1024 * 1024)

# --- Payments ---------------------------------------------------------------------------------
# Who may call the station: the names of the client certificates that the proxy has verified; "*" is whoever gets here.
STATION_CALLERS = env.list("STATION_CALLERS", default=["*"] if DEBUG or DEMO or TESTING else [])

# --- Security ---------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 63_072_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
ROSTER_MAX_BYTES = env.int("ROSTER_MAX_BYTES", default=64 * 1024 * 1024)

BACKUP_DAYS = env.int("BACKUP_DAYS", default=35)  # how long backups are kept: what a certificate of deletion promises

# --- Files ------------------------------------------------------------------------------------
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".demo" / "media"))
STATIC_URL = "/static/"
STATIC_ROOT = None if TESTING else env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG or TESTING
STORAGES = {
    "default": {"BACKEND": "tenants.storage.MunicipalStorage"},
    "staticfiles": {"BACKEND": static_storage(served_raw=DEBUG or TESTING, demo=DEMO)},
}

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "it"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
LANGUAGES = [("it", "Italiano"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Rome"

# --- Mail -------------------------------------------------------------------------------------
MAILERS = mailers(env.str("EMAIL_URL", default="memorymail://" if TESTING else "consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"sportello@{BASE_HOST}")

# --- Seeing it run ----------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_FOLDER = env.str("PROMETHEUS_MULTIPROC_DIR", default="")

# --- Libraries --------------------------------------------------------------------------------
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_FORMATS: list[type] = []  # each page names its formats
