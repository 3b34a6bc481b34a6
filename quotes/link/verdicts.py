"""What is concluded from a claim's way, each conclusion with the articles, links and confidences that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import attrs

from quotes.certainty import UNCERTAIN
from quotes.link.clusters import Cluster
from quotes.link.members import Member, Reason
from quotes.link.travel import NO_ORIGIN, Travel

VerdictKind = Literal["independent", "single", "circle", "lost", "changed"]


@attrs.frozen(kw_only=True)
class Ground:
    """An article that a verdict rests on.

    reason, score: how its words agree with the one that it is linked to, None and 1 for the reference wording.
    """

    member: Member
    reason: Reason | None
    score: float

    @property
    def confidence(self) -> float:
        """Of its chain: the claim's, and of a source that is named elsewhere that of the join."""
        found = self.member.elsewhere
        return min(self.member.confidence, found.confidence) if found else self.member.confidence

    @property
    def doubtful(self) -> bool:
        return self.confidence < UNCERTAIN


@attrs.frozen(kw_only=True)
class Verdict:
    """A conclusion from a claim's way.

    kind: independent (several origins), single (one origin of several outlets), circle, lost or changed (words);
    about: the origins, the places of the circle, what was lost, or nothing; grounds: all articles that it rests on;
    uncertain: those of them whose chain is so doubtful that it may be otherwise.
    """

    kind: VerdictKind
    about: tuple[str, ...]
    grounds: tuple[Ground, ...]
    uncertain: tuple[Ground, ...]

    @property
    def confidence(self) -> float:
        """That of the least certain chain."""
        return min((each.confidence for each in self.grounds), default=1.0)


def verdicts(way: Travel) -> tuple[Verdict, ...]:
    """All that is concluded: on the origins first, then circles, losses and changes in their order."""
    grounds = _Grounds(way.cluster)
    return (
        *_on_origins(way, grounds),
        *(_verdict("circle", ring, grounds.of(_within(way, ring))) for ring in way.circles),
        *(_verdict("lost", each.lost, grounds.of((each.member, each.of))) for each in way.losses),
        *(_verdict("changed", (), grounds.of((each.member, each.of))) for each in way.changes),
    )


class _Grounds:
    """The links of a cluster by their members."""

    def __init__(self, cluster: Cluster) -> None:
        self._links = {id(link.member): link for link in cluster.links}

    def of(self, members: Iterable[Member]) -> tuple[Ground, ...]:
        return tuple(map(self._one, members))

    def _one(self, member: Member) -> Ground:
        link = self._links.get(id(member))
        return Ground(member=member, reason=link.reason if link else None, score=link.score if link else 1.0)


def _on_origins(way: Travel, grounds: _Grounds) -> Iterator[Verdict]:
    """One origin is doubtful by any chain, several by an origin that nothing but doubtful chains lead to."""
    found = [origin for origin in way.independent if origin.kind not in NO_ORIGIN]
    names = tuple(origin.name for origin in found)
    if way.single_origin and found:
        yield _verdict("single", names, grounds.of(way.carries))
    elif len(found) > 1:
        own = [grounds.of(_within(way, origin.carriers)) for origin in found]
        doubtful = (each for each in own if all(ground.doubtful for ground in each))
        rests_on = tuple(dict.fromkeys(ground for each in own for ground in each))
        uncertain = tuple(dict.fromkeys(ground for each in doubtful for ground in each))
        yield Verdict(kind="independent", about=names, grounds=rests_on, uncertain=uncertain)


def _within(way: Travel, carriers: Sequence[str]) -> Iterator[Member]:
    return (member for member in way.carries if member.carrier in carriers)


def _verdict(kind: VerdictKind, about: tuple[str, ...], grounds: tuple[Ground, ...]) -> Verdict:
    uncertain = tuple(ground for ground in grounds if ground.doubtful)
    return Verdict(kind=kind, about=about, grounds=grounds, uncertain=uncertain)
