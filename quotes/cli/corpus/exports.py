"""`quotes corpus export`: what a run has left, as one file."""

from __future__ import annotations

from pathlib import Path

import click

from quotes.cli.common import FILE
from quotes.cli.corpus.rows import folder_argument


@click.command()
@folder_argument
@click.argument("target", type=FILE, metavar="OUT")
@click.option("--as", "form", type=click.Choice(["sqlite", "xlsx"]), help="How to write it.  [default: by OUT]")
def export(folder: Path, target: Path, form: str | None) -> None:
    """Write a corpus as one file for other programs.

    OUT ends in .sqlite or .db for an SQLite database (all tables, links between articles, a search; Datasette shows
    it), or in .xlsx for a workbook (a sheet of claims, a sheet of sources). A file that is there is replaced.

    \b
    For example:
    quotes corpus export news news.sqlite
    """
    from quotes.corpus import export as write

    counts = write(folder, target, form=form)
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    click.echo(f"{target}: {told}.", err=True)
