"""A package as an answer: streamed, kept by no cache."""

from pathlib import Path

from django.http import FileResponse

from onboarding.leaving.models import ExportPackage


def package_response(path: Path, package: ExportPackage) -> FileResponse:
    """The file as an attachment; its name holds nobody's."""
    made = package.made_at or package.requested_at
    name = f"sportello-scuola-{made:%Y%m%d-%H%M}.zip"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response
