"""The WSGI entry of the web process. It does not start behind a pooler that would mix the Comuni up."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
application = get_wsgi_application()

from tenants.pooling import require_session_pooling  # noqa: E402  # Django must be set up first

require_session_pooling()
