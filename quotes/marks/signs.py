"""Which signs of a paragraph may be quotation marks, and which way each one looks by its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import attrs

from quotes.lexicon import Lexicon, MarkPair

Turn = Literal["open", "close", "either"]
Side = Literal["open", "close", "inside", "loose"]

DOUBLE = ("“", "”", '"', "„", "‟", "''", "``", "‘‘", "’’", "＂")
SINGLE = ("‘", "’", "'", "‚", "`")
APOSTROPHES = "'’‘"

AFTER_THESE_OPENS = "([{<—–-/‒―"
BEFORE_THESE_CLOSES = ".,;:!?…)]}>—–-/‒―"
# The 12 of 12" and 5½", but not the 2012 of a year.
MEASURE = re.compile(r"(?:^|[^\w.,])(?:\d{1,3}|\d{1,3}[./]\d{1,2}|\d{0,3}[¼½¾])$|\d['’]\s?\d{1,2}$")
DROPPED_LETTER = re.compile(r"(?:[sSxXzZ]|\w\win|\b(?:an|ol|th|mo|wi|o))$")
MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
POSSESSED = re.compile(r"\s+\w")


@attrs.frozen(kw_only=True)
class Mark:
    """A sign that may be a quotation mark.

    family: signs of one family close each other; turn: which way its shape looks, side: which way its neighbours say;
    weak: it may as well be the apostrophe of "the dockers' hall" or of "talkin' loud"; elided: that of "'em";
    measure: it may as well stand for inches; firm: punctuation stands before it, so that it is no apostrophe.
    """

    start: int
    end: int
    sign: str
    family: str
    turn: Turn
    side: Side
    weak: bool = False
    elided: bool = False
    measure: bool = False
    firm: bool = False

    @property
    def single(self) -> bool:
        return self.family == SINGLE[0]


class Signs:
    """The marks that a lexicon knows, with the family and the turn of each."""

    def __init__(self, lexicon: Lexicon) -> None:
        pairs = lexicon.mark_pairs
        signs = sorted(
            {sign for pair in pairs for sign in (pair.open, pair.close)}, key=lambda sign: (-len(sign), sign)
        )
        self.family = _families(pairs)
        self.turn = {sign: _turn(sign, pairs) for sign in signs}
        self.pairs = frozenset((pair.open, pair.close) for pair in pairs)
        self.run = re.compile(f"(?:{_either(signs)})+")
        self.one = re.compile(_either(signs))
        words = _either(word.replace("'", APOSTROPHES[0]) for word in sorted(lexicon.apostrophe_words))
        words = words.replace("'", f"[{APOSTROPHES}]")
        patterns = "|".join(sorted(lexicon.apostrophe_patterns))
        self.elision = re.compile(rf"(?:{words})(?!\w)|[{APOSTROPHES}](?:{patterns})", re.IGNORECASE)

    def marks(self, text: str, start: int, end: int) -> list[Mark]:
        """The marks of text[start:end], in order; apostrophes inside words and the marks of markup are none."""
        return list(self._marks(text, start, end))

    def _marks(self, text: str, start: int, end: int) -> Iterator[Mark]:
        elided_to = start
        markup = [found.span() for found in MARKUP.finditer(text, start, end)][::-1]
        for run in self.run.finditer(text, start, end):
            while markup and markup[-1][1] <= run.start():
                markup.pop()
            if markup and markup[-1][0] < run.start():
                continue
            left = text[run.start() - 1] if run.start() > start else ""
            right = text[run.end()] if run.end() < end else ""
            side = _side(left, right)
            for at, sign in self._split(run, side):
                if at < elided_to or (sign in SINGLE and left.isalnum() and right.isalnum()):
                    continue
                elision = self.elision.match(text, at, end) if sign in APOSTROPHES and side == "open" else None
                if elision:
                    elided_to = elision.end()
                yield self._mark(text, start, run, at, sign, side, elided=bool(elision))

    def _mark(self, text: str, start: int, run: re.Match[str], at: int, sign: str, side: Side, *, elided: bool) -> Mark:
        before = text[max(start, run.start() - 12) : run.start()] if side != "open" else ""
        measure = at == run.start() and bool(MEASURE.search(before))
        single = sign in SINGLE
        return Mark(
            start=at,
            end=at + len(sign),
            sign=sign,
            family=self.family[sign],
            turn=self.turn[sign],
            side=side,
            weak=single and (measure or _may_be_apostrophe(text, before, run)),
            elided=elided,
            measure=measure and not single,
            firm=bool(before) and not before[-1].isalnum() and not before[-1].isspace(),
        )

    def _split(self, run: re.Match[str], side: Side) -> list[tuple[int, str]]:
        """The marks in a run of signs; three apostrophes that close are one and two, three that open two and one."""
        if run.group() in self.turn:
            return [(run.start(), run.group())]
        if side != "close":
            return [(each.start(), each.group()) for each in self.one.finditer(run.string, run.start(), run.end())]
        backwards = self.one.finditer(run.group()[::-1])
        return [(run.end() - each.end(), each.group()) for each in backwards][::-1]


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _families(pairs: Iterable[MarkPair]) -> dict[str, str]:
    family = dict.fromkeys(DOUBLE, DOUBLE[0]) | dict.fromkeys(SINGLE, SINGLE[0])
    for pair in pairs:
        opening, closing = family.setdefault(pair.open, pair.open), family.setdefault(pair.close, pair.open)
        if opening != closing:
            family = {sign: opening if each == closing else each for sign, each in family.items()}
    return family


def _turn(sign: str, pairs: Iterable[MarkPair]) -> Turn:
    """As the first pair says that has the sign; the straight signs of ASCII look either way."""
    if any(pair.open == sign == pair.close for pair in pairs) and sign.isascii():
        return "either"
    first = next(pair for pair in pairs if sign in (pair.open, pair.close))
    if first.open == first.close:
        return "either"
    return "open" if first.open == sign else "close"


def _side(left: str, right: str) -> Side:
    opens = not left or left.isspace() or left in AFTER_THESE_OPENS
    closes = not right or right.isspace() or right in BEFORE_THESE_CLOSES
    if opens and closes:
        return "loose"
    if opens:
        return "open"
    return "close" if closes else "inside"


def _may_be_apostrophe(text: str, before: str, run: re.Match[str]) -> bool:
    return len(run.group()) == 1 and bool(DROPPED_LETTER.search(before)) and bool(POSSESSED.match(text, run.end()))
