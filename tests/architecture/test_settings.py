"""The lists of the settings are sane: each app has one home, the middlewares stand in an order that works."""

import importlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from sportello.config import urls_municipality
from tests.architecture.source import ROOT


def test_each_app_has_one_home() -> None:
    assert set(settings.SHARED_APPS) & set(settings.TENANT_APPS) == set()
    assert [*settings.SHARED_APPS, *settings.TENANT_APPS] == settings.INSTALLED_APPS
    assert len(set(settings.INSTALLED_APPS)) == len(settings.INSTALLED_APPS)


def test_what_has_tables_in_public_is_named_here() -> None:
    with_tables = {model._meta.app_config.name for model in apps.get_models()}
    assert with_tables & set(settings.SHARED_APPS) == {
        "tenants",
        "onboarding.shelf",
        "integrations.pagopa",
        "integrations.spid_cie",
        "integrations.spid_cie.simulator",
        "onboarding.assessment",
        "onboarding.board",
    }


def test_every_room_on_disk_is_installed_or_has_no_models() -> None:
    folders = [*(ROOT / "platform" / "sportello").iterdir(), *(ROOT / name for name in ("tenants", "services_catalog"))]
    with_models = {
        folder.name if folder.parent == ROOT else f"sportello.{folder.name}"
        for folder in folders
        if (folder / "models.py").exists()
    }
    assert with_models <= set(settings.INSTALLED_APPS)


def test_the_comune_is_known_before_anything_reads_the_database() -> None:
    order = settings.MIDDLEWARE
    assert len(set(order)) == len(order)
    tenants = order.index("tenants.middleware.MunicipalityMiddleware")
    for later in (
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ):
        assert tenants < order.index(later)
    for name in order:
        import_string(name)


def test_every_cache_names_its_comune() -> None:
    assert settings.CACHES["default"]["KEY_FUNCTION"] == "tenants.cache.municipal_key"
    assert {name for name, cache in settings.CACHES.items() if "municipal" not in cache["KEY_FUNCTION"]} == {"public"}


def test_cookies_belong_to_one_host() -> None:
    assert settings.SESSION_COOKIE_DOMAIN is None
    assert settings.CSRF_COOKIE_DOMAIN is None
    assert settings.LANGUAGE_COOKIE_DOMAIN is None


def test_the_clock_work_names_tasks_that_exist() -> None:
    from sportello.config.celery import celery_app

    celery_app.loader.import_default_modules()
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert list(schedule) == sorted(schedule)
    for entry in schedule.values():
        named = {entry["task"], entry.get("kwargs", {}).get("task_name", entry["task"])}
        assert named <= set(celery_app.tasks)


def test_every_room_with_pages_is_on_the_map() -> None:
    for room in urls_municipality.ROOMS:
        assert importlib.import_module(f"{room}.urls").app_name == room.rpartition(".")[2]
        assert Path(str(importlib.import_module(f"{room}.urls").__file__)).exists()
    assert len(set(urls_municipality.ROOMS)) == len(urls_municipality.ROOMS)
