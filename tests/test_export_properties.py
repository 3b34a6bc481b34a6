"""Exports: any report at all, there and back."""

from __future__ import annotations

import json
from typing import Any, get_args

import attrs
import pytest
from export_cases import LINE, rows, tokens, tree
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes import export, lexicon, records
from quotes.records import (
    Article,
    Beside,
    Claim,
    Cue,
    Hop,
    Passage,
    Report,
    Source,
    Span,
)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return Span(start=start, end=end, text=text[start:end])


IDS = st.text("0123456789abcdef", min_size=12, max_size=12)
NAMES = st.text(min_size=1, max_size=20)
CONFIDENCES = st.integers(0, 100).map(lambda number: number / 100)


def choice(values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(values))


@st.composite
def hops(draw: st.DrawFn, text: str) -> Hop:
    span = st.none() | spans(text)
    return Hop(
        source=draw(IDS),
        name=draw(NAMES),
        relation=draw(choice(records.Relation)),
        basis=draw(choice(records.Basis)),
        cue=draw(span),
        mention=draw(span),
        rule=draw(NAMES),
        confidence=draw(CONFIDENCES),
        resolved=draw(st.booleans()),
        beside=tuple(draw(st.lists(st.builds(Beside, source=IDS, name=NAMES), max_size=2))),
        anonymity=draw(span),
    )


@st.composite
def claims(draw: st.DrawFn, text: str) -> Claim:
    words = draw(spans(text))
    signal = Cue(**attrs.asdict(words), lemma=draw(st.text(max_size=8)), stance=draw(choice(lexicon.Stance)))
    return Claim(
        id=draw(IDS),
        kind=draw(choice(records.Kind)),
        act=draw(choice(records.Act)),
        origin=draw(choice(records.Origin)),
        path=draw(choice(records.Path)),
        content=tuple(draw(st.lists(spans(text), min_size=1, max_size=3))),
        cue=draw(st.sampled_from([None, signal])),
        source=draw(st.none() | spans(text)),
        confidence=draw(CONFIDENCES),
        chain=tuple(draw(st.lists(hops(text), min_size=1, max_size=3))),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    text = draw(st.text(min_size=1, max_size=60))
    found = draw(st.lists(claims(text), max_size=3, unique_by=lambda each: each.id))
    sources = draw(
        st.lists(
            st.builds(Source, id=IDS, name=NAMES, kind=choice(records.SourceKind), role=st.none() | NAMES), max_size=3
        )
    )
    words = draw(spans(text))
    return Report(
        article=Article(text=text, title=draw(st.none() | NAMES), publisher=draw(st.none() | NAMES)),
        sources=tuple(sources),
        passages=(Passage(**attrs.asdict(words), use=draw(choice(records.Use)), outer=(words.start, words.end)),),
        claims=tuple(found),
        trees=tuple(tree(each) for each in found if each.act == "speech"),
        settings=draw(st.dictionaries(NAMES, st.none() | st.booleans() | st.integers() | NAMES, max_size=2)),
        versions=draw(st.dictionaries(NAMES, NAMES, max_size=2)),
    )


@settings(max_examples=60, deadline=None)
@given(reports())
def test_any_report_comes_back_from_json(report: Report) -> None:
    values = json.loads(export.to_jsonl_line(report))
    export.validate(values)
    assert export.from_dict(values, report.article.text) == report


@settings(max_examples=40, deadline=None)
@given(reports())
def test_any_report_can_be_written_in_every_format(report: Report) -> None:
    for format in export.FORMATS:
        written = export.render([report], format, include_belief=True)
        written.encode()
        assert export.render([report], format, include_belief=True) == written
    assert len(rows(report, include_belief=True)) == len(report.claims)
    assert [report.article.text[int(row[0]) : int(row[1])] for row in tokens(report)] == report.article.text.split()
    lines = export.render([report], "mermaid").splitlines()[1:]
    assert all(LINE.fullmatch(line) for line in lines)


@settings(max_examples=30, deadline=None)
@given(reports())
def test_any_report_comes_back_from_prov_and_graphml(report: Report) -> None:
    model = pytest.importorskip("prov.model")
    networkx = pytest.importorskip("networkx")
    for name, format in (("prov", "json"), ("jsonld", "jsonld")):
        read = model.ProvDocument.deserialize(content=export.render([report], name), format=format)
        assert read == export.to_prov([report])
    graph = export.to_networkx(report)
    assert networkx.parse_graphml(export.render([report], "graphml")).number_of_edges() == graph.number_of_edges()
