"""Who said it, and through whom: quotations, their speakers and reporting chains in news text.

    import quotes
    report = quotes.analyze(text)

Everything heavy is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quotes import notebook
    from quotes.analyzer import Analyzer, analyze
    from quotes.article import read_article
    from quotes.corpus import analyze_corpus
    from quotes.corrections import read_corrections
    from quotes.errors import QuotesError
    from quotes.export import to_networkx, to_records
    from quotes.link import link_claims
    from quotes.notebook import load_ipython_extension
    from quotes.records import (
        Article,
        Attribution,
        Claim,
        Hop,
        Issue,
        Mention,
        Node,
        Passage,
        Report,
        Source,
        Span,
        Tree,
    )
    from quotes.views import render

RECORDS = (
    "Article", "Attribution", "Claim", "Hop", "Issue", "Mention", "Node", "Passage", "Report", "Source", "Span", "Tree",
)  # fmt: skip
HOMES = {
    "Analyzer": "analyzer",
    "analyze": "analyzer",
    "read_article": "article",
    "analyze_corpus": "corpus",
    "read_corrections": "corrections",
    "QuotesError": "errors",
    "to_networkx": "export",
    "to_records": "export",
    "link_claims": "link",
    "load_ipython_extension": "notebook",
    "render": "views",
    **dict.fromkeys(RECORDS, "records"),
}
__all__ = [
    "Analyzer",
    "Article",
    "Attribution",
    "Claim",
    "Hop",
    "Issue",
    "Mention",
    "Node",
    "Passage",
    "QuotesError",
    "Report",
    "Source",
    "Span",
    "Tree",
    "analyze",
    "analyze_corpus",
    "link_claims",
    "load_ipython_extension",
    "notebook",
    "read_article",
    "read_corrections",
    "render",
    "to_networkx",
    "to_records",
]


def __getattr__(name: str) -> Any:
    if name == "notebook":
        return import_module("quotes.notebook")
    if name in HOMES:
        return getattr(import_module(f"quotes.{HOMES[name]}"), name)
    raise AttributeError(f"module 'quotes' has no attribute {name!r}")
