"""Celery tasks run in a named Comune: its schema travels as a required header.

A task that is sent, or arrives, without a Comune raises. A task that works on all of them is
started by `tenants.fan_out`, which sends one message per Comune.
"""

from typing import Any

from celery import Task, current_app, shared_task
from django.conf import settings
from django.db import connection
from django_tenants.utils import schema_context

from tenants.current import PUBLIC, NoMunicipality, current_schema
from tenants.models import Municipality, Stage

HEADER = "comune"


class MunicipalTask(Task):  # type: ignore[type-arg]  # Task is generic only in the stubs
    """Base of all tasks. `in_public = True` marks the few that belong to no Comune."""

    in_public = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        headers = dict(options.pop("headers", None) or {})
        headers.setdefault(HEADER, PUBLIC if self.in_public else current_schema())
        if not self.in_public and headers[HEADER] == PUBLIC:
            raise NoMunicipality(f"The task {self.name} was sent without a Comune.")
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with schema_context(self._schema()):
            try:
                return super().__call__(*args, **kwargs)
            finally:
                connection.close_if_unusable_or_obsolete()

    def _schema(self) -> str:
        if self.in_public:
            return PUBLIC
        schema = (self.request.headers or {}).get(HEADER) or getattr(self.request, HEADER, None)
        if schema is None and self.request.called_directly:
            schema = current_schema()
        if not schema or schema == PUBLIC:
            raise NoMunicipality(f"The task {self.name} arrived without a Comune.")
        return str(schema)


def schemas_in_service() -> list[str]:
    """The central team's schema and those of all Comuni that have one."""
    with schema_context(PUBLIC):
        names = Municipality.objects.exclude(stage=Stage.ASSESSMENT).order_by("schema_name")
        return [settings.CENTRAL_SCHEMA, *names.values_list("schema_name", flat=True)]


@shared_task(name="tenants.fan_out", in_public=True)
def fan_out(*, task_name: str) -> None:
    """Sends the named task once to every schema in service."""
    for schema in schemas_in_service():
        current_app.send_task(task_name, headers={HEADER: schema})
