"""Who an article is by and taken from: bylines, credit lines, and credits at the end of the last paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from quotes.article.words import layout
from quotes.lexicon import Lexicon, Outlet
from quotes.records import Credit, Span

# Which names that are ordinary words too ("Time", "AP") are believed: none, those in capitals, all.
Trust = Literal["names", "capitals", "all"]
LONGEST_NAME = 6
WORD = re.compile(r"[^\W_]+(?:[.&'’-][^\W_]+)*\.?")
LONGEST_BYLINE = 150
NAME = r"[^\W\d_][\w.'’-]*"
BYLINE = re.compile(
    r"(?:By|BY|(?:Written|Words|Story|Text|Report|Posted) by|BYLINE|Byline|Author|Reporter)\s*:?\s+"
    rf"(?P<who>{NAME}(?:\s+{NAME}){{0,4}}?"
    r"(?:\s*[,|/(&–—-].{0,90}|\s+(?:and|AND|in|IN|of|for|with)\s.{0,90})?)"
)
REPORTING = re.compile(
    r"\s*[(\[](?:(?:with\s+)?(?:additional\s+|further\s+)?(?:reporting|writing|editing|compiled|edited|written)\s+by\b"
    r"|with\s+(?:inputs?|files|reporting)\s+from\b|with\s+agenc)[^()\[\]]*[)\]]?[.\s]*$",
    re.IGNORECASE,
)
IN_BRACKETS = re.compile(r"\s*[(\[](?P<names>[^()\[\]]{2,60})[)\]]\.?$")
AFTER_DASH = re.compile(r"\s[-–—]{1,2}\s*(?P<names>[^\W\d_][\w .&,'’/-]{1,50}?)\.?$")
IN_SLASHES = re.compile(r"\s/(?P<names>[^\W\d_][\w .-]{1,30})/\.?$")
ALONE = re.compile(r"[-–—(\[/\s]*(?P<names>[^\W\d_][\w .&,'’/-]{1,60}?)[)\]/.\s]*")
CONTRIBUTED = re.compile(
    r"[A-Z].{0,200}\bcontributed(?: reporting)?(?: to this (?:report|story|article|piece))?(?: from [^.]{2,60})?\.?"
)
# Leads that mostly name people: "Additional reporting by …".
PERSONS = re.compile(r"\b(?:reporting|writing|editing|compiled|inputs?|files)\b", re.IGNORECASE)
QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")
TAIL = 200


def outlets_in(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[tuple[Span, Outlet]]:
    """The outlets of the lexicon that text[start:end] names, each with its span; the longest name wins."""
    words = list(WORD.finditer(text, start, end))
    at = 0
    while at < len(words):
        for after in range(min(at + LONGEST_NAME, len(words)), at, -1):
            first, last = words[at].start(), words[after - 1].end()
            outlet = find_outlet(text[first:last], lexicon)
            if outlet is not None and text[first].isupper() and not _is_part(text, words, at, after):
                last -= text[first:last].endswith(".") and text[first:last].lower() not in lexicon.outlets
                yield Span(start=first, end=last, text=text[first:last]), outlet
                at = after - 1
                break
        at += 1


def _is_part(text: str, words: list[re.Match[str]], at: int, after: int) -> bool:
    """Whether words[at:after] stand inside a longer name: the "Gazette" of "Vallmere Gazette"."""
    pairs = [pair for pair in ((at - 1, at), (after - 1, after)) if pair[0] >= 0 and pair[1] < len(words)]
    return any(
        text[words[left].end() : words[right].start()].isspace()
        and words[left][0][0].isupper()
        and words[right][0][0].isupper()
        and not words[left][0].endswith(".")
        for left, right in pairs
    )


def find_outlet(name: str, lexicon: Lexicon) -> Outlet | None:
    """The outlet of this name, with or without "the" and a full stop."""
    key = " ".join(name.lower().split())
    bare = key.rstrip(".").removeprefix("the ")
    return lexicon.outlets.get(key) or lexicon.outlets.get(bare) or lexicon.outlets.get(f"the {bare}")


def canonical(name: str, lexicon: Lexicon) -> str:
    """An outlet's own name, by any of its names; the name itself in small letters where no list knows it."""
    outlet = find_outlet(name, lexicon)
    return outlet.name if outlet else name.casefold()


def credits_in(text: str, start: int, end: int, lexicon: Lexicon, trust: Trust = "capitals") -> tuple[Credit, ...]:
    found = outlets_in(text, start, end, lexicon)
    return tuple(_credit(name) for name, _ in found if _is_trusted(name.text, lexicon, trust))


def _credit(name: Span) -> Credit:
    return Credit(name=name.text, start=name.start, end=name.end)


def _is_trusted(name: str, lexicon: Lexicon, trust: Trust) -> bool:
    return (
        trust == "all"
        or not lexicon.is_word(name.lower().removeprefix("the "))
        or (trust == "capitals" and name.isupper())
    )


def byline(line: str) -> str | None:
    """The name in a line such as "By Jane Doe, Associated Press"; None where the line is no byline."""
    found = BYLINE.fullmatch(line) if len(line) <= LONGEST_BYLINE else None
    if not found:
        return None
    who = found["who"].strip(" ,")
    words = who.split()
    names = [word for word in re.split(r"[,|/(&–—]|\s(?:and|AND|in|IN|of|for|with)\s", who)[0].split() if word != "-"]
    capitals = all(word[0].isupper() or word.lower() in layout().connectors | {"van", "von", "bin"} for word in names)
    calendar = {*layout().weekdays, *layout().months, "the", "a", "all", "any", "now"}
    if not capitals or words[0].strip(",").lower() in calendar or (who[-1] in ".!?:;" and len(words) > 6):
        return None
    return who.rstrip(".") if len(words[-1].rstrip(".")) > 2 else who


def credit_line(text: str, start: int, end: int, lexicon: Lexicon) -> tuple[Credit, ...] | None:
    """The outlets of a line such as "Source: Xinhua"; empty where it names none; None where it is no credit line."""
    line = text[start:end]
    if len(line) > 2 * TAIL:
        return None
    if REPORTING.fullmatch(line) or CONTRIBUTED.fullmatch(line):
        return credits_in(text, start, end, lexicon)
    found = layout().credit_line.fullmatch(line)
    if not found or not found["rest"]:
        return None
    at = start + found.start("rest")
    persons = PERSONS.search(line[: found.start("rest")])
    named = credits_in(text, at, end, lexicon, "capitals" if persons else "all")
    if named or _is_lead_only(found["rest"]):
        return named
    if persons:
        return ()
    unknown = _unknown_name(found["rest"], at)
    return None if unknown is None else (unknown,)


def agencies_only(text: str, start: int, end: int, lexicon: Lexicon, trust: Trust) -> tuple[Credit, ...] | None:
    """The outlets where text[start:end] is nothing but names of agencies ("Borneo Bulletin/ANN"); None otherwise."""
    names = [name for name, _ in outlets_in(text, start, end, lexicon)]
    rest = text[start:end]
    for name in reversed(names):
        rest = rest[: name.start - start] + " " + rest[name.end - start :]
    rest = re.sub(r"\b(?:and|with|inputs?|from|via|the|by)\b|[^\w]", " ", rest.lower())
    left = " ".join(rest.split())
    if (left or not names) and left not in layout().generic_agencies:
        return None
    return tuple(map(_credit, names)) if all(_is_trusted(name.text, lexicon, trust) for name in names) else None


def tail(text: str, start: int, end: int, lexicon: Lexicon) -> tuple[int, tuple[Credit, ...]] | None:
    """Where in a paragraph a credit at its very end begins, and the outlets that it names."""
    base = max(start, end - TAIL)
    window = text[base:end]
    reporting = REPORTING.search(text[max(start, end - 4 * TAIL) : end])
    if reporting and reporting.start() > 0:
        at = max(start, end - 4 * TAIL) + reporting.start()
        return at, credits_in(text, at, end, lexicon)
    for pattern in (IN_BRACKETS, AFTER_DASH, IN_SLASHES):
        found = pattern.search(window)
        if not found or not window[: found.start()].rstrip().endswith((".", "!", "?", "”", '"', "’", "'", "…")):
            continue
        if pattern is AFTER_DASH and not QUOTED.sub("", text[start : base + found.start()]).strip():
            continue
        first, last = base + found.start("names"), base + found.end("names")
        named = agencies_only(text, first, last, lexicon, "capitals" if pattern is AFTER_DASH else "all")
        if named is not None:
            return base + found.start(), named
    return None


def lone_agency(text: str, start: int, end: int, lexicon: Lexicon) -> tuple[Credit, ...] | None:
    """The outlets where a line is nothing but their names: "(KUNA)", "- Reuters."; without marks, agencies only."""
    found = ALONE.fullmatch(text[start:end]) if end - start <= 80 else None
    if not found:
        return None
    first, last = start + found.start("names"), start + found.end("names")
    named = agencies_only(text, first, last, lexicon, "capitals")
    if named and first == start:
        kinds = [outlet.kind for _, outlet in outlets_in(text, first, last, lexicon)]
        return named if all(kind == "agency" for kind in kinds) else None
    return named


def _is_lead_only(rest: str) -> bool:
    return " ".join(re.findall(r"\w+", rest.lower())) in layout().generic_agencies


def _unknown_name(rest: str, at: int) -> Credit | None:
    """An outlet that the lexicon does not know: a few capitalised words with no ministry among them."""
    article = re.match(r"the\s+", rest)
    at += article.end() if article else 0
    name = rest[article.end() if article else 0 :].rstrip(" .)]")
    words = name.split()
    lower = {word.strip(",.").lower() for word in words}
    if (
        not words
        or len(words) > LONGEST_NAME
        or not words[0][0].isupper()
        or lower & (layout().not_outlets | layout().not_places)
    ):
        return None
    if not all(word[0].isupper() or word in {"of", "the", "and", "&", "on"} for word in words):
        return None
    return Credit(name=name, start=at, end=at + len(name))
