"""Who a byline names: people, desks, outlets; times, addresses, roles and placeholders are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import attrs

from quotes.article import dates
from quotes.article.credits import find_outlet
from quotes.article.publishers import Publisher
from quotes.article.words import layout
from quotes.lexicon import Lexicon

LONGEST_LINE = 300
LONGEST_NAME = 6
MAIL = re.compile(r"(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}")
HANDLE = re.compile(r"(?<!\w)@\w+")
ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.-])[\w-]{1,64}(?:\.[\w-]{1,64}){0,5}\.[a-z]{2,24}(?:/\S*)?(?![\w.])"
)
MOMENT = re.compile(
    r"\b\d{1,3}\s*-?\s*min(?:ute)?s?\b(?:\s+(?:read|reading|ago))?|\b(?:\d{1,3}|an?)\s+(?:hour|day|week|month)s?\s+ago\b",
    re.IGNORECASE,
)
WAS = "\0"  # where a time stood
BEHIND = re.compile(r",\s*(?=(?:Jr|Sr)\b|I{2,3}\b|IV\b)")
SEPARATOR = re.compile(
    r"[\n|•·;/()\[\]<>»›{}:]|\s[–—―-]+\s|[–—―]|,|\s(?:and|AND|And|&|plus|with|With|WITH)(?=\s)|\s\+\s"
)
LEAD = re.compile(
    r"\s*(?:(?:(?:words|story|text|report|article|reporting|written|posted|reported|published|submitted|compiled|created)"
    r"(?:\s+(?:and|&)\s+\w+)?\s+)?by\b|(?:authors?|reporters?|writers?|words|text|byline)\s*:|from\s+the\s+desk\s+of\b)"
    r"\s*:?\s*",
    re.IGNORECASE,
)
# Others who had a hand in a page, and none in its words.
HELPERS = re.compile(
    r"\b(?:(?:main|cover|lead|additional)\s+)?(?:pictures?|photos?|photographs?|photography|images?|illustrations?"
    r"|illustrated|videos?|graphics?|edited|editing|updated|modified|reviewed|fact[- ]?checked|produced|translated)"
    r"\s*(?:by\b|:|courtesy\b).*",
    re.IGNORECASE | re.DOTALL,
)
STALE = re.compile(
    r"\b(?:(?:last|first)\s+)?(?:updated|published|posted|modified)\b(?!\s+by\b)[^\n|•·;]*", re.IGNORECASE
)
PLACED = re.compile(r"(?:^|\s)(?:in|at|for|of|from|via|In|IN|At|AT|For|FOR|From|FROM)\s.*", re.DOTALL)


@attrs.frozen(kw_only=True)
class Authors:
    """Whom a byline names, each in the order of the line, as it writes them; outlets: others than the publisher."""

    people: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()

    @property
    def byline(self) -> str | None:
        """The people, or else the desks, in one line; None where there are neither."""
        return ", ".join(self.people or self.desks) or None


def best(lines: Iterable[str], publisher: str | None, lexicon: Lexicon) -> Authors:
    """The people of the first line that names any, or else the desks of the first that does; and the outlets of the
    lines up to that one.
    """
    outlets: list[str] = []
    desks: tuple[str, ...] = ()
    for line in lines:
        found = authors(line, publisher, lexicon)
        outlets += found.outlets
        if found.people:
            return attrs.evolve(found, outlets=_distinct(outlets))
        desks = desks or found.desks
    return Authors(desks=desks, outlets=_distinct(outlets))


def authors(line: str, publisher: str | None, lexicon: Lexicon) -> Authors:
    """Who stands in a line such as "By Jane Doe, political editor | Updated 2:54pm" or "Jane Doe and AFP".

    Nobody does where the line is longer than 300 characters.
    """
    own = Publisher.of(publisher, None, lexicon)
    if len(line) > LONGEST_LINE or own.is_named(line):
        return Authors()
    people: list[str] = []
    desks: list[str] = []
    outlets: list[str] = []
    for part in _parts(line):
        name = _tidy(part)
        outlet = _outlet(name, lexicon)
        if not name or own.is_named(name) or (outlet and own.is_named(outlet)):
            continue
        if outlet:
            outlets.append(outlet)
        elif _is_nobody(name, own):
            continue
        elif is_desk(name, lexicon):
            desks.append(name)
        elif _is_outlet_like(name, lexicon) and not people:
            outlets.append(name)
        elif person := _person(name, lexicon):
            people.append(person)
    return Authors(people=_distinct(people), desks=_distinct(desks), outlets=_distinct(outlets))


def is_dated(line: str, lexicon: Lexicon) -> bool:
    """Whether a line without a lead holds people's names and a time, and nothing else: "Jane Doe – 17 April 2012"."""
    if len(line) > LONGEST_LINE or _without_times(line) == line:
        return False
    parts = [part for part in map(_tidy, _parts(line)) if part and not _is_nobody(part, Publisher())]
    return bool(parts) and all(
        part.split()[0].lower() in lexicon.given_names and 2 <= len(part.split()) <= 4 and _person(part, lexicon)
        for part in parts
    )


def is_desk(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is that of a part of a newsroom: "Sports Desk", not "Peter Desk"."""
    words = name.lower().split()
    named = len(words) == 2 and words[0] in lexicon.given_names
    return len(words) > 1 and words[-1] in layout().desks and not named


def _parts(line: str) -> Iterator[str]:
    line = HELPERS.sub("", LEAD.sub("", _without_times(line), count=1))
    line = ADDRESS.sub("\n", HANDLE.sub("\n", MAIL.sub("\n", line)))
    for part in SEPARATOR.split(BEHIND.sub(" ", line)):
        yield LEAD.sub("", part, count=1)


def _without_times(line: str) -> str:
    """A line with breaks for the dates, times and reading times in it, and for the words that lead them in."""
    for pattern in (dates.full_date(), dates.ISO, dates.SLASHES, MOMENT, dates.dateline_date(), dates.TIME):
        line = pattern.sub(WAS, line)
    return STALE.sub("\n", _labelled().sub("\n", line))


@cache
def _labelled() -> re.Pattern[str]:
    label = "|".join(sorted(layout().date_labels | layout().weekdays, key=len, reverse=True))
    return re.compile(rf"(?:\b(?:{label})\b[\s:.,]*)*{WAS}(?:[\s,]*\b(?:{label})\b)*", re.IGNORECASE)


def _tidy(part: str) -> str:
    words = part.split()
    while words and not any(map(str.isalnum, words[0])):
        words = words[1:]
    while words and not any(map(str.isalnum, words[-1])):
        words = words[:-1]
    return " ".join(words).strip(' ,*"“”_')


def _outlet(name: str, lexicon: Lexicon) -> str | None:
    """A listed outlet's name, as it is written: that of "Reuters", "AP Staff"; not that of "Dawn"."""
    words = name.split()
    while words and words[-1].lower() in layout().nobody:
        words = words[:-1]
    for bare in dict.fromkeys((name, " ".join(words))):
        if find_outlet(bare, lexicon) and (bare.isupper() or not lexicon.is_word(bare.lower().removeprefix("the "))):
            return bare
    return None


def _is_outlet_like(name: str, lexicon: Lexicon) -> bool:
    """Whether a name that no list knows ends as outlets' names do, and begins as no person's does."""
    words = name.lower().split()
    if len(words) < 2 or words[0] in lexicon.given_names:
        return False
    return words[-1] in layout().site_words or (words[0] == "the" and words[1].rstrip(".") not in lexicon.titles)


def _is_nobody(name: str, own: Publisher) -> bool:
    """Whether every word is one of a placeholder, the publisher's, a role or a time: "Editorial Staff", "Thu"."""
    words = re.findall(r"[^\W_]+", name.lower())
    known = layout().nobody | layout().writers | layout().desks | layout().date_labels | layout().weekdays
    return (
        not any(map(str.isalpha, name))
        or all(word in known for word in words)
        or (not set(words) <= own.words and all(word in known | own.words for word in words))
        or name.lower() in layout().generic_agencies | layout().sections
    )


def _person(name: str, lexicon: Lexicon) -> str | None:
    """The person's name in a part of a byline, without the role before or behind it; None where there is none."""
    words = PLACED.sub("", name).split()
    if _is_body(words, lexicon):
        return None
    words = _without_role_before(words, lexicon)
    words = _without_role_behind(words)
    small = layout().particles | layout().connectors
    names = [word for word in words if word.lower() not in small]
    named = names and all((word[0].isalpha() and not word[0].islower()) or _has_capital(word) for word in names)
    if not named or len(words) > LONGEST_NAME or any(map(str.isdigit, "".join(words))):
        return None
    if words[-1].lower() in layout().writers and words[0].lower() not in lexicon.given_names:
        return None
    return " ".join(words).rstrip(",:") if len("".join(names)) > 1 and not _is_told_off(words) else None


def _is_body(words: list[str], lexicon: Lexicon) -> bool:
    """Whether what is left of a name is a body's: "Ministry [of Harbours]", "Port Ansel Council"."""
    return len(words) != 2 and bool(words) and words[-1].lower() in lexicon.organizations - layout().desks


def _has_capital(word: str) -> bool:
    """Whether a small letter stands before a name's capital: "d'Arcy", "al-Masri"."""
    return bool(re.match(r"[^\W\d_]{1,4}['’-][^\W\d_]", word)) and word.lower() != word


def _is_told_off(words: list[str]) -> bool:
    """Whether letters behind a name stand alone: the "PhD" of "Jane Doe, PhD"."""
    return len(words) == 1 and words[0].rstrip(".").lower() in layout().degrees


def _without_role_before(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "Political editor Jane Doe" -> "Jane Doe"; "Page Editor" stays for others to refuse."""
    if words and words[0].lower() in lexicon.given_names:
        return words
    for at in range(min(4, len(words) - 2), 0, -1):
        if words[at - 1].lower() in layout().writers:
            return words[at:]
    return words


def _without_role_behind(words: list[str]) -> list[str]:
    """ "Jane Doe Staff Writer" -> "Jane Doe": a role goes, and what says which, while two words are left."""
    if len(words) < 3 or words[-1].lower() not in layout().writers:
        return words
    words = words[:-1]
    while len(words) > 2 and words[-1].lower() in layout().beats | layout().writers:
        words = words[:-1]
    return words


def _distinct(names: list[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())
