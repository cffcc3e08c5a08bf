"""Values that Django would bend in silence are refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db.models import DateField, Model


class DatetimeAsDate(AssertionError):
    """A datetime given to a date field loses its hour, and on some days its day."""


class ForgottenField(AssertionError):
    """save(update_fields=...) leaves an auto_now field behind."""


@contextmanager
def strict_values() -> Iterator[None]:
    """A datetime is no date; update_fields names the fields that Django would set by itself."""
    to_python, save = DateField.to_python, Model.save

    def no_datetime(self: Any, value: Any) -> Any:
        if isinstance(value, datetime):
            raise DatetimeAsDate(f"{self} is a date and was given a datetime.")
        return to_python(self, value)

    def whole_save(self: Any, *args: Any, **options: Any) -> None:
        named = options.get("update_fields")
        if named is not None:
            for field in self._meta.local_fields:
                if getattr(field, "auto_now", False) and field.name not in named:
                    raise ForgottenField(f"update_fields must name {field}.")
        save(self, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DateField, "to_python", no_datetime)
        patch.setattr(Model, "save", whole_save)
        yield
