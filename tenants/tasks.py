"""Celery tasks run in a named Comune: its schema travels as a required header.

A task that is sent, or arrives, without a Comune raises. A task that works on all of them is
started by `tenants.fan_out`, which sends one message per Comune.
"""

from typing import Any, Final

from celery import Task, current_app, shared_task
from django.conf import settings

from tenants.current import PUBLIC, NoMunicipality, current_schema, in_schema
from tenants.fingerprint import schemas_with_migrations
from tenants.models import Municipality

HEADER: Final = "comune"


class MunicipalTask(Task):  # type: ignore[type-arg]  # Task is generic only in the stubs
    """Base of all tasks. `in_public = True` marks the few that belong to no Comune."""

    in_public = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:  # type: ignore[override]
        """Sends the task with the Comune of the sender; passes all options on. Raises NoMunicipality."""
        headers = dict(options.pop("headers", None) or {})
        headers.setdefault(HEADER, PUBLIC if self.in_public else current_schema())
        if not self.in_public and headers[HEADER] == PUBLIC:
            raise NoMunicipality(f"The task {self.name} was sent without a Comune.")
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the task inside its Comune. Raises NoMunicipality."""
        if self.request.called_directly:
            with in_schema(self._schema(current_schema())):
                return super().__call__(*args, **kwargs)
        with in_schema(self._schema((self.request.headers or {}).get(HEADER))):
            return self.run(*args, **kwargs)  # super() would put a blank request over the one that came

    def _schema(self, named: str | None) -> str:
        if self.in_public:
            return PUBLIC
        if not named or named == PUBLIC:
            raise NoMunicipality(f"The task {self.name} arrived without a Comune.")
        return named


def schemas_in_service(*, with_twins: bool = False) -> list[str]:
    """The central team's schema and those of the Comuni that have one and stay; twins only when asked."""
    present = set(schemas_with_migrations())
    held = Municipality.with_twins if with_twins else Municipality.objects
    with in_schema(PUBLIC):
        names = held.filter(left_on__isnull=True).order_by("schema_name").values_list("schema_name", flat=True)
        return [schema for schema in [settings.CENTRAL_SCHEMA, *names] if schema in present]


@shared_task(name="tenants.fan_out", in_public=True)  # type: ignore[untyped-decorator, call-overload]  # our own option
def fan_out(*, task_name: str, with_twins: bool = False) -> None:
    """Sends the named task once to every schema in service; to twins only what keeps their own house in order."""
    for schema in schemas_in_service(with_twins=with_twins):
        current_app.send_task(task_name, headers={HEADER: schema})
