"""A page that stands alone, and a fragment for notebooks: jinja2 lays out, everything else is decided here.

The page asks for nothing from anywhere: its security policy forbids it, and admits its own style and script by hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from quotes.records import Claim, Hop, Report, Source, Span
from quotes.views import facts

if TYPE_CHECKING:
    from jinja2 import Template

_COLORS = 8
_LONGEST_INLINE = 30_000  # code points of text
_MOST_INLINE = 80  # claims, and passages that nobody is given


def render(reports: Sequence[Report], *, inline: bool, include_belief: bool) -> str:
    """The page (or the fragment) on one article or several."""
    template = _template()
    style = _part(template, "style", inline=inline)
    script = "" if inline else _part(template, "script")
    articles = [
        _article(report, f"a{number}", inline=inline, include_belief=include_belief)
        for number, report in enumerate(reports, 1)
    ]
    many = f"Who said it: {len(articles)} articles"
    page = template.render(
        part="inline" if inline else "page",
        style=_markup(style),
        script=_markup(script),
        policy=_policy(style, script),
        heading=articles[0]["title"] if len(articles) == 1 else many,
        articles=articles,
    )
    return page.strip() + "\n"


def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = (resources.files("quotes") / "data" / "report.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source)


def _part(template: Template, part: str, **more: object) -> str:
    return template.render(part=part, **more).strip()


def _markup(text: str) -> str:
    from markupsafe import Markup

    return Markup(text)


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _article(report: Report, key: str, *, inline: bool, include_belief: bool) -> dict[str, Any]:
    numbered = facts.number_claims(report, include_belief=include_belief)
    sources = facts.sources_by_id(report)
    colors = {source_id: at % _COLORS for at, source_id in enumerate(sources)}
    shown = len(numbered) if not inline else min(len(numbered), _MOST_INLINE)
    loose = facts.unattributed(report)
    too_long = inline and len(report.article.text) > _LONGEST_INLINE
    return {
        "key": key,
        "language": report.article.language,
        "title": facts.title(report.article),
        "masthead": facts.masthead(report.article),
        "summary": " ".join(facts.summary(report)),
        "claims": [_claim(numbered, place, sources, colors) for place in range(shown)],
        "more": len(numbered) - shown,
        "segments": [] if too_long else list(_segments(report, numbered, colors)),
        "too_long": too_long,
        "sources": [
            {
                "name": row.name,
                "known": facts.describe(row.source, sources),
                "color": colors.get(row.source.id, 0) if row.source else 0,
                "claims": row.claims,
                "direct": row.direct,
                "through": facts.heard(row),
            }
            for row in facts.source_rows(report)
        ],
        "relays": [
            {
                "name": row.name,
                "known": facts.describe(row.source, sources),
                "stated": row.stated,
                "carried": row.carried,
                "origins": facts.listed(row.origins),
            }
            for row in facts.relay_rows(report)
        ],
        "loose": [
            {"place": f"paragraph {number}" if number else "", "text": facts.one_line(passage.text)}
            for number, passage in (loose[:_MOST_INLINE] if inline else loose)
        ],
        "no_speech": facts.no_speech(report),
        "issues": [facts.one_line(issue.message) for issue in facts.issues(report)],
    }


def _claim(
    numbered: Sequence[facts.Numbered], place: int, sources: dict[str, Source], colors: dict[str, int]
) -> dict[str, Any]:
    claim = numbered[place].claim
    return {
        "number": numbered[place].number,
        "id": claim.id,
        "kind": "belief" if claim.act == "belief" else claim.kind,
        "words": facts.words(claim),
        "origin": claim.origin,
        "path": claim.path,
        "confidence": facts.score(claim.confidence),
        "color": _color(claim, colors),
        "hops": [_hop(numbered, place, hop, sources) for hop in claim.chain],
    }


def _hop(numbered: Sequence[facts.Numbered], place: int, hop: Hop, sources: dict[str, Source]) -> dict[str, Any]:
    claim = numbered[place].claim
    carried = hop.basis == "carried"
    return {
        "names": [
            {
                "name": facts.hop_name(claim, hop, name),
                "known": "" if carried else facts.describe(sources.get(source_id), sources),
            }
            for source_id, name in facts.hop_sources(hop)
        ],
        "cue": facts.hop_cue(hop),
        "carried": facts.carried_note(numbered, place, hop) if carried else "",
        "anonymity": facts.one_line(hop.anonymity.text) if hop.anonymity else "",
    }


def _color(claim: Claim, colors: dict[str, int]) -> int:
    return colors.get(claim.chain[-1].source, 0) if claim.chain else 0


def _segments(report: Report, numbered: Sequence[facts.Numbered], colors: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The article's text, cut wherever a mark begins or ends, each piece with what it is marked as."""
    text = report.article.text
    marks = _marks(report, numbered)
    edges = sorted({0, len(text), *(edge for span, _, _ in marks for edge in (span.start, span.end))})
    starts: dict[int, list[str]] = {}
    for each in numbered:
        if each.claim.content:
            starts.setdefault(each.claim.content[0].start, []).append(each.number)
    begins = sorted(marks, key=lambda mark: mark[0].start)
    active: list[tuple[Span, str, facts.Numbered | None]] = []
    at = 0
    for start, end in pairwise(edges):
        while at < len(begins) and begins[at][0].start <= start:
            active.append(begins[at])
            at += 1
        active = [mark for mark in active if mark[0].end > start]
        contents = sorted((mark for mark in active if mark[1] == "content"), key=lambda mark: len(mark[0]))
        inner = contents[0][2] if contents else None
        yield {
            "text": facts.visible(text[start:end]).replace("\r\n", "\n").replace("\r", "\n"),
            "kind": ("belief" if inner.claim.act == "belief" else inner.claim.kind) if inner else "",
            "color": _color(inner.claim, colors) if inner else 0,
            "roles": sorted({role for _, role, _ in active if role != "content"}),
            "claims": list(dict.fromkeys(each.number for _, _, each in active if each)),
            "starts": starts.get(start, []),
        }


def _marks(report: Report, numbered: Sequence[facts.Numbered]) -> list[tuple[Span, str, facts.Numbered | None]]:
    """(span, role, claim) of all that is marked in the text: content, cues, mentions, speech that nobody is given."""
    marks: list[tuple[Span, str, facts.Numbered | None]] = []
    for each in numbered:
        marks += [(span, "content", each) for span in each.claim.content]
        for hop in each.claim.chain:
            found = ((hop.cue, "cue"), (hop.mention, "who"), (hop.anonymity, "who"))
            marks += [(span, role, each) for span, role in found if span]
    for _, passage in facts.unattributed(report):
        marks.append((report.article.span(passage.start, passage.end), "loose", None))
    return [mark for mark in marks if mark[0].start < mark[0].end]
