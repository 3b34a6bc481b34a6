"""`quotes report` and `quotes explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from quotes.cli.common import (
    FILE,
    Write,
    analysis_options,
    fetch_option,
    make_analyzer,
    make_fetcher,
    quiet_option,
    read,
    read_all,
    shows_progress,
    shows_words,
    terminal_width,
    uncertain_option,
    use_color,
    width_option,
    writing,
)
from quotes.errors import LexiconError, MissingExtra, ModelError, QuotesError

if TYPE_CHECKING:
    from quotes.analyzer import Analyzer
    from quotes.bars import Bar
    from quotes.records import Article, Claim, Report

FAILED_ARTICLES = 3
_STREAMED = ("terminal", "jsonl")
_BATCH_ARTICLES = 16
_BATCH_CHARACTERS = 200_000
_SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".html": "html",
    ".md": "markdown",
    ".csv": "csv",
    ".mmd": "mermaid",
    ".graphml": "graphml",
    ".conll": "conll",
    ".provn": "provn",
    ".jsonld": "jsonld",
    ".ann": "brat",
}


def _views() -> Mapping[str, str]:
    from quotes import views

    return views.FORMATS


def _formats() -> Mapping[str, str]:
    from quotes import export

    return {**_views(), **export.FORMATS}


def _known(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Checks a format's name; a choice would need the names before anybody asks for them."""
    if value is not None and value not in _formats():
        raise click.BadParameter(f"{value!r} is not one of {', '.join(_formats())}.")
    return value


def _complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name, help=about) for name, about in _formats().items() if name.startswith(incomplete)]


class _WithFormats(click.Command):
    """A command whose help ends in the list of formats."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Formats"):
            formatter.write_dl(list(_formats().items()))
        super().format_epilog(ctx, formatter)


@click.command(cls=_WithFormats)
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER|-…")
@click.option(
    "--format",
    "-f",
    "format_",
    callback=_known,
    shell_complete=_complete,
    metavar="NAME",
    help="How to write it; see below.  [default: by the ending of OUT, or terminal]",
)
@click.option("--out", "-o", type=FILE, metavar="OUT", help="Write to this file, whole or not at all.")
@click.option(
    "--include", type=click.Choice(["belief"]), multiple=True, help="Show claims of belief and intent as well."
)
@uncertain_option
@fetch_option
@analysis_options
@width_option
@quiet_option
def report(
    files: tuple[str, ...],
    format_: str | None,
    out: Path | None,
    include: tuple[str, ...],
    uncertain: str,
    fetch: bool,
    width: int | None,
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
    """Say who says what in an article, through whom.

    FILE is an article: plain text, a web page, JSON (ninjs), JSON Lines, NewsML-G2, an e-mail, a Word or PDF file,
    packed or not; a feed (RSS, Atom, JSON Feed); a news sitemap, or a text file of addresses, one on each line, whose
    pages --fetch fetches; - is standard input; https://… is fetched. A FOLDER stands for the files in and below it
    that may hold articles. Without --format the ending of OUT decides, and a terminal report is the default. An
    article that cannot be read is a complaint, and the others go on.

    For example: quotes report --fetch https://paper.example/feed.xml -o today.html
    """
    from quotes.bars import Bar

    _refuse_overwriting([*files, *([str(corrections)] if corrections else [])], out)
    chosen = format_ or (_SUFFIXES.get(out.suffix.lower(), "terminal") if out else "terminal")
    total = None if fetch or any(Path(file).is_dir() for file in files) else len(files)
    with Bar(total, shown=shows_progress(quiet, out), said=shows_words(quiet)) as bar:
        run = _Run(files, bar)
        articles = run.articles(
            publisher=publisher,
            max_characters=max_characters,
            max_seconds=max_seconds,
            input_format=input_format,
            fields=fields,
            lexicon=lexicon,
            fetch=make_fetcher(bar) if fetch else None,
            without=out.resolve() if out else None,
        )
        first = next(articles, None)
        if first is not None:
            bar.say(f"Loading the models ({models})")
            analyzer = make_analyzer(
                models=models,
                device=device,
                lexicon=lexicon,
                min_confidence=min_confidence,
                corrections=corrections,
                max_seconds=max_seconds,
            )
            reports = run.reports(analyzer, _chain(first, articles))
            options: dict[str, Any] = {"include_belief": "belief" in include}
            if chosen in _views():
                options["include_uncertain"] = uncertain == "show"
            if chosen == "terminal":
                options |= {"width": terminal_width(width), "color": use_color(out)}
            _write(reports, chosen, out, options, bar)
    run.finish()


def _chain(first: Article, rest: Iterator[Article]) -> Iterator[Article]:
    yield first
    yield from rest


def _refuse_overwriting(files: Sequence[str], out: Path | None) -> None:
    same = [file for file in files if out and out.is_file() and Path(file).exists() and out.samefile(file)]
    if same:
        raise click.UsageError(f"{same[0]} is there to be read: it cannot be written over with -o.")


class _Run:
    """Reads and analyses articles one after another; what fails is complained of, and the others go on."""

    def __init__(self, files: Sequence[str], bar: Bar) -> None:
        self._files = files
        self._several = len(files) > 1
        self._bar = bar
        self._failed = 0
        self._done = 0

    def articles(self, **options: Any) -> Iterator[Article]:
        for file in self._files:
            self._bar.say(f"Reading {'standard input' if file == '-' else file}")
            for name, reading in read_all(file, **options):
                self._several = self._several or name != file
                self._bar.say(f"Reading {name}")
                try:
                    yield reading()
                except (LexiconError, MissingExtra):
                    raise
                except QuotesError as error:
                    self._complain(name, error)

    def reports(self, analyzer: Analyzer, articles: Iterator[Article]) -> Iterator[Report]:
        for batch in _batches(articles):
            self._bar.say(
                f"Analysing {batch[0].path or 'it'}" if len(batch) == 1 else f"Analysing {len(batch)} articles"
            )
            for found in self._analyzed(analyzer, batch):
                failure = next((issue for issue in found.issues if issue.kind == "failed"), None)
                if failure:
                    self._complain(found.article.path or "-", QuotesError(failure.message))
                    continue
                self._done += 1
                self._bar.tell(self._done + self._failed)
                yield found

    def _analyzed(self, analyzer: Analyzer, batch: list[Article]) -> Iterator[Report]:
        """The batch's reports; where it breaks off, the rest one by one, so that one article does not cost others."""
        done = 0
        try:
            for found in analyzer.analyze_all(batch):
                done += 1
                yield found
        except (ModelError, LexiconError, MissingExtra):
            raise
        except Exception:
            if not self._several:
                raise
        for article in batch[done:]:
            try:
                yield analyzer.analyze(article)
            except Exception as error:  # whatever one article does, the others are analysed
                self._complain(article.path or "-", error)

    def finish(self) -> None:
        """Ends the command with the code that says how it went."""
        if self._failed:
            raise click.exceptions.Exit(FAILED_ARTICLES if self._done else 1)

    def _complain(self, file: str, error: Exception) -> None:
        if not self._several:
            raise error
        from quotes.views.facts import one_line

        self._failed += 1
        reason = str(error) if isinstance(error, QuotesError) else f"{type(error).__name__}: {error}"
        self._bar.write(f"{one_line(file)}: {one_line(reason)}")
        self._bar.tell(self._done + self._failed)


def _batches(articles: Iterator[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if len(batch) == _BATCH_ARTICLES or sum(len(each.text) for each in batch) >= _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(reports: Iterator[Report], format_: str, out: Path | None, options: dict[str, Any], bar: Bar) -> None:
    """Writes article by article where the format allows it; no file is made where there is no report."""
    first = next(reports, None)
    if first is None:
        return
    with writing(out) as put:

        def write(text: str) -> None:
            bar.clear()
            put(text)

        if format_ in _STREAMED:
            _stream(first, reports, format_, write, options)
        else:
            write(_render([first, *reports], format_, options))


def _stream(first: Report, rest: Iterator[Report], format_: str, write: Write, options: dict[str, Any]) -> None:
    write(_render([first], format_, options))
    for each in rest:
        if format_ == "terminal":
            write("\n\n")
        write(_render([each], format_, options))


def _render(reports: list[Report], format_: str, options: dict[str, Any]) -> str:
    from quotes import export, views

    if format_ in views.FORMATS:
        return views.render(reports, format=format_, **options)
    return export.render(reports, format_, **options)


@click.command()
@click.argument("file", metavar="FILE|-")
@click.argument("claim", metavar="CLAIM")
@analysis_options
@width_option
def explain(
    file: str,
    claim: str,
    width: int | None,
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
    """Show what one claim rests on: rules, spans, rivals.

    CLAIM is the number that the report shows, or the claim's id.
    """
    from quotes import views

    article = read(
        file,
        publisher=publisher,
        max_characters=max_characters,
        max_seconds=max_seconds,
        input_format=input_format,
        fields=fields,
        lexicon=lexicon,
    )
    analyzer = make_analyzer(
        models=models,
        device=device,
        lexicon=lexicon,
        min_confidence=min_confidence,
        corrections=corrections,
        max_seconds=max_seconds,
    )
    found = analyzer.analyze(article)
    if failure := next((issue for issue in found.issues if issue.kind == "failed"), None):
        raise QuotesError(failure.message)
    chosen = _find(found, claim, Path(file).name)
    with writing(None) as write:
        write(views.render_explanation(found, chosen.id, width=terminal_width(width), color=use_color()))


def _find(report: Report, wanted: str, file: str) -> Claim:
    """The claim with this number, id or unambiguous beginning of an id."""
    from quotes.views.facts import number_claims

    numbered = number_claims(report, include_belief=True)
    found = [each.claim for each in numbered if wanted in (each.number, each.claim.id)]
    if not found and len(wanted) >= 4:
        found = [each.claim for each in numbered if each.claim.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not numbered:
        raise QuotesError(f"Nothing quoted or reported was found in {file}: there is no claim to explain.")
    problem = "several claims whose ids begin with" if found else "no claim"
    raise QuotesError(
        f"There {'are' if found else 'is'} {problem} {wanted!r} in {file}.",
        f"Its claims are numbered {', '.join(each.number for each in numbered)}.",
    )
