#!/usr/bin/env python3
"""Starts Django. `platform/` is a source root, not a package: it joins the path here."""

import os
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent / "platform"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")

ALONE = ("catalog check", "catalog price", "onboarding propose-mapping", "onboarding dry-run")
"""They read files and nothing of an installation: a stranger's checkout needs no settings to run them."""

if __name__ == "__main__":
    if " ".join(sys.argv[1:3]) in ALONE and "--commit" not in sys.argv and "SECRET_KEY" not in os.environ:
        os.environ.setdefault("DEBUG", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
