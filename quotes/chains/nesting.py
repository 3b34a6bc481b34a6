"""Which attribution stands inside which: the frames around each claim, outermost first."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.records import Attribution

SET_OFF = (frozenset(["around"]), frozenset(["according-to", "per", "via", "in-of"]))
FRAME_SHARE = 0.8
Range = tuple[int, int]


def inside(offset: int, attribution: Attribution) -> bool:
    return any(span.start <= offset < span.end for span in attribution.content)


def size(attribution: Attribution) -> int:
    return sum(len(span) for span in attribution.content)


def extent(attribution: Attribution) -> Range:
    """From the first to the last character of cue, source, hearer and content."""
    named = (attribution.cue, attribution.source, attribution.hearer)
    spans = [*attribution.content, *(span for span in named if span)]
    return min(span.start for span in spans), max(span.end for span in spans)


def frames(attributions: Sequence[Attribution]) -> list[list[int]]:
    """For each attribution, the places of those whose content holds its cue: outermost first."""
    found: list[list[int]] = []
    places = [each.cue.start if each.cue else each.content[0].start for each in attributions]
    for index, near in enumerate(_around(places, [extent(each) for each in attributions])):
        inner, at = attributions[index], places[index]
        holding = [
            other
            for other in near
            if other != index and inside(at, attributions[other]) and not _mutual(attributions[other], inner)
        ]
        found.append(sorted(holding, key=lambda other: (-size(attributions[other]), other)))
    return found


def _around(places: list[int], extents: list[Range]) -> list[list[int]]:
    """For each place, the extents that it lies in; one sweep over both in rising order."""
    found: list[list[int]] = [[] for _ in places]
    coming = sorted(range(len(extents)), key=lambda index: extents[index][0], reverse=True)
    open_: list[int] = []
    for at in sorted(range(len(places)), key=lambda index: places[index]):
        while coming and extents[coming[-1]][0] <= places[at]:
            open_.append(coming.pop())
        open_ = [index for index in open_ if extents[index][1] > places[at]]
        found[at] = sorted(open_)
    return found


def _mutual(outer: Attribution, inner: Attribution) -> bool:
    """Whether each holds the other's cue, and the first is the inner one: what a frame is set off from stands in it."""
    if outer.cue is None or not inside(outer.cue.start, inner):
        return False
    return _reach(outer) <= _reach(inner)


def _reach(attribution: Attribution) -> tuple[int, int, int]:
    rank = next((place for place, rules in enumerate(SET_OFF, 1) if attribution.rule in rules), 0)
    return rank, size(attribution), -(attribution.cue.start if attribution.cue else 0)


def covered(outer: Attribution, inner: Sequence[Range]) -> float:
    """The share of an attribution's letters that the reaches of attributions inside it take up."""
    letters = taken = 0
    for span in outer.content:
        for offset, char in enumerate(span.text, span.start):
            if char.isalnum():
                letters += 1
                taken += any(start <= offset < end for start, end in inner)
    return taken / letters if letters else 0.0


def alike(one: Attribution, other: Attribution) -> bool:
    """Whether two contents are the same but for a few characters."""
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one.content for b in other.content)
    return shared >= FRAME_SHARE * max(size(one), size(other))
