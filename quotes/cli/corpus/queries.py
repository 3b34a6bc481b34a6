"""`quotes corpus sources`, `claims`, `trace`, `sql` and `report`: questions to what a run has left."""

from __future__ import annotations

from pathlib import Path

import click

from quotes.cli.common import writing
from quotes.cli.corpus.rows import folder_argument, form_option, limit_option, print_rows

# What a table shows of a claim; ids and the rest are in the other forms.
_CLAIM_CELLS = ("published", "publisher", "text", "chain", "path", "confidence")
_TRACE_CELLS = ("published", "publisher", "text", "chain", "origins", "link")


@click.command()
@folder_argument
@click.option("--name", metavar="WORDS", help="Only sources whose name has these words.")
@click.option("--kind", metavar="KIND", help="person, organization, outlet, document, group or anonymous.")
@limit_option(50)
@form_option
def sources(folder: Path, name: str | None, kind: str | None, limit: int, form: str) -> None:
    """List who is heard, most claims first."""
    from quotes.corpus import sources as ask

    print_rows(ask(folder, name=name, kind=kind, limit=limit or None), form)


@click.command()
@folder_argument
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
@limit_option(100)
@form_option
def claims(folder: Path, form: str, limit: int, **wanted: str | None) -> None:
    """List claims with their chains, by date."""
    from quotes.corpus import claims as ask

    print_rows(ask(folder, limit=limit or None, **wanted), form, brief=_CLAIM_CELLS)


@click.command()
@folder_argument
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@form_option
def trace(folder: Path, words: tuple[str, ...], form: str) -> None:
    """Show where a claim stands, and on whom it rests.

    WORDS are words of the claim; a row is an article that carries it.
    """
    from quotes.corpus import trace as ask

    print_rows(ask(folder, " ".join(words)), form, brief=_TRACE_CELLS)


@click.command()
@folder_argument
@click.argument("query", metavar="QUERY")
@form_option
def sql(folder: Path, query: str, form: str) -> None:
    """Ask the tables in SQL.

    They are articles, sources, passages, claims, hops and issues.
    """
    from quotes.corpus import sql as ask

    print_rows(ask(folder, query), form)


@click.command()
@folder_argument
def report(folder: Path) -> None:
    """Print an overview in Markdown.

    Most heard sources and relays, unnamed origins by publisher, articles that failed.
    """
    from quotes.corpus import report as ask

    with writing(None) as write:
        write(ask(folder))
