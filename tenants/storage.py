"""Files: each Comune has its own folder, found at every call from the current schema."""

from pathlib import Path

from django.core.files.storage import FileSystemStorage

from tenants.current import require_schema


class MunicipalStorage(FileSystemStorage):
    """A private file store; names are relative to the folder of the current Comune, and cannot lead out of it."""

    @property
    def location(self) -> str:  # cached by Django for one folder; here it follows the schema
        return str((Path(self.base_location) / require_schema()).absolute())

    def url(self, name: str | None) -> str:  # noqa: ARG002 -- Django's own signature
        raise ValueError("Files are private: a view of their room hands them out.")
