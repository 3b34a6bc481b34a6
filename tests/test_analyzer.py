"""The whole pipeline with the real models: offsets, the same bytes however it is run, any text at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotes.analyzer import Analyzer
from quotes.article import article_from_text, read_article
from quotes.errors import InputError
from quotes.export import to_dict, to_json
from quotes.records import Article, Report

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*.txt"))
WORDS = (
    "he",
    "Ana Duarte",
    "said",
    "told",
    "according to",
    "Reuters",
    "that",
    ",",
    "“",
    "”",
    '"',
    "''",
    ":",
    "—",
    "(",
    "\n\n",
)
NEWS = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=30).map(" ".join)

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(threads=1)


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [read_article(path, path=path.name) for path in SAMPLES]


def failures(report: Report) -> list[str]:
    return [issue.message for issue in report.issues if issue.kind == "failed"]


def wrong_spans(report: Report) -> list[object]:
    """Everything in the JSON form that names a place and does not say what stands there."""
    text, found, todo = report.article.text, [], [to_dict(report)]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            todo += each.values()
            named = each.get("text", each.get("name"))
            if "start" in each and isinstance(named, str) and text[each["start"] : each["end"]] != named:
                found.append(each)
        elif isinstance(each, list | tuple):
            todo += each
    return found


def test_every_span_is_the_text_at_its_place(analyzer: Analyzer, articles: list[Article]) -> None:
    for report in analyzer.analyze_all(articles):
        assert report.claims
        assert not wrong_spans(report)


def test_alone_or_in_a_batch_the_bytes_are_the_same(analyzer: Analyzer, articles: list[Article]) -> None:
    together = [to_json(report) for report in analyzer.analyze_all(articles)]
    backwards = [to_json(report) for report in analyzer.analyze_all(articles[::-1])][::-1]
    alone = [to_json(analyzer.analyze(article)) for article in articles]
    assert together == alone == backwards


def test_min_confidence_leaves_out_what_is_below_it(analyzer: Analyzer, articles: list[Article]) -> None:
    everything = analyzer.analyze(articles[0])
    strict = Analyzer(threads=1, min_confidence=0.8).analyze(articles[0])
    kept = [claim.id for claim in everything.claims if claim.confidence >= 0.8]
    assert [claim.id for claim in strict.claims] == kept
    assert 0 < len(kept) < len(everything.claims)


def test_one_bad_article_does_not_stop_the_others(
    analyzer: Analyzer, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = analyzer.parser._parse_together

    def break_one(batch: list[Article]) -> object:
        if articles[1] in batch:
            raise ValueError("a model's fault")
        return real(batch)

    monkeypatch.setattr(analyzer.parser, "_parse_together", break_one)
    reports = list(analyzer.analyze_all(articles[:3]))
    assert [bool(failures(report)) for report in reports] == [False, True, False]
    assert "a model's fault" in failures(reports[1])[0]
    assert reports[0].claims
    assert reports[2].claims


@given(text=NEWS | st.text(max_size=120))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gives_a_report_or_a_named_error(analyzer: Analyzer, text: str) -> None:
    try:
        article = article_from_text(text)
    except InputError:
        return
    report = analyzer.analyze(article)
    assert not failures(report)
    assert not wrong_spans(report)
