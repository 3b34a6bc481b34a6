"""What the commands about a corpus share: its folder, how many rows, and how they are written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from quotes.cli.common import FOLDER, F, Write, terminal_width, use_color, writing

Row = dict[str, Any]


def folder_argument(command: F) -> F:
    return click.argument("folder", type=FOLDER, metavar="DIR")(command)


def form_option(command: F) -> F:
    return click.option(
        "--as",
        "form",
        type=click.Choice(["table", "csv", "jsonl"]),
        default="table",
        show_default=True,
        help="How to write the rows.",
    )(command)


def limit_option(default: int) -> Callable[[F], F]:
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        metavar="N",
        help="At most so many rows; 0 for all.",
    )


def print_rows(rows: Sequence[Row], form: str, *, brief: Sequence[str] = (), output: Path | None = None) -> None:
    """Writes the rows; a table shows their `brief` columns, where some are named, so that a line can be read."""
    if not rows:
        click.echo("Nothing was found.", err=True)
        return
    if form == "table" and brief:
        rows = [{name: row[name] for name in brief} for row in rows]
    with writing(output) as write:
        {"table": _table, "csv": _csv, "jsonl": _jsonl}[form](rows, write)


def _jsonl(rows: Sequence[Row], write: Write) -> None:
    for row in rows:
        write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _csv(rows: Sequence[Row], write: Write) -> None:
    from quotes.export.tables import csv_cell

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([csv_cell(value) for value in row.values()] for row in rows)
    write(text.getvalue())


def _table(rows: Sequence[Row], write: Write) -> None:
    from quotes.views import render_rows

    shown = [{name: _cell(value) for name, value in row.items()} for row in rows]
    write(render_rows(shown, width=terminal_width(None), color=use_color()))


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
