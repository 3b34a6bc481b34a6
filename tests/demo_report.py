"""A report made by hand, with every shape that a view has to show. People and facts are invented."""

from __future__ import annotations

from typing import Any

from quotes.records import (
    Article,
    Attribution,
    Basis,
    Beside,
    Block,
    Candidate,
    Claim,
    Credit,
    Cue,
    Evidence,
    Hop,
    Issue,
    Mention,
    Node,
    Passage,
    Relation,
    Report,
    Source,
    Span,
    Tree,
)

HOSTILE = "\x1b[31mred\x1b[0m \u202egnp.exe <script>alert('x')</script> [bold]*not* | bold[/bold]"

PARAGRAPHS = (
    "Harbour workers reject the new crane plan",
    "PORT VELA (Reuters) – Workers at the port of Vela will not sign the crane plan, union leader Ana Duarte said "
    "on Tuesday.",
    "“The cranes will stand still until the inspectors have signed every single page of the report that they "
    "promised us in spring,” Duarte said, according to Radio Meridian.",
    "“We have waited long enough,” she added.",
    "The plan was approved in secret, Reuters and AFP reported, citing a senior port official who spoke on "
    "condition of anonymity.",
    "“The sea gives,” Duarte said, “and the ministry takes.”",
    "“港口の労働者は誰もが反対している 🚢🚢” Kenji Mori told the paper Daily Anchor.",
    "The old quay is reportedly to be sold.",
    "“Load limits were exceeded on 41 days”, the inspection report found.",
    f"Somebody wrote “{HOSTILE}” on the wall, he said.",
    "“Nobody asked us.”",
    "The so-called “peace dividend” of the port has not come. The ministry believes that the plan will pass.",
    "A ferry passed.",
)
TEXT = "\n\n".join(PARAGRAPHS) + "\n"


class _Builder:
    """Finds words in the text, so that no offset is written by hand."""

    def __init__(self, text: str) -> None:
        self.text = text

    def span(self, words: str, near: str = "") -> Span:
        start = self.text.index(words, self.text.index(near) if near else 0)
        return Span(start=start, end=start + len(words), text=words)

    def cue(self, words: str, lemma: str, near: str) -> Cue:
        span = self.span(words, near)
        return Cue(start=span.start, end=span.end, text=words, lemma=lemma)

    def hop(self, source: Source, cue: str, mention: str, near: str, basis: Basis = "stated", **more: Any) -> Hop:
        relation: Relation = more.pop("relation", "said")
        stated = basis == "stated"
        return Hop(
            source=source.id,
            name=source.name,
            relation=relation,
            basis=basis,
            cue=self.span(cue, near) if stated and cue else None,
            mention=self.span(mention, near) if stated and mention else None,
            rule=more.pop("rule", "subject-verb"),
            confidence=0.9,
            **more,
        )


def _source(key: str, name: str, kind: Any, **more: Any) -> Source:
    start = TEXT.find(name)
    mentions = (Mention(start=start, end=start + len(name), text=name, form="name"),) if start >= 0 else ()
    return Source(id=key, name=name, kind=kind, mentions=mentions, **more)


DUARTE = _source("duarte", "Ana Duarte", "person", role="union leader")
MORI = _source("mori", "Kenji Mori", "person", role="harbour master of the twin ports of Vela and Outer Vela")
MERIDIAN = _source("meridian", "Radio Meridian", "outlet", country="Portugal", ownership="private")
REUTERS = _source("reuters", "Reuters", "outlet", country="UK")
AFP = _source("afp", "AFP", "outlet", canonical="Agence France-Presse", country="France", ownership="public")
ANCHOR = _source("anchor", "Daily Anchor", "outlet")
OFFICIAL = _source("official", "senior port official", "anonymous")
UNNAMED = _source("unnamed", "unnamed", "anonymous")
REPORT = _source("report", "the inspection report", "document")
HE = _source("he", "he", "anonymous")
MINISTRY = _source("ministry", "The ministry", "organization")


def demo_report() -> Report:
    """An article with relayed, carried, split, wide, unsourced, hostile and believed claims."""
    at = _Builder(TEXT)
    claims = _claims(at)
    passages = []
    for claim in claims:
        if claim.kind == "direct":
            passages += [_passage(span, claim.id) for span in claim.content]
    passages += [_passage(at.span("Nobody asked us."), None), _passage(at.span("peace dividend"), None, use="scare")]
    starts = [TEXT.index(paragraph) for paragraph in PARAGRAPHS]
    blocks = [
        Block(start=start, end=start + len(words), kind="paragraph" if number else "headline")
        for number, (start, words) in enumerate(zip(starts, PARAGRAPHS, strict=True))
    ]
    credit = at.span("Reuters")
    return Report(
        article=Article(
            text=TEXT,
            path="cranes.txt",
            title=PARAGRAPHS[0],
            publisher="Coast Courier",
            byline="Ida Holm",
            dateline="PORT VELA",
            credit=(Credit(name="Reuters", start=credit.start, end=credit.end),),
            published="2026-03-10",
            blocks=tuple(blocks),
        ),
        sources=(DUARTE, MORI, MERIDIAN, REUTERS, AFP, ANCHOR, OFFICIAL, UNNAMED, REPORT, HE, MINISTRY),
        passages=tuple(sorted(passages, key=lambda each: each.start)),
        claims=tuple(claims),
        trees=tuple(_tree(claim) for claim in claims if claim.act == "speech"),
        issues=(Issue(kind="marks", message="A quotation mark has no partner.", start=3, end=4),),
        evidence=(_evidence(at, claims[1]),),
    )


def empty_report() -> Report:
    """A report on an article in which nobody says anything."""
    return Report(
        article=Article(text="A ferry passed.\n", path="ferry.txt"), sources=(), passages=(), claims=(), trees=()
    )


def _claims(at: _Builder) -> list[Claim]:
    secret = "citing a senior"
    return [
        _claim(
            at,
            ("Workers at the port of Vela will not sign the crane plan",),
            (at.hop(DUARTE, "said", "union leader Ana Duarte", "union leader"),),
        ),
        _claim(
            at,
            (PARAGRAPHS[2].split("”")[0].strip("“,"),),
            (
                at.hop(MERIDIAN, "according to", "Radio Meridian", "Duarte said, acc", rule="according-to"),
                at.hop(DUARTE, "said", "Duarte", "Duarte said, acc"),
            ),
            kind="direct",
            confidence=0.97,
        ),
        _claim(
            at,
            ("We have waited long enough",),
            (at.hop(MERIDIAN, "", "", "", basis="carried"), at.hop(DUARTE, "added", "she", "she added")),
            kind="direct",
        ),
        _claim(
            at,
            ("The plan was approved in secret",),
            (
                at.hop(
                    REUTERS,
                    "reported",
                    "Reuters",
                    "Reuters and AFP",
                    relation="reported",
                    beside=(Beside(source=AFP.id, name=AFP.name),),
                ),
                at.hop(
                    OFFICIAL,
                    "citing",
                    "senior port official",
                    secret,
                    anonymity=at.span("on condition of anonymity"),
                ),
            ),
            origin="unnamed",
            confidence=0.55,
        ),
        _claim(
            at,
            ("The sea gives", "and the ministry takes"),
            (at.hop(DUARTE, "said", "Duarte", "The sea gives"),),
            kind="direct",
        ),
        _claim(
            at,
            ("港口の労働者は誰もが反対している 🚢🚢",),
            (
                at.hop(ANCHOR, "told", "Daily Anchor", "Kenji Mori", relation="told"),
                at.hop(MORI, "told", "Kenji Mori", "Kenji Mori"),
            ),
            kind="direct",
            confidence=1.0,
        ),
        _claim(
            at,
            ("The old quay is", "to be sold"),
            (at.hop(UNNAMED, "reportedly", "", "The old quay"),),
            origin="unsourced",
            confidence=0.95,
        ),
        _claim(
            at,
            ("Load limits were exceeded on 41 days",),
            (at.hop(REPORT, "found", "the inspection report", "the inspection report"),),
            kind="direct",
            origin="document",
        ),
        _claim(
            at,
            (f"Somebody wrote “{HOSTILE}” on the wall",),
            (at.hop(HE, "said", "he", "he said.", resolved=False),),
            kind="mixed",
            origin="unnamed",
            confidence=0.05,
        ),
        _claim(
            at,
            ("the plan will pass",),
            (at.hop(MINISTRY, "believes", "The ministry", "The ministry believes"),),
            act="belief",
        ),
    ]


def _claim(at: _Builder, content: tuple[str, ...], chain: tuple[Hop, ...], **more: Any) -> Claim:
    stated = [hop for hop in chain if hop.basis == "stated"]
    last = chain[-1]
    assert last.cue is not None
    spans = []
    for words in content:
        spans.append(at.span(words))
    return Claim(
        id=f"c{spans[0].start:05d}",
        kind=more.get("kind", "indirect"),
        act=more.get("act", "speech"),
        origin=more.get("origin", "named"),
        path="relayed" if len(stated) > 1 else "straight",
        content=tuple(spans),
        cue=Cue(start=last.cue.start, end=last.cue.end, text=last.cue.text, lemma=last.cue.text),
        source=last.mention,
        confidence=more.get("confidence", 0.9),
        chain=chain,
    )


def _passage(span: Span, claim: str | None, **more: Any) -> Passage:
    return Passage(
        start=span.start, end=span.end, text=span.text, claim=claim, outer=(span.start - 1, span.end + 1), **more
    )


def _tree(claim: Claim) -> Tree:
    node: tuple[Node, ...] = ()
    for hop in reversed(claim.chain):
        node = (Node(source=hop.source, children=node),)
    return Tree(claim=claim.id, children=node)


def _evidence(at: _Builder, claim: Claim) -> Evidence:
    near = "Duarte said, acc"
    outer = Attribution(
        cue=at.span("according to", near),
        content=claim.content,
        source=at.span("Radio Meridian", near),
        kind="direct",
        act="speech",
        relation="reported",
        rule="according-to",
        confidence=0.97,
    )
    inner = Attribution(
        cue=at.span("said", near),
        content=claim.content,
        source=at.span("Duarte", near),
        kind="direct",
        act="speech",
        relation="said",
        rule="subject-verb",
        confidence=0.95,
        lemma="say",
        rivals=(
            Candidate(span=at.span("inspectors"), reason="inside the quotation", score=0.12),
            Candidate(span=None, reason="no source at all", score=None),
        ),
    )
    return Evidence(claim=claim.id, attributions=(outer, inner))
