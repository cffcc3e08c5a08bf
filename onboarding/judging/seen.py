"""What was seen of earlier lines, by digest, in bounded memory: a dictionary, and a temporary file beyond it."""

import sqlite3
import weakref
from itertools import islice
from typing import Final

IN_MEMORY: Final = 100_000
_MAKE: Final = "CREATE TABLE seen (key INTEGER PRIMARY KEY, line INTEGER, data INTEGER, other INTEGER) WITHOUT ROWID"
_PUT: Final = "INSERT INTO seen VALUES (?, ?, ?, ?)"
_GET: Final = "SELECT line, data, other FROM seen WHERE key = ?"

type Found = tuple[int, int, int]


class Seen:
    """The first line of each key, with two digests of what it says.

    Keys are hashes of 64 bits: among a million lines two that differ have the same one once in 37 million files.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._recent: dict[int, Found] = {}
        self._in_memory = in_memory
        self._older: sqlite3.Connection | None = None

    def get(self, key: int) -> Found | None:
        """What was seen first under the key."""
        found = self._recent.get(key)
        if found is None and self._older is not None:
            found = self._older.execute(_GET, (key,)).fetchone()
        return found

    def put(self, key: int, line: int, data: int = 0, other: int = 0) -> None:
        """Keep the first line of a key that `get` does not know."""
        self._recent[key] = (line, data, other)
        if len(self._recent) > self._in_memory:
            self._move()

    def first(self, key: int, line: int, data: int = 0, other: int = 0) -> Found | None:
        """What was seen first under the key; None when this line is the first, which is then kept."""
        found = self.get(key)
        if found is None:
            self.put(key, line, data, other)
        return found

    def _move(self) -> None:
        """An empty name is a temporary file of sqlite, gone with its connection."""
        if self._older is None:
            self._older = sqlite3.connect("", isolation_level=None)
            weakref.finalize(self, self._older.close)
            self._older.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_MAKE};")
        moved = list(islice(self._recent.items(), self._in_memory // 2))
        self._older.execute("BEGIN")
        self._older.executemany(_PUT, ((key, *found) for key, found in sorted(moved)))
        self._older.execute("COMMIT")
        for key, _found in moved:
            del self._recent[key]
