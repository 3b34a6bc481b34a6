"""Files as bytes, unpacked where they are packed (gzip, Zstandard), never more of them than a limit."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from quotes.errors import InputError, MissingExtra

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
SUFFIXES = (".gz", ".zst")
CHUNK = 65_536
HINT = "Check the path; use - to read standard input."
DAMAGED_HINT = "Fetch it again, or unpack it as far as it goes."
EXTRA = "files"


def bare_name(name: str) -> str:
    """A file's name without the suffix of a packer."""
    return name[: -len(Path(name).suffix)] if Path(name).suffix.lower() in SUFFIXES else name


def read_bytes(source: Path | bytes | IO[bytes], name: str, limit: int) -> bytes:
    """All bytes of a file, of bytes or of a stream, unpacked. Raises InputError where they are more than limit."""
    with unpacked(source, name) as stream:
        data = _read(stream, name, limit + 1)
    if len(data) > limit:
        raise InputError(
            f"{name} is too long: more than {limit:,} bytes{', unpacked' if _is_packed(source) else ''}.",
            "Raise the limit with --max-characters, or split the file.",
        )
    return data


def beginning(source: Path | bytes | IO[bytes], name: str, size: int) -> bytes:
    """The first bytes of a file, unpacked. Raises InputError."""
    with unpacked(source, name) as stream:
        return _read(stream, name, size)


def lines(source: Path | bytes | IO[bytes], name: str, limit: int) -> Iterator[bytes]:
    """The lines of a file, unpacked, one at a time; of one that is longer than limit no more than its beginning."""
    with unpacked(source, name) as stream:
        while line := _broken(stream.readline, limit + 1, name):
            yield line
            while len(line) > limit and not line.endswith(b"\n"):
                line = _broken(stream.readline, limit + 1, name)


@contextmanager
def unpacked(source: Path | bytes | IO[bytes], name: str) -> Iterator[io.BufferedReader]:
    """The stream of what is packed in a file, or of the file itself. Raises InputError where it cannot be opened."""
    with _opened(source, name) as stream:
        head = _broken(stream.peek, 4, name)
        if head.startswith(GZIP):
            yield io.BufferedReader(_Sound(cast(IO[bytes], gzip.GzipFile(fileobj=stream)), name), CHUNK)
        elif head.startswith(ZSTD):
            yield io.BufferedReader(_Sound(_zstd(stream), name), CHUNK)
        else:
            yield stream


@contextmanager
def _opened(source: Path | bytes | IO[bytes], name: str) -> Iterator[io.BufferedReader]:
    if isinstance(source, bytes):
        yield io.BufferedReader(cast(io.RawIOBase, io.BytesIO(source)))
        return
    if not isinstance(source, Path):
        yield source if isinstance(source, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, source))
        return
    try:
        if source.is_dir():
            raise InputError(f"{name} is a folder, not an article.", "Name a file in it.")
        with source.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        raise InputError(f"There is no file {name}.", HINT) from error
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error


class _Sound(io.RawIOBase):
    """An unpacked stream whose errors are ours, whoever reads it: some readers take EOFError for an end."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = _broken(self._stream.read, len(into), self._name)
        into[: len(data)] = data
        return len(data)


def _zstd(stream: IO[bytes]) -> IO[bytes]:
    try:
        from compression import zstd
    except ImportError:
        try:
            from backports import zstd
        except ImportError as error:
            raise MissingExtra("backports.zstd", EXTRA) from error
    found: IO[bytes] = zstd.ZstdFile(stream)
    return found


def _read(stream: IO[bytes], name: str, size: int) -> bytes:
    parts = []
    while size > 0 and (part := _broken(stream.read, min(size, CHUNK), name)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _broken(step: Callable[[int], bytes], size: int, name: str) -> bytes:
    """What a stream gives; its errors as ours."""
    try:
        return step(size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{name} is a damaged packed file.", DAMAGED_HINT) from error
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    except Exception as error:
        if type(error).__name__ == "ZstdError":
            raise InputError(f"{name} is a damaged packed file.", DAMAGED_HINT) from error
        raise


def _unreadable(name: str, error: Exception) -> InputError:
    return InputError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.", HINT)


def _is_packed(source: Path | bytes | IO[bytes]) -> bool:
    if isinstance(source, bytes):
        return source.startswith((GZIP, ZSTD))
    return isinstance(source, Path) and source.suffix.lower() in SUFFIXES
