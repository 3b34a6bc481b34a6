"""Articles in the rows of tables: CSV, with its separator found out, and Parquet. Each row is read as JSON is.

Both are read as they are needed, never whole.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from quotes.article.jsonfeed import columns
from quotes.article.packed import read_bytes, unpacked
from quotes.corpus.inputs.item import Item, Reading
from quotes.errors import InputError

SEPARATORS = ",;\t|"
ROWS = 64  # of a Parquet file at a time
BUFFER = 1 << 20


class NoTextColumn(InputError):
    """A table none of whose columns may hold the text of articles."""


def cells(stream: IO[bytes], name: str, reading: Reading) -> Iterator[Item]:
    """The articles of a CSV file with a line of headings, numbered from 1 after it."""
    csv.field_size_limit(max(csv.field_size_limit(), reading.max_bytes))
    with unpacked(stream, name) as plain:
        start = plain.peek(2)[:2]
        encoding = "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
        lines = io.TextIOWrapper(plain, encoding=encoding, errors="surrogateescape", newline="")
        headings = lines.readline()
        separator = max(SEPARATORS, key=headings.count)
        names = next(csv.reader([headings], delimiter=separator), [])
        wanted = _wanted(names, name, reading)
        for number, row in enumerate(filter(None, csv.reader(lines, delimiter=separator)), 1):
            if len(row) > len(names):
                message = f"{name}:{number} has {len(row)} cells, and the table has {len(names)} columns."
                yield Item(name=f"{name}:{number}", error=InputError(message))
            else:
                yield _item({key: cell for key, cell in zip(names, row, strict=False) if key in wanted}, name, number)


def parquet(stream: IO[bytes], name: str, reading: Reading) -> Iterator[Item]:
    """The articles of a Parquet file, numbered from 1; only the columns that they are read from are."""
    from pyarrow import parquet as format

    whole = stream if stream.seekable() else io.BytesIO(read_bytes(stream, name, reading.max_bytes))
    file = format.ParquetFile(whole, buffer_size=BUFFER)
    wanted = _wanted(file.schema_arrow.names, name, reading)
    rows = (row for batch in file.iter_batches(ROWS, columns=wanted) for row in batch.to_pylist())
    for number, row in enumerate(rows, 1):
        yield _item(row, name, number)


def _wanted(names: Iterable[str], name: str, reading: Reading) -> list[str]:
    names = list(names)
    found = columns(names, reading.fields)
    if not found:
        shown = ", ".join(names[:20])
        hint = f"Its columns are: {shown}. Name the one by --field text=COLUMN."
        raise NoTextColumn(f"{name} has no column that is known to hold the text of articles.", hint)
    return found


def _item(row: Mapping[str, Any], name: str, number: int) -> Item:
    data = json.dumps(row, ensure_ascii=False, default=_plain).encode("utf-8", "surrogateescape")
    return Item(name=f"{name}:{number}", source=data, input_format="json")


def _plain(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
