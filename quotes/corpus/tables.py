"""The tables of a corpus, opened to be read: nothing else of the machine can be reached. The only door to DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quotes.corpus.store import Store
from quotes.errors import MissingExtra, QuotesError
from quotes.export.rows import COLUMNS, Row

# A query reads the tables and nothing else: no file, no network, no extension, no variable of this process.
LOCKED = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}
READING = ("SELECT", "EXPLAIN")


class Tables:
    """An open DuckDB connection in memory over the complete shards of a corpus, read as they are needed.

    Use it as a context. What does not fit in memory is spilled to a folder that goes away with it.
    """

    def __init__(self, out: Path) -> None:
        store = Store(Path(out))
        store.require()
        try:
            import duckdb
        except ImportError:
            raise MissingExtra("duckdb", "corpus") from None
        self.duckdb = duckdb
        self._spill = tempfile.TemporaryDirectory(prefix="quotes-")
        self.connection = duckdb.connect(config={"temp_directory": self._spill.name})
        for table in COLUMNS:
            self.connection.register(table, store.dataset(table))
        for name, value in LOCKED.items():
            self.connection.execute(f"SET {name} = {value}")

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self._spill.cleanup()

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of one query. Raises QuotesError where DuckDB refuses it."""
        try:
            cursor = self.connection.execute(query, dict(values)) if values else self.connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except self.duckdb.Error as error:
            raise _refusal(f"The query failed: {str(error).strip()}") from error

    def read_only(self, query: str) -> list[Row]:
        """The rows of a query that somebody else wrote. Raises QuotesError unless it is one that only reads."""
        try:
            statements = self.connection.extract_statements(query)
        except self.duckdb.Error as error:
            raise _refusal(f"The query failed: {str(error).strip()}") from error
        if len(statements) != 1 or statements[0].type.name not in READING:
            raise _refusal("Only one query at a time is answered, and only one that reads (SELECT …).")
        return self.rows(query)


def ask(out: Path, query: str, values: Mapping[str, Any] | None = None) -> list[Row]:
    with Tables(out) as tables:
        return tables.rows(query, values)


def _refusal(problem: str) -> QuotesError:
    return QuotesError(problem, f"The tables are: {', '.join(COLUMNS)}.")
