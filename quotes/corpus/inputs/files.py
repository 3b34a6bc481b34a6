"""The files that inputs stand for: on this machine, and through pyarrow in object stores where an address says so."""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Any, cast

import attrs

from quotes.article.addresses import is_address, without_secrets
from quotes.article.kinds import is_read
from quotes.article.metadata import is_web
from quotes.errors import InputError

PATTERN_HINT = "Check the path; quote a pattern so that the shell leaves it alone."
ADDRESS_HINT = (
    "Addresses such as s3://bucket/folder, gs://bucket/*.parquet and file:///folder are read, and with options, "
    "s3://bucket/folder?endpoint_override=host:port&scheme=http."
)


@attrs.frozen(kw_only=True)
class File:
    """A file that may hold articles.

    name: its path or address; asked: whether it was named itself, or found in a folder; path: where it is one of this
    machine; store, key: the file system of pyarrow that has it, and where; address: where it is a page of the web.
    """

    name: str
    asked: bool
    path: Path | None = None
    store: Any = None
    key: str = ""
    address: str | None = None

    def open(self) -> IO[bytes]:
        """Raises InputError where it cannot be opened."""
        try:
            return self.path.open("rb") if self.path is not None else _buffered(self.store.open_input_file(self.key))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{self.name} cannot be read: {reason}.", PATTERN_HINT) from error

    def size(self) -> int:
        """In bytes; 0 where it cannot be told."""
        try:
            return self.path.stat().st_size if self.path is not None else self.store.get_file_info(self.key).size or 0
        except (OSError, ValueError):
            return 0


def files_of(given: str, without: Path) -> Iterator[File]:
    """The files of one input, in an order that depends on names alone.

    given: a folder, which stands for the files in and below it that may hold articles, hidden ones left out; a pattern,
    for what it matches; a file. without: a folder or file to pass over.
    """
    if is_web(given):
        yield File(name=without_secrets(given), asked=True, address=given)
    else:
        yield from _far_files(given, without) if is_address(given) else _local_files(given, without)


def check_inputs(inputs: Sequence[str | Path], *, fetch: bool = False) -> None:
    """Raise InputError at once where there is no input or one of them is not there.

    fetch: whether what is on the web may be fetched; it is not looked for.
    """
    if not inputs:
        raise InputError("There is nothing to read.", "Name a folder, a file or a pattern.")
    for given in map(str, inputs):
        if is_web(given):
            _check_page(given, fetch)
        elif is_address(given):
            _check_address(given)
        elif not Path(given).exists() and not _matches(given):
            raise InputError(f"{given} is not there.", PATTERN_HINT)


def _local_files(given: str, without: Path) -> Iterator[File]:
    asked = Path(given).exists()
    for path in map(Path, [given] if asked else _matches(given)):
        if path.is_dir():
            yield from (File(name=str(each), asked=False, path=each) for each in _below(path, without))
        elif without not in path.resolve().parents:
            yield File(name=str(path), asked=True, path=path)


def _matches(pattern: str) -> list[str]:
    if not glob.has_magic(pattern):
        return []
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - a Path's own takes no absolute pattern


def _below(folder: Path, without: Path) -> Iterator[Path]:
    closed: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in sorted(filter(_is_visible, folders)) if Path(at, name).resolve() != without]
        for name in sorted(filter(_is_visible, files)):
            if is_read(name) and Path(at, name).resolve() != without:
                yield Path(at, name)
    yield from sorted(Path(error.filename) for error in closed)  # reading them says what is wrong with them


def _is_visible(name: str) -> bool:
    return not name.startswith(".")


def _check_page(given: str, fetch: bool) -> None:
    if not fetch:
        raise InputError(f"{without_secrets(given)} is an address of the web.", "Give --fetch to fetch it.")


def _check_address(given: str) -> None:
    shown = without_secrets(given)
    try:
        found = next(_far_files(given, Path()), None) is not None or _is_there(given)
    except (OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{shown} cannot be read: {error}.", ADDRESS_HINT) from error
    if not found:
        raise InputError(f"{shown} is not there.", ADDRESS_HINT)


def _is_there(given: str) -> bool:
    from pyarrow import fs

    store, key, pattern = _place(given)
    return not pattern and store.get_file_info(key).type != fs.FileType.NotFound


def _connect(address: str) -> tuple[Any, str]:
    """The file system of an address, and the place in it."""
    from pyarrow import fs

    found: tuple[Any, str] = fs.FileSystem.from_uri(address)
    return found


def _place(given: str) -> tuple[Any, str, list[str]]:
    """The file system of an address, the place in it, and what its files' places below that have to look like."""
    plain_address, mark, options = given.partition("?")
    if "=" not in options:  # then the mark stands for any character
        plain_address, mark, options = given, "", ""
    parts = plain_address.split("/")
    plain = next((at for at, part in enumerate(parts) if glob.has_magic(part)), len(parts))
    store, key = _connect("/".join(parts[:plain]) + mark + options)
    return store, key.rstrip("/"), parts[plain:]


def _far_files(given: str, without: Path) -> Iterator[File]:
    from pyarrow import fs

    store, key, pattern = _place(given)
    start = given.partition("://")[0] + "://"
    if store.get_file_info(key).type == fs.FileType.File:
        yield File(name=start + key, asked=True, store=store, key=key)
        return
    for found in _walk(store, key, str(without) if store.type_name == "local" else None):
        parts = found[len(key) :].strip("/").split("/")
        whole = bool(pattern) and _fits(parts, pattern)
        inside = not pattern or any(_fits(parts[:depth], pattern) for depth in range(1, len(parts)))
        if whole or (inside and is_read(found)):
            yield File(name=start + found, asked=whole, store=store, key=found)


def _walk(store: Any, key: str, without: str | None) -> Iterator[str]:
    from pyarrow import fs

    found = sorted(store.get_file_info(fs.FileSelector(key, allow_not_found=True)), key=lambda info: str(info.path))
    visible = [info for info in found if _is_visible(info.base_name) and info.path != without]
    yield from (info.path for info in visible if info.type == fs.FileType.File)
    for info in visible:
        if info.type == fs.FileType.Directory:
            yield from _walk(store, info.path, without)


def _fits(parts: list[str], pattern: list[str]) -> bool:
    """Whether a place looks like a pattern; ** stands for any number of folders."""
    if not pattern or not parts:
        return not parts and all(each == "**" for each in pattern)
    if pattern[0] == "**":
        return _fits(parts, pattern[1:]) or _fits(parts[1:], pattern)
    return fnmatchcase(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def _buffered(stream: Any) -> IO[bytes]:
    return io.BufferedReader(cast(io.RawIOBase, stream))
