"""What several commands share: options, where output goes, the version."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quotes.errors import QuotesError

if TYPE_CHECKING:
    from quotes.analyzer import Analyzer
    from quotes.article.fetch import Fetches
    from quotes.bars import Bar
    from quotes.records import Article

F = TypeVar("F", bound=Callable[..., Any])
Write = Callable[[str], None]

WIDEST = 160
MAX_SECONDS = 300  # as quotes.patience has it
QUERY_SECONDS = 60  # the same
UNKNOWN_WIDTH = 100

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


def _known_input(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    from quotes.article.formats import FORMATS

    if value not in FORMATS:
        raise click.BadParameter(f"{value!r} is not one of {', '.join(FORMATS)}.")
    return value


def _named_fields(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    from quotes.article.jsonfeed import FIELDS

    found = dict(value.partition("=")[::2] for value in values)
    unknown = [name for name, key in found.items() if name not in FIELDS or not key]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is not NAME=KEY with a name of {', '.join(FIELDS)}.")
    return found


_ANALYSIS: tuple[Callable[[Any], Any], ...] = (
    click.option("--publisher", metavar="NAME", help="Who published it, whatever the text says."),
    click.option(
        "--models",
        default="bundled",
        show_default=True,
        metavar="bundled|stanza|DIR",
        help="Which models parse the text.",
    ),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        default=0.0,
        show_default=True,
        metavar="X",
        help="Leave out claims below this confidence.",
    ),
    click.option(
        "--max-characters",
        type=click.IntRange(min=1),
        default=2_000_000,
        show_default=True,
        metavar="N",
        help="Refuse articles longer than this.",
    ),
    click.option(
        "--max-seconds",
        type=click.IntRange(min=1),
        default=MAX_SECONDS,
        show_default=True,
        metavar="N",
        help="Give up on an article that takes longer to read, or to analyse.",
    ),
    click.option(
        "--input-format",
        callback=_known_input,
        default="auto",
        show_default=True,
        metavar="NAME",
        help="text, html, json (ninjs too), jsonl, newsml, eml, docx or pdf, whatever a file is called.",
    ),
    click.option(
        "--field",
        "fields",
        multiple=True,
        callback=_named_fields,
        metavar="NAME=KEY",
        help="Which key of a JSON article holds its text, title, publisher, byline, published or url.",
    ),
    click.option("--lexicon", type=FOLDER, metavar="DIR", help="Word lists that add to ours or override them."),
    click.option(
        "--corrections",
        type=FILE,
        metavar="FILE",
        help="A reader's corrections: JSON, a corrected report, or an edited brat file (.ann).",
    ),
    click.option(
        "--device", default="cpu", show_default=True, metavar="NAME", help="Where torch computes: cpu, cuda, auto, …"
    ),
)


def analysis_options(command: F) -> F:
    """The options that decide how an article is read and analysed."""
    for option in _ANALYSIS[::-1]:
        command = option(command)
    return command


def uncertain_option(command: F) -> F:
    return click.option(
        "--uncertain",
        type=click.Choice(["hide", "show"]),
        default="hide",
        show_default=True,
        help="Whether to list claims of low confidence too.",
    )(command)


def fetch_option(command: F) -> F:
    return click.option(
        "--fetch",
        is_flag=True,
        help="Fetch what feeds, sitemaps and lists of addresses link to, slowly, and as robots.txt allows.",
    )(command)


def quiet_option(command: F) -> F:
    return click.option("--quiet", "-q", is_flag=True, help="No progress; errors only.")(command)


def width_option(command: F) -> F:
    return click.option(
        "--width",
        type=click.IntRange(min=40),
        metavar="CELLS",
        help="Width of the terminal report.  [default: the terminal's, 160 at most; 100 where there is none]",
    )(command)


def make_analyzer(
    *,
    models: str,
    device: str,
    lexicon: Path | None,
    min_confidence: float,
    max_seconds: float = MAX_SECONDS,
    corrections: Path | None = None,
) -> Analyzer:
    """The analyzer that the options ask for, its models loaded."""
    from quotes.analyzer import Analyzer
    from quotes.corrections import read_corrections

    edits = read_corrections(corrections) if corrections else ()
    return Analyzer(
        models=models,
        device=device,
        lexicon=lexicon,
        min_confidence=min_confidence,
        corrections=edits,
        max_seconds=max_seconds,
    )


def make_fetcher(bar: Bar) -> Fetches:
    """What fetches for --fetch; the bar says what it is at."""
    from quotes.article.fetcher import Fetcher

    return Fetcher(tell=lambda url: bar.say(f"Fetching {url}" if url else ""))


def read_all(
    file: str,
    *,
    publisher: str | None,
    max_characters: int,
    max_seconds: int,
    lexicon: Path | None,
    input_format: str,
    fields: Mapping[str, str],
    fetch: Fetches | None = None,
    without: Path | None = None,
) -> Iterator[tuple[str, Callable[[], Article]]]:
    """The articles in a file or folder, at an address, or on standard input for `-`: what to call each, what reads it.

    fetch: what fetches links, which are errors without it; without: a file in the folder to pass over.
    Reading raises QuotesError.
    """
    from quotes.article import parts_of, read_article
    from quotes.lexicon import load

    source = _standard_input(max_characters) if file == "-" else file
    reading: dict[str, Any] = {"publisher": publisher, "lexicon": load(lexicon), "fields": fields}
    reading |= {"max_characters": max_characters, "max_seconds": max_seconds}
    taking: dict[str, Any] = {"input_format": input_format, "max_characters": max_characters, "fields": fields}
    taking |= {"fetch": fetch}
    if file != "-" and _holds_many(file, input_format):
        yield from _read_many(file, reading, taking, without)
        return
    for part in parts_of(source, **taking):
        if part.error is not None:
            yield part.name, partial(_fail, part.error)
        elif part.data is None:
            yield file, partial(read_article, source, **reading, input_format=part.input_format)
        else:
            known: dict[str, Any] = {"path": part.name, "input_format": part.input_format, "facts": part.facts}
            known |= {"url": part.url, "charset": part.charset}
            yield part.name, partial(read_article, part.data, **reading, **known)


def _holds_many(file: str, input_format: str) -> bool:
    """Whether a file is a folder, or of a kind that only a corpus was made of: a table, an archive, a crawl."""
    if Path(file).is_dir():
        return True
    from quotes.article.kinds import kind_of

    return "://" not in file and kind_of(file, input_format) not in ("article", "lines")


def _read_many(
    file: str, reading: Mapping[str, Any], taking: Mapping[str, Any], without: Path | None
) -> Iterator[tuple[str, Callable[[], Article]]]:
    """What a corpus would read of it."""
    from quotes.corpus.inputs import Inputs, Reading

    empty = True
    for item in Inputs(given=[file], without=without or Path(os.devnull), reading=Reading(**taking)):
        empty = False
        yield item.name, partial(item.read, reading)
    if empty:
        yield file, partial(_fail, QuotesError(f"{file} holds no files that are read.", "Name another folder."))


def _fail(error: QuotesError) -> Article:
    raise error


def read(file: str, **options: Any) -> Article:
    """The only article in a file. Raises QuotesError, also where there are several."""
    found = [each for each, _ in zip(read_all(file, **options), range(2), strict=False)]
    if len(found) > 1:
        raise QuotesError(f"{file} holds several articles.", "Put the one that you mean into a file of its own.")
    return found[0][1]()


def _standard_input(max_characters: int) -> bytes:
    """All of standard input, as far as an article of so many characters can go."""
    from quotes.article import most_bytes

    return sys.stdin.buffer.read(most_bytes(max_characters) + 1)


def use_color(out: Path | None = None) -> bool:
    """Whether what is written is seen on a terminal that shows colours."""
    unwanted = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return out is None and sys.stdout.isatty() and not unwanted


def terminal_width(width: int | None) -> int:
    return width or min(shutil.get_terminal_size((UNKNOWN_WIDTH, 25)).columns, WIDEST)


def shows_words(quiet: bool) -> bool:
    """Whether somebody waits at a terminal."""
    return not quiet and sys.stderr.isatty()


def shows_progress(quiet: bool, out: Path | None = None) -> bool:
    """Whether progress has a terminal to itself."""
    return not quiet and sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())


@contextmanager
def writing(out: Path | None) -> Iterator[Write]:
    """Where data go: stdout, or a file that appears whole or not at all. Lone surrogates are written as \\udxxx."""
    if out is None:
        _as_utf8()
        yield lambda text: click.echo(text, nl=False)
        return
    target = Path(os.path.realpath(out))
    special = target.exists() and not target.is_file()
    beside = target if special else target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        try:
            with beside.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                yield lambda text: _written(file.write(text))
            if not special:
                beside.replace(target)
        finally:
            if not special:
                beside.unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        reason = error.strerror or str(error)
        raise QuotesError(f"{out} cannot be written: {reason}.", "Choose another place with -o.") from error


def _written(_count: int) -> None:
    """Takes the place of a writer's return value."""


def _as_utf8() -> None:
    """What is piped is UTF-8, whatever the locale; a terminal gets what it can show."""
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def version() -> str:
    """The installed version of this package."""
    from importlib import metadata

    try:
        return metadata.version("quotes")
    except metadata.PackageNotFoundError:
        return "(not installed: run from its folder)"
