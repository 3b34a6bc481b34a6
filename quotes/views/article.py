"""What the page and the fragment show of one article, as plain values for their templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from quotes.certainty import SURE, UNCERTAIN, is_uncertain
from quotes.records import Article, Hop, Report, Source, Span
from quotes.views import facts, network
from quotes.views.links import NOWHERE, Links
from quotes.views.masthead import masthead
from quotes.views.pieces import blocks, certainty, color_of, kind_of

TOO_LONG = "The text is too long to be shown here."
_LONGEST_INLINE = 30_000  # code points of text
_MOST_INLINE = 80  # claims, and passages that nobody is given
_NEAR = 60  # code points between words that are shown as one run
_AROUND = 40  # code points shown on each side of a run


def article_values(
    report: Report,
    key: str,
    *,
    include_belief: bool,
    unfolded: bool = False,
    inline: bool = False,
    no_text: str = "",
    links: Links = NOWHERE,
) -> dict[str, Any]:
    """key: begins every id of the article's part of the page; unfolded: show the uncertain claims at once; inline:
    leave out what is too much for a notebook, and the text as well where it is too long; no_text: why the text is to be
    left out, if it is; links: to the pages of its sources.
    """
    numbered = facts.number_claims(report, include_belief=include_belief)
    sources = facts.sources_by_id(report)
    colors = _colors(report)
    weakest = {tree.claim: tree.weakest for tree in report.trees}
    likely, doubtful = facts.told_apart(numbered)
    places = facts.places(numbered)
    shown = [*likely, *doubtful][: _MOST_INLINE if inline else None]
    loose = facts.unattributed(report)
    if inline and len(report.article.text) > _LONGEST_INLINE:
        no_text = no_text or TOO_LONG
    return {
        "key": key,
        "language": report.article.language,
        "title": facts.title(report.article),
        "publisher": facts.one_line(report.article.publisher or ""),
        "published": facts.one_line(report.article.published or ""),
        "masthead": masthead(report.article),
        "summary": facts.summary(report),
        "colors": len(colors),
        "claims": [
            _claim(report.article, numbered, places[each.number], sources, colors, weakest.get(each.claim.id))
            for each in shown
        ],
        "more": len(numbered) - len(shown),
        "uncertain": facts.uncertain_note(len(doubtful)) if doubtful else "",
        "left_out": facts.left_out_note(facts.uncertain_count(report)),
        "unfolded": unfolded,
        "steps": (facts.score(SURE), facts.score(UNCERTAIN)),
        "blocks": [] if no_text else list(blocks(report, numbered, colors)),
        "no_text": no_text,
        "sources": _sources(report, sources, colors, links),
        "relays": _relays(report, sources, colors, links),
        "network": network.of_article(report, colors),
        "loose": [
            {"place": f"paragraph {number}" if number else "", "text": facts.one_line(passage.text)}
            for number, passage in (loose[:_MOST_INLINE] if inline else loose)
        ],
        "no_speech": facts.no_speech(report),
        "corrections": facts.corrections(report),
        "issues": [facts.one_line(issue.message) for issue in facts.issues(report)],
    }


def _colors(report: Report) -> dict[str, int]:
    """A number for each source that is heard: origins with most claims first, so that these look most different."""
    origins = [row.source for row in facts.source_rows(report)]
    relays = [row.source for row in facts.relay_rows(report)]
    heard = [source.id for source in [*origins, *relays] if source]
    ends = [claim.chain[-1].source for claim in report.claims if claim.chain]
    return {source_id: at for at, source_id in enumerate(dict.fromkeys([*heard, *ends]))}


def _claim(
    article: Article,
    numbered: Sequence[facts.Numbered],
    place: int,
    sources: dict[str, Source],
    colors: Mapping[str, int],
    weakest: int | None,
) -> dict[str, Any]:
    claim = numbered[place].claim
    ends = facts.hop_sources(claim.chain[-1]) if claim.chain else []
    relays = [pair for hop in claim.chain[:-1] for pair in facts.hop_sources(hop)]
    return {
        "number": numbered[place].number,
        "id": claim.id,
        "kind": kind_of(claim),
        "words": facts.words(claim),
        "origin": claim.origin,
        "path": claim.path,
        "confidence": facts.score(claim.confidence),
        "value": f"{claim.confidence:.2f}",
        "certainty": certainty(claim.confidence),
        "uncertain": is_uncertain(claim),
        "review": facts.review_note(claim),
        "elsewhere": None,
        "color": color_of(claim, colors),
        "from": [network.key_of(sources.get(source_id), name) for source_id, name in ends],
        "via": [network.key_of(sources.get(source_id), name) for source_id, name in relays],
        "line": [
            {"name": _names(numbered, place, hop), "carried": hop.basis == "carried"} for hop in reversed(claim.chain)
        ],
        "hops": [
            {**_hop(article, numbered, place, at, sources, colors), "weakest": len(claim.chain) > 1 and at == weakest}
            for at in range(len(claim.chain))
        ],
    }


def _names(numbered: Sequence[facts.Numbered], place: int, hop: Hop) -> str:
    return facts.listed([facts.hop_name(numbered[place].claim, hop, name) for _, name in facts.hop_sources(hop)])


def _hop(
    article: Article,
    numbered: Sequence[facts.Numbered],
    place: int,
    at: int,
    sources: dict[str, Source],
    colors: Mapping[str, int],
) -> dict[str, Any]:
    claim = numbered[place].claim
    hop = claim.chain[at]
    carried = hop.basis == "carried"
    return {
        "place": f"{numbered[place].number}.{at}",
        "names": [
            {
                "name": facts.hop_name(claim, hop, name),
                "known": facts.describe(sources.get(source_id), sources),
                "color": colors.get(source_id),
            }
            for source_id, name in facts.hop_sources(hop)
        ],
        "relation": hop.relation,
        "rule": facts.one_line(hop.rule),
        "confidence": facts.score(hop.confidence),
        "words": _words(article, hop),
        "carried": carried,
        "carried_from": facts.carried_from(numbered, place, hop) if carried else None,
    }


def _words(article: Article, hop: Hop) -> list[tuple[str, bool]]:
    """The words that a hop rests on in their surroundings: runs of text, and whether each is what shows the hop."""
    spans = sorted(span for span in (hop.cue, hop.mention, hop.anonymity) if span and span.start < span.end)
    if hop.basis == "carried" or not spans:
        return []
    shown: list[tuple[str, bool]] = []
    for run in _runs(spans):
        start, end = _surroundings(article.text, run[0].start, max(span.end for span in run))
        edges = sorted({start, end, *(edge for span in run for edge in (span.start, span.end))})
        shown.append(("… " if shown or start else "", False))
        for left, right in pairwise(edges):
            strong = any(span.start <= left < span.end for span in run)
            shown.append((re.sub(r"\s+", " ", facts.visible(article.text[left:right])), strong))
        shown.append((" …" if end < len(article.text) else "", False))
    return [part for part in shown if part[0]]


def _runs(spans: Sequence[Span]) -> list[list[Span]]:
    runs = [[spans[0]]]
    for span in spans[1:]:
        if span.start - max(each.end for each in runs[-1]) <= _NEAR:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _surroundings(text: str, start: int, end: int) -> tuple[int, int]:
    """The run with what stands around it in its line, from a word's beginning to a word's end."""
    line = text.rfind("\n", 0, start) + 1
    left = max(line, start - _AROUND)
    if left > line:
        left = min(text.find(" ", left, start) + 1 or start, start)
    line_end = text.find("\n", end)
    limit = len(text) if line_end < 0 else line_end
    right = min(limit, end + _AROUND)
    if right < limit:
        right = max(text.rfind(" ", end, right), end)
    return left, right


def _page(source: Source | None, links: Links) -> str | None:
    return links.to("place", source.kind, source.canonical or source.name) if source else None


def _sources(
    report: Report, sources: dict[str, Source], colors: Mapping[str, int], links: Links
) -> list[dict[str, Any]]:
    rows = facts.source_rows(report)
    most = max((row.claims for row in rows), default=1)
    return [
        {
            "key": network.key_of(row.source, row.name),
            "name": row.name,
            "known": facts.describe(row.source, sources),
            "href": _page(row.source, links),
            "color": colors.get(row.source.id) if row.source else None,
            "claims": row.claims,
            "direct": row.direct,
            "share": round(100 * row.claims / most),
            "through": facts.heard(row) if row.through else "",
        }
        for row in rows
    ]


def _relays(
    report: Report, sources: dict[str, Source], colors: Mapping[str, int], links: Links
) -> list[dict[str, Any]]:
    return [
        {
            "key": network.key_of(row.source, row.name),
            "name": row.name,
            "known": facts.describe(row.source, sources),
            "href": _page(row.source, links),
            "color": colors.get(row.source.id) if row.source else None,
            "stated": row.stated,
            "carried": row.carried,
            "origins": facts.listed(row.origins),
        }
        for row in facts.relay_rows(report)
    ]
