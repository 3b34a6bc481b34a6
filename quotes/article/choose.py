"""Which blocks of a page are its article, by the words that another reader found to be the article's.

That reader keeps no places and may tidy, join or lose words, so texts are compared by their letters and digits. Long
blocks are found by how they begin or end; of the finds, the heaviest run in the order of both texts is kept, so that a
teaser or a pull quote does not take a paragraph's place. Time grows with the text alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence

import attrs

from quotes.article.markup import Markup, key_of

LONG = 30  # letters and digits
FAR = 40
ENOUGH = 0.6


class Body:
    """The letters and digits of a text that comes in parts, and where parts begin and end by the letters there."""

    def __init__(self, parts: Iterable[str]) -> None:
        keys = [key for key in map(key_of, parts) if key]
        self.key = "".join(keys)
        self.begins: dict[str, deque[int]] = {}
        self.ends: dict[str, deque[int]] = {}
        at = 0
        for key in keys:
            self.begins.setdefault(self.key[at : at + LONG], deque()).append(at)
            at += len(key)
            if at >= LONG:
                self.ends.setdefault(self.key[at - LONG : at], deque()).append(at)

    def find(self, key: str) -> tuple[int, int] | None:
        """The next place that a long key stands at; most of it will do. A place is given once, but for the last."""
        at = _next(self.begins, key[:LONG])
        if at is not None:
            length = _common(key, self.key[at : at + len(key)])
            if length >= ENOUGH * len(key):
                return at, at + length
        at = _next(self.ends, key[-LONG:])
        if at is not None:
            length = _common(key[::-1], self.key[max(0, at - len(key)) : at][::-1])
            if length >= ENOUGH * len(key):
                return at - length, at
        return None


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    unlike = (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    return next(unlike, min(len(one), len(other)))


def _next(places: dict[str, deque[int]], key: str) -> int | None:
    found = places.get(key)
    return None if not found else found.popleft() if len(found) > 1 else found[0]


@attrs.frozen
class Find:
    """A block, by its index, and the run of the body that it was found at."""

    block: int
    start: int
    end: int


def chosen(blocks: Sequence[Markup], body: Body) -> list[Markup]:
    """The blocks whose words stand in the body, in order."""
    finds = []
    for index, block in enumerate(blocks):
        spot = body.find(block.key) if len(block.key) >= LONG else None
        if spot is not None:
            finds.append(Find(index, *spot))
    at = {find.block: find for find in _heaviest(finds)}
    limits: list[int] = []
    following = len(body.key)
    for index in reversed(range(len(blocks))):
        limits.append(following)
        following = at[index].start if index in at else following
    limits.reverse()
    cursor = 0
    for index, block in enumerate(blocks):
        if index not in at and len(block.key) < LONG:
            start = body.key.find(block.key, cursor, min(limits[index], cursor + FAR + LONG))
            if start >= 0:
                at[index] = Find(index, start, start + len(block.key))
        cursor = at[index].end if index in at else cursor
    return [block for index, block in enumerate(blocks) if index in at]


def _heaviest(finds: Sequence[Find]) -> list[Find]:
    """The finds that follow each other in the body without overlap and cover most of it."""
    ends: list[int] = [0]
    best: list[tuple[int, int | None]] = [(0, None)]  # weight of the best run up to an end, and its last find
    before: list[int | None] = []
    for number, find in enumerate(finds):
        weight, last = best[bisect_right(ends, find.start) - 1]
        before.append(last)
        weight += find.end - find.start
        spot = bisect_right(ends, find.end)
        if best[spot - 1][0] >= weight:
            continue
        stop = spot
        while stop < len(best) and best[stop][0] <= weight:
            stop += 1
        ends[spot:stop], best[spot:stop] = [find.end], [(weight, number)]
    run: list[Find] = []
    at = best[-1][1]
    while at is not None:
        run.append(finds[at])
        at = before[at]
    return run[::-1]
