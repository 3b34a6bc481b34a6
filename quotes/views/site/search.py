"""What a site's search reads: an index of words and the things that it finds, in files that are loaded when needed.

A page that was opened from a disk may not fetch files, but it may run scripts: each file is a call with its data.
Things are numbered in the order in which they are shown, so a number is all that ranks a hit.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs

from quotes.link import Member, Travel
from quotes.views import facts, travel
from quotes.views.site.contents import Card, Contents, Place
from quotes.views.site.tables import card_title

PREFIX = 2  # letters that words in the same file begin with
THINGS = 200  # in a file
COMMON = 8  # a word in more than one of so many things is not looked for …
FEWEST = 1000  # … where there are at least so many things

_WORD = re.compile(r"[^\W_]+")


@attrs.frozen(kw_only=True)
class Thing:
    """What can be found. shown: its words; note: what stands below; path: its page; words: what it is found by."""

    shown: str
    note: str
    path: str
    words: str


def things_of(contents: Contents, paths: Mapping[tuple[str, ...], str]) -> list[tuple[str, list[Thing]]]:
    """All that can be found in a site, under headings, the best things first. paths: as in Links."""
    claims = [_shared_claim(way, paths["way", way.cluster.id]) for way in contents.ways]
    claims += [
        _single_claim(member, paths.get(("claim", member.article, member.claim)) or paths["article", member.article])
        for member in contents.members
        if (member.article, member.claim) not in contents.way_of
    ]
    return [
        ("Sources and outlets", [_place(each) for each in contents.places]),
        ("Claims", claims),
        ("Articles", [_article(each, paths["article", each.id]) for each in contents.cards]),
    ]


def _place(place: Place) -> Thing:
    counts = [
        facts.plural(len(place.own), "claim"),
        f"passes on {len(place.relayed)}" if place.relayed else "",
        f"{facts.plural(len(place.published), 'article')} here" if place.published else "",
    ]
    name, roles = facts.one_line(place.name), [facts.one_line(role) for role in place.roles[:1]]
    note = ", ".join(filter(None, (place.kind, *roles, *counts)))
    return Thing(shown=name, note=note, path=place.path, words=" ".join((name, *place.aliases, *roles)))


def _shared_claim(way: Travel, path: str) -> Thing:
    first = way.carries[0]
    several = f"{len(way.carries)} articles of {facts.plural(len(way.outlets), 'outlet')}"
    return Thing(
        shown=travel.words(way.cluster.representative),
        note=f"{several}, first {travel.carrier(first)}, {travel.date(first)}",
        path=path,
        words=" ".join(map(_words_of, way.carries)),
    )


def _single_claim(member: Member, path: str) -> Thing:
    return Thing(
        shown=travel.words(member),
        note=f"{travel.carrier(member)}, {travel.date(member)} ← {travel.chain(member)}",
        path=path,
        words=_words_of(member),
    )


def _words_of(member: Member) -> str:
    return f"{member.text} {travel.chain(member)} {travel.carrier(member)}"


def _article(card: Card, path: str) -> Thing:
    date = facts.one_line(facts.day(card.published)) if card.published else "undated"
    note = f"{facts.one_line(card.publisher or 'publisher unknown')}, {date}"
    return Thing(shown=card_title(card), note=note, path=path, words=f"{card_title(card)} {note}")


def files(groups: Sequence[tuple[str, Sequence[Thing]]]) -> Iterator[tuple[str, str]]:
    """(path, text) of every file of the search. groups: (heading, things), the best things first."""
    things = [thing for _, found in groups for thing in found]
    found = _postings(things)
    common = sorted(word for word, numbers in found.items() if _is_common(len(numbers), len(things)))
    buckets: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for word in sorted(found.keys() - set(common)):
        buckets[word[:PREFIX]][word] = _steps(found[word])
    prefixes = {prefix: number for number, prefix in enumerate(sorted(buckets))}
    index = {
        "groups": [[heading, len(found)] for heading, found in groups],
        "things": THINGS,
        "prefix": PREFIX,
        "prefixes": prefixes,
        "common": common,
    }
    yield "search/index.js", _call("index", index)
    for prefix, number in prefixes.items():
        yield f"search/words-{number}.js", _call("words", number, buckets[prefix])
    for number in range(0, len(things), THINGS):
        part = [[each.shown, each.note, each.path] for each in things[number : number + THINGS]]
        yield f"search/things-{number // THINGS}.js", _call("things", number // THINGS, part)


class _Marks(dict[int, int | None]):
    """For str.translate: accents and other marks go, all else stays."""

    def __missing__(self, sign: int) -> int | None:
        self[sign] = None if unicodedata.category(chr(sign)).startswith("M") else sign
        return self[sign]


_MARKS = _Marks()


def words(text: str) -> list[str]:
    """The words of a text as they are compared: lower case, without accents. search.js does the same."""
    return _WORD.findall(unicodedata.normalize("NFKD", text).translate(_MARKS).lower())


def _postings(things: Sequence[Thing]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, thing in enumerate(things):
        for word in dict.fromkeys(words(thing.words)):
            found[word].append(number)
    return found


def _is_common(count: int, things: int) -> bool:
    return things >= FEWEST and count * COMMON > things


def _steps(numbers: Sequence[int]) -> list[int]:
    """The first number, then how far each is from the one before: shorter to write."""
    return [numbers[0], *(after - before for before, after in pairwise(numbers))]


def _call(name: str, *values: Any) -> str:
    """A script that hands over data: ASCII alone, so that no text can end a string or a line."""
    return f"quotesSearch.{name}({', '.join(json.dumps(each, separators=(',', ':')) for each in values)});\n"
