"""Where a corpus's articles come from: folders, globs, files, and JSON Lines with an article on each line."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from quotes.article import parts_of
from quotes.article.formats import suffix_of
from quotes.errors import InputError

SUFFIXES = frozenset((".txt", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson", ".xml", ".eml", ".docx", ".pdf"))


@attrs.frozen(kw_only=True)
class Item:
    """One article to be read.

    name: its path, with its number after a colon where the file holds several; data: its own bytes then, and their
    format.
    """

    name: str
    path: Path
    data: bytes | None = None
    input_format: str = "auto"


def items_of(inputs: Sequence[str | Path], *, without: Path) -> Iterator[Item]:
    """The articles of all inputs, each file once, in an order that depends on names alone.

    A folder stands for the files of SUFFIXES in and below it, hidden ones left out; a pattern for what it matches.
    without: a folder to pass over, where the results go. Raises InputError for an input that is not there.
    """
    seen: set[str] = set()
    for given in inputs:
        for path in _files(str(given), without.resolve()):
            if str(path) not in seen:
                seen.add(str(path))
                for part in parts_of(path):
                    yield Item(name=part.name, path=path, data=part.data, input_format=part.input_format)


def check_inputs(inputs: Sequence[str | Path]) -> None:
    """Raise InputError at once where there is no input or one of them is not there."""
    if not inputs:
        raise InputError("There is nothing to read.", "Name a folder, a file or a pattern.")
    for given in inputs:
        if not Path(given).exists() and not _matches(str(given)):
            raise InputError(
                f"{given} is not there.", "Check the path; quote a pattern so that the shell leaves it alone."
            )


def _files(given: str, without: Path) -> Iterator[Path]:
    paths = [given] if Path(given).exists() else _matches(given)
    for path in map(Path, paths):
        if path.is_dir():
            yield from _below(path, without)
        elif without not in path.resolve().parents:
            yield path


def _matches(pattern: str) -> list[str]:
    if not glob.has_magic(pattern):
        return []
    return sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - a Path's own takes no absolute pattern


def _below(folder: Path, without: Path) -> Iterator[Path]:
    closed: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in sorted(filter(_is_visible, folders)) if Path(at, name).resolve() != without]
        for name in sorted(filter(_is_visible, files)):
            if suffix_of(name) in SUFFIXES:
                yield Path(at, name)
    yield from sorted(Path(error.filename) for error in closed)  # reading them says what is wrong with them


def _is_visible(name: str) -> bool:
    return not name.startswith(".")
