"""Corrections applied to the findings of one article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import attrs

from quotes.chains import trees
from quotes.records import (
    Article,
    Beside,
    Claim,
    Correction,
    Hop,
    Kind,
    Mention,
    Origin,
    Outcome,
    Party,
    Passage,
    Relation,
    Review,
    Source,
    Span,
    digest,
)

RULE = "reader"
_ALIKE = 0.5  # the least share of code points that the words of a correction and a claim have in common
_FEWEST = 12  # code points of words that may be looked for away from their place


@attrs.frozen(kw_only=True)
class Corrected:
    """What the findings are with the corrections: each correction says what became of it."""

    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    corrections: tuple[Correction, ...]


def apply(
    article: Article,
    sources: Iterable[Source],
    claims: Iterable[Claim],
    passages: Sequence[Passage],
    corrections: Iterable[Correction],
) -> Corrected:
    """The findings of one article with the corrections that are about it, in their order.

    A correction finds its claim by the words it is about: at their place, or wherever else the article has them once.
    One that finds nothing changes nothing and says so in its outcome.
    """
    desk = _Desk(article, sources, claims, passages)
    done = [desk.take(each) for each in corrections if each.article in (None, article.id)]
    return Corrected(sources=desk.named(), claims=tuple(desk.claims), corrections=tuple(done))


class _Desk:
    """The findings while they are corrected."""

    def __init__(
        self, article: Article, sources: Iterable[Source], claims: Iterable[Claim], passages: Sequence[Passage]
    ) -> None:
        self.article = article
        self.sources = {source.id: source for source in sources}
        self.claims = list(claims)
        self.passages = passages

    def take(self, correction: Correction) -> Correction:
        """Does what the correction says; returns it with what became of it."""
        outcome, was = getattr(self, f"_{correction.do}")(correction)
        return attrs.evolve(correction, outcome=outcome, was=was)

    def named(self) -> tuple[Source, ...]:
        """The sources that are still named by some hop, and the bodies that they speak for."""
        ids = {source_id for claim in self.claims for hop in claim.chain for source_id, _ in _parties(hop)}
        ids |= {source.speaks_for for source in self.sources.values() if source.id in ids and source.speaks_for}
        return tuple(source for source in self.sources.values() if source.id in ids)

    # Each edit returns its outcome, and what the finding was before.

    def _accept(self, correction: Correction) -> tuple[Outcome, str]:
        at = self._claim_at(correction.claim)
        if at is None:
            return self._add(attrs.evolve(correction, content=correction.claim)) if correction.chain else ("lost", "")
        self.claims[at] = _reviewed(self.claims[at], "accepted")
        return "applied", ""

    def _reject(self, correction: Correction) -> tuple[Outcome, str]:
        at = self._claim_at(correction.claim)
        if at is None:
            return "already", ""
        gone = self.claims.pop(at)
        return "applied", _origin_names(gone)

    def _attribute(self, correction: Correction) -> tuple[Outcome, str]:
        at = self._claim_at(correction.claim)
        if at is None:
            return self._add(attrs.evolve(correction, content=correction.claim))
        claim = self.claims[at]
        kept = () if correction.whole else claim.chain[:-1]
        self.claims[at] = self._with_chain(claim, (*kept, *self._hops(correction.chain, claim)))
        return "applied", _chain_names(claim)

    def _content(self, correction: Correction) -> tuple[Outcome, str]:
        at = self._claim_at(correction.claim)
        content = self._places(correction.content)
        if at is None or not content:
            return "lost", ""
        claim = self.claims[at]
        was = " … ".join(span.text for span in claim.content)
        self.claims[at] = _reviewed(attrs.evolve(claim, content=content, kind=self._kind(content)), "changed")
        return "applied", was

    def _add(self, correction: Correction) -> tuple[Outcome, str]:
        content = self._places(correction.content)
        if not content or not correction.chain:
            return "lost", ""
        if (at := self._claim_at(content)) is not None:
            self.claims[at] = self._with_chain(self.claims[at], self._hops(correction.chain, self.claims[at]))
            return "applied", ""
        hops = self._hops(correction.chain, None)
        claim = Claim(
            id=digest(self.article.id, "claim", RULE, *((span.start, span.end) for span in content)),
            kind=self._kind(content),
            act="speech",
            origin=self._origin(hops),
            path=trees.path(hops),
            content=content,
            cue=None,
            source=hops[-1].mention,
            confidence=1.0,
            chain=hops,
            review="added",
        )
        self.claims.append(claim)
        self.claims.sort(key=lambda each: min(span.start for span in each.content))
        return "applied", ""

    def _join(self, correction: Correction) -> tuple[Outcome, str]:
        places = (*correction.mentions, *(None for _ in correction.sources))
        found = [self._source(Party(name=n, mention=m)) for n, m in zip(correction.sources, places, strict=False)]
        first, others = found[0], {source.id for source in found[1:] if source} - {found[0].id if found[0] else ""}
        if first is None or not others:
            return "lost", ""
        mentions = [mention for source in found if source for mention in source.mentions]
        role = next((source.role for source in found if source and source.role), None)
        self.sources[first.id] = attrs.evolve(first, role=role, mentions=_in_order(mentions))
        for gone in others:
            del self.sources[gone]
        self._rename(lambda source_id, _: first.id if source_id in others else source_id)
        return "applied", ""

    def _part(self, correction: Correction) -> tuple[Outcome, str]:
        whole = self._source(Party(name=correction.sources[0]))
        places = self._places(correction.mentions)
        if whole is None or not places:
            return "lost", ""
        taken = [each for each in whole.mentions if any(each.start < p.end and p.start < each.end for p in places)]
        taken = taken or [_mention(place) for place in places]
        new = self._new(attrs.evolve(correction.chain[0], kind=correction.chain[0].kind or whole.kind), taken)
        left = tuple(each for each in whole.mentions if each not in taken)
        self.sources[whole.id] = attrs.evolve(whole, mentions=left)

        def parted(source_id: str, mention: Span | None) -> str:
            own = mention is not None and any(mention.overlaps(place) for place in places)
            return new.id if source_id == whole.id and own else source_id

        self._rename(parted)
        return "applied", ""

    # Finding what a correction is about.

    def _claim_at(self, spans: Sequence[Span]) -> int | None:
        """The index of the claim whose content has most in common with the words, and enough."""
        places = self._places(spans)
        shares = [(_share(claim.content, places), -at) for at, claim in enumerate(self.claims)]
        share, at = max(shares, default=(0.0, 0))
        return -at if places and share >= _ALIKE else None

    def _places(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The spans where the article has their words; none where one is not found."""
        found = [self._place(span) for span in spans]
        return tuple(each for each in found if each) if all(found) else ()

    def _place(self, span: Span) -> Span | None:
        text = self.article.text
        if span.text and text[span.start : span.end] == span.text:
            return span
        wide = len(span.text) >= _FEWEST or (span.start, span.end) == (0, len(span.text))
        start = text.find(span.text) if span.text and wide and text.count(span.text) == 1 else -1
        return self.article.span(start, start + len(span.text)) if start >= 0 else None

    def _source(self, party: Party) -> Source | None:
        """The source with a mention there, or of that name, or with a mention of those very words."""
        place = self._place(party.mention) if party.mention else None
        name = party.name.casefold()
        sources = list(self.sources.values())
        there = (each for each in sources if place and _is_mentioned(each, place))
        named = (each for each in sources if name in {each.name.casefold(), (each.canonical or "").casefold()})
        called = (
            each for each in sources if any(m.form != "pronoun" and m.text.casefold() == name for m in each.mentions)
        )
        return next(chain(there, named, called), None)

    # Making what it says.

    def _hops(self, parties: Sequence[Party], claim: Claim | None) -> tuple[Hop, ...]:
        before = {hop.source: hop for hop in claim.chain} if claim else {}
        hops = []
        for at, party in enumerate(parties):
            last = at == len(parties) - 1
            place = self._place(party.mention) if party.mention else None
            source = self._source(party) or self._new(party, [_mention(place)] if place else [], relay=not last)
            kept = before.get(source.id)
            old = claim.chain[-1] if claim and last else None
            hops.append(kept or _hop(source, place, old, "said" if last else "reported"))
        return tuple(hops)

    def _new(self, party: Party, mentions: Sequence[Mention], *, relay: bool = False) -> Source:
        source = Source(
            id=digest(self.article.id, "source", RULE, party.name),
            name=party.name,
            kind=party.kind or ("outlet" if relay else "person"),
            mentions=tuple(mentions),
        )
        self.sources[source.id] = source
        return source

    def _with_chain(self, claim: Claim, hops: tuple[Hop, ...]) -> Claim:
        changed = attrs.evolve(
            claim, chain=hops, origin=self._origin(hops), path=trees.path(hops), source=hops[-1].mention
        )
        return _reviewed(changed, claim.review if claim.review == "added" else "changed")

    def _origin(self, hops: Sequence[Hop]) -> Origin:
        source = self.sources.get(hops[-1].source)
        if source is None or source.kind in ("anonymous", "group"):
            return "unnamed"
        return "document" if source.kind == "document" else "named"

    def _kind(self, content: Sequence[Span]) -> Kind:
        """Direct where all of the content is in quotation marks, mixed where some is."""
        total = sum(len(span) for span in content)
        speech = [each for each in self.passages if each.level == 0 and each.use == "speech"]
        quoted = sum(max(0, min(s.end, p.end) - max(s.start, p.start)) for s in content for p in speech)
        return "direct" if quoted == total else "mixed" if quoted else "indirect"

    def _rename(self, of: Callable[[str, Span | None], str]) -> None:
        """Gives every hop, and every source beside it, the source that `of` says for its id and mention."""
        for at, claim in enumerate(self.claims):
            hops = tuple(self._renamed(hop, of) for hop in claim.chain)
            if hops != claim.chain:
                self.claims[at] = self._with_chain(claim, _once(hops))
        for source in list(self.sources.values()):
            if source.speaks_for:
                self.sources[source.id] = attrs.evolve(source, speaks_for=of(source.speaks_for, None))

    def _renamed(self, hop: Hop, of: Callable[[str, Span | None], str]) -> Hop:
        own = of(hop.source, hop.mention)
        beside = tuple(self._beside(each, of) for each in hop.beside)
        if own == hop.source and beside == hop.beside:
            return hop
        name = self.sources[own].name if own != hop.source else hop.name
        return attrs.evolve(hop, source=own, name=name, resolved=True, beside=beside)

    def _beside(self, each: Beside, of: Callable[[str, Span | None], str]) -> Beside:
        own = of(each.source, None)
        return each if own == each.source else Beside(source=own, name=self.sources[own].name)


def _once(hops: Sequence[Hop]) -> tuple[Hop, ...]:
    """Hops without a source that stands twice in a row; the inner one has the words."""
    return tuple(
        hop for hop, inner in zip(hops, [*hops[1:], None], strict=True) if not inner or hop.source != inner.source
    )


def _is_mentioned(source: Source, place: Span) -> bool:
    return any(each.start < place.end and place.start < each.end for each in source.mentions)


def _hop(source: Source, mention: Span | None, old: Hop | None, relation: Relation) -> Hop:
    """A hop that the reader has made; it keeps the cue of the hop whose place it takes."""
    return Hop(
        source=source.id,
        name=source.name,
        relation=old.relation if old else relation,
        basis="stated",
        cue=old.cue if old else None,
        mention=mention,
        rule=RULE,
        confidence=1.0,
    )


def _mention(place: Span) -> Mention:
    return Mention(start=place.start, end=place.end, text=place.text, form="name")


def _in_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted(set(mentions), key=lambda each: (each.start, each.end)))


def _reviewed(claim: Claim, review: Review | None) -> Claim:
    return attrs.evolve(claim, review=review, confidence=1.0)


def _share(ours: Sequence[Span], theirs: Sequence[Span]) -> float:
    """The code points in common, of the mean length (Dice's coefficient)."""
    both = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in ours for b in theirs)
    total = sum(map(len, ours)) + sum(map(len, theirs))
    return 2 * both / total if total else 0.0


def _parties(hop: Hop) -> list[tuple[str, str]]:
    return [(hop.source, hop.name), *((each.source, each.name) for each in hop.beside)]


def _origin_names(claim: Claim) -> str:
    return " and ".join(name for _, name in _parties(claim.chain[-1])) if claim.chain else ""


def _chain_names(claim: Claim) -> str:
    return " < ".join(hop.name for hop in claim.chain)
