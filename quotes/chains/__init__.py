"""From attributions and sources to claims with chains, and to their provenance trees.

nesting (which frame stands around which) → relays (outlets spoken to, carriers, sources cited) → hops → carry → trees.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import attrs

from quotes import syntax
from quotes.attribute.find_by_tagger import PATTERN as TAGGED
from quotes.attribute.prior import SOURCELESS
from quotes.chains import anonymity, carry, nesting, relays, settings, trees
from quotes.chains.outlets import Outlets
from quotes.chains.own import Own
from quotes.lexicon import CueEntry, Lexicon
from quotes.records import (
    Article,
    Attribution,
    Beside,
    Claim,
    Cue,
    Evidence,
    Hop,
    Origin,
    Parse,
    Relation,
    Source,
    Span,
    Tree,
    digest,
)
from quotes.speakers import Cast

__all__ = ["Chains", "build"]

Place = tuple[int, int]
THINGS = frozenset(["object", "object-more", "oblique"])
UNNAMED = "unnamed"
SETTING = 0.7  # how sure a sentence is that says where somebody spoke
HEDGE = "hedge"  # the rule of "reportedly"
WEAK = frozenset(["object", "object-more", "oblique", "infinitive", "object-infinitive", "noun-of"])


@attrs.frozen(kw_only=True)
class Chains:
    """All claims of an article in reading order, their trees and evidence, and the sources that they name."""

    claims: tuple[Claim, ...]
    trees: tuple[Tree, ...]
    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]


def build(article: Article, parse: Parse, attributions: Sequence[Attribution], cast: Cast, lexicon: Lexicon) -> Chains:
    """Claims with their chains, outermost hop first, the publisher left out."""
    return _Builder(article, parse, attributions, cast, lexicon).build()


class _Builder:
    def __init__(
        self, article: Article, parse: Parse, attributions: Sequence[Attribution], cast: Cast, lexicon: Lexicon
    ) -> None:
        self.article, self.parse, self.cast, self.lexicon = article, parse, cast, lexicon
        self.who = Outlets(article, parse, cast, lexicon)
        self.attributions = [self._as_reported(each) for each in attributions]
        self.sources = self.who.sources
        self.own = Own.of(article, lexicon)
        self.ends = [sentence.end for sentence in parse.sentences]
        self.block_ends = [block.end for block in article.blocks]
        told = (each for each in self.attributions if each.cue_at and each.act == "speech" and each.rule != TAGGED)
        self.claiming = {each.cue_at[0] for each in told if each.cue_at}

    def _as_reported(self, attribution: Attribution) -> Attribution:
        """The attribution; as speech where an outlet understands, that is has heard, what it tells."""
        at = attribution.source_at
        if attribution.act == "speech" or at is None or attribution.lemma not in self.lexicon.gleaning:
            return attribution
        return attrs.evolve(attribution, act="speech") if self.who.is_outlet(at) else attribution

    def build(self) -> Chains:
        frames = nesting.frames(self.attributions)
        held: dict[int, list[int]] = {}
        for index, holding in enumerate(frames):
            for outer in holding:
                held.setdefault(outer, []).append(index)
        links: list[tuple[int, tuple[int, ...], carry.Link]] = []
        for index, holding in enumerate(frames):
            if self._only_frames(index, held.get(index, [])) or self._part_of_frame(index, holding):
                continue
            around = tuple(at for at in holding if self._holds(at) and not self._only_introduces(at, index))
            link = self._link(index, around)
            if not self._is_own_headline(link):
                links.append((index, around, link))
        carried = carry.carried([*self._settings(), *(link for _, _, link in links)])[-len(links) :] if links else []
        claims, evidence = [], []
        for (index, around, link), more in zip(links, carried, strict=True):
            claim = self._claim(self.attributions[index], (*more, *self._with_condition(index, link.hops)))
            claims.append(claim)
            behind = tuple(self._with_rivals(self.attributions[at]) for at in (*around, index))
            evidence.append(Evidence(claim=claim.id, attributions=behind))
        grown = tuple(trees.tree(claim) for claim in claims if claim.act == "speech")
        return Chains(claims=tuple(claims), trees=grown, evidence=tuple(evidence), sources=tuple(self._named(claims)))

    def _is_own_headline(self, link: carry.Link) -> bool:
        if not link.hops or self.article.blocks[link.block].kind != "headline":
            return False
        return self.own.heads(link.hops[-1], self.sources.get(link.hops[-1].source))

    def _with_rivals(self, attribution: Attribution) -> Attribution:
        """The attribution with whoever else its source mention could have meant."""
        if attribution.source_at is None:
            return attribution
        return attrs.evolve(attribution, rivals=(*attribution.rivals, *self.who.resolve(attribution.source_at).rivals))

    def _only_frames(self, index: int, held: list[int]) -> bool:
        """Whether an attribution's content is no more than the attributions that it holds."""
        if self._only_quotes(index):
            return True
        inside = [at for at in held if not self._is_unsourced_passive(at) or self._is_reported_hearsay(at, [index])]
        # "X said that Y called Z “…”" tells what Y did as well as what Y said.
        loose = self.attributions[index].rule != "clause"
        inner = [
            self.attributions[at]
            for at in inside
            if (self._is_reported_thing(at, [index]) or not self._is_weak(at, unless_quoted=loose))
            and self.attributions[at].rule not in (TAGGED, HEDGE)
            and not self._is_shown(at)
        ]
        own = self.attributions[index]
        reaches = [reach for each in inner if each.act == "speech" for reach in self._reaches(each, own)]
        return bool(reaches) and nesting.covered(own, reaches) >= nesting.FRAME_SHARE

    def _only_quotes(self, index: int) -> bool:
        """Whether an outlet's "quoted X as saying" has nothing but the content of the saying."""
        own = self.attributions[index]
        if own.relation not in ("quoted", "cited") or own.cue_at is None:
            return False
        others = (
            other
            for other in self.attributions
            if other is not own and other.cue_at and other.relation not in ("quoted", "cited")
        )
        return any(other.cue_at[0] == own.cue_at[0] and nesting.alike(own, other) for other in others if other.cue_at)

    def _reaches(self, attribution: Attribution, outer: Attribution) -> list[nesting.Range]:
        """An attribution's extent inside another, and what else hangs from its cue: "Speaking in Brell, X said …"."""
        far = attribution.source is not None and not nesting.inside(attribution.source.start, outer)
        lent = far and attribution.rule == "quote" and self._is_participle(attribution)
        found = [nesting.extent(attrs.evolve(attribution, source=None) if lent else attribution)]
        if attribution.cue_at is not None:
            sentence = self.parse.sentences[attribution.cue_at[0]]
            for at in syntax.children(sentence, attribution.cue_at[1], "advcl", "obl", "advmod", "obl:unmarked"):
                words = sentence.subtree(at)
                found.append((sentence.words[words[0]].start, sentence.words[words[-1]].end))
        return found

    def _is_participle(self, attribution: Attribution) -> bool:
        at = attribution.cue_at
        return at is not None and self.parse.sentences[at[0]].words[at[1]].xpos == "VBG"

    def _part_of_frame(self, index: int, holding: list[int]) -> bool:
        """Whether an attribution that states nothing itself belongs to what another says ("confirmed their coming")."""
        if self._is_reported_thing(index, holding) or self._is_reported_hearsay(index, holding):
            return False
        if self.attributions[index].rule == HEDGE or self._is_shown(index):
            return any(self._holds(at) and not self._is_shown(at) for at in holding)
        weak = self._is_weak(index) or self._is_unsourced_passive(index)
        return weak and any(self._holds(at) and self.attributions[at].kind == "indirect" for at in holding)

    def _is_shown(self, index: int) -> bool:
        """Whether a thing bears something out and nobody says it: "the data show that …"."""
        own = self.attributions[index]
        if own.lemma not in self.lexicon.showing or own.source_at is None:
            return False
        word = self.parse.sentences[own.source_at[0]].words[own.source_at[1]]
        return word.upos == "NOUN" and self.cast.of(own.source_at).source.kind in ("document", "anonymous")

    def _is_reported_thing(self, index: int, holding: Sequence[int]) -> bool:
        """Whether a thing that somebody announced or warned of is all that an outlet reports."""
        own = self.attributions[index]
        if own.rule not in THINGS or own.source_at is None or not self._can_speak(own.source_at):
            return False
        return self._fills_outlets_frame(own, holding)

    def _is_reported_hearsay(self, index: int, holding: Sequence[int]) -> bool:
        """Whether "X is said to …" is all that an outlet reports."""
        own = self.attributions[index]
        said = own.lemma == "say" or own.lemma in self.lexicon.opinions
        hearsay = said and own.rule == "passive" and own.source is None
        return hearsay and self._fills_outlets_frame(own, holding)

    def _fills_outlets_frame(self, own: Attribution, holding: Sequence[int]) -> bool:
        frames = [self.attributions[at] for at in holding if self._holds(at)]
        return any(
            frame.source_at is not None
            and self.who.kind(self.who.resolve(frame.source_at).source_id) == "outlet"
            and nesting.covered(frame, self._reaches(own, frame)) >= nesting.FRAME_SHARE
            for frame in frames
        )

    def _can_speak(self, at: Place) -> bool:
        return relays.can_speak(self.parse.sentences[at[0]], at[1], self.lexicon)

    def _is_weak(self, index: int, *, unless_quoted: bool = True) -> bool:
        """Whether what an attribution reports may be a thing as well as a statement ("announced a fund")."""
        attribution = self.attributions[index]
        return attribution.rule in WEAK and (attribution.kind == "indirect" or not unless_quoted)

    def _is_unsourced_passive(self, index: int) -> bool:
        attribution = self.attributions[index]
        return attribution.source is None and attribution.rule.startswith("passive")

    def _only_introduces(self, outer: int, inner: int) -> bool:
        """Whether a passive without a source does no more than lead to "as saying": "X was quoted as saying"."""
        return self._is_unsourced_passive(outer) and self.attributions[inner].rule == "as-saying"

    def _holds(self, index: int) -> bool:
        attribution = self.attributions[index]
        voiceless = attribution.source_at is None and attribution.rule not in SOURCELESS
        return attribution.act == "speech" and not voiceless and self._is_known(attribution)

    def _is_known(self, attribution: Attribution) -> bool:
        """Whether the rules found an attribution, or its cue is one of speech: the tagger alone makes no frame."""
        entry = self._entry(attribution.lemma)
        return attribution.rule != TAGGED or (entry is not None and entry.act == "speech")

    def _link(self, index: int, around: tuple[int, ...]) -> carry.Link:
        hops: list[Hop] = []
        for at in (*around, index):
            hops += self._hops(self.attributions[at])
        hops = [*self._shared((*around, index)[0], hops), *hops]
        hops = [*self._neighbours(self.attributions[index], hops), *hops]
        hops = self._without_carried_documents(_distinct(hops))
        hops = [hop for hop in hops if not self._is_publisher(hop)] or hops[-1:]
        return self._as_link(nesting.extent(self.attributions[index])[0], hops, self.attributions[index])

    def _without_carried_documents(self, hops: list[Hop]) -> list[Hop]:
        """The hops without a document between the outlet that published it and whose words it holds."""
        return [
            hop
            for at, hop in enumerate(hops)
            if not (
                0 < at < len(hops) - 1 and hops[at - 1].rule == "carried-by" and self.who.kind(hop.source) == "document"
            )
        ]

    def _shared(self, index: int, hops: Sequence[Hop]) -> list[Hop]:
        """The relays of the cue that a cue without a subject goes on from: "told X that …, adding that …"."""
        leader = self._leader(index)
        if leader is None or not hops or hops[0].source != self._source_of(index):
            return []
        led = self._hops(self.attributions[leader])
        before = next((at for at, hop in enumerate(led) if hop.source == hops[0].source), 0)
        return led[:before]

    def _source_of(self, index: int) -> str | None:
        at = self.attributions[index].source_at
        return self.who.resolve(at).source_id if at is not None else None

    def _leader(self, index: int) -> int | None:
        """The cue of the same sentence whose subject is a later cue's source too."""
        own = self.attributions[index]
        if own.cue_at is None or own.source_at is None or own.source_at[0] != own.cue_at[0]:
            return None
        sentence, cue = self.parse.sentences[own.cue_at[0]], own.cue_at[1]
        word = sentence.words[cue]
        if syntax.child(sentence, cue, *syntax.SUBJECTS, *syntax.PASSIVE_SUBJECTS) is not None:
            return None
        if word.xpos != "VBG" and word.deprel != "conj":
            return None
        same = (
            at
            for at, other in enumerate(self.attributions)
            if other.source_at == own.source_at and other.cue_at and other.cue_at[0] == own.cue_at[0]
        )
        return next((at for at in same if self._cue_word(at) < cue), None)

    def _cue_word(self, index: int) -> int:
        at = self.attributions[index].cue_at
        return at[1] if at is not None else -1

    def _as_link(self, start: int, hops: Sequence[Hop], attribution: Attribution | None = None) -> carry.Link:
        return carry.Link(
            start=start,
            block=self._block(start),
            hops=tuple(hops),
            outlets=frozenset(hop.source for hop in hops if self.who.kind(hop.source) == "outlet"),
            anew=attribution is not None and settings.is_anew(self.parse, attribution, self.lexicon),
            quoted=attribution is not None and self._is_quoted(attribution),
            one=attribution is not None and _is_one_of_many(attribution),
        )

    def _is_quoted(self, attribution: Attribution) -> bool:
        """Whether somebody must have quoted the source: "X was quoted as saying"."""
        start = attribution.cue.start if attribution.cue else 0
        return attribution.rule == "as-saying" or self.article.text[:start].rstrip().endswith(" as")

    def _settings(self) -> Iterator[carry.Link]:
        """What sentences say of where somebody spoke, whether they report it too or not."""
        for sentence in self.parse.sentences:
            for speaker, relay in settings.led_in(self.article, sentence, self.lexicon, self.who):
                hops = [
                    self._relayed(relay, SETTING),
                    self._hop((sentence.index, speaker), "said", None, relay.rule, SETTING),
                ]
                if not self._is_publisher(hops[0]):
                    yield self._as_link(sentence.start, hops)

    def _with_condition(self, index: int, hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
        """The hops, the last with the words in which an unnamed origin asked not to be named."""
        attribution = self.attributions[index]
        place = attribution.cue_at or attribution.source_at
        if place is None or not hops or self._origin(hops) != "unnamed":
            return hops
        sentences = self.parse.sentences[place[0] : place[0] + 2]
        near = [each for each in sentences if each.index == place[0] or self._only_leads(each.index)]
        found = (anonymity.condition(self.article, each, attribution.content, self.lexicon) for each in near)
        words = next(filter(None, found), None)
        return (*hops[:-1], attrs.evolve(hops[-1], anonymity=words)) if words else hops

    def _neighbours(self, attribution: Attribution, hops: list[Hop]) -> list[Hop]:
        """The outlet that the sentence before or behind lends, where that sentence claims nothing itself."""
        if len(hops) != 1 or not attribution.content:
            return []
        start, end = nesting.extent(attribution)
        before, behind = bisect_right(self.ends, start) - 1, bisect_right(self.ends, end - 1) + 1
        found = [self._lent(before, hops[0])] if self._only_leads(before) else []
        if self._only_leads(behind) and not self._leads_on(behind):
            found.append(self._lent(behind, hops[0]) or self._carried_behind(behind))
        relay = next(filter(None, found), None)
        return [self._relayed(relay, attribution.confidence)] if relay else []

    def _only_leads(self, index: int) -> bool:
        return 0 <= index < len(self.ends) and index not in self.claiming

    def _leads_on(self, index: int) -> bool:
        """Whether a sentence leads to the one behind it rather than back to the one before it."""
        sentences = self.parse.sentences
        same = index > 0 and sentences[index].block == sentences[index - 1].block
        follows = index + 1 < len(sentences) and sentences[index + 1].block == sentences[index].block
        return not same or (follows and index + 1 in self.claiming)

    def _lent(self, index: int, hop: Hop) -> relays.Relay | None:
        """The outlet that a sentence says the source of a hop spoke to."""
        for speaker, relay in settings.led_in(self.article, self.parse.sentences[index], self.lexicon, self.who):
            if self.who.resolve((index, speaker)).source_id == hop.source:
                return relay
        return None

    def _carried_behind(self, index: int) -> relays.Relay | None:
        return settings.led_out(self.article, self.parse.sentences[index], self.lexicon, self.who)

    def _block(self, offset: int) -> int:
        return min(bisect_right(self.block_ends, offset), len(self.block_ends) - 1)

    def _hops(self, attribution: Attribution) -> list[Hop]:
        """The hops that one attribution gives: relays before its source, the source, whom that one cites."""
        found = list(relays.find(self.article, self.parse, attribution, self.lexicon, self.who))
        own = self._own_hop(attribution)
        before = [self._relayed(each, attribution.confidence) for each in found if not each.deeper]
        after = [self._relayed(each, attribution.confidence) for each in found if each.deeper]
        return [*before, *([own] if own else []), *after]

    def _relayed(self, relay: relays.Relay, confidence: float) -> Hop:
        return self._hop(relay.at, relay.relation, relay.cue, relay.rule, confidence)

    def _own_hop(self, attribution: Attribution) -> Hop | None:
        if attribution.source_at is None:
            return self._unsourced(attribution)
        return self._hop(
            attribution.source_at, attribution.relation, attribution.cue, attribution.rule, attribution.confidence
        )

    def _unsourced(self, attribution: Attribution) -> Hop:
        return Hop(
            source=digest(self.article.id, UNNAMED),
            name=UNNAMED,
            relation=attribution.relation,
            basis="stated",
            cue=attribution.cue,
            mention=None,
            rule=attribution.rule,
            confidence=attribution.confidence,
            resolved=True,
        )

    def _hop(self, at: Place, relation: Relation, cue: Span | None, rule: str, confidence: float) -> Hop:
        found = self.who.resolve(at)
        others = [other for other in self.cast.beside(at) if other.source_id != found.source_id]
        if rule == "transcript" and cue is not None:
            # A parser may hang the turn on its label: "MALM: 4:57, and the doors are shut".
            others = [other for other in others if other.mention.start < cue.start]
        for other in others:
            self.sources.setdefault(other.source_id, other.source)
        if rule in relays.RULES:
            parties = [found, *others]
            found, *others = [each for each in parties if not self.own.publishes(each.name, each.source)] or parties
        if self.who.kind(found.source_id) == "outlet" and relation == "said":
            relation = "reported"
        return Hop(
            source=found.source_id,
            name=found.name,
            relation=relation,
            basis="stated",
            cue=cue,
            mention=Span(start=found.mention.start, end=found.mention.end, text=found.mention.text),
            rule=rule,
            confidence=round(confidence * found.confidence, 2),
            resolved=found.resolved,
            beside=tuple(Beside(source=each.source_id, name=each.name) for each in others),
        )

    def _is_publisher(self, hop: Hop) -> bool:
        return self.own.publishes(hop.name, self.sources.get(hop.source))

    def _claim(self, attribution: Attribution, chain: tuple[Hop, ...]) -> Claim:
        cue = attribution.cue
        return Claim(
            id=digest(self.article.id, "claim", *((s.start, s.end) for s in attribution.content), cue and cue.start),
            kind=attribution.kind,
            act=attribution.act,
            origin=self._origin(chain),
            path=trees.path(chain),
            content=attribution.content,
            cue=self._cue(attribution),
            source=attribution.source,
            confidence=attribution.confidence,
            chain=chain,
        )

    def _cue(self, attribution: Attribution) -> Cue | None:
        if attribution.cue is None:
            return None
        entry, cue = self._entry(attribution.lemma), attribution.cue
        return Cue(
            start=cue.start,
            end=cue.end,
            text=cue.text,
            lemma=attribution.lemma,
            stance=entry.stance if entry else "neutral",
        )

    def _entry(self, lemma: str) -> CueEntry | None:
        lists = (self.lexicon.verbs, self.lexicon.nouns, self.lexicon.phrases)
        return next((found[lemma] for found in lists if lemma in found), None)

    def _origin(self, chain: tuple[Hop, ...]) -> Origin:
        last = chain[-1]
        if last.name == UNNAMED:
            return "unsourced"
        source = self.sources.get(last.source)
        if source is None:
            return "unnamed"
        if source.kind == "document":
            return "document"
        named = source.canonical is not None or any(mention.form == "name" for mention in source.mentions)
        named = named or (source.kind == "organization" and any(char.isupper() for char in source.name))
        return "named" if named and source.kind in ("person", "organization", "outlet") else "unnamed"

    def _named(self, claims: Sequence[Claim]) -> list[Source]:
        """The sources that some hop names, in the order of their first mention."""
        wanted = {hop.source for claim in claims for hop in claim.chain}
        wanted |= {each.source for claim in claims for hop in claim.chain for each in hop.beside}
        wanted |= {s.speaks_for for s in self.sources.values() if s.id in wanted and s.speaks_for}
        found = [source for source in self.sources.values() if source.id in wanted]
        found.sort(key=lambda source: (source.mentions[0].start if source.mentions else 0, source.id))
        if any(hop.name == UNNAMED for claim in claims for hop in claim.chain):
            found.append(Source(id=digest(self.article.id, UNNAMED), name=UNNAMED, kind="anonymous"))
        return found


def _distinct(hops: list[Hop]) -> list[Hop]:
    """Hops without a source that stands twice in a row, and without relays that are named already or as a part."""
    found: list[Hop] = []
    for hop in hops:
        again = hop.rule in relays.RULES and any(other.source == hop.source or _holds(other, hop) for other in found)
        if not again and (not found or found[-1].source != hop.source):
            found.append(hop)
    return found


def _holds(outer: Hop, inner: Hop) -> bool:
    """Whether a relay is named in another's mention: the NBC of "NBC’s Meet the Press"."""
    if outer.rule not in relays.RULES or outer.mention is None or inner.mention is None:
        return False
    return outer.mention.start <= inner.mention.start and inner.mention.end <= outer.mention.end


def _is_one_of_many(attribution: Attribution) -> bool:
    words = attribution.source.text.lower().split() if attribution.source else []
    return words[:1] in (["one"], ["another"], ["others"]) or words[:2] in (["a", "second"], ["a", "third"])
