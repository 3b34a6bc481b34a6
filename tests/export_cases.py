"""Reports made by hand for the tests of the exports: every kind of chain, hostile words."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import attrs

from quotes import export, records
from quotes.records import (
    Article,
    Beside,
    Block,
    Claim,
    Credit,
    Cue,
    Evidence,
    Hop,
    Issue,
    Mention,
    Node,
    Passage,
    Report,
    Source,
    Span,
    Tree,
    digest,
)

TEXT = (
    "PORT SELWYN (AFP) -- The ferry will sail on Monday, harbour master Ana Duarte said, according to Coast Radio "
    "and the Selwyn Herald.\n\n"
    "“The cranes stand still 🙂,” she added, “until the inspectors\nhave signed.”\n\n"
    "=SUM(A1:A9) is the new fare, council spokesman Karl Öde said. A guard, who feared for his job, denied it.\n"
    "Fares will reportedly rise. The audit letter says <script>alert(`x`)</script> "
    '[end] | "done" \x1b[31m\u202e1. go.\n'
    "Police believe the winch was cut. «الميناء مغلق»، قال سالم البحر."
)
ARTICLE = Article(
    text=TEXT,
    path="articles/ferry_1.txt",
    title='Ferry "sails" <b>again</b>',
    publisher="Selwyn & Sons [Daily]",
    dateline="PORT SELWYN",
    credit=(Credit(name="AFP", start=13, end=16),),
    published="2024-05-01",
    url="https://example.org/ferry?a=1&b=2",
    blocks=(Block(start=0, end=len(TEXT), kind="paragraph"),),
)


def at(words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return ARTICLE.span(start, start + len(words))


def cue(words: str, lemma: str, stance: str = "neutral", nth: int = 0) -> Cue:
    return Cue(**attrs.asdict(at(words, nth)), lemma=lemma, stance=stance)


def source(name: str, kind: records.SourceKind, mentions: tuple[Span, ...] = (), **more: Any) -> Source:
    found = tuple(Mention(**attrs.asdict(span), form="name") for span in mentions)
    return Source(id=digest("source", name), name=name, kind=kind, mentions=found, **more)


DUARTE = source("Ana Duarte", "person", (at("harbour master Ana Duarte"), at("she")), role="harbour master")
RADIO = source("Coast Radio", "outlet", (at("Coast Radio"),), canonical="Coast Radio", country="NZ", ownership="public")
HERALD = source("the Selwyn Herald", "outlet", (at("the Selwyn Herald"),))
COUNCIL = source("council", "organization")
ODE = source("Karl Öde", "person", (at("council spokesman Karl Öde"),), speaks_for=COUNCIL.id)
GUARD = source("A guard", "anonymous", (at("A guard"),))
UNNAMED = source("unnamed", "anonymous")
LETTER = source("The audit letter", "document", (at("The audit letter"),))
POLICE = source("Police", "group", (at("Police"),))
SALEM = source("سالم البحر", "person", (at("سالم البحر"),))


def hop(of: Source, signal: Span | Cue | None, mention: Span | None, **more: Any) -> Hop:
    span = signal and ARTICLE.span(signal.start, signal.end)
    values: dict[str, Any] = {"relation": "said", "basis": "stated", "rule": "clause", "confidence": 0.9}
    return Hop(source=of.id, name=of.name, cue=span, mention=mention, **{**values, **more})


def claim(kind: records.Kind, content: tuple[Span, ...], signal: Cue | None, *chain: Hop, **more: Any) -> Claim:
    values: dict[str, Any] = {"act": "speech", "origin": "named", "path": "straight", "confidence": 0.87}
    mention = chain[-1].mention
    number = digest("claim", *(span.start for span in content))
    return Claim(id=number, kind=kind, content=content, cue=signal, source=mention, chain=chain, **{**values, **more})


SAID, ADDED, DENIED = cue("said", "say"), cue("added", "add", "assertive"), cue("denied", "deny", "assertive")
BESIDE = (Beside(source=HERALD.id, name=HERALD.name),)
RELAY = hop(RADIO, at("according to"), at("Coast Radio"), relation="reported", rule="according-to", beside=BESIDE)
CARRIED = attrs.evolve(RELAY, basis="carried", confidence=0.61)
FEARED = at("who feared for his job")
WINCH, FARES = cue("believe", "believe"), cue("reportedly", "reportedly", "doubtful")
SALEM_SAID = cue("قال", "say")
FERRY = claim(
    "indirect",
    (at("The ferry will sail on Monday"),),
    SAID,
    RELAY,
    hop(DUARTE, SAID, DUARTE_AT := at("harbour master Ana Duarte")),
    path="relayed",
)
CRANES = claim(
    "direct",
    (at("The cranes stand still 🙂"), at("until the inspectors\nhave signed")),
    ADDED,
    CARRIED,
    hop(DUARTE, ADDED, at("she")),
    path="relayed",
)
FARE = claim(
    "indirect",
    (at("=SUM(A1:A9) is the new fare"),),
    cue("said", "say", nth=1),
    hop(ODE, at("said", 1), at("council spokesman Karl Öde")),
)
IT = claim(
    "indirect",
    (at("it."),),
    DENIED,
    hop(GUARD, DENIED, at("A guard"), anonymity=FEARED, resolved=False),
    origin="unnamed",
)
RISE = claim(
    "indirect", (at("Fares will"), at("rise")), FARES, hop(UNNAMED, FARES, None, rule="hedge"), origin="unsourced"
)
AUDIT = claim(
    "mixed",
    (at('<script>alert(`x`)</script> [end] | "done" \x1b[31m\u202e1. go'),),
    cue("says", "say"),
    hop(LETTER, at("says"), at("The audit letter"), relation="wrote"),
    origin="document",
)
BELIEF = claim(
    "indirect", (at("the winch was cut"),), WINCH, hop(POLICE, WINCH, at("Police")), act="belief", origin="unnamed"
)
ARABIC = claim("direct", (at("الميناء مغلق"),), SALEM_SAID, hop(SALEM, SALEM_SAID, at("سالم البحر")))


def tree(of: Claim) -> Tree:
    nodes: tuple[Node, ...] = ()
    for link in reversed(of.chain):
        nodes = tuple(Node(source=name, children=nodes) for name in (link.source, *(b.source for b in link.beside)))
    return Tree(claim=of.id, children=nodes)


CLAIMS = (FERRY, CRANES, FARE, IT, RISE, AUDIT, BELIEF, ARABIC)
REPORT = Report(
    article=ARTICLE,
    sources=(DUARTE, RADIO, HERALD, COUNCIL, ODE, GUARD, UNNAMED, LETTER, POLICE, SALEM),
    passages=(
        Passage(**attrs.asdict(CRANES.content[0]), claim=CRANES.id, outer=(at("“The").start, at("🙂,”").end)),
        Passage(
            **attrs.asdict(at("done")), use="scare", outer=(at('"done"').start, at('"done"').end), level=1, closed=False
        ),
    ),
    claims=CLAIMS,
    trees=tuple(tree(each) for each in CLAIMS if each.act == "speech"),
    issues=(Issue(kind="odd-mark", message="A mark stands alone.", start=3, end=4), Issue(kind="x", message="y")),
    settings={"min_confidence": 0.0, "models": "bundled"},
    versions={"quotes": "0.1.0", "model": "en-1"},
    evidence=(Evidence(claim=FERRY.id, attributions=()),),
)
EMPTY = Report(article=Article(text=""), sources=(), passages=(), claims=(), trees=())


def comparable(report: Report) -> Report:
    return attrs.evolve(report, article=attrs.evolve(report.article, blocks=(), issues=()))


def hostile_report(words: str) -> Report:
    name = attrs.evolve(ODE, name=words)
    bad = attrs.evolve(FARE, content=(Span(start=0, end=len(words), text=words),))
    bad = attrs.evolve(bad, chain=(attrs.evolve(FARE.chain[0], name=words, cue=bad.content[0]),))
    return attrs.evolve(REPORT, article=Article(text=words), sources=(name,), claims=(bad,), trees=(tree(bad),))


HOSTILE = [
    '"]; click a0c0 "javascript:alert(1)"',
    "<img src=x onerror=alert(1)>",
    "`code` **bold** _it_",
    "a\nb\r\nc\td",
    "1. one",
    "- list",
    "#quot; #35; &lt; ﬂ°°60¶ß",
    "%%{init: {}}%%",
    "end",
    "| a | b |",
    "((([[[{{{",
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1",
    "\x1b]0;title\x07",
    "\u202egpj.exe",
    "🙂👩‍👩‍👧",
    "مرحبا بالعالم",
    "x" * 500,
]


# A line of our Mermaid flowcharts: a box or an arrow, nothing in the labels that could end them.
LINE = re.compile(
    r'    [a-z0-9]+(\["[^"<>`\[\]{}|\\]*(<br/>[a-z, ]+)?"\]|\("[^"<>`\[\]{}|\\()]*"\)'
    r'| (-->|-\.->)(\|"[^"<>`|]*"\|)? [a-z0-9]+)'
)


def rows(report: Report, **options: bool) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.render([report], "csv", **options)), strict=True))


def tokens(report: Report) -> list[list[str]]:
    lines = export.render([report], "conll").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]
