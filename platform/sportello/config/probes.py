"""What an orchestrator asks: is the process alive, can it work, how does it do. Answered on every host."""

import secrets

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.urls import path
from prometheus_client import CONTENT_TYPE_LATEST

from sportello.config.backlogs import measure_backlogs
from sportello.config.metrics import exposition


def healthz(request: HttpRequest) -> HttpResponse:
    """200: this process answers. It asks nobody else, so that a broken database does not restart the web."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """200: the database and Valkey answer this process now; else 503, saying which does not."""
    checks = {"database": _database_answers(), "valkey": _valkey_answers()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus, to whoever knows METRICS_TOKEN (to nobody where none is set)."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponseForbidden("Metrics need the token.", content_type="text/plain")
    measure_backlogs()
    return HttpResponse(exposition(settings.METRICS_FOLDER), content_type=CONTENT_TYPE_LATEST)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _valkey_answers() -> bool:
    client = redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


urlpatterns = [path("healthz", healthz), path("readyz", readyz), path("metrics", metrics)]
