"""Wordings that are linked, gathered so that no cluster drifts from one wording to the next.

A cluster is a star (the star algorithm of Aslam, Pelekhov and Rus, 2004): a representative and those that are linked
with it directly. A wording outside joins only where it is linked with more than half of a cluster's wordings, and so
do two stars.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from quotes.link.candidates import pairs
from quotes.link.compare import REASONS, Comparer, Found, contradict
from quotes.link.members import Member, Reason
from quotes.link.wordings import Wording
from quotes.records import digest

LONGER = 1.1  # how much longer than its representative a copy can be

Edges = Mapping[int, Mapping[int, Found]]


@attrs.frozen(kw_only=True)
class Link:
    """Why a member belongs to a cluster: how its wording agrees with another one's.

    to: the member that it agrees with, the representative wherever that is linked with it; score: the share of the
    wording that agrees, from 0 to 1.
    """

    member: Member
    reason: Reason
    score: float
    to: Member


@attrs.frozen(kw_only=True)
class Cluster:
    """One claim that several articles carry; links: one for each member but the representative, in order."""

    id: str
    representative: Member
    links: tuple[Link, ...]

    @property
    def members(self) -> tuple[Member, ...]:
        return (self.representative, *(link.member for link in self.links))


def clusters_of(wordings: Sequence[Wording], comparer: Comparer) -> Iterator[Cluster]:
    """The clusters of two members or more. wordings: longest first."""
    edges = _edges(wordings, comparer)
    for group in _joined(_settled(_stars(wordings, edges), wordings, edges), edges):
        cluster = _cluster(wordings, group, edges)
        if cluster.links:
            yield cluster


def _edges(wordings: Sequence[Wording], comparer: Comparer) -> Edges:
    edges: dict[int, dict[int, Found]] = defaultdict(dict)
    for longer, shorter in pairs(wordings):
        found = comparer.compare(wordings[longer], wordings[shorter])
        if found is not None:
            edges[longer][shorter] = edges[shorter][longer] = found
    return edges


def _stars(wordings: Sequence[Wording], edges: Edges) -> list[list[int]]:
    """Groups of places, the representative first: time and again the wording that stands for most members.

    A fragment stands for no whole: two wholes that share it need not be one claim.
    """
    free = set(range(len(wordings)))
    queue = [(-_stands_for(wordings, edges, at, free), at) for at in edges]
    heapq.heapify(queue)
    stars: list[list[int]] = []
    while queue:
        weight, at = heapq.heappop(queue)
        if at not in free:
            continue
        now = -_stands_for(wordings, edges, at, free)
        if now != weight:
            heapq.heappush(queue, (now, at))
            continue
        star = _coherent([at, *_followers(wordings, edges, at, free)], wordings, edges)
        free.difference_update(star)
        stars.append(star)
    return [*stars, *([at] for at in sorted(free))]


def _followers(wordings: Sequence[Wording], edges: Edges, at: int, free: set[int]) -> list[int]:
    """Those that are linked with a wording and not much longer, unless they put it in other words."""
    most = LONGER * len(wordings[at].tokens)
    near = edges.get(at, {}).items()
    return [
        far
        for far, (reason, _) in near
        if far in free
        and (far > at or reason == "paraphrase" or (reason != "fragment" and len(wordings[far].tokens) <= most))
    ]


def _coherent(star: Sequence[int], wordings: Sequence[Wording], edges: Edges) -> list[int]:
    """The star without those whose names or numbers contradict one that is surer to belong to it."""
    head = star[0]
    surest = sorted(star[1:], key=lambda far: (_rank(edges[head][far]), far))
    kept = [head]
    for far in surest:
        if not any(contradict(wordings[each], wordings[far]) for each in kept):
            kept.append(far)
    return [head, *sorted(kept[1:])]


def _stands_for(wordings: Sequence[Wording], edges: Edges, at: int, free: set[int]) -> int:
    """How many members a star around this wording would have; of equals the queue takes the longest."""
    return len(wordings[at].members) + sum(len(wordings[far].members) for far in _followers(wordings, edges, at, free))


def _settled(stars: list[list[int]], wordings: Sequence[Wording], edges: Edges) -> list[list[int]]:
    """The same stars, each wording with the representative that it agrees with best."""
    heads = {star[0]: star for star in stars}
    settled = {head: [head] for head in heads}
    for star in stars:
        for at in star[1:]:
            near = [head for head in edges[at] if head in heads]
            best = min(near, key=lambda head: (_rank(edges[at][head]), head != star[0], head))
            fits = not any(contradict(wordings[each], wordings[at]) for each in heads[best])
            settled[best if fits else star[0]].append(at)
    return list(settled.values())


def _rank(found: Found) -> tuple[int, float]:
    return REASONS.index(found[0]), -found[1]


def _joined(stars: list[list[int]], edges: Edges) -> list[list[int]]:
    """The stars, a smaller one added to a larger one where more than half of their pairs are linked."""
    star_of = {at: place for place, star in enumerate(stars) for at in star}
    for place in sorted(range(len(stars)), key=lambda each: (len(stars[each]), each)):
        star = stars[place]
        linked: dict[int, int] = defaultdict(int)
        for at in star:
            for far in edges.get(at, {}):
                if star_of[far] != place:
                    linked[star_of[far]] += 1
        most = max(linked, key=lambda each: (linked[each] / len(stars[each]), -each), default=None)
        if most is None or 2 * linked[most] <= len(star) * len(stars[most]):
            continue
        keep, give = (most, place) if len(stars[most]) >= len(star) else (place, most)
        stars[keep] += stars[give]
        star_of |= dict.fromkeys(stars[give], keep)
        stars[give] = []
    return [star for star in stars if star]


def _cluster(wordings: Sequence[Wording], group: Sequence[int], edges: Edges) -> Cluster:
    head = group[0]
    representative = wordings[head].members[0]
    links = [Link(member=each, reason="verbatim", score=1.0, to=representative) for each in wordings[head].members[1:]]
    for at in group[1:]:
        near = head if head in edges[at] else _nearest(at, group, edges)
        reason, score = edges[at][near]
        to = wordings[near].members[0]
        links += [Link(member=each, reason=reason, score=score, to=to) for each in wordings[at].members]
    return Cluster(
        id=digest("cluster", representative.article, representative.claim),
        representative=representative,
        links=tuple(links),
    )


def _nearest(at: int, group: Iterable[int], edges: Edges) -> int:
    linked = [each for each in group if each in edges[at]]
    return min(linked, key=lambda each: (_rank(edges[at][each]), each))
