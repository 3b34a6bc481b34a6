"""A web page -> its article. trafilatura tells which text is the article; the text itself is read from the source,
so that every character of it has its place there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from quotes.article import metadata
from quotes.article.choose import LONG, Body, chosen
from quotes.article.content import Content
from quotes.article.lines import ends_sentence
from quotes.article.markup import Markup, Piece, Tag, blocks, key_of, place
from quotes.errors import InputError, MissingExtra
from quotes.records import Issue

PARAGRAPH = Piece("\n\n", -1, -1)
QUOTE_TAG = re.compile(r"</?q\b[^<>]{0,500}>", re.IGNORECASE)
DASHES = ("—", "–", "―", "-")
MARKS = frozenset('“”"«»„')
HINT = "Copy the article's text to a file."


def read(source: str, name: str) -> Content:
    """The article of a page. Raises InputError where no article is in it, MissingExtra without trafilatura."""
    found = blocks(source)
    headings = [" ".join(block.text.split()) for block in found if block.heading]
    known = metadata.read(source, headings)
    body, other = _article(source)
    kept = chosen(found, body)
    if not any(len(block.key) >= LONG or ends_sentence(block.text) for block in kept):
        kept = []  # a menu
    title = known.title or other.get("title")
    issues: tuple[Issue, ...] = ()
    if kept:
        text, places = place(list(_pieces(_with_headline(found, kept, title))))
    elif known.body:
        text, places = known.body, ()
        issues = (Issue(kind="page", message="No article stands in the page: the text is that of its metadata."),)
    else:
        raise InputError(f"{name} is a web page in which no article was found.", HINT)
    return Content(
        text=text,
        title=title,
        publisher=known.publisher or other.get("sitename"),
        byline=known.bylines,
        published=known.published or other.get("date"),
        url=known.url,
        places=places,
        issues=issues,
    )


def _article(source: str) -> tuple[Body, dict[str, str]]:
    """What trafilatura takes for the article, and the metadata that it finds."""
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtra("trafilatura", "html") from error
    plain = QUOTE_TAG.sub("", source)
    try:
        document: Any = trafilatura.bare_extraction(plain, with_metadata=True, include_comments=False)
    except (RecursionError, MemoryError):
        document = None
    if document is None or document.body is None:
        return Body(()), {}
    fields = {key: getattr(document, key, None) for key in ("title", "sitename", "date")}
    return Body(document.body.itertext()), {key: value for key, value in fields.items() if value}


def _with_headline(found: list[Markup], kept: list[Markup], title: str | None) -> list[Markup]:
    """The kept blocks with the page's headline in front, where it stands before them."""
    wanted = key_of(title or "")
    first = found.index(kept[0])
    shown = [block for block in found[:first] if block.heading and wanted and block.key == wanted]
    return [*shown[-1:], *kept]


def _pieces(kept: list[Markup]) -> Iterator[Piece]:
    written: set[str] = set()
    first = True
    for quote, group in groupby(kept, key=lambda block: block.quote):
        part = list(group)
        if quote is not None:
            part = [block for block in part if block.key not in written]
        for number, pieces in enumerate(_quoted(part, quote)):
            cite = quote is not None and number > 0 and _is_cite(part[number])
            if not first:
                yield Piece("\n", -1, -1) if cite else PARAGRAPH
            first = False
            yield from pieces
        written.update(block.key for block in part)


def _quoted(part: list[Markup], quote: Tag | None) -> list[list[Piece]]:
    """The blocks of a block quotation with marks around what is quoted, unless it has marks of its own."""
    said = [number for number, block in enumerate(part) if not _is_cite(block)]
    found = [list(block.pieces) for block in part]
    if quote is None or not said or part[said[0]].text[0] in MARKS:
        return found
    inner = any(MARKS.intersection(part[number].text) for number in said)
    opening, closing = ("«", "»") if inner else ("“", "”")
    for number in said:
        start = found[number][0].start
        tag = (quote.start, quote.end) if number == said[0] else (start, start)
        found[number].insert(0, Piece(opening, *tag))
    end = found[said[-1]][-1].end
    found[said[-1]].append(Piece(closing, end, end))
    for number, block in enumerate(part):
        if number not in said and not block.text.startswith(DASHES):
            start = found[number][0].start
            found[number].insert(0, Piece("— ", start, start))
    return found


def _is_cite(block: Markup) -> bool:
    return block.cite or block.text.startswith(DASHES)


def plain_text(source: str) -> str:
    """The text of a fragment of markup, its blocks as paragraphs: the body of a feed's item or of an e-mail."""
    kept = blocks(source)
    return place(list(_pieces(kept)))[0] if kept else html.unescape(source) if "<" not in source else ""
