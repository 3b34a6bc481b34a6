"""For IPython and Jupyter: a cell magic, rich display, data frames, a plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import attrs

from quotes import export
from quotes.errors import MissingExtra, QuotesError
from quotes.patience import QUERY_SECONDS
from quotes.records import Article, Report

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from quotes.analyzer import Analyzer
    from quotes.views import Merged

EXTRA = "notebook"

Reports = Report | Iterable[Report]


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Registers `%%quotes [NAME] [--publisher NAME] [--view VIEW]`, which analyses its cell as an article.

    The report is shown, and kept under NAME where one is given. An error is said in one line, without a traceback.
    """
    from IPython.core.error import UsageError
    from IPython.core.magic_arguments import MagicArgumentParser

    parser = MagicArgumentParser("%%quotes", description="Analyse this cell as an article.")
    parser.add_argument("name", nargs="?", help="the variable that keeps the report")
    parser.add_argument("--publisher", help="who published the article")
    parser.add_argument("--view", default="article", choices=list(VIEWS), help="what to show")

    def quotes(line: str, cell: str) -> None:
        given = parser.parse_argstring(line)
        try:
            report = _analyze(ipython, cell, _unquoted(given.publisher))
        except QuotesError as error:
            raise UsageError(str(error)) from error
        if given.name:
            ipython.push({given.name: report})
        show(report, view=given.view)

    quotes.__doc__ = parser.format_help()
    ipython.register_magic_function(quotes, magic_kind="cell")


def show(report: Reports, *, view: str = "article") -> None:
    """Displays one report or several in the notebook.

    view: `article` marks the claims in the text, `trees` lists them with their chains, `network` draws who reaches
    the reader through whom, `sources` counts who is heard; `claims` and `hops` are tables; `plot` is a matplotlib
    figure. Raises QuotesError for another view, MissingExtra where a view's library is not installed.
    """
    if view not in VIEWS:
        raise QuotesError(f"There is no view {view!r}.", f"Choose one of: {', '.join(VIEWS)}.")
    try:
        from IPython.display import display
    except ImportError:
        raise MissingExtra("IPython", EXTRA) from None
    display(VIEWS[view](_listed(report)))


def analyze_many(
    articles: Iterable[Article | str], *, analyzer: Analyzer | None = None, publisher: str | None = None
) -> list[Report]:
    """The reports of several articles or texts, in order, with a bar that tells how far it is.

    analyzer: one that is loaded already. Raises InputError for a text that is no article.
    """
    from quotes.analyzer import Analyzer
    from quotes.article import article_from_text
    from quotes.bars import Bar

    given = [article_from_text(each, publisher=publisher) if isinstance(each, str) else each for each in articles]
    reports = []
    with Bar(len(given)) as bar:
        for found in (analyzer or Analyzer()).analyze_all(given):
            reports.append(found)
            bar.tell(len(reports))
    return reports


def claims_frame(report: Reports) -> DataFrame:
    """`Report.claims_frame` for one report or several in one table; so are the two below."""
    return export.frame(_listed(report), "claims")


def sources_frame(report: Reports) -> DataFrame:
    return export.frame(_listed(report), "sources")


def hops_frame(report: Reports) -> DataFrame:
    return export.frame(_listed(report), "hops")


def heard_frame(found: Reports | str | Path) -> DataFrame:
    """A row for each source over all the articles, those merged that linking takes for one, as `corpus.sources`.

    found: reports, or the folder of a corpus.
    """
    pandas = _library("pandas", "pandas")
    if isinstance(found, (str, Path)):
        from quotes import corpus

        return pandas.DataFrame(corpus.sources(Path(found), limit=None))
    return pandas.DataFrame(attrs.asdict(each) for each in _merged(_listed(found)))


def corpus_frame(
    folder: str | Path, table: str = "claims", *, sql: str | None = None, time_limit: float = QUERY_SECONDS
) -> DataFrame:
    """A table of a corpus that `quotes corpus run` has left, as `corpus.frame`; or the rows of a query over them.

    sql: a query that only reads; time_limit: how many seconds it may take. Raises QuotesError for another table or
    query, and for a query that takes longer.
    """
    from quotes import corpus

    if sql is None:
        return corpus.frame(Path(folder), table)
    return _library("pandas", "pandas").DataFrame(corpus.sql(Path(folder), sql, time_limit=time_limit))


def trace_frame(folder: str | Path, words: str, *, uncertain: bool = False, **within: str | None) -> DataFrame:
    """A row for each article that carries the claim with these words; within: publisher, since, until.

    uncertain: the uncertain claims too.
    """
    from quotes import corpus

    return _library("pandas", "pandas").DataFrame(corpus.trace(Path(folder), words, uncertain=uncertain, **within))


def show_trace(folder: str | Path, words: str, *, uncertain: bool = False, **within: str | None) -> None:
    """Displays how the claims with these words travelled, as the terminal shows it; the uncertain ones too if asked."""
    from quotes import corpus, views

    print(views.render_trace(corpus.travels(Path(folder), words, uncertain=uncertain, **within)), end="")


def plot_sources(report: Reports, *, top: int = 12, axes: Axes | None = None) -> Axes:
    """Bars for the sources with most likely claims of speech: as their origin, and on the way to the reader.

    axes: where to draw; new ones where None. Raises MissingExtra without matplotlib.
    """
    plt = _library("matplotlib.pyplot", "matplotlib")
    ticker = _library("matplotlib.ticker", "matplotlib")
    relays, origins = _heard(_listed(report))
    most = sorted(relays + origins, key=lambda name: (-relays[name] - origins[name], name))[:top]
    names = most[::-1]  # bars are drawn from the bottom up
    if axes is None:
        _, axes = plt.subplots(figsize=(7, 0.6 + 0.35 * max(len(names), 1)), layout="constrained")
    lengths = [origins[name] for name in names]
    axes.barh(names, lengths, label="origin")
    axes.barh(names, [relays[name] for name in names], left=lengths, label="relay", hatch="//", alpha=0.6)
    axes.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    axes.set_xlabel("claims")
    axes.legend()
    return axes


def _heard(reports: Sequence[Report]) -> tuple[Counter[str], Counter[str]]:
    """By name, in how many likely claims of speech a source is a relay, and in how many the origin."""
    relays: Counter[str] = Counter()
    origins: Counter[str] = Counter()
    for each in _merged(reports):
        origins[each.name] += each.claims
        relays[each.name] += each.relayed
    return +relays, +origins


def _merged(reports: Sequence[Report]) -> list[Merged]:
    from quotes import views

    return views.merged(views.heard_in(reports))


def _analyze(ipython: InteractiveShell, cell: str, publisher: str | None) -> Report:
    """Analyses with an analyzer that the session keeps, so that only the first cell loads the models."""
    from quotes.analyzer import Analyzer
    from quotes.article import article_from_text

    if not hasattr(ipython, "quotes_analyzer"):
        ipython.quotes_analyzer = Analyzer()
    report: Report = ipython.quotes_analyzer.analyze(article_from_text(cell, publisher=publisher))
    return report


def _unquoted(argument: str | None) -> str | None:
    """IPython leaves the quotation marks on an argument with spaces."""
    return argument.strip("\"'") if argument else None


def _listed(report: Reports) -> list[Report]:
    return [report] if isinstance(report, Report) else list(report)


def _library(module: str, name: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise MissingExtra(name, EXTRA) from None


def _html(part: Literal["article", "trees", "network", "sources"]) -> Callable[[list[Report]], Any]:
    def view(reports: list[Report]) -> Any:
        from IPython.display import HTML

        from quotes import views

        return HTML(views.render_part(reports, part))

    return view


def _plot(reports: list[Report]) -> Any:
    figure = plot_sources(reports).figure
    _library("matplotlib.pyplot", "matplotlib").close(figure)  # else the notebook shows it again at the cell's end
    return figure


VIEWS: Mapping[str, Callable[[list[Report]], Any]] = {
    "article": _html("article"),
    "trees": _html("trees"),
    "network": _html("network"),
    "sources": _html("sources"),
    "claims": claims_frame,
    "hops": hops_frame,
    "plot": _plot,
}
