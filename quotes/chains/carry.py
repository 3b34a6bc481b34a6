"""Which relay of an earlier sentence still stands behind a claim that names none of its own."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from quotes.records import Hop

REACH = 3  # blocks
FADE = 0.8
FAINT = 0.6  # the same for a relay of another source's words, behind "was quoted as saying"


@attrs.frozen(kw_only=True)
class Link:
    """A chain under construction, or a sentence that only says where its source spoke.

    start: where it begins; block: the block that it stands in; outlets: the ids of its hops that are outlets;
    anew: whether it names an occasion of its own; quoted: whether it says that somebody quoted its source; one: whether
    its source is one of those who spoke before ("another villager said").
    """

    start: int
    block: int
    hops: tuple[Hop, ...]
    outlets: frozenset[str]
    anew: bool = False
    quoted: bool = False
    one: bool = False


Standing = tuple[int, tuple[Hop, ...]]


def carried(chains: Sequence[Link]) -> list[tuple[Hop, ...]]:
    """For each chain, in step, the hops that it carries: the relay before the same origin in a chain shortly before it.

    A chain with a relay of its own carries none and sets what is carried; so does one that names a new occasion, which
    ends it; a claim of another source in between leaves it in force; a follow-on beyond REACH blocks ends it. What
    somebody "was quoted as saying" carries the outlet that reported last in its block, or else the last relay; so does
    whoever speaks next in that block, and one of several who spoke in it before.
    """
    found: list[tuple[Hop, ...]] = [()] * len(chains)
    standing: dict[str, Standing] = {}
    last: Standing = (-REACH - 1, ())
    quoting = told = last
    for number in sorted(range(len(chains)), key=lambda index: chains[index].start):
        chain = chains[number]
        if not chain.hops:
            continue
        origin = chain.hops[-1].source
        relays = tuple(hop for hop in chain.hops[:-1] if hop.source in chain.outlets)
        if len(chain.hops) > 1:
            for at, hop in enumerate(chain.hops):
                before = tuple(each for each in chain.hops[:at] if each.source in chain.outlets)
                if before and hop.source not in chain.outlets:
                    standing[hop.source] = (chain.block, before)
            last = (chain.block, relays) if relays else last
            continue
        if chain.anew or origin in chain.outlets:
            standing.pop(origin, None)
            told = (chain.block, chain.hops) if origin in chain.outlets else told
            continue
        block, hops = standing.get(origin, (-REACH - 1, ()))
        fade = FADE
        if chain.quoted and not hops:
            (block, hops), fade = told if told[0] == chain.block else last, FAINT
            quoting = (chain.block, hops)
        elif not hops and chain.block in (quoting[0], last[0] if chain.one else None):
            (block, hops), fade = quoting if quoting[0] == chain.block else last, FAINT
        if hops and chain.block - block <= REACH:
            found[number] = tuple(_carry(hop, fade) for hop in hops)
            standing[origin] = last = (chain.block, hops)
    return found


def _carry(hop: Hop, fade: float) -> Hop:
    return attrs.evolve(
        hop, basis="carried", rule="carried", confidence=round(hop.confidence * fade, 2), cue=None, mention=None
    )
