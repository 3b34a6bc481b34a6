"""The same claim across articles: which claims repeat one another, and on how many independent origins they rest.

Claims are compared with the representative of a cluster, its longest member, and never with each other member, so
that a cluster cannot drift from one wording to the next.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Literal

import attrs

from quotes import lexicon as lexicons
from quotes.lexicon import Lexicon
from quotes.records import Claim, Origin, Report, digest

Reason = Literal["verbatim", "near-verbatim", "fragment", "paraphrase"]
REASONS: tuple[Reason, ...] = ("verbatim", "fragment", "near-verbatim", "paraphrase")

# Shortest wordings, in tokens, that link whoever said them; shorter ones need the same source.
ANY_SOURCE = {"verbatim": 6, "fragment": 8, "near-verbatim": 8}
SHORTEST_FRAGMENT = 4
NEAR_VERBATIM = 0.85
PARAPHRASE = 0.5
SHARED_STEMS = 3
STEM = 6
SHINGLE = 3
COMMON = 400  # a key that so many representatives have tells nothing apart
CANDIDATES = 20

NAMED: tuple[Origin, ...] = ("named", "document")

TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
SENTENCE_END = frozenset(".!?…")
OPENING = " \n\t\"'“‘«„("

Key = tuple[str, ...]


@attrs.frozen(kw_only=True)
class Member:
    """A claim as one article carries it.

    article, claim: ids; text: its content in one line; chain: the names of its hops, outermost first, outlets by the
    lexicon's name; sources: the named sources at its origin, none where it is unnamed or unsourced.
    """

    article: str
    claim: str
    text: str
    origin: Origin
    chain: tuple[str, ...]
    sources: tuple[str, ...]
    publisher: str | None
    published: str | None
    path: str | None


@attrs.frozen(kw_only=True)
class Link:
    """Why a member belongs to a cluster: how its wording agrees with the representative's.

    score: the share of the wording that agrees, from 0 to 1.
    """

    member: Member
    reason: Reason
    score: float


@attrs.frozen(kw_only=True)
class Cluster:
    """One claim that several articles carry; links: one for each member but the representative, in order."""

    id: str
    representative: Member
    links: tuple[Link, ...]

    @property
    def members(self) -> tuple[Member, ...]:
        return (self.representative, *(link.member for link in self.links))


def link_claims(reports: Iterable[Report], *, lexicon: Lexicon | None = None) -> tuple[Cluster, ...]:
    """The claims that at least two articles carry, those with most members first.

    The reports' order does not matter. Belief and intent are left out. Negators are taken from the lexicon, the
    package's where none is given.
    """
    return link_members((member for report in reports for member in members(report)), lexicon=lexicon)


def link_members(found: Iterable[Member], *, lexicon: Lexicon | None = None) -> tuple[Cluster, ...]:
    """The same for claims that were taken from their reports before."""
    negators = (lexicon or lexicons.load()).negators
    wordings = [wording for member in found if (wording := _wording(member, negators)).tokens]
    wordings.sort(key=_Wording.order)
    clusters = (_cluster(rep, links) for rep, links in _grouped(wordings))
    shared = [cluster for cluster in clusters if len({_carrier(member) for member in cluster.members}) > 1]
    return tuple(sorted(shared, key=lambda cluster: (-len(cluster.links), cluster.id)))


def origins(cluster: Cluster) -> tuple[str, ...]:
    """The independent origins of a cluster, by name: its length is their number.

    One name within another of the same ending ("Duarte", "Ana Duarte") is one origin. An unnamed origin stands by
    whoever heard it: the nearest relay, or the publisher; those that nobody is known to have heard count as one.
    """
    named = {source for member in cluster.members for source in member.sources}
    found: list[str] = []
    for name in sorted(named, key=lambda each: (-len(words(each)), each)):
        if not any(_same_name(name, other) for other in found):
            found.append(name)
    heard_by = {_hearer(member) for member in cluster.members if not member.sources}
    return (*found, *(f"unnamed ({hearer})" if hearer else "unnamed" for hearer in sorted(heard_by)))


def members(report: Report) -> Iterator[Member]:
    """The claims of a report that can be linked: speech, with a chain."""
    article = report.article
    canonical = {source.id: source.canonical for source in report.sources}
    for claim in report.claims:
        if claim.act == "speech" and claim.chain:
            yield Member(
                article=article.id,
                claim=claim.id,
                text=" … ".join(span.text for span in claim.content),
                origin=claim.origin,
                chain=tuple(canonical.get(hop.source) or hop.name for hop in claim.chain),
                sources=_origin_names(claim, canonical),
                publisher=article.publisher,
                published=article.published,
                path=article.path,
            )


def _origin_names(claim: Claim, canonical: Mapping[str, str | None]) -> tuple[str, ...]:
    last = claim.chain[-1]
    if claim.origin not in NAMED or not last.resolved:
        return ()
    ends = [(last.source, last.name), *((other.source, other.name) for other in last.beside)]
    return tuple(canonical.get(source) or name for source, name in ends)


@attrs.frozen(kw_only=True)
class _Wording:
    """What of a member is compared. line: its tokens, each between two spaces."""

    member: Member
    tokens: tuple[str, ...]
    line: str
    stems: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    negations: int
    negators: frozenset[str]

    def order(self) -> tuple[object, ...]:
        """Longest first, so that a fragment meets its whole; then by content alone, whatever order they came in."""
        member = self.member
        return -len(self.tokens), self.tokens, member.article, member.claim, member.publisher or "", member.path or ""


def _wording(member: Member, negators: frozenset[str]) -> _Wording:
    tokens = words(member.text)
    return _Wording(
        member=member,
        tokens=tokens,
        line=f" {' '.join(tokens)} ",
        stems=frozenset(token[:STEM] for token in tokens if len(token) > 3 or token[0].isdigit()),
        numbers=frozenset(token for token in tokens if token[0].isdigit()),
        names=_names(member.text),
        negations=sum(_negates(token, negators) for token in tokens),
        negators=negators,
    )


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text as they are compared: case, punctuation and possessive endings do not count."""
    return tuple(_folded(token) for token in TOKEN.findall(_plain(text)))


def _names(text: str) -> frozenset[str]:
    """The tokens that a capital letter shows to be names: none at the start of a sentence, no "I"."""
    plain = _plain(text)
    capital = (match for match in TOKEN.finditer(plain) if match[0][0].isupper() and match[0][1:2] not in ("", "'"))
    return frozenset(_folded(match[0]) for match in capital if not _starts_sentence(plain, match.start()))


def _starts_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at].rstrip(OPENING)
    return not before or before[-1] in SENTENCE_END


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'")


def _folded(token: str) -> str:
    return token.casefold().replace(",", "").removesuffix("'s")


def _negates(token: str, negators: frozenset[str]) -> bool:
    return token in negators or token.endswith("n't")


def _grouped(wordings: Iterable[_Wording]) -> Iterator[tuple[_Wording, list[Link]]]:
    """Each representative with the links to it. wordings: longest first."""
    representatives: list[tuple[_Wording, list[Link]]] = []
    index: dict[Key, list[int]] = defaultdict(list)
    for wording in wordings:
        keys = _keys(wording)
        best = _best_link(wording, [(at, representatives[at][0]) for at in _candidates(keys, index)])
        if best is not None:
            at, link = best
            representatives[at][1].append(link)
            continue
        for key in keys:
            if len(index[key]) < COMMON:
                index[key].append(len(representatives))
        representatives.append((wording, []))
    yield from representatives


def _keys(wording: _Wording) -> set[Key]:
    """What a wording shares with those that may be the same claim: runs of tokens; and stems with the same source."""
    tokens = wording.tokens
    keys: set[Key] = {tokens[at : at + SHINGLE] for at in range(max(1, len(tokens) - SHINGLE + 1))}
    endings = {words(source)[-1] for source in wording.member.sources if words(source)}
    keys.update((ending, stem) for ending in endings for stem in wording.stems)
    return keys


def _candidates(keys: set[Key], index: dict[Key, list[int]]) -> list[int]:
    """The representatives that share most keys, the earliest first among equals."""
    shared = Counter(at for key in keys if key in index and len(index[key]) < COMMON for at in index[key])
    return sorted(shared, key=lambda at: (-shared[at], at))[:CANDIDATES]


def _best_link(wording: _Wording, candidates: list[tuple[int, _Wording]]) -> tuple[int, Link] | None:
    found = [(at, link) for at, rep in candidates if (link := _compare(wording, rep)) is not None]
    return min(found, key=lambda each: (REASONS.index(each[1].reason), -each[1].score, each[0]), default=None)


def _compare(wording: _Wording, rep: _Wording) -> Link | None:
    same = _same_source(wording.member, rep.member)
    if wording.tokens == rep.tokens:
        return _link(wording, "verbatim", 1.0, same)
    if len(wording.tokens) >= SHORTEST_FRAGMENT and _is_fragment(wording, rep):
        return _link(wording, "fragment", 1.0, same)
    if wording.numbers != rep.numbers or wording.negations != rep.negations or not _names_agree(wording, rep):
        return None
    ratio = _ratio(wording.tokens, rep.tokens)
    if ratio >= NEAR_VERBATIM:
        return _link(wording, "near-verbatim", ratio, same)
    overlap = _overlap(wording.stems, rep.stems)
    if same and overlap >= PARAPHRASE:
        return _link(wording, "paraphrase", overlap, same)
    return None


def _link(wording: _Wording, reason: Reason, score: float, same_source: bool) -> Link | None:
    if not same_source and len(wording.tokens) < ANY_SOURCE.get(reason, 0):
        return None
    return Link(member=wording.member, reason=reason, score=round(score, 2))


def _is_fragment(wording: _Wording, rep: _Wording) -> bool:
    """Whether it stands in the representative word for word, with no negation just before it that it leaves out."""
    before, found, _ = rep.line.partition(wording.line)
    return bool(found) and not any(_negates(token, rep.negators) for token in before.split()[-3:])


def _ratio(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    shared = sum((Counter(ours) & Counter(theirs)).values())
    if 2 * shared / (len(ours) + len(theirs)) < NEAR_VERBATIM:  # the ratio's upper bound, a good deal cheaper
        return 0.0
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def _overlap(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """The share of stems in common, each weighted by its length: long words are rare words."""
    shared = ours & theirs
    if len(shared) < SHARED_STEMS:
        return 0.0
    return sum(map(len, shared)) / sum(map(len, ours | theirs))


def _names_agree(ours: _Wording, theirs: _Wording) -> bool:
    return ours.names <= set(theirs.tokens) or theirs.names <= set(ours.tokens)


def _same_source(ours: Member, theirs: Member) -> bool:
    return any(_same_name(one, other) for one in ours.sources for other in theirs.sources)


def _same_name(ours: str, theirs: str) -> bool:
    """Whether one name is the other or its end and parts of it: "Duarte", "Ana Duarte", "Mayor Ana Duarte"."""
    one, other = words(ours), words(theirs)
    if not one or not other:
        return ours == theirs
    return one[-1] == other[-1] and (set(one) <= set(other) or set(other) <= set(one))


def _hearer(member: Member) -> str:
    return member.chain[-2] if len(member.chain) > 1 else member.publisher or ""


def _carrier(member: Member) -> tuple[str, str | None, str | None]:
    return member.article, member.publisher, member.path


def _cluster(rep: _Wording, links: list[Link]) -> Cluster:
    return Cluster(
        id=digest("cluster", rep.member.article, rep.member.claim), representative=rep.member, links=tuple(links)
    )
