"""Whether two wordings are the same claim, why, and how well they agree (door to rapidfuzz)."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from types import ModuleType

import attrs

from quotes.errors import MissingExtra
from quotes.lexicon import Lexicon
from quotes.link.members import Reason
from quotes.link.names import Names
from quotes.link.wordings import TELLING, Wording, line_of, negates

REASONS: tuple[Reason, ...] = ("verbatim", "fragment", "near-verbatim", "paraphrase")

# Letters of content from which on a wording links whoever said it; a shorter one needs the same source.
ANY_SOURCE = {"verbatim": TELLING, "fragment": 26, "near-verbatim": 26}
SHORTEST_FRAGMENT = 4
NEAR_VERBATIM = 0.82
LOOSE_FRAGMENT = 0.9  # the share of a fragment's words that stand in the whole, in their order
SHORTEST_LOOSE = 8
PARAPHRASE = 0.5
PARAPHRASE_BY_WAY = 0.65  # where the sources agree only in that one stands on the other's way
SHARED_STEMS = 3  # of words that are no names and no numbers
BEFORE = 2  # tokens before a fragment where a negation would turn it round
FAR_MEMBERS = 12  # of wordings with many members, how many are asked for their source

Found = tuple[Reason, float]


@attrs.frozen(slots=False)
class Comparer:
    """Compares wordings by the word lists of a lexicon."""

    lexicon: Lexicon
    names: Names

    def compare(self, longer: Wording, shorter: Wording) -> Found | None:
        """Why the shorter is the same claim as the longer, and the share of it that agrees; None where it is not."""
        found = self._words_agree(longer, shorter)
        if found is None:
            return None
        reason, score = found
        if _links_anybody(reason, shorter):
            return reason, round(score, 2)
        by_way = reason != "paraphrase" or score >= PARAPHRASE_BY_WAY
        return (reason, round(score, 2)) if self.same_source(longer, shorter, by_way=by_way) else None

    def whoever(self, longer: Wording, shorter: Wording) -> Found | None:
        """The same where the words alone tell, whoever is said to have said them."""
        found = self._words_agree(longer, shorter)
        return (found[0], round(found[1], 2)) if found and _links_anybody(found[0], shorter) else None

    def same_source(self, one: Wording, other: Wording, *, by_way: bool) -> bool:
        """Whether two of their members rest on the same source; by_way: it is enough that they can."""
        agree = self.names.agree if by_way else self.names.same_end
        ours, theirs = one.members[:FAR_MEMBERS], other.members[:FAR_MEMBERS]
        return any(agree(each, far) for each in ours for far in theirs)

    def _words_agree(self, longer: Wording, shorter: Wording) -> Found | None:
        if longer.tokens == shorter.tokens:
            return "verbatim", 1.0
        if len(shorter.tokens) >= SHORTEST_FRAGMENT and self._is_fragment(longer, shorter):
            return "fragment", 1.0
        if self._contradict(longer, shorter):
            return None
        ratio = _ratio(longer.tokens, shorter.tokens)
        if ratio >= NEAR_VERBATIM:
            return "near-verbatim", ratio
        loose = _loose_fragment(longer.tokens, shorter.tokens)
        if loose >= LOOSE_FRAGMENT:
            return "fragment", loose
        overlap = _overlap(longer, shorter)
        return ("paraphrase", overlap) if overlap >= PARAPHRASE else None

    def _is_fragment(self, longer: Wording, shorter: Wording) -> bool:
        """Whether its pieces stand in the longer one word for word, and leave out no negation before them."""
        rest = longer.line
        for piece in shorter.pieces:
            before, found, after = rest.partition(line_of(piece))
            if not found or any(negates(token, self.lexicon) for token in before.split()[-BEFORE:]):
                return False
            rest = f" {after}"
        return True

    def _contradict(self, one: Wording, other: Wording) -> bool:
        if one.negations != other.negations or contradict(one, other):
            return True
        ours = [self._sides[token] for token in set(one.tokens) - set(other.tokens) if token in self._sides]
        theirs = [self._sides[token] for token in set(other.tokens) - set(one.tokens) if token in self._sides]
        return any(mine.get(group, side) != side for mine in ours for far in theirs for group, side in far.items())

    @cached_property
    def _sides(self) -> dict[str, dict[int, int]]:
        """By word, the groups of opposites that it is in and its side in each."""
        found: dict[str, dict[int, int]] = {}
        for number, group in enumerate(self.lexicon.opposites):
            for side, words in enumerate(group):
                for word in words:
                    found.setdefault(word, {})[number] = side
        return found


def _links_anybody(reason: Reason, shorter: Wording) -> bool:
    return reason != "paraphrase" and _weight(shorter.stems) >= ANY_SOURCE[reason]


def contradict(one: Wording, other: Wording) -> bool:
    """Whether each has a number, or each a name, that the other lacks."""
    if not (one.numbers <= other.numbers or other.numbers <= one.numbers):
        return True
    return not (one.names <= set(other.tokens) or other.names <= set(one.tokens))


def _ratio(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """The share of the words that stand in both in the same order (twice their number, of all words)."""
    return float(_rapidfuzz().Indel.normalized_similarity(ours, theirs, score_cutoff=NEAR_VERBATIM))


def _loose_fragment(longer: tuple[str, ...], shorter: tuple[str, ...]) -> float:
    """The share of the shorter one's words that stand in a run of the longer one of about its length, in order."""
    if len(shorter) < SHORTEST_LOOSE or len(longer) < len(shorter):
        return 0.0
    if sum((Counter(shorter) & Counter(longer)).values()) < LOOSE_FRAGMENT * len(shorter):
        return 0.0
    blocks = [each for each in _rapidfuzz().Indel.opcodes(shorter, longer) if each.tag == "equal"]
    if not blocks or blocks[-1].dest_end - blocks[0].dest_start > 1.3 * len(shorter):
        return 0.0
    kept: int = sum(each.src_end - each.src_start for each in blocks)
    return kept / len(shorter)


def _overlap(longer: Wording, shorter: Wording) -> float:
    """The share of stems in common, each weighted by its length: long words are rare words."""
    shared = longer.stems & shorter.stems
    if len(longer.content & shorter.content) < SHARED_STEMS:
        return 0.0
    return _weight(shared) * 2 / (_weight(longer.stems) + _weight(shorter.stems))


def _weight(stems: frozenset[str]) -> int:
    return sum(map(len, stems))


def _rapidfuzz() -> ModuleType:
    try:
        from rapidfuzz import distance
    except ImportError:
        raise MissingExtra("rapidfuzz", "corpus") from None
    module: ModuleType = distance
    return module
