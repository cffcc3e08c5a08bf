"""Writes docs/openapi.json: the API of a Comune, as it is served."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
os.environ |= {"DJANGO_SETTINGS_MODULE": "sportello.config.settings", "TESTING": "1"}

import django  # noqa: E402  # the path and the settings first

django.setup()

from drf_spectacular.generators import SchemaGenerator  # noqa: E402

document = SchemaGenerator(urlconf="sportello.config.urls_municipality").get_schema(request=None, public=True)
text = json.dumps(document, ensure_ascii=False, indent=1, default=str)
(ROOT / "docs" / "openapi.json").write_text(text + "\n", encoding="utf-8")
