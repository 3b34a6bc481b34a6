"""Where a corpus's articles come from: folders, patterns, files that hold one or many, archives, object stores, feeds.

All is read as it comes, one article at a time, and never written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

import attrs

from quotes.article import parts_of
from quotes.article.kinds import Kind, is_read, kind_of
from quotes.article.packed import lines, read_bytes
from quotes.corpus.inputs import archives, tables, warc
from quotes.corpus.inputs.files import File, check_inputs, files_of
from quotes.corpus.inputs.item import Item, Reading
from quotes.corpus.seen import Seen
from quotes.errors import InputError, QuotesError

__all__ = ["Inputs", "Item", "Reading", "check_inputs"]

EMPTY_HINT = "Leave it out, or look at how it was made."


@attrs.define(kw_only=True)
class Inputs:
    """The articles of all inputs, each file once, in an order that depends on names alone.

    given: as for files_of; without: a folder to pass over, where the results go; reading: how articles are read.
    """

    given: Sequence[str | Path]
    without: Path
    reading: Reading
    articles: int = attrs.field(default=0, init=False)
    _files_left: int = attrs.field(default=0, init=False)  # that hold one article each
    _bytes_left: int = attrs.field(default=0, init=False)  # of those that hold many
    _bytes_read: int = attrs.field(default=0, init=False)
    _articles_read: int = attrs.field(default=0, init=False)  # from those

    def measure(self) -> None:
        """Look how much there is; nothing is opened."""
        for file in self._files():
            if self._kind(file) == "article":
                self._files_left += 1
            else:
                self._bytes_left += file.size()

    def expected(self) -> int:
        """How many articles there will have been, once it has been measured: a guess where files hold many."""
        rate = self._articles_read / self._bytes_read if self._bytes_read else 0
        return self.articles + self._files_left + round(self._bytes_left * rate)

    def __iter__(self) -> Iterator[Item]:
        for file in self._files():
            kind = self._kind(file)
            found = self._one(file) if kind == "article" else self._many(file, kind)
            for item in found:
                self.articles += 1
                yield item

    def _files(self) -> Iterator[File]:
        seen = Seen()
        for given in self.given:
            found = files_of(str(given), self.without.resolve())
            yield from (file for file in found if seen.is_new(file.address or file.name))

    def _kind(self, file: File) -> Kind:
        return "article" if file.address is not None else kind_of(file.name, self.reading.input_format)

    def _one(self, file: File) -> Iterator[Item]:
        self._files_left -= 1
        if file.address is not None:
            yield from _parts(file.address, file.name, self.reading)
        elif file.path is None:
            yield from _guarded(partial(_far_article, file, self.reading), file.name)
        else:
            yield from _parts(file.path, file.name, self.reading)

    def _many(self, file: File, kind: Kind) -> Iterator[Item]:
        try:
            stream = file.open()
        except InputError as error:
            yield Item(name=file.name, error=error)
            return
        size, read = file.size(), 0
        with stream:
            inside = partial(_inside, stream, file.name, kind, self.reading, size=size, asked=file.asked)
            for item in _guarded(inside, file.name):
                at = max(read, min(size, 0 if stream.closed else stream.tell()))
                self._articles_read += 1
                self._advance(at - read)
                read = at
                yield item
        self._advance(size - read)

    def _advance(self, count: int) -> None:
        self._bytes_left -= count
        self._bytes_read += count


def _far_article(file: File, reading: Reading) -> Iterator[Item]:
    with file.open() as stream:
        yield from _article(stream, file.name, reading)


def _article(stream: IO[bytes], name: str, reading: Reading) -> Iterator[Item]:
    yield from _parts(read_bytes(stream, name, reading.max_bytes), name, reading)


def _parts(source: str | Path | bytes, name: str, reading: Reading) -> Iterator[Item]:
    found = parts_of(
        source,
        path=name,
        input_format=reading.input_format,
        max_characters=reading.max_characters,
        fields=reading.fields,
        fetch=reading.fetch,
    )
    for part in found:
        yield Item(
            name=part.name,
            source=source if part.data is None and not isinstance(source, str) else part.data or b"",
            input_format=part.input_format,
            url=part.url,
            charset=part.charset,
            facts=part.facts,
            error=part.error,
        )


def _lines(stream: IO[bytes], name: str, reading: Reading) -> Iterator[Item]:
    for number, line in enumerate(lines(stream, name, reading.max_bytes), 1):
        if line.strip():
            yield Item(name=f"{name}:{number}", source=line, input_format="json")


_MANY: dict[Kind, Callable[[IO[bytes], str, Reading], Iterator[Item]]] = {
    "article": _article,
    "lines": _lines,
    "cells": tables.cells,
    "parquet": tables.parquet,
    "warc": warc.records,
}
_ARCHIVES: dict[Kind, Callable[[IO[bytes], str, int], Iterator[archives.Member]]] = {
    "zip": archives.zip_members,
    "tar": archives.tar_members,
}


def _inside(
    stream: IO[bytes], name: str, kind: Kind, reading: Reading, *, size: int = 0, asked: bool = False
) -> Iterator[Item]:
    """The articles in a file. asked: whether it was named itself: a table without text is otherwise passed over."""
    if kind in _ARCHIVES:
        found = _members(_ARCHIVES[kind](stream, name, size), reading)
    else:
        found = _MANY[kind](stream, name, reading)
    empty = kind not in ("cells", "parquet")
    try:
        for item in found:
            empty = False
            yield item
    except tables.NoTextColumn:
        if asked:
            raise
    if empty:
        raise InputError(f"{name} holds no articles.", EMPTY_HINT)


def _members(members: Iterator[archives.Member], reading: Reading) -> Iterator[Item]:
    for name, member in members:
        if isinstance(member, InputError):
            yield Item(name=name, error=member)
        elif is_read(name):
            kind = kind_of(name, reading.input_format)
            yield from _guarded(partial(_member, member, name, kind, reading), name)


def _member(stream: IO[bytes], name: str, kind: Kind, reading: Reading) -> Iterator[Item]:
    if kind in _ARCHIVES:
        raise InputError(f"{name} is an archive in an archive.", "Unpack the outer one, and name the folder.")
    yield from _inside(stream, name, kind, reading)


def _guarded(items: Callable[[], Iterator[Item]], name: str) -> Iterator[Item]:
    """The items, and where reading them breaks off one that says why: whatever one file does, the others are read."""
    try:
        yield from items()
    except QuotesError as error:
        yield Item(name=name, error=error)
    except Exception as error:
        problem = InputError(f"{name} cannot be read on: {type(error).__name__}: {error}".strip())
        yield Item(name=name, error=problem)
