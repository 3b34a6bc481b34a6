"""A component `quotes` for spaCy's pipelines (a door to spacy).

    import spacy
    nlp = spacy.blank("en")
    nlp.add_pipe("quotes", config={"publisher": "Coast Courier"})
    for claim in nlp(text)._.quotes: ...

spaCy finds it by the entry point of this package. The texts are parsed by our own models: what other components of
the pipeline have found is neither needed nor changed. The models are loaded with the first text, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import minibatch

from quotes.analyzer import Analyzer
from quotes.article import article_from_text, in_place
from quotes.errors import InputError
from quotes.export import from_dict, to_dict
from quotes.export.common import shown_claims
from quotes.patience import MAX_SECONDS
from quotes.records import Article, Claim, Report

NAME = "quotes"
DEFAULTS = {
    "models": "bundled",
    "device": "cpu",
    "lexicon": None,
    "min_confidence": 0.0,
    "max_seconds": MAX_SECONDS,
    "publisher": None,
}


def _report(doc: Doc) -> Report | None:
    values = doc._.quotes_json
    return from_dict(values, in_place(doc.text)) if values else None


def _claims(doc: Doc) -> tuple[Claim, ...]:
    report = _report(doc)
    return report.claims if report else ()


# What a document keeps is plain, so that it can be pickled, stored in a DocBin and sent to other processes.
Doc.set_extension("quotes_json", default=None, force=True)
Doc.set_extension("quotes_report", getter=_report, force=True)
Doc.set_extension(NAME, getter=_claims, force=True)


@attrs.define(kw_only=True)
class QuotesComponent:
    """Gives a document `doc._.quotes` and `doc.spans["quotes"]`.

    `doc._.quotes`: its claims in reading order, records.Claim, confidences to two decimals; `doc._.quotes_report`: all
    that was found, a records.Report, None where nothing has looked at the document; `doc._.quotes_json`: the same by
    report.schema.json, which is what the document keeps, and what the others are read from each time.
    `doc.spans["quotes"]`: the content of the claims of speech, a spaCy span for each run of it, its label the claim's
    kind, its `id_` the claim's id. Where content begins or ends within a token of spaCy's the span is widened to whole
    tokens; `doc.spans["quotes"].attrs["expanded"]` has the places of such spans in the group. Offsets in the records
    are exact, in code points of `doc.text`.

    models, device, lexicon, min_confidence, max_seconds: as for quotes.Analyzer; publisher: who published the texts.
    A text that is no article has no claims, and its report says why. Raises ModelError or LexiconError with the first
    text.
    """

    models: str
    device: str
    lexicon: str | None
    min_confidence: float
    max_seconds: float
    publisher: str | None
    _analyzer: Analyzer | None = attrs.field(default=None, init=False, eq=False, repr=False)

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """The documents in order; batch_size: how many are read before the first is given back."""
        for docs in minibatch(stream, batch_size):
            for doc, report in zip(docs, self._reports(docs), strict=True):
                _annotate(doc, report)
                yield doc

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the options; the models load again where they are needed."""
        return {name: getattr(self, name) for name in DEFAULTS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def _reports(self, docs: Sequence[Doc]) -> list[Report]:
        analyzer = self._loaded()
        read = [self._read(doc, analyzer) for doc in docs]
        found = analyzer.analyze_all(each for each in read if isinstance(each, Article))
        return [next(found) if isinstance(each, Article) else each for each in read]

    def _read(self, doc: Doc, analyzer: Analyzer) -> Article | Report:
        """The article; a report that says why it is none."""
        try:
            return article_from_text(in_place(doc.text), publisher=self.publisher, lexicon=analyzer.lexicon)
        except InputError as error:
            return analyzer.reporter.failed(Article(text=in_place(doc.text)), str(error))

    def _loaded(self) -> Analyzer:
        if self._analyzer is None:
            self._analyzer = Analyzer(
                models=self.models,
                device=self.device,
                lexicon=Path(self.lexicon) if self.lexicon else None,
                min_confidence=self.min_confidence,
                max_seconds=self.max_seconds,
            )
        return self._analyzer


@Language.factory(NAME, default_config=DEFAULTS, assigns=["doc._.quotes", "doc.spans"])  # type: ignore[untyped-decorator]
def make_component(
    nlp: Language,  # noqa: ARG001 - spaCy gives both
    name: str,  # noqa: ARG001
    models: str,
    device: str,
    lexicon: str | None,
    min_confidence: float,
    max_seconds: float,
    publisher: str | None,
) -> QuotesComponent:
    """What spaCy makes the component by."""
    return QuotesComponent(
        models=models,
        device=device,
        lexicon=lexicon,
        min_confidence=min_confidence,
        max_seconds=max_seconds,
        publisher=publisher,
    )


def _annotate(doc: Doc, report: Report) -> None:
    doc._.quotes_json = to_dict(report)
    spans: list[Span] = []
    expanded: list[int] = []
    for claim in shown_claims(report, include_belief=False):
        for run in claim.content:
            place = {"label": claim.kind, "span_id": claim.id}
            span = doc.char_span(run.start, run.end, **place)
            if span is None:
                expanded.append(len(spans))
                span = doc.char_span(run.start, run.end, alignment_mode="expand", **place)
            spans.append(span)
    doc.spans[NAME] = SpanGroup(doc, name=NAME, spans=spans, attrs={"expanded": expanded})
