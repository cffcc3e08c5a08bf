"""Pages that try to leak: they answer with what they see of the Comune they run in."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from tenants.current import current_municipality, current_schema, in_schema
from tests.isolation.comuni import school_in_sight

log = logging.getLogger("tests.isolation")


def school(request: HttpRequest) -> HttpResponse:
    return HttpResponse(school_in_sight())


def fail(request: HttpRequest) -> HttpResponse:
    """An error in the middle of a transaction, inside yet another Comune."""
    with transaction.atomic(), in_schema(request.GET["other"]):
        raise ZeroDivisionError(school_in_sight())


def remember(request: HttpRequest) -> HttpResponse:
    return HttpResponse(cache.get_or_set("who", school_in_sight))


def whoever(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk) if request.user.is_authenticated else "nobody")


def count(request: HttpRequest) -> HttpResponse:
    request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse(str(request.session["visits"]))


def keep(request: HttpRequest) -> HttpResponse:
    return HttpResponse(default_storage.save("note.txt", ContentFile(current_schema().encode())))


def fetch(request: HttpRequest) -> FileResponse:
    return FileResponse(default_storage.open(request.GET.get("name", "note.txt")))


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def pieces() -> Iterator[str]:
        yield school_in_sight()
        yield " "
        yield school_in_sight()

    return StreamingHttpResponse(pieces())


def in_background(request: HttpRequest) -> HttpResponse:
    """A thread that the page starts without telling it where it is."""

    def look() -> str:
        try:
            return current_schema()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return HttpResponse(f"{pool.submit(look).result()} {threading.active_count() > 0}")


def say(request: HttpRequest) -> HttpResponse:
    log.warning("somebody is here")
    return HttpResponse("said")


def rename(request: HttpRequest) -> HttpResponse:
    """Changes the row it was given without saving it: nobody else may notice."""
    municipality = current_municipality()
    before, municipality.name = municipality.name, "Altrove"
    return HttpResponse(before)


urlpatterns = [
    path(f"{view.__name__}", view)
    for view in (school, fail, remember, whoever, count, keep, fetch, stream, in_background, say, rename)
]
