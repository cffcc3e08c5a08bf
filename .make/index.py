"""What the machine's pip settings say about the package index and its certificate."""

from __future__ import annotations

import configparser
import os
from pathlib import Path

DEFAULT_INDEX = "https://pypi.org/simple"


def configured_index() -> str | None:
    """Return the index that pip would use, when somebody has set one other than the public one."""
    index = os.environ.get("UV_DEFAULT_INDEX") or pip_setting("index-url")
    return index.rstrip("/") if index and index.rstrip("/") != DEFAULT_INDEX else None


def configured_certificate() -> str | None:
    """Return the file of certification authorities that pip would use, if it exists."""
    certificate = os.environ.get("SSL_CERT_FILE") or pip_setting("cert")
    return certificate if certificate and Path(certificate).is_file() else None


def pip_setting(name: str) -> str | None:
    """Return a setting of pip as pip finds it: PIP_* first, then its files, the nearest to the user first."""
    from_environment = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if from_environment:
        return from_environment
    for path in pip_files():
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(str(path))
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
        for section in ("install", "global"):
            if parser.has_option(section, name):
                return parser.get(section, name).strip()
    return None


def pip_files() -> list[Path]:
    """Return the places of pip's settings, the strongest first."""
    home = Path(os.path.expanduser("~"))
    named = os.environ.get("PIP_CONFIG_FILE")
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or str(home / ".config"))
    places = [Path(named)] if named else []
    return [*places, settings / "pip" / "pip.conf", home / ".pip" / "pip.conf", Path("/etc/pip.conf")]
