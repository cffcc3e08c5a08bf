"""Imports and keys point downstairs; what a room shows the world is its own."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import ROOT
from tests.architecture.storeys import height, room_of, storeys

FACES = frozenset({"views", "api", "urls", "forms", "tasks", "receivers", "admin", "urls_central", "serializers"})
WIRING = "sportello.config"
IMPURE = frozenset({"django", "psycopg", "celery", "redis", "rest_framework", "time", "sportello.kernel.clock"})


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "sportello",
        "tenants",
        "services_catalog",
        "integrations",
        "onboarding",
        include_external_packages=True,
        cache_dir=None,
    )


def test_import_linter_keeps_its_contracts() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-1000:]


def test_every_room_has_its_storey(graph: grimp.ImportGraph) -> None:
    ours = {module for module in graph.modules if not graph.is_module_squashed(module)}
    unknown = {module for module in ours if room_of(module) is None and module != "sportello"}
    assert unknown == set()
    ours_installed = {app.name for app in apps.get_app_configs() if app.name.startswith("sportello.")}
    assert {name for name in ours_installed if room_of(name) is None} == set()
    assert min(storeys()[0]) == "sportello.kernel"


def test_keys_point_downstairs() -> None:
    """Also those declared as strings, which import-linter cannot see; a room may point at itself."""
    upwards = []
    for model in apps.get_models():
        room = room_of(model.__module__)
        for field in model._meta.get_fields() if room else []:
            if isinstance(field, models.ForeignKey | models.ManyToManyField):
                target = room_of(field.related_model.__module__)
                if target and target != room and height(target) >= height(str(room)):
                    upwards.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    assert upwards == []


def test_no_generic_keys() -> None:
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.private_fields
        if type(field).__name__ == "GenericForeignKey"
    ]
    assert generic == []


def test_faces_are_private_to_their_room(graph: grimp.ImportGraph) -> None:
    """What parses requests, answers tasks or hears signals is reached by no other room but the wiring."""
    trespasses = []
    for module in graph.modules:
        room = room_of(module)
        if room is None or not FACES & set(module.removeprefix(room).split(".")) or room == "tenants":
            continue
        importers = graph.find_modules_that_directly_import(module)
        trespasses += [f"{name} imports {module}" for name in importers if room_of(name) not in {room, WIRING}]
    assert sorted(trespasses) == []


def test_rules_are_pure(graph: grimp.ImportGraph) -> None:
    """No Django, no clock, no rows, however far one follows the imports: values in, value and explanation out."""
    stained = [
        f"{module} reaches {reached}"
        for module in sorted(graph.modules)
        if module.endswith(".rules") or ".judging.themes" in module or ".judging.words" in module
        for reached in sorted(graph.find_upstream_modules(module) & IMPURE)
    ]
    assert stained == []
