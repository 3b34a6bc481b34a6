"""From a claim's chain to its provenance tree: how deep it is, how far from the origin, where it is weak."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.records import Claim, Hop, Node, Path, Tree


def tree(claim: Claim) -> Tree:
    """The tree of a claim: a level per hop, sources that stand side by side on one level."""
    nodes: tuple[Node, ...] = ()
    for distance, hop in enumerate(reversed(claim.chain)):
        sources = (hop.source, *(each.source for each in hop.beside))
        nodes = tuple(Node(source=each, children=nodes, distance=distance) for each in sources)
    return Tree(claim=claim.id, children=nodes, depth=len(claim.chain), weakest=weakest(claim))


def weakest(claim: Claim) -> int | None:
    """The place in the chain, from 0 at the reader's end, of the hop that is least sure; of equals the outermost."""
    places = range(len(claim.chain))
    return min(places, key=lambda at: claim.chain[at].confidence, default=None)


def path(chain: Sequence[Hop]) -> Path:
    """Straight, relayed or circular, by the hops that are stated."""
    stated = [hop.source for hop in chain if hop.basis == "stated"]
    if len(set(stated)) < len(stated):
        return "circular"
    return "relayed" if len(stated) > 1 else "straight"
