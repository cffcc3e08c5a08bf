"""A table as the lines of a package, and its digest: one way, for writing it, for proving it, for comparing it."""

import hashlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from onboarding.leaving.catalogue import Table
from sportello.ui.spreadsheets import MachineLines

PIECE = 1 << 20


class Sink(Protocol):
    """Where bytes go."""

    def write(self, content: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the SHA-256 of the bytes, how many they are, how many rows."""

    sha256: str
    size: int
    rows: int = 0


class Digesting:
    """Passes text on as UTF-8 in large pieces and keeps the digest of what has passed."""

    def __init__(self, sink: Sink | None) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self._pieces: list[str] = []
        self._waiting = 0
        self._size = 0

    def write(self, text: str, /) -> None:
        self._pieces.append(text)
        self._waiting += len(text)
        if self._waiting >= PIECE:
            self.flush()

    def flush(self) -> None:
        """Sends what is waiting."""
        content = "".join(self._pieces).encode()
        self._pieces, self._waiting = [], 0
        self._digest.update(content)
        self._size += len(content)
        if self._sink is not None:
            self._sink.write(content)

    def written(self, rows: int) -> Written:
        """The sum of it all."""
        self.flush()
        return Written(self._digest.hexdigest(), self._size, rows)


def write_table(cursor: Any, table: Table, sink: Sink | None) -> Written:  # psycopg's, or Django's cursor around it
    """Streams the rows from the database into `sink` (None: only the digest is wanted), a row at a time."""
    passing = Digesting(sink)
    lines = MachineLines(passing, table.column_names, table.texts)
    rows = 0
    with cursor.copy(f"COPY ({table.select()}) TO STDOUT") as copy:
        copy.set_types(["text"] * len(table.columns))
        for row in copy.rows():
            lines.write(row)
            rows += 1
    return passing.written(rows)


def copy_bytes(source: BinaryIO, sink: Sink) -> Written:
    """Copies a file as it is, in the memory of a piece."""
    digest, size = hashlib.sha256(), 0
    while content := source.read(PIECE):
        digest.update(content)
        size += len(content)
        sink.write(content)
    return Written(digest.hexdigest(), size)
