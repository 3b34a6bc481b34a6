"""The files of a corpus: written atomically, read as tables. The only door to pyarrow."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from quotes.errors import MissingExtra, QuotesError
from quotes.export.rows import COLUMNS, VERSION, Row, storable

FORMAT = "quotes-corpus/1"
MANIFEST = "manifest.json"
LOCK = ".lock"
REPORTS, TABLES, SHARDS, PAGES = "reports", "tables", "shards", "pages"

Json = dict[str, Any]
Known = dict[str, tuple[str, int]]  # mark of what an article was read from -> its id, and its characters


def arrow() -> ModuleType:
    """pyarrow; raises MissingExtra where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtra("pyarrow", "corpus") from None
    module: ModuleType = pyarrow
    return module


@attrs.frozen
class Store:
    """A corpus on disk. folder: its root."""

    folder: Path

    @contextmanager
    def open_for(self, request: Json, *, resume: bool) -> Iterator[None]:
        """Prepare the folder for a run of this request: keep what an equal run left, refuse what another one left.

        resume: False drops what any earlier run left. While it is open no other run may open it.
        Raises QuotesError where the folder holds something else, or a run is going on in it.
        """
        self._refuse(request, resume=resume)
        with self._locked():
            self._prepare(request, resume=resume)
            yield

    def is_there(self) -> bool:
        """Whether a run has opened it, and this machine sees it."""
        return (self.folder / MANIFEST).is_file()

    def _refuse(self, request: Json, *, resume: bool) -> None:
        known = self.manifest()
        if known is None and self.folder.is_dir() and not all(map(_is_begun, self.folder.iterdir())):
            raise QuotesError(f"{self.folder} holds other files.", "Give the results a folder of their own.")
        if known is not None and resume:
            self._refuse_tables(known)
        if known is not None and resume and known["request"] != request:
            differs = ", ".join(sorted(key for key in request if request[key] != known["request"].get(key)))
            raise QuotesError(
                f"{self.folder} holds a run that was asked for otherwise ({differs}).",
                "Repeat its inputs and options, begin anew (--afresh), or choose another folder.",
            )

    def _prepare(self, request: Json, *, resume: bool) -> None:
        if not resume:
            self._drop()
        self.write_manifest(request, finished=False)
        for folder in (REPORTS, SHARDS, *(f"{TABLES}/{table}" for table in COLUMNS)):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        for torn in self.folder.rglob("*.tmp"):
            torn.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Holds a lock that goes with the process, however it ends; none where the system has no such locks."""
        try:
            import fcntl
        except ImportError:
            yield
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise QuotesError(f"Another run is writing to {self.folder}.", "Wait for its end.") from error
            except OSError:  # a network's file system without locks
                pass
            yield

    def manifest(self) -> Json | None:
        """What was asked for; None where the folder is no corpus. Raises QuotesError where it cannot be read."""
        try:
            found: Json = json.loads((self.folder / MANIFEST).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise QuotesError(
                f"The manifest of {self.folder} cannot be read: {error}.", "Choose another folder."
            ) from error
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise QuotesError(f"{self.folder} holds no corpus in the form {FORMAT}.", "Choose another folder.")
        return found

    def require(self) -> Json:
        """The manifest; raises QuotesError where there is none, or the tables are of another version."""
        manifest = self.manifest()
        if manifest is None:
            raise QuotesError(
                f"{self.folder} is no corpus.", f"Make it with: quotes corpus run INPUT --out {self.folder}"
            )
        self._refuse_tables(manifest)
        return manifest

    def _refuse_tables(self, manifest: Json) -> None:
        if manifest["tables"] != VERSION:
            raise QuotesError(
                f"{self.folder} holds tables of the form {manifest['tables']}, and this version reads {VERSION}.",
                "Make it anew: quotes corpus run INPUT --out DIR --afresh",
            )

    def write_manifest(self, request: Json, *, finished: bool) -> None:
        manifest = {"format": FORMAT, "tables": VERSION, "finished": finished, "request": request}
        write_whole(self.folder / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True).encode() + b"\n")

    def counts(self, shard: str) -> Json | None:
        """The counts of a shard that is complete; None for one that is not."""
        try:
            found: Json = json.loads((self.folder / SHARDS / f"{shard}.json").read_bytes())
        except FileNotFoundError:
            return None
        return found

    def shards(self) -> Iterator[str]:
        """The names of the complete shards, in order."""
        return iter(sorted(path.stem for path in (self.folder / SHARDS).glob("*.json")))

    def write(self, shard: str, *, reports: Iterable[str], tables: Mapping[str, list[Row]], counts: Json) -> None:
        """Keep a shard's reports, one line each, its rows and its counts."""
        lines = "".join(f"{line}\n" for line in reports)
        write_whole(self.folder / REPORTS / f"{shard}.jsonl", lines.encode())
        for table in COLUMNS:
            write_whole(self._table_path(table, shard), _parquet(table, tables[table]))
        write_whole(self.folder / SHARDS / f"{shard}.json", json.dumps(counts, sort_keys=True).encode() + b"\n")

    def keep_only(self, shards: set[str]) -> None:
        """Remove what belongs to no shard of the plan: its articles have changed or gone since."""
        for pattern in (f"{SHARDS}/*", f"{REPORTS}/*", f"{TABLES}/*/*"):
            for path in self.folder.glob(pattern):
                if path.stem not in shards:
                    path.unlink()

    def dataset(self, table: str) -> Any:
        """A table over the complete shards, as a pyarrow dataset, which is read as it is needed."""
        pa = arrow()
        from pyarrow import dataset

        paths = [str(self._table_path(table, shard)) for shard in self.shards()]
        schema = _schema(pa, table)
        return dataset.dataset(paths, schema=schema, format="parquet") if paths else schema.empty_table()

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table over the complete shards, in their order."""
        for batch in self.dataset(table).to_batches():
            yield from batch.to_pylist()

    def _table_path(self, table: str, shard: str) -> Path:
        return self.folder / TABLES / table / f"{shard}.parquet"

    def _drop(self) -> None:
        for folder in (REPORTS, TABLES, SHARDS, PAGES):
            shutil.rmtree(self.folder / folder, ignore_errors=True)
        (self.folder / MANIFEST).unlink(missing_ok=True)


def _is_begun(path: Path) -> bool:
    """Whether a file is what a run leaves that was killed before it had a manifest."""
    return path.name == LOCK or (path.name.startswith(MANIFEST) and path.suffix == ".tmp")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place, and move it there."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    beside.write_bytes(data)
    beside.replace(path)


def _parquet(table: str, rows: list[Row]) -> bytes:
    pa = arrow()
    from pyarrow import parquet

    columns = {name: [storable(row[name]) for row in rows] for name in COLUMNS[table]}
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(columns, schema=_schema(pa, table)), sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _schema(pa: ModuleType, table: str) -> Any:
    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "texts": pa.list_(pa.string()),
        "integers": pa.list_(pa.int64()),
    }
    fields = [(name, types[kind]) for name, kind in COLUMNS[table].items()]
    return pa.schema(fields, metadata={"quotes.tables": VERSION})
