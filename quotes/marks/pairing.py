"""Which mark closes which, within one paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import attrs

from quotes.marks.signs import Mark, Signs

Verdict = Literal["open", "close", "reopen", "stray", "none"]

# How many marks ahead are looked at before one is decided, and how deep passages may stand in each other.
AHEAD = 24
SENTENCE_END = re.compile(r"[.!?…]\s+$")
DEPTH = 12


@attrs.frozen(kw_only=True)
class Pair:
    """A passage with its marks: outer with them, inner between them."""

    outer: tuple[int, int]
    inner: tuple[int, int]
    closed: bool = True


@attrs.frozen(kw_only=True)
class Paired:
    """What the marks of a paragraph came to. odd: marks without a partner; left_open: the family that runs on."""

    pairs: tuple[Pair, ...] = ()
    odd: tuple[Mark, ...] = ()
    left_open: str | None = None


@attrs.frozen(kw_only=True)
class Paragraph:
    """A paragraph's bounds, white space at its edges left out, and its marks in order."""

    start: int
    end: int
    marks: Sequence[Mark]

    @property
    def opens_with(self) -> str | None:
        """The family of the mark that it begins with."""
        first = self.marks[0] if self.marks else None
        return first.family if first and first.start == self.start and not first.elided else None

    def closes_first(self, family: str) -> bool:
        """Whether the first mark of a family closes, so that its passage began before the paragraph."""
        first = next((mark for mark in self.marks if mark.family == family and not mark.weak), None)
        if first is None or first.start == self.start or first.measure:
            return False
        return first.side == "close" and first.turn != "open" and (first.firm or not first.single)


def pair_marks(
    paragraph: Paragraph, following: Paragraph | None, signs: Signs, text: str, carried: str | None
) -> Paired:
    """carried: the family of the passage that the paragraph before left open."""
    pairing = Pairing(paragraph, following, signs)
    if carried and paragraph.opens_with != carried and _continues(paragraph, carried, text):
        pairing.open_before(paragraph.start, carried)
    for at in range(len(paragraph.marks)):
        pairing.take(at)
    return pairing.finish(text)


def _continues(paragraph: Paragraph, family: str, text: str) -> bool:
    """Whether a passage runs on into a paragraph without a new mark.

    A few words after a whole sentence are rather the name of the speaker, under a quotation that is set apart.
    """
    if not paragraph.closes_first(family):
        return False
    first = next(mark for mark in paragraph.marks if mark.family == family and not mark.weak)
    whole = text[max(0, paragraph.start - 12) : paragraph.start].rstrip()[-1:] in (".", "!", "?", "…")
    return not (whole and first.start - paragraph.start < 60)


class Pairing:
    """The marks of a paragraph as they are taken in one after the other."""

    def __init__(self, paragraph: Paragraph, following: Paragraph | None, signs: Signs) -> None:
        self.paragraph = paragraph
        self.following = following
        self.marks = paragraph.marks
        self.signs = signs
        self.stack: list[Mark] = []
        self.held: Counter[str] = Counter()
        self.too_deep: Counter[str] = Counter()
        self.pairs: list[Pair] = []
        self.odd: list[Mark] = []

    def open_before(self, start: int, family: str) -> None:
        """The passage of the paragraph before runs on into this one without a new mark."""
        self._open(Mark(start=start, end=start, sign="", family=family, turn="open", side="open"))

    def take(self, at: int) -> None:
        mark = self.marks[at]
        verdict = self._single(at) if mark.single else self._double(at)
        if verdict == "stray" and self._closes_the_other_kind(mark, at):
            self._close(mark, self.stack[-1].family)
        elif verdict == "open":
            self._open(mark)
        elif verdict == "close":
            self._close(mark, mark.family)
        elif verdict == "reopen":
            self._drop_to(mark.family)
            self._open(mark)
        elif verdict == "stray":
            self.odd.append(mark)

    def finish(self, text: str) -> Paired:
        """What still stands open runs on into the next paragraph, or ends with this one, or is odd."""
        left_open = None
        if self.stack:
            first, end = self.stack[0], self.paragraph.end
            runs_on = self._runs_on(first, text)
            if runs_on or self._may_stay_open(first, text):
                self.pairs.append(Pair(outer=(first.start, end), inner=(first.end, end), closed=False))
            if runs_on:
                left_open = first.family
            else:
                self.odd.append(first)
            self.odd.extend(mark for mark in self.stack[1:] if mark.turn == "open" or not mark.single)
        return Paired(pairs=tuple(self.pairs), odd=tuple(self.odd), left_open=left_open)

    def _single(self, at: int) -> Verdict:
        mark = self.marks[at]
        on_top = bool(self.stack) and self.stack[-1].single
        if mark.elided:
            return "open" if not self.held[mark.family] and self._closer_ahead(at) == "firm" else "none"
        if mark.side == "open":
            return self._single_opens(at)
        if mark.side == "close" and on_top:
            return "none" if mark.weak and self._closer_ahead(at) == "firm" else "close"
        if on_top and not (mark.turn == "open" and mark.side == "inside"):
            return "close"
        if mark.side == "loose":
            return "open" if mark.turn != "close" and self._closer_ahead(at) else "none"
        return "stray" if mark.firm and mark.side == "close" else "none"

    def _single_opens(self, at: int) -> Verdict:
        mark = self.marks[at]
        if mark.turn == "open":
            return "open"
        if self.held[mark.family]:
            return "none"
        ahead = self._closer_ahead(at)
        if ahead == "firm" or (ahead and mark.turn == "either"):
            return "open"
        runs_on = self.following is not None and self.following.opens_with == mark.family
        return "open" if runs_on and mark.start == self.paragraph.start else "none"

    def _double(self, at: int) -> Verdict:
        mark = self.marks[at]
        held = self.held[mark.family] > 0
        if mark.measure and mark.turn != "open" and (not held or self._next_side(at) == "close"):
            return "none"
        if mark.turn == "either":
            return self._straight(at, held=held)
        top = self._innermost(mark.family)
        if mark.turn == "open":
            closes = top is not None and (
                mark.side == "close"
                or self._is_last(mark)
                or (mark.side != "open" and (top.sign, mark.sign) in self.signs.pairs)
            )
            if closes:
                return "close"
            return "stray" if mark.side == "close" or self._is_last(mark) else "open"
        if top is not None:
            inward = top.sign == mark.sign and (mark.sign, mark.sign) not in self.signs.pairs
            return "open" if inward and mark.side == "open" else "close"
        return "open" if mark.side == "open" or mark.start == self.paragraph.start else "stray"

    def _is_last(self, mark: Mark) -> bool:
        return mark.end == self.paragraph.end

    def _straight(self, at: int, *, held: bool) -> Verdict:
        mark = self.marks[at]
        if not held:
            return "stray" if mark.side == "close" else "open"
        if mark.side != "open":
            return "close"
        following = self._same_family(at)
        if next(following, "open") in ("open", "loose"):
            return "close"
        return "open" if next(following, "open") == "close" else "reopen"

    def _same_family(self, at: int) -> Iterator[str]:
        """The sides of the following marks of the same family."""
        family = self.marks[at].family
        for mark in self.marks[at + 1 : at + 1 + AHEAD]:
            if mark.family == family:
                yield "open" if mark.turn == "open" and mark.side != "close" else mark.side

    def _next_side(self, at: int) -> str | None:
        return next(self._same_family(at), None)

    def _closer_ahead(self, at: int) -> Literal["firm", "weak", None]:
        """Whether a single mark could be closed after this place, before another opens or the passage around ends."""
        depth, found = 0, None
        around = any(not mark.single for mark in self.stack[-2:])
        for mark in self.marks[at + 1 : at + 1 + AHEAD]:
            if not mark.single:
                closes = mark.turn == "close" or (mark.turn == "either" and mark.side == "close")
                depth += -1 if closes else 1
                if depth < 0 and around:
                    break
            elif mark.side == "open" and not mark.elided and mark.turn != "close":
                break
            elif mark.side == "close" and not mark.weak:
                return "firm"
            elif mark.side != "open":
                found = "weak"
        return "weak" if found else None

    def _closes_the_other_kind(self, mark: Mark, at: int) -> bool:
        """Whether a mark without a partner is a slip for the one that closes what stands open: ‘No,” he said."""
        if not self.stack or self.stack[-1].single == mark.single or mark.side != "close":
            return False
        family = self.stack[-1].family
        ahead = (each for each in self.marks[at + 1 : at + 1 + AHEAD] if each.family == family and not each.weak)
        following = next(ahead, None)
        return following is None or following.turn == "open" or following.side != "close"

    def _innermost(self, family: str) -> Mark | None:
        if not self.held[family]:
            return None
        return next(mark for mark in reversed(self.stack) if mark.family == family)

    def _open(self, mark: Mark) -> None:
        if len(self.stack) >= DEPTH:
            self.too_deep[mark.family] += 1
            self.odd.append(mark)
        else:
            self.stack.append(mark)
            self.held[mark.family] += 1

    def _close(self, mark: Mark, family: str) -> None:
        if self.too_deep[family]:
            self.too_deep[family] -= 1
            return
        opening = self._drop_to(family, keep_odd=False)
        if not opening.sign:
            self.pairs.append(Pair(outer=(opening.start, mark.end), inner=(opening.start, mark.start)))
        else:
            self.pairs.append(Pair(outer=(opening.start, mark.end), inner=(opening.end, mark.start)))

    def _drop_to(self, family: str, *, keep_odd: bool = True) -> Mark:
        """Takes all from the stack down to the innermost of a family; what stood above it has no partner."""
        while True:
            mark = self.stack.pop()
            self.held[mark.family] -= 1
            if mark.family == family:
                if keep_odd:
                    self.odd.append(mark)
                return mark
            self.odd.append(mark)

    def _runs_on(self, mark: Mark, text: str) -> bool:
        """Whether the next paragraph takes up what this one leaves open."""
        following = self.following
        if following is None or any(SENTENCE_END.search(text[at - 4 : at]) for at in self._reopened(mark, text)):
            return False
        return following.opens_with == mark.family or following.closes_first(mark.family)

    def _reopened(self, mark: Mark, text: str) -> list[int]:
        """Where passages of the same marks begin after this one."""
        starts = (pair.outer[0] for pair in self.pairs if pair.outer[0] > mark.start)
        return [at for at in starts if self.signs.family.get(text[at]) == mark.family]

    def _may_stay_open(self, mark: Mark, text: str) -> bool:
        """Whether a mark that nothing closes begins speech: at the paragraph's start, after a colon or a comma."""
        if mark.single and mark.turn != "open":
            return False
        if self._reopened(mark, text):
            return False
        before = text[max(self.paragraph.start, mark.start - 8) : mark.start].rstrip()[-1:]
        return before in ("", ":", ",", "—", "–")
