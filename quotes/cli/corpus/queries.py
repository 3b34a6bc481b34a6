"""`quotes corpus sources`, `claims`, `trace`, `agreement`, `sql` and `report`: questions to what a run has left."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from quotes.cli.common import (
    FILE,
    QUERY_SECONDS,
    F,
    quiet_option,
    shows_progress,
    terminal_width,
    uncertain_option,
    use_color,
    width_option,
    writing,
)
from quotes.cli.corpus.rows import folder_argument, form_option, limit_option, print_rows

# What a table shows of a claim; ids and the rest are in the other forms.
_CLAIM_CELLS = ("published", "publisher", "text", "chain", "path", "confidence")
_SOURCE_CELLS = ("name", "kind", "claims", "relayed", "articles", "uncertain", "forms")
_PAGES = {"trace": ("terminal", "html", "json", "csv", "jsonl"), "report": ("markdown", "html", "site")}
_SUFFIXES = {".html": "html", ".htm": "html", ".json": "json", ".csv": "csv", ".jsonl": "jsonl", ".md": "markdown"}


def _articles(command: F) -> F:
    """The options that choose articles."""
    for option in (
        click.option("--until", metavar="DATE", help="Only articles of this day or earlier."),
        click.option("--since", metavar="DATE", help="Only articles of this day (YYYY-MM-DD) or later."),
        click.option("--publisher", "--outlet", metavar="NAME", help="Only articles of this publisher."),
    ):
        command = option(command)
    return command


def _page(name: str, **output: Any) -> Callable[[F], F]:
    """The options that say what a page is written as, and where. output: how the latter differs from a file."""
    forms = _PAGES[name]
    where = {"type": FILE, "metavar": "FILE", "help": "Where to write it, instead of here.", **output}

    def add(command: F) -> F:
        command = click.option(
            "--as", "form", type=click.Choice(forms), help=f"How to write it.  [default: by -o, else {forms[0]}]"
        )(command)
        return click.option("--output", "-o", **where)(command)

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
    independent origins, sources that only other articles name, circles, attribution that was lost on the way, and
    quotations that changed. JSON has the links and confidences that each of these rests on.
    """
    from quotes.corpus import travels
    from quotes.corpus.queries import trace_rows, uncertain_with
    from quotes.views import render_trace, trace_values

    asked = " ".join(words)
    shown = uncertain == "show"
    ways = travels(folder, asked, uncertain=shown, **within)
    form = _form("trace", form, output)
    if form in ("csv", "jsonl") or not ways:
        print_rows([row for way in ways for row in trace_rows(way)], form, output=output)
    elif form == "json":
        with writing(output) as write:
            write(json.dumps(trace_values(ways), ensure_ascii=False, indent=2) + "\n")
    else:
        page = render_trace(ways, format=form, asked=asked, width=terminal_width(width), color=use_color(output))
        with writing(output) as write:
            write(page)
    if not shown:
        _tell_of_uncertain(uncertain_with(folder, asked, **within))


@click.command()
@folder_argument
@click.option(
    "--show",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="List at most so many disagreements of each kind of link.",
)
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
@width_option
def agreement(folder: Path, show: int, as_json: bool, width: int | None) -> None:
    """Count how often outlets give the same words the same origin.

    Every disagreement is a source that one of two articles leaves out, or one that was read wrongly in it.
    """
    from quotes.corpus import agreement as ask
    from quotes.views import agreement_values, render_agreement

    found = ask(folder)
    with writing(None) as write:
        if as_json:
            write(json.dumps(agreement_values(found, show=show), ensure_ascii=False, indent=2) + "\n")
        else:
            write(render_agreement(found, show=show, width=terminal_width(width), color=use_color()))


@click.command()
@folder_argument
@click.argument("query", metavar="QUERY")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=QUERY_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Stop a query that takes longer.",
)
@form_option
def sql(folder: Path, query: str, form: str, time_limit: float) -> None:
    """Ask the tables in SQL.

    They are articles, sources, passages, claims, hops and issues.

    \b
    For example:
    quotes corpus sql news "SELECT origin, count(*) FROM claims GROUP BY origin"
    """
    from quotes.corpus import sql as ask

    print_rows(ask(folder, query, time_limit=time_limit), form)


def _file_or_folder(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[Path, bool] | None:
    """Where to write, and whether that is a folder: one that is there, or a name that ends in a slash."""
    if value is None:
        return None
    path = Path(value)
    return path, path.is_dir() or value.endswith(("/", os.sep))


@click.command()
@folder_argument
@_page("report", metavar="FILE|DIR/", type=str, callback=_file_or_folder)
@quiet_option
def report(folder: Path, form: str | None, output: tuple[Path, bool] | None, quiet: bool) -> None:
    """Write an overview, or the whole corpus as a site.

    The overview is in Markdown, or a page with plots: claims of many outlets that rest on one source, claims in a
    circle, most heard sources and relays, who relies on whom, how much rests on nobody who is named, articles that
    failed.

    Where -o names a folder (one that is there, or a name that ends in a slash), a site is written: linked pages that
    need no server. They lead from the overview to each shared claim's way, to every source and outlet, and to the
    articles with their claims marked, and a search finds claims and names. A site that the folder holds is replaced
    whole; a folder that holds anything else is left alone.

    \b
    Example:
      quotes corpus run news/ --out corpus
      quotes corpus report corpus -o site/
      open site/index.html in a browser
    """
    target, is_folder = output or (None, False)
    if form == "site" or (form is None and is_folder):
        if target is None:
            raise click.UsageError("A site needs a folder: name one, such as -o site/.")
        _site(folder, target, quiet)
        return
    if is_folder:
        raise click.UsageError(f"{target} is a folder, and --as {form} writes a file.")
    from quotes.corpus import overview
    from quotes.views import render_overview

    page = render_overview(overview(folder), format=_form("report", form, target))
    with writing(target) as write:
        write(page)


def _site(folder: Path, target: Path, quiet: bool) -> None:
    from quotes.bars import Bar
    from quotes.corpus import write_site

    with Bar(shown=shows_progress(quiet, target)) as bar:
        found = write_site(folder, target, progress=bar.tell)
    if quiet:
        return
    click.echo(f"{found.pages} pages on {found.articles} articles: open {target / 'index.html'}.", err=True)
    if found.without_text:
        click.echo(
            f"{found.without_text} articles could not be read again, and their pages have no text. Run this in the "
            "folder where the corpus was made, with its articles where they were.",
            err=True,
        )
