"""What of a claim's words is compared: folded tokens, stems, numbers, names, negations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from quotes.errors import MissingExtra
from quotes.lexicon import Lexicon

if TYPE_CHECKING:
    from quotes.link.members import Member

TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
PREFIX = re.compile(r"\b(anti|co|de|non|pre|re|un)-(?=[^\W\d_])", re.IGNORECASE)
SENTENCE_END = frozenset(".!?…")
OPENING = " \n\t\"'“‘«„("
CUT = "…"
# Words with so many letters of content are one wording whoever is said to have said them.
TELLING = 20


@attrs.frozen(kw_only=True, eq=False)
class Wording:
    """One way to word a claim, with all the members that have it.

    tokens: folded, numbers in figures; pieces: its runs of tokens, parted where the article breaks it off;
    line: its tokens, each between two spaces; stems: of the words with content; content: those of them that are no
    name and no number; names: tokens that a capital shows to be names.
    """

    members: tuple[Member, ...]
    tokens: tuple[str, ...]
    pieces: tuple[tuple[str, ...], ...]
    line: str
    stems: frozenset[str]
    content: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    negations: int


def wordings(members: Iterable[Member], lexicon: Lexicon) -> list[Wording]:
    """The wordings of all members that have words, longest first, in an order of their own."""
    reader = _Reader(lexicon)
    groups: dict[tuple[Any, ...], list[Member]] = {}
    for member in members:
        tokens = reader.tokens(member.text)
        if tokens:
            groups.setdefault((tokens, () if reader.weight(tokens) >= TELLING else member.sources), []).append(member)
    found = []
    for (tokens, _), own in sorted(groups.items(), key=lambda each: (-len(each[0][0]), each[0])):
        own.sort(
            key=lambda each: (each.published or "~", each.article, each.claim, each.publisher or "", each.path or "")
        )
        found.append(reader.wording(tokens, tuple(own)))
    return found


def words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words and numbers of a text as they are compared: case, accents, punctuation and possessive endings do not
    count, and numbers stand in figures.
    """
    return _Reader(lexicon).tokens(text)


def negates(token: str, lexicon: Lexicon) -> bool:
    return token in lexicon.negators or token.endswith("n't")


@attrs.frozen
class _Reader:
    """Reads texts by a lexicon's lists."""

    lexicon: Lexicon

    def wording(self, tokens: tuple[str, ...], members: tuple[Member, ...]) -> Wording:
        text = members[0].text
        parts = text.replace("...", CUT).split(CUT)
        pieces = tuple(piece for part in parts if (piece := self.tokens(part))) if len(parts) > 1 else (tokens,)
        stems = self.stems(tokens)
        names = _names(text)
        return Wording(
            members=members,
            tokens=tokens,
            pieces=pieces,
            line=line_of(tokens),
            stems=stems,
            content=frozenset(each for each in stems if not each[0].isdigit()) - {stem(name) for name in names},
            numbers=frozenset(token for token in tokens if token[0].isdigit()),
            names=names,
            negations=sum(negates(token, self.lexicon) for token in tokens),
        )

    def stems(self, tokens: Iterable[str]) -> frozenset[str]:
        return frozenset(stem(token) for token in tokens if token not in self.lexicon.light)

    def weight(self, tokens: Iterable[str]) -> int:
        return sum(map(len, self.stems(tokens)))

    def tokens(self, text: str) -> tuple[str, ...]:
        found = [_folded(token) for token in TOKEN.findall(_plain(text))]
        return tuple(found if self.lexicon.numbers.keys().isdisjoint(found) else self._in_figures(found))

    def _in_figures(self, tokens: Sequence[str]) -> Iterator[str]:
        """The tokens, each number as one figure: two hundred and six -> 206, 1.2 million -> 1200000."""
        numbers = self.lexicon.numbers
        at = 0
        while at < len(tokens):
            run, after = _number_run(tokens, at, numbers)
            if after > at + 1 or tokens[at] in numbers:
                yield _figure(run)
            else:
                after = at + 1
                yield tokens[at]
            at = after


def _number_run(tokens: Sequence[str], at: int, numbers: Mapping[str, int]) -> tuple[list[float], int]:
    """The values of the words for one number from a place on, and the place behind them."""
    run: list[float] = []
    while at < len(tokens):
        value = _value(tokens[at], numbers, begins=not run)
        if value is None and tokens[at] == "and" and run and run[-1] >= 100 and at + 1 < len(tokens):
            at, value = at + 1, _value(tokens[at + 1], numbers, begins=False)
            if value is None:
                return run, at - 1
        if value is None or (run and not _goes_on(run[-1], value)):
            break
        run.append(value)
        at += 1
    return run, at


def _value(token: str, numbers: Mapping[str, int], *, begins: bool) -> float | None:
    """What a token counts: a figure only where a number begins, "one" only where it goes on."""
    if token in numbers:
        return numbers[token]
    if begins:
        return float(token) if token[0].isdigit() and token.count(".") < 2 else None
    return 1.0 if token == "one" else None


def _goes_on(before: float, value: float) -> bool:
    """Whether a value can follow another in one number: forty two, two hundred, hundred six."""
    return value >= 100 or (20 <= before < 100 and value < 10) or before >= 100


def _figure(run: Sequence[float]) -> str:
    total, part = 0.0, 0.0
    for value in run:
        if value >= 1000:
            total, part = total + (part or 1) * value, 0.0
        else:
            part = (part or 1) * value if value == 100 else part + value
    whole = total + part
    return str(int(whole)) if whole.is_integer() else f"{whole:g}"


def line_of(tokens: Sequence[str]) -> str:
    return f" {' '.join(tokens)} "


def _names(text: str) -> frozenset[str]:
    """The tokens that a capital letter shows to be names: none at the start of a sentence, no "I"."""
    plain = _plain(text)
    capital = (match for match in TOKEN.finditer(plain) if match[0][0].isupper() and match[0][1:2] not in ("", "'"))
    return frozenset(_folded(match[0]) for match in capital if not _starts_sentence(plain, match.start()))


def _starts_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at].rstrip(OPENING)
    return not before or before[-1] in SENTENCE_END


def _plain(text: str) -> str:
    if not text.isascii():
        parted = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in parted if not unicodedata.combining(sign)).replace("’", "'").replace("...", CUT)
    if "-" in text:
        text = PREFIX.sub(r"\1", text)
    return text.replace("%", " percent ").replace("per cent", "percent") if "%" in text or "per cent" in text else text


@lru_cache(maxsize=1 << 16)
def _folded(token: str) -> str:
    return token.casefold().replace(",", "").rstrip(".").removesuffix("'s")


@lru_cache(maxsize=1 << 16)
def stem(token: str) -> str:
    """A word without its inflection (door to snowballstemmer)."""
    return str(_stemmer().stemWord(token.replace("'", "")))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    try:
        import snowballstemmer
    except ImportError:
        raise MissingExtra("snowballstemmer", "corpus") from None
    return snowballstemmer.stemmer("english")
