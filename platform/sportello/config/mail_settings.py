"""From EMAIL_URL (smtp+tls://user:password@host:587, consolemail://, demomail:///folder) to Django's MAILERS."""

from typing import Any
from urllib.parse import unquote, urlsplit

BACKENDS = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "smtp+tls": "django.core.mail.backends.smtp.EmailBackend",
    "smtp+ssl": "django.core.mail.backends.smtp.EmailBackend",
    "consolemail": "django.core.mail.backends.console.EmailBackend",
    "memorymail": "django.core.mail.backends.locmem.EmailBackend",
    "demomail": "sportello.demo.mailbox.EmailBackend",
}


def mailers(url: str) -> dict[str, dict[str, Any]]:
    """The one mailer, "default"; raises ValueError for a scheme that nobody sends through."""
    parts = urlsplit(url)
    if parts.scheme not in BACKENDS:
        raise ValueError(f"EMAIL_URL begins with {parts.scheme}://; use one of {', '.join(sorted(BACKENDS))}.")
    options: dict[str, Any] = {}
    if parts.scheme.startswith("smtp"):
        options = {
            "host": parts.hostname or "localhost",
            "port": parts.port or 25,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtp+ssl",
            "timeout": 20,
        }
    elif parts.scheme == "demomail":
        options = {"folder": parts.path}
    return {"default": {"BACKEND": BACKENDS[parts.scheme], "OPTIONS": options}}
