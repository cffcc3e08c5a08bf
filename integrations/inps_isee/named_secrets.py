"""Secrets by name: the settings say which, the deployment holds what."""

import os
from pathlib import Path

from django.conf import settings

from integrations.inps_isee.errors import SettingsMissing


def secret_named(name: str) -> bytes:
    """The content of the mounted file of that name, else of the environment variable. Raises SettingsMissing."""
    folder = settings.SECRETS_FOLDER
    if not name.replace("_", "").isalnum():  # a name, never a path
        raise SettingsMissing
    if folder and (mounted := Path(folder) / name).is_file():
        return mounted.read_bytes()
    held = os.environ.get(name, "")
    if not held:
        raise SettingsMissing
    return held.encode()
