"""Files in archives (zip, tar): read one after another where they are, and never written anywhere.

What an archive claims to hold has limits, so that a small one cannot keep a run busy for days.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from quotes.article.packed import unpacked
from quotes.errors import InputError

LEAST_ROOM = 1 << 30  # bytes that any archive may unpack to
RATIO = 200  # times its size that a large one may
LONGEST_HEADER = 1 << 20  # a tar's long names come as files of their own
HEADERS = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE)
HINT = "Unpack it, and name the folder."

Member = tuple[str, IO[bytes] | InputError]


def zip_members(stream: IO[bytes], name: str, size: int) -> Iterator[Member]:
    """The visible files of a zip archive: a name and a stream, or why there is none. Raises InputError."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(f"{name} is no zip archive, or a damaged one: {error}.", HINT) from error
    with archive:
        found = [info for info in archive.infolist() if not info.is_dir() and _is_visible(info.filename)]
        _refuse_bomb(sum(info.file_size for info in found), size, name)
        for info in found:
            inside = f"{name}/{info.filename}"
            try:
                with archive.open(info) as member:
                    yield inside, member
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
                yield inside, InputError(f"{inside} cannot be unpacked: {error}.", HINT)


def tar_members(stream: IO[bytes], name: str, size: int) -> Iterator[Member]:
    """The visible files of a tar archive, packed or not: a name and a stream. Links are passed over.

    Raises InputError, also in the middle, where it is damaged.
    """
    try:
        with unpacked(stream, name) as plain, tarfile.open(fileobj=plain, mode="r|*", tarinfo=_Header) as archive:
            for info in archive:
                _refuse_bomb(info.offset_data + info.size, size, name)
                if info.isreg() and not info.issparse() and _is_visible(info.name):
                    member = archive.extractfile(info)
                    if member is not None:
                        yield f"{name}/{info.name}", io.BufferedReader(_Forward(member))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise InputError(f"{name} is no tar archive, or a damaged one: {error}.", HINT) from error


class _Forward(io.RawIOBase):
    """A member of a tar that is read as it comes, in the form that the standard library's wrappers ask for."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = self._member.read(len(into))
        into[: len(data)] = data
        return len(data)


class _Header(tarfile.TarInfo):
    """A tar's header that is refused where tarfile would take it for the archive's end, or fill the memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        try:
            found = super().frombuf(buf, encoding, errors)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError(str(error)) from error
        if found.type in HEADERS and found.size > LONGEST_HEADER:
            raise tarfile.ReadError("a name in it is too long")
        return found


def _refuse_bomb(unpacked_size: int, size: int, name: str) -> None:
    if unpacked_size > max(LEAST_ROOM, RATIO * size):
        raise InputError(f"{name} would unpack to {unpacked_size:,} bytes, {RATIO} times its size or more.", HINT)


def _is_visible(name: str) -> bool:
    parts = [part for part in PurePosixPath(name).parts if part not in (".", "..")]
    return not any(part.startswith(".") or part == "__MACOSX" for part in parts)
