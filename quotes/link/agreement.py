"""How often outlets that carry the same words give them the same origin: a measure that needs no gold.

Every disagreement is a source that one of the two articles leaves out, or one that was read wrongly in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product

import attrs

from quotes import lexicon as lexicons
from quotes.lexicon import Lexicon
from quotes.link.clusters import Cluster
from quotes.link.compare import REASONS, Comparer
from quotes.link.consensus import consensus
from quotes.link.members import Member, Reason
from quotes.link.names import Names
from quotes.link.wordings import Wording, wordings

MOST = 200  # members of one wording that are compared, the first by date


@attrs.frozen(kw_only=True)
class Pair:
    """Two claims of different outlets in one cluster whose words agree.

    reason, score: how; agree: whether both have the same origin; named: whether both name theirs; joined: whether one
    has no name, and is joined with the other's.
    """

    one: Member
    other: Member
    reason: Reason
    score: float
    agree: bool
    named: bool
    joined: bool


@attrs.frozen(kw_only=True)
class Agreement:
    """All pairs of one kind of link."""

    reason: Reason
    pairs: tuple[Pair, ...]

    @property
    def named(self) -> tuple[Pair, ...]:
        """The pairs in which both name an origin."""
        return tuple(pair for pair in self.pairs if pair.named)

    @property
    def disagreements(self) -> tuple[Pair, ...]:
        """The pairs with two origins, those first in which both are named."""
        apart = [pair for pair in self.pairs if not pair.agree]
        return tuple(sorted(apart, key=lambda pair: not pair.named))


def agreement(clusters: Iterable[Cluster], *, lexicon: Lexicon | None = None) -> tuple[Agreement, ...]:
    """How often the origins of claims of different outlets agree, for each way in which their words do (REASONS).

    Every two claims of a cluster are a pair, unless their own words are not linked.
    """
    names = Names(lexicon or lexicons.load())
    found: dict[Reason, list[Pair]] = {reason: [] for reason in REASONS}
    for cluster in clusters:
        for pair in _pairs(cluster, names):
            found[pair.reason].append(pair)
    return tuple(Agreement(reason=reason, pairs=tuple(pairs)) for reason, pairs in found.items())


def share(pairs: Iterable[Pair]) -> float | None:
    """The share of pairs that agree, in %; None where there are none."""
    told = [pair.agree for pair in pairs]
    return 100 * sum(told) / len(told) if told else None


def _pairs(cluster: Cluster, names: Names) -> Iterator[Pair]:
    told = consensus(cluster, names).cluster
    joined = {id(own): named for own, named in zip(cluster.members, told.members, strict=True)}
    for one, other, reason, score in _linked(cluster, names):
        if one.carrier != other.carrier:
            agree = _agree(one, other, names)
            yield Pair(
                one=one,
                other=other,
                reason=reason,
                score=score,
                agree=agree,
                named=bool(one.ends and other.ends),
                joined=not agree and _joined(joined[id(one)], joined[id(other)], names),
            )


def _linked(cluster: Cluster, names: Names) -> Iterator[tuple[Member, Member, Reason, float]]:
    """Every two members whose own words are linked, and how."""
    comparer = Comparer(names.lexicon, names)
    found: list[Wording] = wordings(cluster.members, names.lexicon)
    for wording in found:
        for one, other in combinations(wording.members[:MOST], 2):
            yield one, other, "verbatim", 1.0
    for longer, shorter in combinations(found, 2):
        linked = comparer.compare(longer, shorter)
        if linked is not None:
            for one, other in product(longer.members[:MOST], shorter.members[:MOST]):
                yield one, other, *linked


def _agree(one: Member, other: Member, names: Names) -> bool:
    if one.ends and other.ends:
        return names.same_end(one, other)
    return not one.ends and not other.ends and one.hops[-1].name.casefold() == other.hops[-1].name.casefold()


def _joined(one: Member, other: Member, names: Names) -> bool:
    return bool(one.elsewhere or other.elsewhere) and _agree(one, other, names)
