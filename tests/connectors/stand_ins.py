"""A system of an invented kind, to tell the story of the registry without any real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal
from unittest.mock import patch

from msgspec import Meta

from integrations import registry
from integrations.errors import AnswerUnreadable, ConnectorError, Unreachable
from integrations.registry import Secret, name_kind, register
from integrations.typed_settings import Settings

KIND = "oracle"


class Column(Settings, frozen=True, kw_only=True):
    name: Literal["code", "answer"]
    width: int = 1


class OracleSettings(Settings, frozen=True, kw_only=True):
    address: Annotated[str, Meta(title="Indirizzo", description="Dove sta.")]
    seconds: Annotated[int, Meta(ge=1, title="Attesa")] = 5
    quiet: bool = False
    columns: tuple[Column, ...] = ()


class MuteSettings(Settings, frozen=True, kw_only=True):
    """Nothing to set."""


class Oracle:
    """Gives its secret back, or fails as it was told to."""

    failure: ConnectorError | None = None

    def __init__(self, _settings: object, secret: Secret) -> None:
        self._secret = secret

    def probe(self) -> None:
        if self.failure:
            raise self.failure

    def ask(self) -> str:
        self.probe()
        return self._secret()


@contextmanager
def oracles() -> Iterator[None]:
    """The kind, with a real adapter and a simulator, for the length of a block."""
    with (
        patch.object(registry, "_adapters", dict(registry._adapters)),
        patch.object(registry, "_kinds", dict(registry._kinds)),
    ):
        name_kind(KIND, "Oracolo")
        register(KIND, "temple", Oracle, OracleSettings, label="Tempio", needs_secret=True)
        register(KIND, "dream", Oracle, MuteSettings, label="Sogno", simulator=True)
        yield


TEMPORARY, FINAL = Unreachable, AnswerUnreadable
