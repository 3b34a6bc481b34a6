"""`quotes corpus sources`, `claims`, `trace`, `sql` and `report`: questions to what a run has left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from quotes.cli.common import FILE, F, terminal_width, uncertain_option, use_color, width_option, writing
from quotes.cli.corpus.rows import folder_argument, form_option, limit_option, print_rows

# What a table shows of a claim; ids and the rest are in the other forms.
_CLAIM_CELLS = ("published", "publisher", "text", "chain", "path", "confidence")
_SOURCE_CELLS = ("name", "kind", "claims", "relayed", "articles", "uncertain", "forms")
_PAGES = {"trace": ("terminal", "html", "csv", "jsonl"), "report": ("markdown", "html")}
_SUFFIXES = {".html": "html", ".htm": "html", ".csv": "csv", ".jsonl": "jsonl", ".md": "markdown"}


def _articles(command: F) -> F:
    """The options that choose articles."""
    for option in (
        click.option("--until", metavar="DATE", help="Only articles of this day or earlier."),
        click.option("--since", metavar="DATE", help="Only articles of this day (YYYY-MM-DD) or later."),
        click.option("--publisher", "--outlet", metavar="NAME", help="Only articles of this publisher."),
    ):
        command = option(command)
    return command


def _page(name: str) -> Callable[[F], F]:
    """The options that say what a page is written as, and where."""
    forms = _PAGES[name]

    def add(command: F) -> F:
        command = click.option(
            "--as", "form", type=click.Choice(forms), help=f"How to write it.  [default: by -o, else {forms[0]}]"
        )(command)
        return click.option("--output", "-o", type=FILE, metavar="FILE", help="Where to write it, instead of here.")(
            command
        )

    return add


def _form(name: str, form: str | None, output: Path | None) -> str:
    by_ending = _SUFFIXES.get(output.suffix.lower()) if output else None
    return form or (by_ending if by_ending in _PAGES[name] else None) or _PAGES[name][0]


@click.command()
@folder_argument
@click.option("--name", metavar="WORDS", help="Only sources whose name has these words.")
@click.option("--kind", metavar="KIND", help="person, organization, outlet, document, group or anonymous.")
@_articles
@limit_option(50)
@form_option
def sources(folder: Path, form: str, limit: int, **wanted: str | None) -> None:
    """List who is heard, most claims first."""
    from quotes.corpus import sources as ask

    print_rows(ask(folder, limit=limit or None, **wanted), form, brief=_SOURCE_CELLS)


@click.command()
@folder_argument
@click.option("--words", metavar="WORDS", help="Only claims whose words have these in them.")
@click.option("--source", "--person", metavar="NAME", help="Only claims with this source anywhere in the chain.")
@click.option("--kind", type=click.Choice(["direct", "indirect", "mixed"]), help="Only claims of this kind.")
@click.option(
    "--origin", type=click.Choice(["named", "document", "unnamed", "unsourced"]), help="Only claims of this origin."
)
@click.option("--path", type=click.Choice(["straight", "relayed", "circular"]), help="Only claims of this path.")
@_articles
@uncertain_option
@limit_option(100)
@form_option
def claims(folder: Path, form: str, limit: int, uncertain: str, **wanted: str | None) -> None:
    """List claims with their chains, by date."""
    from quotes.corpus import claims as ask
    from quotes.corpus.queries import uncertain_claims

    shown = uncertain == "show"
    print_rows(ask(folder, limit=limit or None, uncertain=shown, **wanted), form, brief=_CLAIM_CELLS)
    if not shown:
        _tell_of_uncertain(uncertain_claims(folder, **wanted))


def _tell_of_uncertain(count: int) -> None:
    if count:
        from quotes.views.facts import hidden_note

        click.echo(hidden_note(count), err=True)


@click.command()
@folder_argument
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@_articles
@uncertain_option
@_page("trace")
@width_option
def trace(
    folder: Path,
    words: tuple[str, ...],
    form: str | None,
    output: Path | None,
    width: int | None,
    uncertain: str,
    **within: str | None,
) -> None:
    """Show how a claim travelled, and on whom it rests.

    WORDS are words of the claim. What is shown: every article that carries it and whom it has it from, the
    independent origins, circles, attribution that was lost on the way, and quotations that changed.
    """
    from quotes.corpus import travels
    from quotes.corpus.queries import trace_rows, uncertain_with
    from quotes.views import render_trace

    asked = " ".join(words)
    shown = uncertain == "show"
    ways = travels(folder, asked, uncertain=shown, **within)
    form = _form("trace", form, output)
    if form in ("csv", "jsonl") or not ways:
        print_rows([row for way in ways for row in trace_rows(way)], form, output=output)
    else:
        page = render_trace(ways, format=form, asked=asked, width=terminal_width(width), color=use_color(output))
        with writing(output) as write:
            write(page)
    if not shown:
        _tell_of_uncertain(uncertain_with(folder, asked, **within))


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
@_page("report")
def report(folder: Path, form: str | None, output: Path | None) -> None:
    """Write an overview, in Markdown or as a page with plots.

    Claims of many outlets that rest on one source, claims in a circle, most heard sources and relays, who relies on
    whom, how much rests on nobody who is named, articles that failed.
    """
    from quotes.corpus import overview
    from quotes.views import render_overview

    page = render_overview(overview(folder), format=_form("report", form, output))
    with writing(output) as write:
        write(page)
