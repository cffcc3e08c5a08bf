"""PDFs by typst: tagged PDF/UA-1 for people, PDF/A-3a for the archive. Data enter as JSON, text stays text."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst
from django.conf import settings

Standard = Literal["ua-1", "a-3a"]
SOURCES: Final = "templates/pdf"
FONTS: Final = "static/vendor/pdf-fonts"


@cache
def _compiler(template: str) -> typst.Compiler:
    """A compiler keeps its fonts loaded: the first document costs 20 ms, the next ones 4."""
    root = Path(settings.BASE_DIR)
    return typst.Compiler(root / SOURCES / template, root=root, font_paths=[root / FONTS], ignore_system_fonts=True)


def render_pdf(template: str, data: dict[str, Any], *, made_at: datetime, standard: Standard = "ua-1") -> bytes:
    """The document of `templates/pdf/<template>`, which reads its data from `sys.inputs.data` (JSON).

    Deterministic: the same data and `made_at` give the same bytes.
    """
    compiler = _compiler(template)
    inputs = {"data": json.dumps(data, ensure_ascii=False), "made_at": made_at.date().isoformat()}
    document = compiler.compile(
        format="pdf", sys_inputs=inputs, pdf_standards=[standard], timestamp=int(made_at.timestamp())
    )
    if not isinstance(document, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return document
