"""Remembers what there was, in memory that does not grow with it."""

from __future__ import annotations

import sqlite3


class Seen:
    """A set of texts, which the disk holds where they are many. What it kept goes with it."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode=OFF")
        self._kept.execute("CREATE TABLE seen (text BLOB PRIMARY KEY) WITHOUT ROWID")

    def is_new(self, text: str) -> bool:
        """Whether it was not there before; now it is."""
        data = text.encode("utf-8", "surrogateescape")
        return self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?)", (data,)).rowcount == 1
