"""A processor `quotes` in Stanza's own registry, for pipelines that parse already (a door to stanza).

    import stanza, quotes.processor
    nlp = stanza.Pipeline("en", processors="tokenize,mwt,pos,lemma,depparse,ner,quotes")
    for claim in nlp(text).quotes: ...

Nothing is parsed twice: the claims are found over what the pipeline's own models have found.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stanza.models.common.doc import Document
from stanza.pipeline.processor import Processor, register_processor

from quotes import lexicon as lexicons
from quotes.analyzer import Reporter
from quotes.article import article_from_text, in_place
from quotes.errors import InputError
from quotes.parse import read_document
from quotes.records import Article, Report

NAME = "quotes"


def _add_property(name: str, default: object) -> None:
    """What every document has from now on; one that was not processed has the default."""
    Document.add_property(name, default=default, setter=lambda document, value: setattr(document, f"_{name}", value))


_add_property(NAME, ())
_add_property("quotes_report", None)


@register_processor(NAME)
class QuotesProcessor(Processor):  # type: ignore[misc]  # stanza has no types
    """Gives a document `quotes`, its claims in reading order, and `quotes_report`, all that was found.

    The pipeline's options: quotes_lexicon, a folder of word lists; quotes_min_confidence, from 0 to 1;
    quotes_publisher, who published the texts. Offsets are code points of the document's text.
    """

    PROVIDES_DEFAULT = frozenset({NAME})
    REQUIRES_DEFAULT = frozenset({"tokenize", "pos", "lemma", "depparse", "ner"})

    def __init__(self, config: dict[str, Any], pipeline: Any, device: str) -> None:
        super().__init__(config, pipeline, device)
        folder = config.get("lexicon")
        self._publisher = config.get("publisher")
        self._reporter = Reporter(
            lexicon=lexicons.load(Path(folder) if folder else None),
            min_confidence=float(config.get("min_confidence", 0.0)),
            models="the pipeline's",
        )

    def process(self, document: Document) -> Document:
        report = self._report(document)
        document.quotes = report.claims
        document.quotes_report = report
        return document

    def _report(self, document: Document) -> Report:
        """The report; one that is empty and has an issue where the text is no article."""
        try:
            article = article_from_text(
                in_place(document.text), publisher=self._publisher, lexicon=self._reporter.lexicon
            )
        except InputError as error:
            return self._reporter.failed(Article(text=document.text or ""), str(error))
        return self._reporter.report(article, read_document(article, document))
