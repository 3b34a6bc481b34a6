"""`quotes doctor`."""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import click

from quotes.errors import QuotesError

_CORE = ("stanza", "torch", "attrs", "click", "rich", "jinja2")
_OPTIONAL = re.compile(r"^([\w.-]+).*;.*extra\s*==\s*['\"]([\w-]+)['\"]")
_NO_EXTRAS = {"dev", "test", "tests"}
_SAMPLE = (
    "Lena Falk, the mayor of Norrvik, said on Monday that the old bridge would be closed. "
    "“We cannot wait for spring,” she added, according to Radio Norrvik."
)


@click.command()
@click.option("--models", metavar="bundled|stanza|DIR", default="bundled", show_default=True, help="Models to try.")
def doctor(models: str) -> None:
    """Check what is installed and time a small run.

    The exit code is 1 where `quotes report` cannot work.
    """
    from quotes.cli.common import version

    system = f"{platform.system()} {platform.machine()}"
    click.echo(f"quotes {version()} · Python {platform.python_version()} · {system}")
    sound = _core()
    sound = _try("word lists", _word_lists) and sound
    _others()
    analyzer: list[Any] = []
    sound = _try("models", lambda: _load(models, analyzer)) and sound
    sound = bool(analyzer) and _try("run", lambda: _run(analyzer[0])) and sound
    _extras()
    click.echo("\nAll is well." if sound else "\n`quotes report` cannot work here: see the lines marked ✗.")
    if not sound:
        raise click.exceptions.Exit(1)


def _line(mark: str, name: str, text: str) -> None:
    from quotes.views.facts import one_line

    click.echo(f"{mark} {name:<12} {one_line(text)}")


def _try(name: str, check: Callable[[], str]) -> bool:
    try:
        _line("✓", name, check())
    except QuotesError as error:
        _line("✗", name, str(error))
    except Exception as error:  # a doctor reports what is wrong, whatever it is
        _line("✗", name, f"{type(error).__name__}: {error}")
    else:
        return True
    return False


def _core() -> bool:
    found = [_try(name, partial(_installed, name)) for name in _CORE]
    return all(found)


def _installed(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        raise QuotesError("not installed.", "Install quotes again: pip install quotes") from None


def _word_lists() -> str:
    from quotes.lexicon import describe, load

    counts = describe(load())
    return ", ".join(f"{counts[name]} {name}" for name in ("verbs", "nouns", "phrases", "outlets"))


def _others() -> None:
    """Stanza's own models, which nothing here needs."""
    from quotes.models import list_models

    try:
        found = [each for each in list_models() if each["name"] != "bundled"]
    except ImportError:  # no Stanza: said above
        return
    for each in found:
        state = "in place" if each["installed"] else "not here; fetch it with: quotes models fetch"
        _line("✓" if each["installed"] else "–", "more models", f"{each['about'].partition(',')[0]}: {state}")


def _load(models: str, analyzer: list[Any]) -> str:
    from quotes.cli.common import make_analyzer

    start = time.perf_counter()
    analyzer.append(make_analyzer(models=models, device="cpu", lexicon=None, min_confidence=0.0))
    return f"{models}, loaded in {time.perf_counter() - start:.1f} s"


def _run(analyzer: Any) -> str:
    from quotes.article import read_article

    start = time.perf_counter()
    report = analyzer.analyze(read_article(_SAMPLE.encode()))
    taken = time.perf_counter() - start
    if not report.claims:
        raise QuotesError("No claim was found in a text that holds two.")
    return f"{len(report.claims)} claims found in a text of {len(_SAMPLE)} characters, in {taken:.2f} s"


def _extras() -> None:
    for extra, name in _optional():
        try:
            _line("✓", name, f"{_installed(name)} ({extra})")
        except QuotesError:
            _line("–", name, f"not installed; for more: pip install 'quotes[{extra}]'")


def _optional() -> Iterator[tuple[str, str]]:
    """(extra, library) for every optional dependency that the package declares."""
    from importlib import metadata

    try:
        declared = metadata.requires("quotes") or []
    except metadata.PackageNotFoundError:
        return
    for requirement in declared:
        match = _OPTIONAL.match(requirement)
        if match and match[2] not in _NO_EXTRAS:
            yield match[2], match[1]
