"""Which relay of an earlier sentence still stands behind a claim that names none of its own."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from quotes.records import Hop

REACH = 3  # blocks
FADE = 0.8


@attrs.frozen(kw_only=True)
class Link:
    """A chain under construction: its stated hops, and the block that its cue stands in."""

    block: int
    hops: tuple[Hop, ...]
    outlets: frozenset[str]


def carried(chains: Sequence[Link]) -> list[tuple[Hop, ...]]:
    """For each chain, the hops that it carries: the relay before the same origin in a chain shortly before it.

    A chain with a relay of its own carries none and sets what is carried; a claim of another source in between leaves
    it in force; a follow-on beyond REACH blocks ends it.
    """
    found: list[tuple[Hop, ...]] = []
    standing: dict[str, tuple[int, tuple[Hop, ...]]] = {}
    for chain in chains:
        if not chain.hops:
            found.append(())
            continue
        origin = chain.hops[-1].source
        relays = tuple(hop for hop in chain.hops[:-1] if hop.source in chain.outlets)
        if len(chain.hops) > 1:
            if relays:
                standing[origin] = (chain.block, relays)
            found.append(())
            continue
        block, hops = standing.get(origin, (-REACH - 1, ()))
        if origin in chain.outlets or chain.block - block > REACH:
            found.append(())
            continue
        taken = tuple(_carry(hop) for hop in hops)
        if taken:
            standing[origin] = (chain.block, hops)
        found.append(taken)
    return found


def _carry(hop: Hop) -> Hop:
    return attrs.evolve(
        hop, basis="carried", rule="carried", confidence=round(hop.confidence * FADE, 2), cue=None, mention=None
    )
