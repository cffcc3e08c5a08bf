"""Secrets of connectors by name: an environment variable or a mounted file, never a column.

A name is of one Comune: `tributi-rest` of Bari is `CONNECTOR_SECRET_C_A662_TRIBUTI_REST`, or the file
`c_a662.tributi-rest` in CONNECTOR_SECRETS_DIR. So who administers a Comune can name neither another Comune's secret nor
one of the installation.
"""

import os
import re
from pathlib import Path
from typing import Final

from django.conf import settings

from integrations.errors import SecretMissing
from tenants.current import require_schema

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def secret(name: str) -> str:
    """The secret of that name of the current Comune. Raises SecretMissing."""
    if not NAME.fullmatch(name):
        raise SecretMissing
    schema = require_schema()
    told = os.environ.get(f"CONNECTOR_SECRET_{schema}_{name}".upper().replace("-", "_"))
    if told:
        return told
    file = Path(settings.CONNECTOR_SECRETS_DIR) / f"{schema}.{name}"
    if not settings.CONNECTOR_SECRETS_DIR or not file.is_file():
        raise SecretMissing
    return file.read_text(encoding="utf-8").strip()
