"""`quotes corpus run`, `status` and `schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from quotes.cli.common import FOLDER, analysis_options, fetch_option, make_fetcher, quiet_option, shows_progress
from quotes.cli.corpus.rows import folder_argument, form_option, print_rows

_FAILED_ARTICLES = 3


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("--out", "-o", type=FOLDER, required=True, metavar="DIR", help="Folder for the results.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Processes side by side."
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar="N",
    help="Threads of each worker.  [default: the cores, shared out; 1 on Ray]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="What runs the workers: this machine, or a Ray cluster.",
)
@click.option(
    "--address",
    metavar="HOST:PORT",
    help="The Ray cluster.  [default: RAY_ADDRESS, or one of our own on this machine]",
)
@click.option(
    "--shard-size",
    type=click.IntRange(min=1),
    metavar="N",
    help="Articles per shard.  [default: as many as fill the parser]",
)
@click.option("--afresh", is_flag=True, help="Do all of it again, not only what an earlier run left undone.")
@fetch_option
@analysis_options
@quiet_option
def run(
    inputs: tuple[str, ...],
    out: Path,
    workers: int,
    threads: int | None,
    engine: str,
    address: str | None,
    shard_size: int | None,
    afresh: bool,
    fetch: bool,
    quiet: bool,
    publisher: str | None,
    models: str,
    min_confidence: float,
    max_characters: int,
    max_seconds: int,
    input_format: str,
    fields: dict[str, str],
    lexicon: Path | None,
    corrections: Path | None,
    device: str,
) -> None:
    """Analyse folders, files and patterns of articles.

    INPUT may be of any form that `quotes report` reads; JSON Lines, CSV (a line of headings, a row per article) and
    Parquet, their columns named as JSON keys are; web archives (WARC); zip and tar archives of all these. Addresses
    such as s3://bucket/folder are read through pyarrow. --fetch fetches https://… and the pages that feeds, news
    sitemaps and text files of addresses link to, each once, and keeps them in DIR/pages.
    What is found goes to the folder that --out names. A run that was broken off goes on where it was.

    For example: quotes corpus run --fetch addresses.txt --out harbour
    """
    from quotes.bars import Bar, Lines
    from quotes.corpus import analyze_corpus
    from quotes.corrections import read_corrections
    from quotes.lexicon import load

    analyzing: dict[str, Any] = {
        "models": models,
        "min_confidence": min_confidence,
        "lexicon": lexicon,
        "device": _device(device, engine),
        "max_seconds": max_seconds,
    }
    if corrections:
        analyzing["corrections"] = read_corrections(corrections)
    reading: dict[str, Any] = {"publisher": publisher, "max_characters": max_characters, "max_seconds": max_seconds}
    reading |= {"input_format": input_format, "fields": fields or None}
    if lexicon:
        load(lexicon)
    shown = shows_progress(quiet, out)
    with Bar(shown=shown) as bar:
        found = analyze_corpus(
            inputs,
            out,
            workers=workers,
            threads=threads,
            engine=engine,
            address=address,
            shard_size=shard_size,
            analyzer_options=analyzing,
            reader_options={name: value for name, value in reading.items() if value is not None},
            progress=None if quiet else bar.tell if shown else Lines().tell,
            resume=not afresh,
            fetch=make_fetcher(bar) if fetch else None,
        )
    if not quiet:
        click.echo(
            f"{found.analyzed} of {found.articles} articles analysed, {found.claims} claims, "
            f"{found.duplicates} duplicates, {found.failed} failed.",
            err=True,
        )
    if found.failed:
        raise click.exceptions.Exit(_FAILED_ARTICLES)


def _device(device: str, engine: str) -> str:
    """What was asked for; on Ray, where nothing was, a GPU where there is one."""
    asked = click.get_current_context().get_parameter_source("device") != ParameterSource.DEFAULT
    return device if asked or engine != "ray" else "auto"


@click.command()
@folder_argument
@form_option
def status(folder: Path, form: str) -> None:
    """Say whether a run has finished and what it holds."""
    from quotes.corpus import status as ask

    print_rows(ask(folder), form)


@click.command()
@form_option
def schema(form: str) -> None:
    """Say what the columns of the tables hold."""
    from quotes.corpus import schema as ask

    print_rows(ask(), form)
