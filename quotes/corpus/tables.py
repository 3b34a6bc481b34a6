"""The tables of a corpus, opened to be read: nothing else of the machine can be reached. The only door to DuckDB."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
ROWS_AT_ONCE = 2048


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
        return list(self.stream(query, values))

    def stream(self, query: str, values: Mapping[str, Any] | None = None) -> Iterator[Row]:
        """The same, a few rows at a time; until they are read, no other query may be asked."""
        try:
            cursor = self.connection.execute(query, dict(values)) if values else self.connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            while found := cursor.fetchmany(ROWS_AT_ONCE):
                for row in found:
                    yield dict(zip(names, row, strict=True))
        except self.duckdb.Error as error:
            raise _refusal(f"The query failed: {str(error).strip()}") from error

    def read_only(self, query: str, seconds: float) -> list[Row]:
        """The rows of a query that somebody else wrote.

        Raises QuotesError unless it is one that only reads, and where it takes more than so many seconds.
        """
        try:
            statements = self.connection.extract_statements(query)
        except self.duckdb.Error as error:
            raise _refusal(f"The query failed: {str(error).strip()}") from error
        if len(statements) != 1 or statements[0].type.name not in READING:
            raise _refusal("Only one query at a time is answered, and only one that reads (SELECT …).")
        with self._interrupted_after(seconds):
            return self.rows(query)

    @contextmanager
    def _interrupted_after(self, seconds: float) -> Iterator[None]:
        """Has DuckDB give up what runs here after so many seconds, and says so."""
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self.connection.interrupt)
        timer.start()
        try:
            yield
        except QuotesError as error:
            if not isinstance(error.__cause__, self.duckdb.InterruptException):
                raise
            raise QuotesError(
                f"The query took longer than {seconds:g} second{'' if seconds == 1 else 's'} and was stopped.",
                "See that it comes to an end, narrow it (WHERE, LIMIT), or raise the limit with --time-limit.",
            ) from error
        finally:
            timer.cancel()
            timer.join()


def ask(out: Path, query: str, values: Mapping[str, Any] | None = None) -> list[Row]:
    with Tables(out) as tables:
        return tables.rows(query, values)


def _refusal(problem: str) -> QuotesError:
    return QuotesError(problem, f"The tables are: {', '.join(COLUMNS)}.")
