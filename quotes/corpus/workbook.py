"""The claims and sources of a corpus as a workbook for Excel and its like. The only door to XlsxWriter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from quotes.corpus.queries import sources
from quotes.corpus.tables import Tables
from quotes.errors import MissingExtra, QuotesError
from quotes.export.common import one_line
from quotes.export.rows import Row
from quotes.export.tables import looks_like_formula

MOST_ROWS = 1_048_576  # of a sheet, its heading among them
LONGEST_CELL = 32_767  # UTF-16 code units
MADE = datetime(1980, 1, 1)  # the same corpus gives the same file

_CLAIMS = """
    SELECT a.published, a.publisher, a.title, c.text, array_to_string(c.chain, ' > ') AS chain, c.kind, c.origin,
           c.path, c.confidence, c.cue, c.mention, c.review, a.url, a.file, c.article, c.claim
    FROM claims c JOIN articles a ON a.article = c.article AND NOT a.duplicate
    WHERE c.act = 'speech'
"""
_IN_ORDER = "ORDER BY a.published NULLS LAST, a.file, c.starts, c.claim"
_WIDTHS: Mapping[str, int] = {"title": 40, "text": 80, "chain": 40, "mention": 30, "name": 40, "url": 30, "file": 30}
_WIDTH = 14


def write_workbook(out: Path, target: Path) -> dict[str, int]:
    """Write the corpus in `out` to an .xlsx file; how many rows each of its sheets has.

    Sheets: `claims`, the claims of speech by date, and `sources`, who is heard. Every text is a cell of text, whatever
    it begins with. Raises QuotesError where a sheet cannot hold the rows, MissingExtra without XlsxWriter.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError
    except ImportError:
        raise MissingExtra("xlsxwriter", "corpus") from None
    heard = sources(out, limit=None)
    with Tables(out) as tables:
        [counted] = tables.rows(f"SELECT count(*) AS claims FROM ({_CLAIMS})")
        counts = {"claims": counted["claims"], "sources": len(heard)}
        _refuse_too_many(counts)
        book = Workbook(str(target), {"constant_memory": True, "tmpdir": str(target.parent)})
        book.set_properties({"created": MADE})
        _write_sheet(book, "claims", tables.stream(f"{_CLAIMS} {_IN_ORDER}"), counts["claims"])
        _write_sheet(book, "sources", iter(heard), counts["sources"])
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error
    return counts


def _refuse_too_many(counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        if count >= MOST_ROWS:
            raise QuotesError(
                f"The corpus has {count:,} {name}, and a sheet of a workbook holds {MOST_ROWS - 1:,}.",
                "Export an SQLite database (.sqlite), or choose fewer with: quotes corpus claims DIR --as csv",
            )


def _write_sheet(book: Any, name: str, rows: Iterator[Row], count: int) -> None:
    sheet = book.add_worksheet(name)
    heading, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    literal = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    for number, row in enumerate(rows, start=1):
        if number == 1:
            _write_heading(sheet, list(row), heading, count)
        for column, given in enumerate(row.values()):
            value = "; ".join(map(str, given)) if isinstance(given, (list, tuple)) else given
            if isinstance(value, str):
                text = cell_text(value)
                sheet.write_string(number, column, text, literal if looks_like_formula(text) else wrapped)
            elif value is not None:
                sheet.write_number(number, column, value, wrapped)


def _write_heading(sheet: Any, names: list[str], heading: Any, count: int) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(names) - 1)
    for column, name in enumerate(names):
        sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
        sheet.write_string(0, column, name, heading)


def cell_text(text: str) -> str:
    """The text on one line, control characters as visible signs, cut where a cell ends and saying so."""
    line = one_line(text)
    units = line.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return line
    note = f" … [cut: {len(line):,} characters]"
    return units[: 2 * (LONGEST_CELL - len(note))].decode("utf-16-le", "ignore") + note
