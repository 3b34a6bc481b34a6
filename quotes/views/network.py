"""The picture of who reaches the reader through whom: origins on the left, relays between, publishers on the right.

A layered drawing: a source's column is how far it stands from the reader, its height the mean of what it passes on
(the barycentre method of Sugiyama, Tagawa and Toda, 1981, one sweep).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs

from quotes.records import Basis, Report, Source
from quotes.views import facts
from quotes.views.cells import shorten

READER = "reader"
_MOST = 18  # origins drawn; relays are fewer
_LABEL = 21  # cells of a name
_SIDE = 178  # units of width for the names on either side
_GAP = 112  # units between columns
_ROW = 34  # units between rows
_TOP = 24

Place = tuple[str, str]


@attrs.frozen(kw_only=True)
class Walk:
    """The way of a claim to the reader, origin first: (key, name, basis, colour) of each source; then a publisher.

    claims: how many claims came this way.
    """

    sources: tuple[tuple[str, str, Basis, int | None], ...]
    publisher: str
    claims: int = 1


def key_of(source: Source | None, name: str) -> str:
    """What a source is called over articles: the lexicon's name, else its own, folded to what an attribute may hold."""
    return key_of_name((source.canonical or source.name) if source else name)


def key_of_name(name: str) -> str:
    words = "".join(sign if sign.isalnum() else " " for sign in facts.one_line(name).casefold()).split()
    return "-".join(words) or "-"


def of_article(report: Report, colors: Mapping[str, int]) -> dict[str, Any] | None:
    """The picture of one article, None where nobody is heard."""
    return draw(walks(report, colors))


def walks(report: Report, colors: Mapping[str, int]) -> list[Walk]:
    """One for each likely claim of speech with a source; of sources side by side the first stands for all."""
    sources = facts.sources_by_id(report)
    publisher = facts.one_line(report.article.publisher or "") or "the article"
    found = []
    for each in facts.told_apart(facts.number_claims(report))[0]:
        claim = each.claim
        if not claim.chain or claim.origin == "unsourced":
            continue
        steps = [
            (
                key_of(sources.get(hop.source), hop.name),
                facts.hop_name(claim, hop, hop.name),
                hop.basis,
                colors.get(hop.source),
            )
            for hop in reversed(claim.chain)
        ]
        found.append(Walk(sources=tuple(steps), publisher=publisher))
    return found


def colored(walk: Walk, colors: Mapping[str, int]) -> Walk:
    """The walk with colours by its sources' keys."""
    sources = tuple((key, name, basis, colors.get(key)) for key, name, basis, _ in walk.sources)
    return attrs.evolve(walk, sources=sources)


def draw(found: Sequence[Walk]) -> dict[str, Any] | None:
    """Nodes and edges with their places, in units of an SVG that is `width` by `height`."""
    kept, left = _kept(found)
    if not kept:
        return None
    layers = _layers(kept)
    columns = max(layers.values())
    rows = _rows(kept, layers)
    height = _TOP * 2 + _ROW * max(1, max(math.ceil(row) for row in rows.values()))
    width = 2 * _SIDE + _GAP * columns
    spots = {node: (_SIDE + _GAP * (columns - layers[node]), _TOP + _ROW * rows[node]) for node in layers}
    return {
        "width": width,
        "height": height,
        "nodes": [_node(node, kept, layers, columns, spots[node]) for node in layers],
        "edges": _edges(kept, spots),
        "left": left,
    }


def _kept(found: Sequence[Walk]) -> tuple[list[Walk], int]:
    """The walks of the origins with most claims, and how many other origins there are."""
    counts: Counter[str] = Counter()
    for walk in found:
        counts[walk.sources[0][0]] += walk.claims
    most = [key for key, _ in counts.most_common(_MOST)]
    return [walk for walk in found if walk.sources[0][0] in most], len(counts) - len(most)


def _nodes(walk: Walk) -> list[str]:
    """The nodes of a walk, origin first; one that returns is drawn once."""
    return list(dict.fromkeys([*(key for key, *_ in walk.sources), f"{READER}:{walk.publisher}"]))


def _layers(kept: Iterable[Walk]) -> dict[str, int]:
    """How far each node stands from the reader: publishers 0, relays 1 and more, pure origins as far as any."""
    layers: dict[str, int] = {}
    relays: set[str] = set()
    for walk in kept:
        nodes = _nodes(walk)[::-1]
        for depth, node in enumerate(nodes):
            layers[node] = max(layers.get(node, 0), depth)
        relays.update(nodes[1:-1])
    deepest = max(max(layers.values()), 1)
    return {node: depth if node in relays or not depth else deepest for node, depth in layers.items()}


def _rows(kept: Sequence[Walk], layers: Mapping[str, int]) -> dict[str, float]:
    """Each node's row: origins one below the other, grouped by their relays; the others in the middle of theirs."""
    counts = Counter(node for walk in kept for node in _nodes(walk))
    pairs = Counter(pair for walk in kept for pair in pairwise(_nodes(walk)))
    deepest = max(layers.values())
    first = sorted(
        (node for node in layers if layers[node] == deepest),
        key=lambda node: (*_nearest(node, pairs, counts), -counts[node], node),
    )
    rows = {node: float(at) for at, node in enumerate(first)}
    for layer in range(deepest - 1, -1, -1):
        wanted = {node: _middle(node, pairs, rows) for node in layers if layers[node] == layer}
        rows |= _apart(wanted)
    return rows


def _nearest(node: str, pairs: Counter[Place], counts: Counter[str]) -> tuple[bool, int, str]:
    """Where an origin is sorted: those heard through others first, beside those heard through the same."""
    near = max((pair for pair in pairs if pair[0] == node), key=lambda pair: (pairs[pair], pair[1]))[1]
    return near.startswith(f"{READER}:"), -counts[near], near


def _middle(node: str, pairs: Counter[Place], rows: Mapping[str, float]) -> float:
    behind = [(rows.get(far, 0.0), count) for (far, near), count in pairs.items() if near == node]
    return sum(row * count for row, count in behind) / sum(count for _, count in behind)


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Rows as wanted, but at least one apart."""
    found: dict[str, float] = {}
    last = -1.0
    for node in sorted(wanted, key=lambda each: (wanted[each], each)):
        last = found[node] = max(wanted[node], last + 1)
    return found


def _node(
    node: str, kept: Sequence[Walk], layers: Mapping[str, int], columns: int, spot: tuple[float, float]
) -> dict[str, Any]:
    name, color = _label(node, kept)
    side = "right" if not layers[node] else "left" if layers[node] == columns else "middle"
    return {
        "key": "" if side == "right" else node,
        "name": shorten(name, _LABEL),
        "full": name,
        "color": color,
        "side": side,
        "claims": sum(walk.claims for walk in kept if node in _nodes(walk)),
        "x": round(spot[0]),
        "y": round(spot[1]),
    }


def _label(node: str, kept: Sequence[Walk]) -> tuple[str, int | None]:
    if node.startswith(f"{READER}:"):
        return node.removeprefix(f"{READER}:"), None
    return next((name, color) for walk in kept for key, name, _, color in walk.sources if key == node)


def _edges(kept: Sequence[Walk], spots: Mapping[str, tuple[float, float]]) -> list[dict[str, Any]]:
    """An edge for each two neighbours, as wide as the claims that take it; dotted where none states it."""
    counts: Counter[Place] = Counter()
    stated: set[Place] = set()
    colors: dict[Place, int | None] = {}
    names: dict[str, str] = {}
    for walk in kept:
        nodes = _nodes(walk)
        bases = {key: basis for key, _, basis, _ in walk.sources}
        names |= {node: _label(node, [walk])[0] for node in nodes}
        for far, near in pairwise(nodes):
            counts[far, near] += walk.claims
            colors.setdefault((far, near), walk.sources[0][3])
            if bases.get(near, "stated") == "stated" and bases.get(far) == "stated":
                stated.add((far, near))
    return [
        {
            "path": _curve(spots[far], spots[near]),
            "width": round(1.5 + 1.8 * math.log2(count), 1),
            "carried": (far, near) not in stated,
            "color": colors[far, near],
            "keys": f"{far} {near}",
            "title": f"{names[far]} → {names[near]}: {facts.plural(count, 'claim')}",
        }
        for (far, near), count in counts.items()
    ]


def _curve(far: tuple[float, float], near: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = far, near
    bend = (x1 + x2) / 2
    return f"M{x1:.0f} {y1:.0f}C{bend:.0f} {y1:.0f} {bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
