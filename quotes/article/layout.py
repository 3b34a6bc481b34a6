"""Units -> blocks: what is banner, headline, byline, dateline, credit, furniture, and what is the story.

Nothing recognised means that every unit is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import attrs

from quotes.article import authors, credits, dateline, dates
from quotes.article.lines import CLOSERS, OPENERS, Unit, ends_sentence
from quotes.article.words import layout
from quotes.lexicon import Lexicon
from quotes.records import Block, BlockKind, Credit

URL = re.compile(r"<?(?:https?://|www\.)[^\s<>]+>?", re.IGNORECASE)
URL_DATE = re.compile(r"[/-]((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:/|-|_|$)")
LIST_ITEM = re.compile(r"(?:[-•*–—▪●]|\(?\d{1,2}[.)]|[a-z][.)])\s")
NOTHING_TO_READ = re.compile(r"[^\w\"“”'‘’«»„‚‹›]+")
CAPTION = re.compile(
    r"[.(]\s*(?:file )?(?:photo|picture|image)s?(?:graph)?\s*(?:by\b|courtesy\b|[:/]).{2,60}$", re.IGNORECASE
)
# Two lines in a row like "MALM: Did you …" are a transcript.
TURN = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}(?: [(\[][^()\[\]]{2,40}[)\]])?:\s")
HEAD = 14
LONGEST_BOILERPLATE = 260
LONGEST_HEADLINE = 160
LONGEST_QUESTION = 110


@attrs.define
class Found:
    """What has been recognised so far; kinds holds one entry per unit, None where it is the story's own.

    heads: unit -> where its dateline ends; tails: unit -> where the credit at its end begins.
    """

    kinds: list[BlockKind | None]
    title: str | None = None
    publisher: str | None = None
    byline: str | None = None
    dateline: str | None = None
    published: str | None = None
    url: str | None = None
    host: str | None = None
    credit: list[Credit] = attrs.Factory(list)
    heads: dict[int, int] = attrs.Factory(dict)
    tails: dict[int, int] = attrs.Factory(dict)


def recognise(
    text: str, units: list[Unit], lexicon: Lexicon, *, title: str | None, publisher: str | None, url: str | None
) -> tuple[tuple[Block, ...], Found]:
    """The blocks of a text and the metadata that stands in it; what the caller knows already helps, and wins later."""
    found = Found(kinds=[None] * len(units), title=title, publisher=publisher, url=url)
    if url:
        _take_host(url, found, lexicon)
    _mark_lines(units, found, lexicon)
    _mark_head(text, units, found, lexicon)
    _mark_dateline(text, units, found, lexicon)
    _mark_end(text, units, found, lexicon)
    return tuple(_blocks(units, found)), found


def _mark_lines(units: list[Unit], found: Found, lexicon: Lexicon) -> None:
    """Lines that tell what they are wherever they stand: URLs and furniture."""
    for index, unit in enumerate(units):
        if len(unit.text) > 2_000:
            continue
        if URL.fullmatch(unit.text):
            found.kinds[index] = "url"
            if found.url is None and all(found.kinds[:index]):
                found.url = unit.text.strip("<>")
                _take_host(found.url, found, lexicon)
        elif _is_boilerplate(unit.text):
            found.kinds[index] = "boilerplate"


def _is_boilerplate(line: str) -> bool:
    if len(line) > LONGEST_BOILERPLATE:
        return False
    return bool(NOTHING_TO_READ.fullmatch(line) or layout().boilerplate.fullmatch(line))


def _take_host(url: str, found: Found, lexicon: Lexicon) -> None:
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return
    if not host or "." not in host:
        return
    found.host = host
    outlet = lexicon.by_domain(host)
    if found.publisher is None and outlet is not None:
        found.publisher = outlet.name
    if found.published is None and (date := URL_DATE.search(url)):
        found.published = dates.iso("-".join(date.groups()))


def _mark_head(text: str, units: list[Unit], found: Found, lexicon: Lexicon) -> None:
    """Everything before the first real paragraph, if there is one among the first units."""
    page = _page(text, found, lexicon)
    candidates: list[int] = []
    dated = None
    for index, unit in enumerate(units[:HEAD]):
        if found.kinds[index] is not None:
            continue
        turns = index + 1 < len(units) and all(TURN.match(each.text) for each in units[index : index + 2])
        if turns or _is_story(unit, page):
            _take_head(units, candidates, index, found, lexicon)
            found.published = dated or found.published
            return
        if CAPTION.search(unit.text):
            continue
        if dates.is_date_line(unit.text):
            found.kinds[index] = "banner"
            dated = dated or dates.iso(unit.text)
        elif (credit := credits.credit_line(text, unit.start, unit.end, lexicon)) is not None:
            found.kinds[index] = "credit"
            found.credit.extend(credit)
        elif (name := credits.byline(unit.text) or _dated_byline(unit.text, lexicon)) is not None:
            found.kinds[index] = "byline"
            _take_byline(text, unit, name, found, lexicon)
        else:
            candidates.append(index)
    # No story follows: a list, a poem, a single line. Lines that were read as its head stay what they are.
    found.published = dated or found.published


def _dated_byline(line: str, lexicon: Lexicon) -> str | None:
    return line if authors.is_dated(line, lexicon) else None


def _take_byline(text: str, unit: Unit, name: str, found: Found, lexicon: Lexicon) -> None:
    found.credit.extend(credits.credits_in(text, unit.start + unit.text.index(name), unit.end, lexicon))
    found.byline = found.byline or name


def _is_story(unit: Unit, page: dateline.Page) -> bool:
    """Whether a unit is a paragraph and no line of the page's head."""
    line = unit.text
    if len(line) > LONGEST_HEADLINE or LIST_ITEM.match(line) or line.lstrip(OPENERS)[:1].islower():
        return True
    if credits.byline(line) or dates.is_date_line(line):
        return False
    dated = dateline.find(page, unit.start, unit.end)
    if dated is not None and _is_dated_story(unit, dated):
        return True
    if line.rstrip(CLOSERS + " ").endswith(","):
        return True
    if not ends_sentence(line):
        return False
    bare = line.rstrip(CLOSERS + " ")
    if bare.endswith(("?", "!", "…", "...")):
        return len(line) > LONGEST_QUESTION or bool(re.search(r"(?:[.!?][”\"’']?\s+[“\"‘]?[A-Z]|,[”\"’'])", bare))
    return not (bare.endswith(".") and _is_title_case(line))


def _is_dated_story(unit: Unit, dated: dateline.Dateline) -> bool:
    """Whether what follows a dateline is a story; "LONDON: Police hold two" may well be a headline."""
    rest = unit.end - dated.end
    if dated.certain:
        return rest > 0
    return rest >= (50 if (dated.place or "").isupper() else 90)


def _is_title_case(line: str) -> bool:
    """Whether a line with a full stop is a headline all the same: one sentence, its long words capitalised."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", line) if len(word) > 3]
    several = re.search(r"[a-z][.!?][”\"’']?\s+[“\"‘]?[A-Z]", line)
    return 3 <= len(words) <= 20 and not several and sum(word[0].isupper() for word in words) >= 0.9 * len(words)


def _take_head(units: list[Unit], candidates: list[int], story: int, found: Found, lexicon: Lexicon) -> None:
    body = " ".join(unit.text for unit in units[story : story + 30]).lower()
    names: list[str] = []
    rest: list[int] = []
    for index in candidates:
        line, last = units[index].text, index == candidates[-1]
        if _is_strange_name(line, body):
            found.kinds[index] = "byline" if rest or line.isupper() or _is_given(line, lexicon) else "banner"
            if found.kinds[index] == "byline":
                found.byline = found.byline or line
        elif _is_agency(line, lexicon) and rest:
            found.kinds[index] = "credit"
            found.credit.append(Credit(name=line, start=units[index].start, end=units[index].end))
        elif _is_place_line(line):
            found.kinds[index] = "dateline"
            found.dateline = found.dateline or line.strip(" :–—-")
        elif (not last or _is_site_name(line, lexicon)) and _is_banner(line, names, lexicon):
            found.kinds[index] = "banner"
            names += [line] if _is_site_name(line, lexicon) else []
        else:
            rest.append(index)
    if names and found.publisher is None:
        outlet = credits.find_outlet(names[0], lexicon)
        found.publisher = outlet.name if outlet else names[0]
    _take_headline(units, rest, found)


def _take_headline(units: list[Unit], rest: list[int], found: Found) -> None:
    """The first line of five words or more is the headline; a shorter one before it is a kicker, a later one a deck."""
    if not rest:
        return
    known = [index for index in rest if found.title and units[index].text.lower() == found.title.lower()]
    long = [index for index in rest if len(units[index].text.split()) >= 5]
    headline = (known or long or rest[-1:])[0]
    for index in rest:
        found.kinds[index] = "headline"
    found.title = found.title or _without_stop(units[headline].text)


def _without_stop(line: str) -> str:
    line = " ".join(line.split())
    return line[:-1] if line.endswith(".") and not line.endswith("..") and "." not in line[:-1].split()[-1] else line


def _is_banner(line: str, names: Iterable[str], lexicon: Lexicon) -> bool:
    """A site's name, its slogan, a section or a trail of sections."""
    words = [word.lower() for word in re.findall(r"[\w'’]+", line)]
    if _is_site_name(line, lexicon) or " ".join(words) in layout().sections:
        return True
    if re.search(r"\s[>»|›]\s", line) and len(words) <= 10:
        return True
    if len(words) <= 10 and words and words[0] in layout().slogan_leads:
        known = {word.lower() for name in names for word in re.findall(r"\w+", name)}
        return bool(known & set(words)) or bool(layout().site_words & set(words) and line.istitle())
    return False


def _is_site_name(line: str, lexicon: Lexicon) -> bool:
    if credits.find_outlet(line, lexicon) is not None and not lexicon.is_word(line):
        return True
    words = re.findall(r"[\w'’&.]+", line)
    if not 2 <= len(words) <= 4 or re.search(r"[,:;?!“”\"]", line) or line.lower() in layout().sections:
        return False
    capitals = all(word[0].isupper() or word.lower() in {"of", "the", "and", "&"} for word in words)
    return capitals and bool({words[-1].lower(), words[0].lower() if words[0] == "Radio" else ""} & layout().site_words)


def _is_agency(line: str, lexicon: Lexicon) -> bool:
    outlet = credits.find_outlet(line, lexicon)
    return outlet is not None and outlet.kind == "agency" and not lexicon.is_word(line)


def _is_strange_name(line: str, body: str) -> bool:
    """Two to four capitalised words that the story never uses: a person's or a site's name, but no headline."""
    words = re.findall(r"[^\W\d_][\w.'’-]*", line)
    if not 2 <= len(words) <= 4 or re.sub(r"[\w.'’\s-]", "", line) or not all(word[0].isupper() for word in words):
        return False
    if {word.lower() for word in words} & (layout().site_words | layout().sections):
        return False
    return not any(re.search(rf"\b{re.escape(word.lower())}", body) for word in words)


def _is_given(line: str, lexicon: Lexicon) -> bool:
    return line.split()[0].lower() in lexicon.given_names


def _is_place_line(line: str) -> bool:
    bare = line.strip(" :–—-")
    return bare.isupper() and " ".join(bare.lower().split()) in layout().cities


def _page(text: str, found: Found, lexicon: Lexicon) -> dateline.Page:
    return dateline.Page(text=text, lexicon=lexicon, publisher=found.publisher, host=found.host)


def _mark_dateline(text: str, units: list[Unit], found: Found, lexicon: Lexicon) -> None:
    """The dateline of the first paragraph, or of the next ones where lines that could be a headline precede them."""
    page = _page(text, found, lexicon)
    story = [index for index, kind in enumerate(found.kinds) if kind is None][:3]
    for number, index in enumerate(story):
        unit = units[index]
        dated = dateline.find(page, unit.start, unit.end)
        if dated is not None and (number == 0 or dated.certain or number == 1):
            found.heads[index] = dated.end
            found.dateline = found.dateline or dated.place
            found.credit.extend(dated.credit)
            found.published = found.published or dated.published
            if number == 1 and found.title is None:
                found.kinds[story[0]] = "headline"
                found.title = _without_stop(units[story[0]].text)
            return
        if len(unit.text) > LONGEST_HEADLINE:
            return


def _mark_end(text: str, units: list[Unit], found: Found, lexicon: Lexicon) -> None:
    """Credits and bylines that stand after the story or at the very end of its last paragraph."""
    story = [index for index, kind in enumerate(found.kinds) if kind is None and index not in found.heads]
    for index in reversed(story[1:][-5:] if len(story) > 1 else []):
        unit = units[index]
        named = credits.credit_line(text, unit.start, unit.end, lexicon)
        if named is None and all(found.kinds[index + 1 :]):
            named = credits.lone_agency(text, unit.start, unit.end, lexicon)
        if named is not None:
            found.kinds[index] = "credit"
            found.credit.extend(named)
    last = next((index for index in reversed(range(len(units))) if found.kinds[index] is None), None)
    if last is None:
        return
    end = credits.tail(text, found.heads.get(last, units[last].start), units[last].end, lexicon)
    if end is not None:
        found.tails[last] = end[0]
        found.credit.extend(end[1])


def _blocks(units: list[Unit], found: Found) -> Iterator[Block]:
    for index, (unit, kind) in enumerate(zip(units, found.kinds, strict=True)):
        head, tail = found.heads.get(index, unit.start), found.tails.get(index, unit.end)
        parts: list[tuple[int, int, BlockKind]] = [
            (unit.start, head, "dateline"),
            (head, tail, kind or "paragraph"),
            (tail, unit.end, "credit"),
        ]
        for start, end, part in parts:
            words = unit.text[start - unit.start : end - unit.start]
            if words.strip():
                yield Block(start=end - len(words.lstrip()), end=start + len(words.rstrip()), kind=part)
