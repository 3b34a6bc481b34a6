"""Which wordings are worth comparing: those that share rare runs of words, rare stems, or most of their pairs of words.

Three ways to meet, each a number that stands for something shared (a key): rare runs of three words, for a fragment
and its whole; pairs of rare stems, for a paraphrase; MinHash bands over pairs of words (Broder, 1997), for copies
with small changes. Of the wordings that share a key each meets the longest ones, so that pairs grow with the number
of wordings and not with its square. All of it in numpy: a hundred thousand wordings take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from types import ModuleType
from typing import Any

import attrs

from quotes.errors import MissingExtra
from quotes.link.wordings import Wording

RUN, PAIR = 3, 2  # words
RARE_RUNS = 5
RARE_STEMS = 6
BANDS, ROWS = 24, 3
HUBS = 24  # of the wordings that share a key, how many are compared with all the others
SHARED = 0.34  # the least share of stems in common
AT_ONCE = 1 << 20

Array = Any


def pairs(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Pairs of places in `wordings` (the longest first), the longer one first, each pair once, in order."""
    if len(wordings) < 2:
        return
    np = _numpy()
    known: dict[str, int] = {}
    texts = _Numbers(np, [wording.tokens for wording in wordings], known)
    stems = _Numbers(np, [sorted(wording.stems) for wording in wordings], {})
    runs, owners = texts.runs(RUN)
    found = [
        _met(np, *_rarest(np, runs, owners, RARE_RUNS), runs, owners),
        _shared(np, *_stem_pairs(np, stems)),
        *(_shared(np, keys, places) for keys, places in _bands(np, *texts.runs(PAIR))),
    ]
    codes = _distinct(np, np.concatenate(found))
    marks = _Marks(
        stems=stems.marks(),
        words=texts.marks(),
        names=_Numbers(np, [sorted(wording.names) for wording in wordings], known).marks(),
        numbers=_Numbers(np, [sorted(wording.numbers) for wording in wordings], known).marks(),
    )
    for begin in range(0, len(codes), AT_ONCE):
        part = codes[begin : begin + AT_ONCE]
        longer, shorter = part >> 32, part & 0xFFFFFFFF
        kept = marks.can_be_one(np, longer, shorter)
        yield from zip(longer[kept].tolist(), shorter[kept].tolist(), strict=True)


class _Numbers:
    """Lists of words as numbers, end to end. ids: their words; starts, ends: where each list stands in them."""

    def __init__(self, np: ModuleType, lists: Sequence[Sequence[str]], known: dict[str, int]) -> None:
        flat = [known.setdefault(word, len(known)) for words in lists for word in words]
        self.np = np
        self.ids = np.array(flat, dtype=np.uint64)
        self.lengths = np.array([len(words) for words in lists], dtype=np.int64)
        self.ends = np.cumsum(self.lengths)
        self.starts = self.ends - self.lengths

    def owners(self) -> Array:
        """For each word, the place of its list."""
        return self.np.repeat(self.np.arange(len(self.lengths)), self.lengths)

    def runs(self, length: int) -> tuple[Array, Array]:
        """A number for each run of so many words within a list, and the list's place; a shorter list is one run."""
        np = self.np
        owners = self.owners()
        mixed = np.zeros(len(self.ids), dtype=np.uint64)
        for step in range(length):
            inside = np.zeros(len(self.ids), dtype=np.uint64)
            kept = len(self.ids) - step
            same = owners[step:] == owners[:kept]
            inside[:kept][same] = self.ids[step:][same] + np.uint64(1)
            mixed = _mix(np, mixed ^ inside)
        places = np.arange(len(self.ids))
        whole = (places + length <= self.ends[owners]) | (places == self.starts[owners])
        return mixed[whole], owners[whole]

    def marks(self) -> Array:
        """For each list 256 bits, each word one of them."""
        np = self.np
        bits = _mix(np, self.ids) & np.uint64(255)
        marks = np.zeros((len(self.lengths), 4), dtype=np.uint64)
        where = (self.owners(), (bits >> np.uint64(6)).astype(np.int64))
        np.bitwise_or.at(marks, where, np.uint64(1) << (bits & np.uint64(63)))
        return marks


@attrs.frozen(kw_only=True)
class _Marks:
    """Bits of each wording's stems, words, names and numbers: what they rule out cannot be the same claim."""

    stems: Array
    words: Array
    names: Array
    numbers: Array

    def can_be_one(self, np: ModuleType, one: Array, other: Array) -> Array:
        """Whether enough stems of the one with fewer can be in the other, and no names or numbers contradict."""
        ours, theirs = self.stems[one], self.stems[other]
        shared = np.bitwise_count(ours & theirs).sum(axis=1)
        fewer = np.minimum(np.bitwise_count(ours).sum(axis=1), np.bitwise_count(theirs).sum(axis=1))
        apart = self._lacks(self.numbers[other], self.numbers[one]) & self._lacks(
            self.numbers[one], self.numbers[other]
        )
        apart |= self._lacks(self.words[other], self.names[one]) & self._lacks(self.words[one], self.names[other])
        kept: Array = (shared >= SHARED * fewer) & ~apart
        return kept

    def _lacks(self, having: Array, wanted: Array) -> Array:
        return (wanted & ~having).any(axis=1)


def _distinct(np: ModuleType, codes: Array) -> Array:
    """The codes in order, each once."""
    codes = np.sort(codes)
    return codes[np.flatnonzero(np.diff(codes, prepend=-1))]


def _mix(np: ModuleType, values: Array) -> Array:
    """Spreads numbers over all 64 bits (the finalizer of SplitMix64)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _rarest(np: ModuleType, keys: Array, owners: Array, most: int) -> tuple[Array, Array]:
    """Of each owner's keys those that fewest others have, but at least one other; equals by the key."""
    ordered = np.sort(keys)
    often = np.searchsorted(ordered, keys, side="right") - np.searchsorted(ordered, keys, side="left")
    kept = often > 1
    keys, owners, often = keys[kept], owners[kept], often[kept]
    order = np.lexsort((keys, often, owners))
    keys, owners = keys[order], owners[order]
    starts = np.searchsorted(owners, owners, side="left")
    first = np.arange(len(owners)) - starts < most
    return keys[first], owners[first]


def _stem_pairs(np: ModuleType, stems: _Numbers) -> tuple[Array, Array]:
    """A key for each two of a wording's rarest stems."""
    rare, owners = _rarest(np, stems.ids, stems.owners(), RARE_STEMS)
    places = np.arange(len(rare)) - np.searchsorted(owners, owners, side="left")
    table = np.full((int(owners.max(initial=-1)) + 1, RARE_STEMS), np.iinfo(np.uint64).max, dtype=np.uint64)
    table[owners, places] = rare
    keys, whose = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int64)]
    for one, other in combinations(range(RARE_STEMS), 2):
        low, high = np.minimum(table[:, one], table[:, other]), np.maximum(table[:, one], table[:, other])
        there = np.flatnonzero(high != np.iinfo(np.uint64).max)
        keys.append(_mix(np, _mix(np, low[there]) ^ high[there]))
        whose.append(there)
    return np.concatenate(keys), np.concatenate(whose)


def _bands(np: ModuleType, keys: Array, owners: Array) -> Iterator[tuple[Array, Array]]:
    """MinHash: for each band, a key that wordings with most pairs of words in common are likely to share."""
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    for band in range(BANDS):
        mixed = np.full(len(starts), np.uint64(band))
        for row in range(ROWS):
            seed = np.uint64((band * ROWS + row + 1) * 0x9E3779B97F4A7C15 % (1 << 64))
            mixed = _mix(np, mixed ^ np.minimum.reduceat(_mix(np, keys ^ seed), starts))
        yield mixed, owners[starts]


def _shared(np: ModuleType, keys: Array, owners: Array) -> Array:
    """The pairs of owners that share a key."""
    return _met(np, keys, owners, keys, owners)


def _met(np: ModuleType, keys: Array, owners: Array, all_keys: Array, all_owners: Array) -> Array:
    """Codes (longer << 32 | shorter) for each owner with the first HUBS of those that have one of its keys."""
    order = np.lexsort((all_owners, all_keys))
    sorted_keys, sorted_owners = all_keys[order], all_owners[order]
    first = np.searchsorted(sorted_keys, keys, side="left")
    counts = np.minimum(np.searchsorted(sorted_keys, keys, side="right") - first, HUBS)
    found = []
    for begin in range(0, len(keys), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        number = counts[part]
        steps = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
        other = sorted_owners[np.repeat(first[part], number) + steps]
        one = np.repeat(owners[part], number)
        apart = one != other
        low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
        found.append(_distinct(np, low.astype(np.int64) << 32 | high))
    return _distinct(np, np.concatenate([np.empty(0, dtype=np.int64), *found]))


def _numpy() -> ModuleType:
    try:
        import numpy
    except ImportError:
        raise MissingExtra("numpy", "corpus") from None
    module: ModuleType = numpy
    return module
