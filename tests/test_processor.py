"""Our processor in a pipeline of Stanza's own: claims over its parse, and no second one."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = (
    "The bridge will be closed on Friday, Mayor Ana Duarte said on Tuesday.\n\n"
    '"We have waited long enough," she added.\n\n'
    "The works were never announced, Velna News reported, citing two officials.\n"
)


@pytest.fixture(scope="module")
def pipeline() -> Any:
    import stanza

    import quotes.processor
    from quotes.models import resolve

    assert quotes.processor.NAME == "quotes"
    options = resolve("bundled").pipeline_options()
    options["processors"] += ",quotes"
    return stanza.Pipeline("en", verbose=False, device="cpu", quotes_publisher="Coast Courier", **options)


@pytest.mark.models
def test_a_document_has_its_claims(pipeline: Any) -> None:
    document = pipeline(TEXT)
    report = document.quotes_report
    assert document.quotes == report.claims
    assert report.article.publisher == "Coast Courier"
    assert [claim.chain[-1].name for claim in document.quotes][:2] == ["Ana Duarte", "Ana Duarte"]
    assert document.quotes[1].kind == "direct"
    for claim in document.quotes:
        for span in claim.content:
            assert document.text[span.start : span.end] == span.text


@pytest.mark.models
def test_offsets_count_a_byte_order_mark(pipeline: Any) -> None:
    document = pipeline("\ufeff" + TEXT)
    assert len(document.quotes) == len(pipeline(TEXT).quotes)
    for claim in document.quotes:
        for span in claim.content:
            assert document.text[span.start : span.end] == span.text


@pytest.mark.models
def test_nothing_is_parsed_twice(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("no parser may be loaded")

    monkeypatch.setattr("quotes.parse.Parser.__init__", refuse)
    [first, second] = pipeline.bulk_process([TEXT, TEXT])
    assert first.quotes == second.quotes
    assert first.quotes


@pytest.mark.models
def test_it_finds_what_the_analyzer_finds(pipeline: Any) -> None:
    from quotes.analyzer import Analyzer

    assert pipeline(TEXT).quotes == Analyzer().analyze(TEXT).claims


@pytest.mark.models
@pytest.mark.parametrize("text", ["", " \n", "Il ministro ha detto che il ponte rimane chiuso per tutta la settimana."])
def test_a_text_that_is_no_article_costs_nothing(pipeline: Any, text: str) -> None:
    document = pipeline(text)
    assert document.quotes == ()
