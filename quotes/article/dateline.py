"""The dateline at the start of a story: the place, the date and the agency before its dash or colon."""

from __future__ import annotations

import re
from functools import cache

import attrs

from quotes.article.credits import agencies_only, find_outlet
from quotes.article.dates import dateline_date, iso
from quotes.article.words import layout
from quotes.lexicon import Lexicon
from quotes.records import Credit, Span

LONGEST = 110
SHORTEST_STORY = 40
SEPARATOR = re.compile(
    r"\s*(?:\.\s?[-–—]+|-{2,}|[–—]|-(?=\s)|(?<=\s)-(?=[^\s\d])|:(?=\s|$)"
    r"|[.,]?\s*/(?P<wire>[^\W\d_][\w .-]{1,20})/\.?(?=\s))\s*"
)
BRACKETED = re.compile(r"[\s,]*\((?P<inside>[^()]{1,50})\)[\s.]*$")
LEADING_BRACKET = re.compile(r"\((?P<inside>[^()]{2,40})\)(?P<after>\s*(?:-{1,2}|[–—:])\s*|(?=[A-Z“\"])|\s*$)")
SLASHED = re.compile(r"[\s,.]*/(?P<inside>[^/]{2,21})/\.?$")
WITHOUT_DASH = re.compile(r"[^()\n]{3,60}\((?P<inside>[^()]{2,40})\)[.:]?\s+(?=[A-Z“\"‘])")
PLACE = re.compile(r"[^\W\d_][^\d()\[\]{}<>“”\"?!;:|@#%*+=_]{0,70}")
STARTS = re.compile(r"[“”\"‘’'«(\[$€£¥₹#]*[\w]")


@attrs.frozen(kw_only=True)
class Dateline:
    """end: where the story's own words begin; place: as written; credit: the agencies named, each with its span."""

    end: int
    place: str | None = None
    credit: tuple[Credit, ...] = ()
    published: str | None = None
    certain: bool = False


@attrs.frozen(kw_only=True)
class Page:
    """What the reader of a dateline may look up: the whole text, the word lists, and who publishes the page."""

    text: str
    lexicon: Lexicon
    publisher: str | None = None
    host: str | None = None


def find(page: Page, start: int, end: int) -> Dateline | None:
    """The dateline at the start of text[start:end], or None.

    certain: an agency or a date shows it; otherwise the place alone does.
    """
    limit = min(end, start + LONGEST)
    return (
        _leading_bracket(page, start, limit, end)
        or _separated(page, start, limit, end)
        or _dashless(page, start, limit)
    )


def _leading_bracket(page: Page, start: int, limit: int, end: int) -> Dateline | None:
    """(Reuters) - World …, (CNN)The …"""
    found = LEADING_BRACKET.match(page.text, start, limit)
    credit = agencies_only(page.text, *found.span("inside"), page.lexicon, "all") if found else None
    if not found or not credit or (found.end() < end and not _begins_story(page.text, found.end(), known=True)):
        return None
    return Dateline(end=found.end(), credit=credit, certain=True)


def _separated(page: Page, start: int, limit: int, end: int) -> Dateline | None:
    """PLACE, date (AGENCY) — …, in any selection and order of the three."""
    for number, separator in enumerate(SEPARATOR.finditer(page.text, start, limit)):
        if number == 3 or separator.start() == start:
            return None
        stop = separator.end("wire") + 1 if separator["wire"] else separator.start()
        # The separator takes a full stop along that may belong to the place: "COLUMBIA, S.C. -".
        stop += not separator["wire"] and page.text[stop] == "."
        found = _head(page, start, stop)
        if found is None:
            continue
        after = _date_after(page, separator.end(), limit)
        parts = found if after is None else attrs.evolve(found, end=after[0], date=after[1])
        if after is None:
            parts = attrs.evolve(parts, end=separator.end())
        if _accepted(page, parts, separator, start, end):
            return Dateline(
                end=parts.end,
                place=None if parts.is_outlet else parts.place,
                credit=parts.credit or _agencies(parts.unknown),
                published=iso(parts.date or ""),
                certain=bool(parts.credit or parts.date or parts.unknown or parts.is_outlet),
            )
    return None


def _dashless(page: Page, start: int, limit: int) -> Dateline | None:
    """NEW DELHI, Jan 3 (PTI) The …"""
    found = WITHOUT_DASH.match(page.text, start, limit)
    parts = _head(page, start, found.end("inside") + 1) if found else None
    if not found or parts is None or not parts.credit or not parts.place or not _is_line(parts):
        return None
    place = None if parts.is_outlet else parts.place
    return Dateline(end=found.end(), place=place, credit=parts.credit, published=iso(parts.date or ""), certain=True)


def _is_line(parts: _Parts) -> bool:
    """Whether what stands before brackets is a dateline without its dash: a known place or the publisher itself."""
    return parts.is_outlet or (_is_place(parts.place or "") and (bool(parts.date) or (parts.place or "").isupper()))


@attrs.frozen(kw_only=True)
class _Parts:
    end: int = 0
    place: str | None = None
    date: str | None = None
    credit: tuple[Credit, ...] = ()
    unknown: Span | None = None
    is_outlet: bool = False


def _head(page: Page, start: int, stop: int) -> _Parts | None:
    """Takes date, brackets and slashes off the right end of text[start:stop]; what is left must look like a place."""
    text, date, unknown = page.text, None, None
    credit: tuple[Credit, ...] = ()
    for _ in range(3):
        stop = start + len(text[start:stop].rstrip(" ,"))
        bracket = BRACKETED.search(text[start:stop]) or SLASHED.search(text[start:stop])
        day = _day_at_end().search(text[start:stop])
        if bracket:
            first, last = start + bracket.start("inside"), start + bracket.end("inside")
            inside = text[first:last]
            if dateline_date().fullmatch(inside.strip()):
                date = inside
            elif (named := agencies_only(text, first, last, page.lexicon, "all")) is not None:
                credit = named + credit
            else:
                unknown = Span(start=first, end=last, text=inside)
            stop = start + bracket.start()
        elif day:
            date, stop = day["day"], start + day.start()
        else:
            break
    part = _place_part(text[start:stop])
    if not part:
        return _Parts(date=date, credit=credit) if credit and date else None
    if not _is_publisher(page, part) and not (PLACE.fullmatch(part) and _capitalised(part)):
        return None
    return _with_outlet(page, _Parts(place=part, date=date, credit=credit, unknown=unknown), start, start + len(part))


@cache
def _day_at_end() -> re.Pattern[str]:
    return re.compile(rf"[\s,]*(?P<day>{dateline_date().pattern})[\s,.]*$", re.IGNORECASE)


def _place_part(part: str) -> str:
    """A place without a weekday after it, and without a full stop that belongs to no abbreviation ("RENO, Nev.")."""
    part = part.rstrip(" ,")
    head, comma, last = part.rpartition(",")
    if comma and last.strip(" .").lower() in layout().weekdays:
        part = head.rstrip()
    abbreviated = comma and (last.strip().lower() in layout().countries or "." in last[:-1])
    return part if abbreviated else part.rstrip(" .")


def _with_outlet(page: Page, parts: _Parts, start: int, stop: int) -> _Parts:
    """The place that is no place: the publisher's own name, another outlet's, or one after the last comma."""
    place = parts.place or ""
    if _is_publisher(page, place):
        return attrs.evolve(parts, is_outlet=True)
    named = agencies_only(page.text, start, stop, page.lexicon, "names")
    if named:
        return attrs.evolve(parts, is_outlet=True, credit=named + parts.credit)
    before, comma, after = place.rpartition(",")
    outlet = find_outlet(after.strip(), page.lexicon) if comma else None
    if outlet is not None and not page.lexicon.is_word(after.strip()):
        first = start + place.rindex(after.strip())
        last = Credit(name=after.strip(), start=first, end=first + len(after.strip()))
        return attrs.evolve(parts, place=before.strip(), credit=(last, *parts.credit))
    return parts


def _date_after(page: Page, start: int, limit: int) -> tuple[int, str] | None:
    """CAIRO – 26 July 2022: …"""
    found = dateline_date().match(page.text, start, limit)
    if found is None:
        return None
    stop = SEPARATOR.match(page.text, found.end(), limit)
    return (stop.end(), found[0]) if stop else None


def _accepted(page: Page, parts: _Parts, separator: re.Match[str], start: int, end: int) -> bool:
    rest = page.text[parts.end : end]
    place = parts.place or ""
    colon = ":" in separator[0]
    if parts.is_outlet and colon and not parts.date:
        return False
    if parts.credit or parts.is_outlet:
        return not rest or _begins_story(page.text, parts.end, known=True)
    if not place or (rest and not _begins_story(page.text, parts.end, known=False)):
        return False
    if _is_label(place):
        return False
    if parts.unknown is not None:
        return (bool(parts.date) or _is_place(place)) and _is_agency_like(parts.unknown.text)
    if parts.date:
        return place.isupper() or _is_place(place) or (len(place.split()) <= 5 and len(rest) >= SHORTEST_STORY)
    if len(rest) < SHORTEST_STORY:
        return False
    if _is_place(place):
        return True
    if colon and len(rest) < 100:
        return False
    return "." in separator[0] or (place.isupper() and _is_unknown_place(page, place, start, parts.end))


def _agencies(unknown: Span | None) -> tuple[Credit, ...]:
    """The names in brackets, one by one: Borneo Bulletin/ANN."""
    if unknown is None:
        return ()
    parts = re.finditer(r"[^\s/](?:[^/]*[^\s/])?", unknown.text)
    return tuple(
        Credit(name=part[0], start=unknown.start + part.start(), end=unknown.start + part.end()) for part in parts
    )


def _is_agency_like(name: str) -> bool:
    """Whether what stands in brackets after a place reads like a name that no list knows: HARBOURTON (Coast Wire) —"""
    known = layout().cities | layout().countries
    capitalised = all(word[:1].isupper() or word in layout().connectors for word in name.split())
    return capitalised and name.lower() not in known and not any(map(str.isdigit, name))


def _is_unknown_place(page: Page, place: str, start: int, stop: int) -> bool:
    """Whether a word in capitals that no list knows can be a place: no acronym, speaker or label of this text.

    An acronym and a speaker of a transcript come again in capitals; a person's or a body's name comes with "said".
    """
    too_long = max(len(part.split()) for part in place.split(",")) > 3
    if len(place) < 5 or too_long or place.lower() in layout().not_places:
        return False
    around = page.text[max(0, start - 3_000) : start] + " " + page.text[stop : stop + 20_000]
    if re.search(rf"\b{re.escape(place)}\b", around):
        return False
    verbs = "|".join(sorted(layout().speaking))
    last = re.escape(place.split()[-1])
    return not re.search(
        rf"\b{last},?\s+(?:{verbs})\b|\b(?:mr|ms|mrs|dr|president)\.?\s+{last}\b", around, re.IGNORECASE
    )


def _is_place(place: str) -> bool:
    """Whether the lists know a place: a city as written, a country in capitals, or a town before its country."""
    words = layout()
    names = [" ".join(name.lower().split()) for name in re.split(r",|/|&| and ", place)]
    if names[0] in words.cities or (names[0] in words.countries and place.isupper()):
        return True
    return len(names) > 1 and any(name in words.countries or name.rstrip(".") in words.countries for name in names[1:])


def _is_publisher(page: Page, place: str) -> bool:
    compact = _compact(place)
    if page.publisher and compact == _compact(page.publisher):
        return True
    label = max((page.host or "").split(".")[:-1] or [""], key=len)
    core = _compact(label)
    return (
        len(core) > 4
        and len(compact) > 4
        and (compact.startswith(core) or (core.startswith(compact) and len(compact) > 6))
    )


def _is_label(place: str) -> bool:
    words = [word.strip(".,'’s").lower() or word.lower() for word in place.split()]
    return any(word in layout().labels or word.lower() in layout().weekdays for word in words)


def _capitalised(part: str) -> bool:
    words = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", part)
    if not words or len(words) > 9 or not words[0][0].isupper():
        return False
    return all(
        word[0].isupper() or word.lower() in layout().connectors or word.startswith(("al-", "el-"))
        for word in words[1:]
    )


def _begins_story(text: str, at: int, *, known: bool) -> bool:
    found = STARTS.match(text, at)
    return found is not None and (known or not text[found.end() - 1].islower())


def _compact(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
