"""Claims as articles carry them: what of a report can be linked to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import attrs

from quotes.lexicon import Lexicon
from quotes.link.people import untangled
from quotes.records import Basis, Claim, Hop, Kind, Origin, Report, Source, SourceKind

Reason = Literal["verbatim", "fragment", "near-verbatim", "paraphrase"]
NAMED: tuple[Origin, ...] = ("named", "document")


@attrs.frozen(kw_only=True)
class Teller:
    """One hop of a member's chain.

    name: an outlet's by the lexicon; kind: None where the source is not known; beside: the names of those who stand
    side by side with it; published: when the article was that gives it this role.
    """

    name: str
    kind: SourceKind | None = None
    role: str | None = None
    basis: Basis = "stated"
    resolved: bool = True
    beside: tuple[str, ...] = ()
    published: str | None = None


@attrs.frozen(kw_only=True)
class Member:
    """A claim as one article carries it.

    article, claim: ids; text: its content in one line; hops: outermost first, the origin last; publisher: by the
    lexicon's name where it has one; path: the article's file; spans: where the content stands in the article, in code
    points, ends excluded; confidence: of the claim, from 0 to 1; elsewhere: who other articles name as its origin,
    where this one does not.
    """

    article: str
    claim: str
    text: str
    origin: Origin
    hops: tuple[Teller, ...]
    kind: Kind = "indirect"
    publisher: str | None = None
    published: str | None = None
    path: str | None = None
    spans: tuple[tuple[int, int], ...] = ()
    confidence: float = 1.0
    elsewhere: Elsewhere | None = None

    @property
    def chain(self) -> tuple[str, ...]:
        """The names of its hops, outermost first."""
        return tuple(hop.name for hop in self.hops)

    @property
    def ends(self) -> tuple[Teller, ...]:
        """The named sources at its origin, none where it is unnamed, unsourced or not resolved.

        Where it is named elsewhere, that source.
        """
        if self.elsewhere is not None:
            return (self.elsewhere.source,)
        last = self.hops[-1]
        if self.origin not in NAMED or not last.resolved:
            return ()
        return (last, *(attrs.evolve(last, name=name, role=None, beside=()) for name in last.beside))

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(end.name for end in self.ends)

    @property
    def hearer(self) -> str:
        """Who heard the origin: the nearest relay, or the publisher; empty where nobody is known to have."""
        return self.hops[-2].name if len(self.hops) > 1 else self.publisher or ""

    @property
    def carrier(self) -> str:
        """Where a reader finds it: the publisher, or the file where none is known."""
        return self.publisher or self.path or self.article


@attrs.frozen(kw_only=True)
class Evidence:
    """An article that names the source of the same words.

    reason, score: how its words agree; confidence: the score times the confidence of its claim.
    """

    member: Member
    reason: Reason
    score: float
    confidence: float


@attrs.frozen(kw_only=True)
class Elsewhere:
    """The origin of a claim as other articles name it; evidence: the surest first; confidence: the surest one's."""

    source: Teller
    evidence: tuple[Evidence, ...]
    confidence: float


def members(report: Report, lexicon: Lexicon) -> Iterator[Member]:
    """The claims of a report that can be linked: speech, with a chain."""
    sources = {source.id: source for source in report.sources}
    for claim in report.claims:
        if claim.act == "speech" and claim.chain:
            yield _member(report, claim, sources, lexicon)


def outlet_name(name: str | None, lexicon: Lexicon) -> str | None:
    """The lexicon's name for an outlet, by its name, an alias or its domain; the name itself where it has none."""
    if not name:
        return None
    known = lexicon.outlets.get(name.lower()) or (lexicon.by_domain(name) if "." in name else None)
    return known.name if known else name


def _member(report: Report, claim: Claim, sources: Mapping[str, Source], lexicon: Lexicon) -> Member:
    article = report.article
    return Member(
        article=article.id,
        claim=claim.id,
        text=" … ".join(span.text for span in claim.content),
        origin=claim.origin,
        hops=tuple(teller(**_known(hop, sources), published=article.published, lexicon=lexicon) for hop in claim.chain),
        kind=claim.kind,
        publisher=outlet_name(article.publisher, lexicon),
        published=article.published,
        path=article.path,
        spans=tuple((span.start, span.end) for span in claim.content),
        confidence=claim.confidence,
    )


def teller(*, name: str, kind: SourceKind | None, role: str | None, lexicon: Lexicon, **told: Any) -> Teller:
    """One hop by what a report tells of it."""
    name, role = untangled(name, role, lexicon) if kind == "person" else (name, role)
    return Teller(name=name, kind=kind, role=role, **told)


def _known(hop: Hop, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(hop.source)
    return {
        "name": (source.canonical if source else None) or hop.name,
        "kind": source.kind if source else None,
        "role": source.role if source else None,
        "basis": hop.basis,
        "resolved": hop.resolved,
        "beside": tuple(_name(other.source, other.name, sources) for other in hop.beside),
    }


def _name(source: str, name: str, sources: Mapping[str, Source]) -> str:
    known = sources.get(source)
    return (known.canonical if known else None) or name
