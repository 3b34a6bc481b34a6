"""The flat tables described: what each column of `rows.COLUMNS` is and means."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from quotes.export.rows import COLUMNS, Row

FILE = Path(__file__).resolve().parents[1] / "data" / "tables.toml"


@cache
def _meanings() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def schema() -> list[Row]:
    """A row for each column of each table: `table`, `column`, `type` (of ColumnType) and `meaning`."""
    return [
        {"table": table, "column": column, "type": kind, "meaning": _meanings()[table][column]}
        for table, columns in COLUMNS.items()
        for column, kind in columns.items()
    ]
