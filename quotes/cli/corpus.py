"""`quotes corpus`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from quotes.cli.common import (
    FOLDER,
    F,
    Write,
    analysis_options,
    quiet_option,
    shows_progress,
    terminal_width,
    use_color,
    writing,
)

_FAILED_ARTICLES = 3
# What a table shows of a claim; ids and the rest are in the other forms.
_CLAIM_CELLS = ("published", "publisher", "text", "chain", "path", "confidence")
_TRACE_CELLS = ("published", "publisher", "text", "chain", "origins", "link")

Row = dict[str, Any]


@click.group()
def corpus() -> None:
    """Analyse many articles and question them."""


@corpus.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("--out", "-o", type=FOLDER, required=True, metavar="DIR", help="Folder for the results.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Processes side by side."
)
@click.option("--engine", default="local", show_default=True, metavar="NAME", help="What runs the workers.")
@click.option(
    "--shard-size", type=click.IntRange(min=1), default=16, show_default=True, metavar="N", help="Articles per shard."
)
@click.option("--afresh", is_flag=True, help="Do all of it again, not only what an earlier run left undone.")
@analysis_options
@quiet_option
def run(
    inputs: tuple[str, ...],
    out: Path,
    workers: int,
    engine: str,
    shard_size: int,
    afresh: bool,
    quiet: bool,
    publisher: str | None,
    models: str,
    min_confidence: float,
    max_characters: int,
    input_format: str,
    fields: dict[str, str],
    lexicon: Path | None,
    corrections: Path | None,
    device: str,
) -> None:
    """Analyse folders, files and patterns of articles.

    What is found goes to the folder that --out names. A run that was broken off goes on where it was.
    """
    from quotes.bars import Bar
    from quotes.corpus import analyze_corpus
    from quotes.corrections import read_corrections
    from quotes.lexicon import load

    analyzing: dict[str, Any] = {
        "models": models,
        "min_confidence": min_confidence,
        "lexicon": lexicon,
        "device": device,
    }
    if corrections:
        analyzing["corrections"] = read_corrections(corrections)
    reading: dict[str, Any] = {"publisher": publisher, "max_characters": max_characters}
    reading |= {"input_format": input_format, "fields": fields or None}
    if lexicon:
        load(lexicon)
    shown = shows_progress(quiet, out)
    with Bar(shown=shown) as bar:
        found = analyze_corpus(
            inputs,
            out,
            workers=workers,
            engine=engine,
            shard_size=shard_size,
            analyzer_options=analyzing,
            reader_options={name: value for name, value in reading.items() if value is not None},
            progress=bar.tell if shown else None,
            resume=not afresh,
        )
    if not quiet:
        click.echo(
            f"{found.analyzed} of {found.articles} articles analysed, {found.claims} claims, "
            f"{found.duplicates} duplicates, {found.failed} failed.",
            err=True,
        )
    if found.failed:
        raise click.exceptions.Exit(_FAILED_ARTICLES)


def _folder(command: F) -> F:
    return click.argument("folder", type=FOLDER, metavar="DIR")(command)


def _as(command: F) -> F:
    return click.option(
        "--as",
        "form",
        type=click.Choice(["table", "csv", "jsonl"]),
        default="table",
        show_default=True,
        help="How to write the rows.",
    )(command)


def _limit(default: int) -> Callable[[F], F]:
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        metavar="N",
        help="At most so many rows; 0 for all.",
    )


@corpus.command()
@_folder
@_as
def status(folder: Path, form: str) -> None:
    """Say whether a run has finished and what it holds."""
    from quotes.corpus import status as ask

    _print(ask(folder), form)


@corpus.command()
@_folder
@click.option("--name", metavar="WORDS", help="Only sources whose name has these words.")
@click.option("--kind", metavar="KIND", help="person, organization, outlet, document, group or anonymous.")
@_limit(50)
@_as
def sources(folder: Path, name: str | None, kind: str | None, limit: int, form: str) -> None:
    """List who is heard, most claims first."""
    from quotes.corpus import sources as ask

    _print(ask(folder, name=name, kind=kind, limit=limit or None), form)


@corpus.command()
@_folder
@click.option("--words", metavar="WORDS", help="Only claims whose words have these in them.")
@click.option("--source", metavar="NAME", help="Only claims with this source anywhere in the chain.")
@click.option("--publisher", metavar="NAME", help="Only claims in articles of this publisher.")
@click.option("--kind", type=click.Choice(["direct", "indirect", "mixed"]), help="Only claims of this kind.")
@click.option(
    "--origin", type=click.Choice(["named", "document", "unnamed", "unsourced"]), help="Only claims of this origin."
)
@click.option("--path", type=click.Choice(["straight", "relayed", "circular"]), help="Only claims of this path.")
@click.option("--since", metavar="DATE", help="Only articles of this day (YYYY-MM-DD) or later.")
@click.option("--until", metavar="DATE", help="Only articles of this day or earlier.")
@_limit(100)
@_as
def claims(folder: Path, form: str, limit: int, **wanted: str | None) -> None:
    """List claims with their chains, by date."""
    from quotes.corpus import claims as ask

    _print(ask(folder, limit=limit or None, **wanted), form, brief=_CLAIM_CELLS)


@corpus.command()
@_folder
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@_as
def trace(folder: Path, words: tuple[str, ...], form: str) -> None:
    """Show where a claim stands, and on whom it rests.

    WORDS are words of the claim; a row is an article that carries it.
    """
    from quotes.corpus import trace as ask

    _print(ask(folder, " ".join(words)), form, brief=_TRACE_CELLS)


@corpus.command()
@_folder
@click.argument("query", metavar="QUERY")
@_as
def sql(folder: Path, query: str, form: str) -> None:
    """Ask the tables in SQL.

    They are articles, sources, passages, claims, hops and issues.
    """
    from quotes.corpus import sql as ask

    _print(ask(folder, query), form)


@corpus.command()
@_folder
def report(folder: Path) -> None:
    """Print an overview in Markdown.

    Most heard sources and relays, unnamed origins by publisher, articles that failed.
    """
    from quotes.corpus import report as ask

    with writing(None) as write:
        write(ask(folder))


def _print(rows: Sequence[Row], form: str, *, brief: Sequence[str] = ()) -> None:
    """Writes the rows; a table shows their `brief` columns, where some are named, so that a line can be read."""
    if not rows:
        click.echo("Nothing was found.", err=True)
        return
    if form == "table" and brief:
        rows = [{name: row[name] for name in brief} for row in rows]
    with writing(None) as write:
        {"table": _table, "csv": _csv, "jsonl": _jsonl}[form](rows, write)


def _jsonl(rows: Sequence[Row], write: Write) -> None:
    for row in rows:
        write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _csv(rows: Sequence[Row], write: Write) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write(text.getvalue())


def _table(rows: Sequence[Row], write: Write) -> None:
    from quotes.views import render_rows

    shown = [{name: _cell(value) for name, value in row.items()} for row in rows]
    write(render_rows(shown, width=terminal_width(None), color=use_color()))


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
