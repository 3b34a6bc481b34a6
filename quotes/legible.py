"""Text as models and rules should see it, and where each character of that stands in the text as it was read.

Grapheme clusters (Unicode UAX #29, through the `regex` library) are the smallest thing that is seen: composed where
Unicode has a composed form, without invisible characters, ligatures written out. So no span that is found on what is
seen can cut one.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

import attrs

LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# Latin letters and the signs of print, none of which joins with what stands beside it.
ALONE = r"\x00-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20c0"
# Longer runs of signs say nothing and cost the parser dearly.
LONGEST_RUN = 12
KEPT = 3


@attrs.frozen
class Seen:
    """What is seen, and for each of its characters the run of the text that it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def see(text: str) -> Seen:
    """A text as it should be seen; where nothing is odd about it, character by character."""
    patterns = _patterns()
    if not (patterns.run if text.isascii() else patterns.odd).search(text):
        return Seen(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    skipped = _skipped(text)
    for cluster in patterns.cluster.finditer(text):
        start, end = cluster.span()
        if start in skipped:
            continue
        for character in _shown(cluster[0]):
            characters.append(character)
            starts.append(start)
            ends.append(end)
    return Seen("".join(characters), tuple(starts), tuple(ends))


def still(text: str) -> str:
    """The text, as long as it is, with invisible characters like their neighbours and no sign that carries a mark.

    For rules that look at what stands beside a sign.
    """
    patterns = _patterns()
    if text.isascii() or not patterns.unseen.search(text):
        return text
    text = patterns.carrying.sub("x", text)
    shown: str = patterns.invisible.sub(lambda found: _like(text, *found.span()) * len(found[0]), text)
    return shown


@attrs.frozen
class _Patterns:
    """Compiled where they are needed: `regex` is loaded with the first text that is read."""

    cluster: Any
    odd: Any
    unseen: Any
    invisible: Any
    carrying: Any
    run: Any


@cache
def _patterns() -> _Patterns:
    import regex

    run = rf"[^\w\s]{{{LONGEST_RUN + 1},}}"
    return _Patterns(
        cluster=regex.compile(r"\X"),
        odd=regex.compile(rf"[^{ALONE}]|{run}"),
        unseen=regex.compile(r"[\p{M}\p{Cf}]"),
        invisible=regex.compile(r"[\p{Cf}]+"),
        carrying=regex.compile(r"[^\w\s](?=[\p{M}\u200c\u200d])"),
        run=regex.compile(run),
    )


def _skipped(text: str) -> set[int]:
    """What is left out of long runs of signs."""
    found: set[int] = set()
    for run in _patterns().run.finditer(text):
        found.update(range(run.start() + KEPT, run.end() - KEPT))
    return found


def _shown(cluster: str) -> str:
    """What a cluster is seen as: nothing where it is invisible, one character but for ligatures and line ends."""
    if cluster in LIGATURES:
        return LIGATURES[cluster]
    if len(cluster) == 1:
        return "" if _patterns().unseen.match(cluster) else cluster
    if cluster.isspace():
        return " " * len(cluster)
    composed: str = _patterns().unseen.sub("", unicodedata.normalize("NFC", cluster))
    return composed[:1]


def _like(text: str, start: int, end: int) -> str:
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    for beside in (before, after):
        if beside.isalnum() or beside.isspace():
            return beside if beside.isalnum() else " "
    return "x"
