"""How often outlets that carry the same words give them the same origin: a measure that needs no gold.

Every disagreement is a source that one of the two articles leaves out, or one that was read wrongly in it.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from quotes import lexicon as lexicons
from quotes.lexicon import Lexicon
from quotes.link.clusters import Cluster, Link
from quotes.link.compare import REASONS
from quotes.link.consensus import consensus
from quotes.link.members import Member, Reason
from quotes.link.names import Names


@attrs.frozen(kw_only=True)
class Pair:
    """Two claims of different outlets whose words are linked.

    agree: whether both have the same origin; named: whether both name theirs; joined: whether one has no name, and is
    joined with the other's.
    """

    link: Link
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
    """How often the origins of linked claims of different outlets agree, for each kind of link in REASONS.

    Each member is compared with the one that its link names, so a claim of n articles gives at most n - 1 pairs.
    """
    names = Names(lexicon or lexicons.load())
    found: dict[Reason, list[Pair]] = {reason: [] for reason in REASONS}
    for cluster in clusters:
        told = consensus(cluster, names).cluster
        for link, joined in zip(cluster.links, told.links, strict=True):
            if link.member.carrier != link.to.carrier:
                found[link.reason].append(_pair(link, joined, names))
    return tuple(Agreement(reason=reason, pairs=tuple(pairs)) for reason, pairs in found.items())


def share(pairs: Iterable[Pair]) -> float | None:
    """The share of pairs that agree, in %; None where there are none."""
    told = [pair.agree for pair in pairs]
    return 100 * sum(told) / len(told) if told else None


def _pair(link: Link, told: Link, names: Names) -> Pair:
    named = bool(link.member.ends and link.to.ends)
    agree = _agree(link.member, link.to, names)
    joined = not agree and told != link and _agree(told.member, told.to, names)
    return Pair(link=link, agree=agree, named=named, joined=joined)


def _agree(one: Member, other: Member, names: Names) -> bool:
    if one.ends and other.ends:
        return names.same_end(one, other)
    return not one.ends and not other.ends and one.hops[-1].name.casefold() == other.hops[-1].name.casefold()
