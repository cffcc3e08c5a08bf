"""Files: each Comune has its own folder, found at every call from the current schema."""

from typing import Any

from django.core.files.storage import FileSystemStorage

from tenants.current import require_schema


class MunicipalStorage(FileSystemStorage):
    """A private file store; names are relative to the folder of the current Comune."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def path(self, name: str) -> str:
        return super().path(f"{require_schema()}/{name}")

    def url(self, name: str | None) -> str:
        raise ValueError("Files are private: a view of their room hands them out.")
