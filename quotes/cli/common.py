"""What several commands share: options, where output goes, the version."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quotes.errors import QuotesError

if TYPE_CHECKING:
    from quotes.analyzer import Analyzer
    from quotes.records import Article

F = TypeVar("F", bound=Callable[..., Any])
Write = Callable[[str], None]

WIDEST = 160
UNKNOWN_WIDTH = 100
CLEAR_LINE = "\r\x1b[K"

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


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
    click.option("--lexicon", type=FOLDER, metavar="DIR", help="Word lists that add to ours or override them."),
    click.option(
        "--device", default="cpu", show_default=True, metavar="NAME", help="Where torch computes: cpu, cuda, …"
    ),
)


def analysis_options(command: F) -> F:
    """The options that decide how an article is read and analysed."""
    for option in _ANALYSIS[::-1]:
        command = option(command)
    return command


def quiet_option(command: F) -> F:
    return click.option("--quiet", "-q", is_flag=True, help="No progress; errors only.")(command)


def width_option(command: F) -> F:
    return click.option(
        "--width",
        type=click.IntRange(min=40),
        metavar="CELLS",
        help="Width of the terminal report.  [default: the terminal's, 160 at most; 100 where there is none]",
    )(command)


def make_analyzer(*, models: str, device: str, lexicon: Path | None, min_confidence: float) -> Analyzer:
    """The analyzer that the options ask for, its models loaded."""
    from quotes.analyzer import Analyzer

    return Analyzer(models=models, device=device, lexicon=lexicon, min_confidence=min_confidence)


def read(file: str, *, publisher: str | None, max_characters: int, lexicon: Path | None) -> Article:
    """The article in a file, or on standard input for `-`. Raises QuotesError."""
    from quotes.article import read_article
    from quotes.lexicon import load

    source = sys.stdin.buffer.read() if file == "-" else Path(file)
    return read_article(source, publisher=publisher, max_characters=max_characters, lexicon=load(lexicon))


def use_color(out: Path | None = None) -> bool:
    """Whether what is written is seen on a terminal that shows colours."""
    unwanted = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return out is None and sys.stdout.isatty() and not unwanted


def terminal_width(width: int | None) -> int:
    return width or min(shutil.get_terminal_size((UNKNOWN_WIDTH, 25)).columns, WIDEST)


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
