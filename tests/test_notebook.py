from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from demo_report import demo_report

from quotes import notebook, views
from quotes.errors import InputError, MissingExtra, QuotesError
from quotes.export.rows import COLUMNS
from quotes.records import Article, Report

CELL = "The harbour will stay closed, Ana Duarte said on Tuesday. She said that the ferries will sail again.\n"


@pytest.fixture
def report() -> Report:
    return demo_report()


class StubAnalyzer:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1

    def analyze(self, article: Article) -> Report:
        return Report(article=article, sources=(), passages=(), claims=(), trees=())


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An IPython shell with the extension loaded, over a stub analyzer; what is displayed is in `shell.shown`."""
    testing = pytest.importorskip("IPython.testing.globalipapp")
    shell = testing.start_ipython() or testing.get_ipython()
    analyze = ModuleType("quotes.analyzer")
    analyze.Analyzer = StubAnalyzer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "quotes.analyzer", analyze)
    shell.shown = []
    monkeypatch.setattr("IPython.display.display", shell.shown.append)
    notebook.load_ipython_extension(shell)
    yield shell
    shell.__dict__.pop("quotes_analyzer", None)


def test_the_magic_analyses_its_cell_and_keeps_the_report_under_a_name(shell: Any) -> None:
    shell.run_cell_magic("quotes", 'found --publisher "Coast Courier"', CELL)
    assert shell.user_ns["found"].article.publisher == "Coast Courier"
    assert shell.user_ns["found"].article.text == CELL
    assert "Ana Duarte" in shell.shown[0].data


def test_the_models_are_loaded_once_for_all_cells(shell: Any) -> None:
    before = StubAnalyzer.made
    for _ in range(3):
        shell.run_cell_magic("quotes", "", CELL)
    assert StubAnalyzer.made == before + 1
    assert len(shell.shown) == 3


def test_a_cell_that_is_no_article_is_refused_in_one_line(shell: Any) -> None:
    from IPython.core.error import UsageError

    with pytest.raises(UsageError) as caught:
        shell.run_cell_magic("quotes", "", "   \n")
    assert isinstance(caught.value.__cause__, InputError)
    with pytest.raises(UsageError, match="upside-down"):
        shell.run_cell_magic("quotes", "--view upside-down", CELL)


def test_the_article_view_is_an_inline_fragment(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("IPython")
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    notebook.show(report)
    notebook.show([report, report])
    assert all("<html" not in each.data for each in shown)
    assert "Ana Duarte" in shown[0].data


def test_every_view_shows_something(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("IPython", "pandas", "matplotlib"):
        pytest.importorskip(library)
    import matplotlib

    matplotlib.use("agg")
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    for view in notebook.VIEWS:
        notebook.show(report, view=view)
    assert len(shown) == len(notebook.VIEWS)
    assert all(each is not None for each in shown)


def test_an_unknown_view_is_refused_with_the_known_ones(report: Report) -> None:
    with pytest.raises(QuotesError, match="article, trees, network, sources, claims, hops, plot"):
        notebook.show(report, view="upside-down")


def test_frames_have_a_row_for_each_record(report: Report) -> None:
    pytest.importorskip("pandas")
    claims = notebook.claims_frame(report)
    assert list(claims.index) == [claim.id for claim in report.claims]
    assert list(claims["chain"]) == [[hop.name for hop in claim.chain] for claim in report.claims]
    assert claims["confidence"].between(0, 1).all()
    sources = notebook.sources_frame(report)
    assert list(sources["name"]) == [source.name for source in report.sources]
    assert list(sources["mentions"]) == [len(source.mentions) for source in report.sources]
    hops = notebook.hops_frame([report, report])
    assert len(hops) == 2 * sum(len(claim.chain) for claim in report.claims)
    assert set(hops["position"]) >= {0, 1}


def test_a_report_gives_its_own_frames(report: Report) -> None:
    pandas = pytest.importorskip("pandas")
    for name in ("claims_frame", "sources_frame", "hops_frame"):
        pandas.testing.assert_frame_equal(getattr(report, name)(), getattr(notebook, name)(report))


def test_many_articles_are_read_with_a_bar(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    class Stub:
        def analyze_all(self, articles: Any) -> Any:
            return iter([report for _ in articles])

    assert notebook.analyze_many([CELL, report.article], analyzer=Stub()) == [report, report]  # type: ignore[arg-type]
    assert "2/2" in capsys.readouterr().err


def test_many_reports_stay_light(report: Report) -> None:
    for part in ("article", "trees", "network", "sources"):
        shown = views.render_part([report] * 100, part)
        assert len(shown.encode()) < 200_000
        assert ("more articles are left out" in shown) == (part != "network")


def test_frames_of_nothing_keep_their_columns() -> None:
    pytest.importorskip("pandas")
    assert list(notebook.hops_frame([]).columns) == list(COLUMNS["hops"])
    assert len(notebook.claims_frame([])) == 0


def test_the_plot_counts_origins_and_relays(report: Report) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot

    axes = notebook.plot_sources(report, top=3)
    assert len(axes.get_yticklabels()) == 3
    origins, relays = axes.containers
    widths = [one.get_width() + other.get_width() for one, other in zip(origins, relays, strict=True)]
    assert widths == sorted(widths)
    assert notebook.plot_sources([], axes=pyplot.subplots()[1]).get_xlabel() == "claims"
    pyplot.close("all")


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("pandas", notebook.claims_frame),
        ("pandas", Report.claims_frame),
        ("matplotlib.pyplot", notebook.plot_sources),
        ("IPython.display", notebook.show),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_extra(
    report: Report, monkeypatch: pytest.MonkeyPatch, library: str, call: Any
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra, match=rf"{library.partition('.')[0]} is not installed.*quotes\[notebook\]"):
        call(report)
