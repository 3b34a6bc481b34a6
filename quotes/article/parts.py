"""An input -> the articles in it: JSON Lines hold one on each line, a NewsML message several; all else is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from quotes.article import jsonfeed, newsml
from quotes.article.decode import decode
from quotes.article.formats import SUFFIXES, suffix_of
from quotes.article.packed import lines, read_bytes
from quotes.errors import QuotesError

HEAD = 100_000  # bytes


@attrs.frozen(kw_only=True)
class Part:
    """One article of an input. data: its bytes, where it is not all of the input; input_format: of these bytes."""

    name: str
    data: bytes | None = attrs.field(default=None, repr=False)
    input_format: str = "auto"


def parts(source: Path | bytes, name: str, *, input_format: str = "auto", max_bytes: int) -> Iterator[Part]:
    """The articles of a file or of bytes, in order. max_bytes: of one of them, unpacked.

    Raises nothing for what cannot be read: it is one part, and reading that says what is wrong.
    """
    suffix = suffix_of(name)
    try:
        if _is_lines(source, name, input_format, suffix):
            yield from _lines(source, name, max_bytes)
            return
        items = _items(source, name, max_bytes) if _may_be_newsml(source, input_format, suffix) else []
    except (QuotesError, UnicodeError):
        items = []
    if len(items) > 1:
        for number, item in enumerate(items, 1):
            yield Part(name=f"{name}:{number}", data=item.encode("utf-8", "surrogatepass"), input_format="newsml")
    else:
        yield Part(name=name, input_format=input_format)


def _lines(source: Path | bytes, name: str, max_bytes: int) -> Iterator[Part]:
    """The lines that hold anything; one part that is nothing where there are none or they cannot be read."""
    empty = True
    try:
        for number, line in enumerate(lines(source, name, max_bytes), 1):
            if line.strip():
                empty = False
                yield Part(name=f"{name}:{number}", data=line, input_format="json")
    except QuotesError:
        empty = True
    if empty:
        yield Part(name=name, input_format="json")


def _is_lines(source: Path | bytes, name: str, input_format: str, suffix: str) -> bool:
    if input_format != "auto" or suffix:
        return (input_format if input_format != "auto" else SUFFIXES.get(suffix)) == "jsonl"
    if isinstance(source, Path):
        return False
    head = [line for line, _ in zip(lines(source, name, HEAD), range(2), strict=False)]
    return len(head) == 2 and head[1].startswith(b"{") and jsonfeed.is_object(head[0].decode("utf-8", "replace"))


def _may_be_newsml(source: Path | bytes, input_format: str, suffix: str) -> bool:
    return input_format == "newsml" or (input_format == "auto" and (suffix == ".xml" or isinstance(source, bytes)))


def _items(source: Path | bytes, name: str, max_bytes: int) -> list[str]:
    text, _ = decode(read_bytes(source, name, max_bytes), name)
    return newsml.items(text, name) if newsml.is_newsml(text) else []
