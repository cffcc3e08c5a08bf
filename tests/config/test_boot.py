"""The web process looks at its database before it answers."""

import importlib
import sys

import pytest

from tenants import pooling

ENTRY = "sportello.config.wsgi"


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, ENTRY, raising=False)


@pytest.mark.django_db
def test_the_web_does_not_start_behind_a_transaction_pooler(monkeypatch: pytest.MonkeyPatch) -> None:
    def mixed() -> None:
        raise pooling.TransactionPooler(pooling.SENTENCE)

    monkeypatch.setattr(pooling, "require_session_pooling", mixed)
    with pytest.raises(pooling.TransactionPooler):
        importlib.import_module(ENTRY)


@pytest.mark.django_db
def test_the_web_starts_on_a_plain_connection() -> None:
    assert callable(importlib.import_module(ENTRY).application)
