"""schema.org: an article's quotations and claims in its vocabulary, as JSON-LD that may stand in a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from quotes.export.common import NAMESPACE, content_text, qualified_name, shown_claims, visible
from quotes.records import Article, Claim, Hop, Report, Source

Node = dict[str, Any]

CONTEXT = {"@vocab": "http://schema.org/", "quotes": NAMESPACE}
_TYPES = {"person": "Person", "organization": "Organization", "outlet": "NewsMediaOrganization"}


def schema_org(reports: Sequence[Report], *, include_belief: bool) -> str:
    """One JSON-LD document whose graph holds each article, those who speak in it, and its claims.

    A direct claim is a Quotation that isPartOf the article, spokenByCharacter whom it is attributed to; any other is
    a Claim whose appearance is the article and whose creator is its source, its quoted words Quotations that it
    hasPart. Stated relays are works that it isBasedOn, the outermost first and each based on the next; relays that
    are carried over are in quotes:carried alone. A document is its citation. Whoever is unnamed, a group or not
    resolved is creditText, and no Person. Nothing is looked up: the context stands in the document, and `<` is
    escaped.
    """
    graph = [node for report in reports for node in _nodes(report, include_belief)]
    written = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2)
    return written.replace("<", "\\u003c") + "\n"


def _nodes(report: Report, include_belief: bool) -> Iterator[Node]:
    parties = _parties(report)
    yield _article(report.article)
    yield from parties.values()
    for claim in shown_claims(report, include_belief=include_belief):
        yield _claim(report, claim, parties)


def _article(article: Article) -> Node:
    publisher = {"@type": "Organization", "name": visible(article.publisher)} if article.publisher else None
    return _known(
        {
            "@id": _id("article", article),
            "@type": "NewsArticle",
            "headline": article.title,
            "url": article.url if article.url and article.url.startswith(("http://", "https://")) else None,
            "datePublished": article.published if _is_date(article.published) else None,
            "inLanguage": article.language,
            "publisher": publisher,
        }
    )


def _is_date(text: str | None) -> bool:
    try:
        return bool(text and datetime.fromisoformat(text))
    except ValueError:
        return False


def _parties(report: Report) -> dict[str, Node]:
    """The people and bodies who have a name, by the ids of their sources."""
    named = {source.id: source for source in report.sources if source.kind in _TYPES}
    return {source.id: _party(report.article, source, named) for source in named.values()}


def _party(article: Article, source: Source, named: Mapping[str, Source]) -> Node:
    body = named.get(source.speaks_for or "")
    speaks = source.kind == "person" and body is not None and body.kind != "person"
    return _known(
        {
            "@id": _id("source", article, source.id),
            "@type": _TYPES[source.kind],
            "name": source.name,
            "alternateName": source.canonical if source.canonical != source.name else None,
            "description": source.role,
            "affiliation": {"@id": _id("source", article, body.id)} if speaks and body else None,
        }
    )


def _claim(report: Report, claim: Claim, parties: Mapping[str, Node]) -> Node:
    article = {"@id": _id("article", report.article)}
    by = _origin(claim, parties)
    node: Node = {"@id": _id("claim", report.article, claim.id), "text": content_text(claim.content)}
    if claim.kind == "direct":
        node |= {"@type": "Quotation", "isPartOf": article, "spokenByCharacter": by.pop("party")}
    else:
        parts = [
            _known({"@type": "Quotation", "text": each.text, "isPartOf": article, "spokenByCharacter": by["party"]})
            for each in report.passages
            if claim.kind == "mixed" and each.claim == claim.id and each.use == "speech"
        ]
        node |= {"@type": "Claim", "appearance": article, "creator": by.pop("party"), "hasPart": parts}
    ours: Node = {"kind": claim.kind, "act": claim.act, "origin": claim.origin, "path": claim.path}
    ours |= {"confidence": round(float(claim.confidence), 2), "review": claim.review}
    ours |= {"carried": [visible(hop.name) for hop in claim.chain if hop.basis == "carried"]}
    ours |= {"content": [f"{span.start}-{span.end}" for span in claim.content]}
    return _known({**node, **by, "isBasedOn": _relays(claim, parties), **_of_ours(ours)})


def _origin(claim: Claim, parties: Mapping[str, Node]) -> Node:
    """Who the claim is from: `party`, and where it has no name, citation or creditText."""
    last = claim.chain[-1] if claim.chain else None
    if last is None or claim.origin == "unsourced":
        return {"party": None}
    if claim.origin == "document":
        return {"party": None, "citation": {"@type": "CreativeWork", "name": visible(last.name)}}
    found = _refer(last, parties) if claim.origin == "named" else []
    names = [last.name, *(each.name for each in last.beside)]
    return {"party": found, "creditText": None if len(found) == len(names) else " and ".join(names)}


def _refer(hop: Hop, parties: Mapping[str, Node]) -> list[Node]:
    """The named parties of a hop that is resolved."""
    ids = [hop.source, *(each.source for each in hop.beside)] if hop.resolved else []
    return [{"@id": parties[each]["@id"]} for each in ids if each in parties]


def _relays(claim: Claim, parties: Mapping[str, Node]) -> Node | None:
    """The work of the outermost stated relay, based on that of the next."""
    below = None
    for hop in reversed(claim.chain[:-1]):
        if hop.basis == "stated":
            by = "publisher" if parties.get(hop.source, {}).get("@type") == _TYPES["outlet"] else "creator"
            found = _refer(hop, parties)
            work: Node = {"@type": "CreativeWork", by: found, "creditText": None if found else hop.name}
            work["isBasedOn"] = below
            ours: Node = {"relation": hop.relation, "cue": hop.cue and hop.cue.text}
            below = _known({**work, **_of_ours({**ours, "confidence": round(float(hop.confidence), 2)})})
    return below


def _of_ours(values: Node) -> Node:
    return {f"quotes:{name}": value for name, value in values.items()}


def _id(kind: str, article: Article, *parts: str) -> str:
    return qualified_name(kind, article.id, *parts)


def _known(values: Node) -> Node:
    """What is known, lists of one as that one, control characters as visible signs."""
    found = {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in values.items()}
    return {
        name: visible(value) if isinstance(value, str) else value
        for name, value in found.items()
        if value is not None and value != []
    }
