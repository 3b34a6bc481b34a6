"""What a page says of itself: JSON-LD, OpenGraph, other meta elements, and how sites mark their bylines."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import attrs

from quotes.article import dates
from quotes.article.markup import BLOCKS, VOID, Run, Tag, tokens
from quotes.article.publishers import host, readable_host, squeezed
from quotes.article.words import layout

ARTICLE_TYPES = ("article", "posting")
SAVED = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(?P<url>https?://[^\s<>\"]+)", re.IGNORECASE
)
BYLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:bylines?|authors?)(?:$|[\s_-]|name)", re.IGNORECASE)
OTHERS_CLASS = re.compile(r"comment|related|avatar|teaser|promo", re.IGNORECASE)
MARKED = re.compile(r"byline|author", re.IGNORECASE)
SEPARATOR = re.compile(r"\s+(?:[|–—·•»-]|::)\s+")
LONGEST_BYLINE = 300
LONGEST_PUBLISHER = 8  # words
LONGEST_TITLE = 300
WRITTEN = ("written by", "author", "by")
# Where each field is found among the meta elements, best first.
TITLES = ("og:title", "twitter:title", "dc.title", "sailthru.title", "headline", "title")
PUBLISHERS = ("og:site_name", "article:publisher_name", "dc.publisher", "publisher", "application-name", "cre")
AUTHORS = ("author", "article:author", "byl", "dc.creator", "sailthru.author", "parsely-author")
DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "parsely-pub-date",
    "sailthru.date",
)


@attrs.frozen(kw_only=True)
class Metadata:
    """title, publisher, published (ISO), url; bylines: what names the authors, best first, a line or more each; body:
    the text of the article as JSON-LD gives it."""

    title: str | None = None
    publisher: str | None = None
    bylines: tuple[str, ...] = ()
    published: str | None = None
    url: str | None = None
    body: str | None = None


@attrs.define
class _Seen:
    """What the head and the marked elements of a page hold, in order."""

    meta: dict[str, str] = attrs.Factory(dict)
    links: dict[str, str] = attrs.Factory(dict)
    data: list[str] = attrs.Factory(list)
    title: str | None = None
    bylines: list[str] = attrs.Factory(list)
    times: list[str] = attrs.Factory(list)
    publishers: list[str] = attrs.Factory(list)
    names_publisher: bool = False  # whether the next name of microdata is the publisher's


def read(source: str, headings: Sequence[str]) -> Metadata:
    """The metadata of a page. headings: its main headings, of which one that agrees with the head's title is the title.

    JSON-LD wins over OpenGraph, that over other meta elements, and those over marks in the text.
    """
    seen = _look(source)
    linked = _linked(seen)
    url = _url(linked, seen) or _saved_from(source)
    publisher = _publisher(linked, seen, headings)
    return Metadata(
        title=_title(linked, seen, headings, publisher),
        publisher=publisher,
        bylines=tuple(_bylines(linked, seen)),
        published=_published(linked, seen),
        url=url,
        body=_body(linked.get("articleBody")),
    )


def _look(source: str) -> _Seen:
    seen = _Seen()
    inside: tuple[str, int] | None = None
    words: list[str] = []
    script: str | None = None
    for token in tokens(source):
        if isinstance(token, Run):
            text = source[token.start : token.end]
            if token.raw == "script" and script == "application/ld+json":
                seen.data.append(text)
            elif token.raw == "title" and seen.title is None:
                seen.title = _tidy(text)
            elif inside and token.raw is None:
                words.append(_tidy(text))
            continue
        if inside and (token.name in BLOCKS or token.name in ("br", "time")):
            words.append("\n")
        if token.closing:
            inside = _left(token, inside, words, seen)
            continue
        if token.name == "script":
            script = token.attributes.get("type", "").strip().lower()
        elif token.name in ("meta", "link", "time"):
            _note(token, seen)
        elif inside is None and _marks_byline(token):
            inside, words = (token.name, 1), []
            continue
        if inside and token.name == inside[0]:
            inside = (inside[0], inside[1] + 1)
        _note_publisher(token, source, seen)
    return seen


def _left(tag: Tag, inside: tuple[str, int] | None, words: list[str], seen: _Seen) -> tuple[str, int] | None:
    """What byline the reader is still inside of after an end tag."""
    if inside is None or tag.name != inside[0]:
        return inside
    if inside[1] > 1:
        return inside[0], inside[1] - 1
    text = " ".join(filter(None, words))
    if text.strip() and len(text) <= LONGEST_BYLINE:
        seen.bylines.append(text)
    return None


def _note_publisher(tag: Tag, source: str, seen: _Seen) -> None:
    """What microdata names the publisher: the first name behind the element that is said to be the publisher."""
    if "itemprop" not in source[tag.start : tag.end].lower():
        return
    kinds = tag.attributes.get("itemprop", "").lower().split()
    if "publisher" in kinds:
        seen.names_publisher = True
    elif "name" in kinds and seen.names_publisher:
        seen.names_publisher = False
        shown = source[tag.end : source.find("<", tag.end) if "<" in source[tag.end : tag.end + 500] else tag.end]
        name = _tidy(tag.attributes.get("content") or shown)
        seen.publishers += [name] if name else []


def _note(tag: Tag, seen: _Seen) -> None:
    values = tag.attributes
    if tag.name == "meta":
        key = values.get("property") or values.get("name") or values.get("itemprop") or ""
        if values.get("content", "").strip():
            seen.meta.setdefault(key.strip().lower(), _tidy(values["content"]))
    elif tag.name == "link":
        for relation in values.get("rel", "").lower().split():
            seen.links.setdefault(relation, values.get("href", ""))
    elif values.get("datetime"):
        marked = "published" in values.get("itemprop", "").lower()
        seen.times.insert(0 if marked else len(seen.times), values["datetime"])


def _marks_byline(tag: Tag) -> bool:
    if tag.name in VOID or not MARKED.search(tag.source, tag.start, tag.end):
        return False
    values = tag.attributes
    marked = values.get("rel", "").lower() == "author" or "author" in values.get("itemprop", "").lower().split()
    names = values.get("class", "")
    return marked or (bool(BYLINE_CLASS.search(names)) and not OTHERS_CLASS.search(names))


def _linked(seen: _Seen) -> Mapping[str, Any]:
    """The JSON-LD object of the article: of several, the one whose address is the page's, or else the first."""
    objects = [item for data in seen.data for item in _objects(data)]
    found = [_resolved(item, objects) for item in objects if _is_article(item)]
    address = seen.links.get("canonical") or seen.meta.get("og:url")
    own = [item for item in found if address and address in (_address(item), item.get("@id"))]
    return (own or found or [{}])[0]


def _resolved(item: dict[str, Any], objects: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """An article with its authors and publisher where it only points to other objects of the page by their @id."""
    named = {each["@id"]: each for each in objects if isinstance(each.get("@id"), str) and each.get("name")}

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(each) for each in value]
        known = isinstance(value, dict) and not value.get("name") and isinstance(value.get("@id"), str)
        return named.get(value["@id"], value) if known else value

    return item | {key: whole(item[key]) for key in ("author", "creator", "publisher") if key in item}


def _objects(data: str) -> Iterator[dict[str, Any]]:
    try:
        todo = [json.loads(data.strip().removeprefix("<!--").removesuffix("-->"), strict=False)]
    except (ValueError, RecursionError):
        return
    while todo:
        each = todo.pop()
        if isinstance(each, list):
            todo.extend(reversed(each))
        elif isinstance(each, dict):
            yield each
            todo.extend(each[key] for key in ("mainEntity", "@graph") if isinstance(each.get(key), (list, dict)))


def _is_article(item: Mapping[str, Any]) -> bool:
    kinds = item.get("@type")
    return any(
        isinstance(kind, str) and kind.lower().endswith(ARTICLE_TYPES)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _address(item: Mapping[str, Any]) -> str | None:
    page = item.get("mainEntityOfPage")
    found = page.get("@id") or page.get("url") if isinstance(page, dict) else page or item.get("url")
    return found if isinstance(found, str) else None


def _url(linked: Mapping[str, Any], seen: _Seen) -> str | None:
    found = (seen.links.get("canonical"), seen.meta.get("og:url"), _address(linked), linked.get("url"))
    return next((each for each in found if isinstance(each, str) and is_web(each)), None)


def is_web(url: str) -> bool:
    """Whether a text is an address of the web."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _saved_from(source: str) -> str | None:
    found = SAVED.search(source[:4_000])
    return found["url"] if found and is_web(found["url"]) else None


def _publisher(linked: Mapping[str, Any], seen: _Seen, headings: Sequence[str]) -> str | None:
    """The outlet's name: one that is no address before one that is; "Outlet | Section" without its section."""
    site = _site(seen, headings)
    given = [_name(linked.get("publisher")), *(seen.meta.get(key) for key in PUBLISHERS), *seen.publishers]
    names = [_outlet(name, site) for name in given if name and any(map(str.isalpha, name))]
    named = next((name for name in names if not host(name)), None)
    if named or not names:
        return named or site
    address = readable_host(host(names[0]) or names[0])
    return site if site and squeezed(site) in squeezed(address) else address


def _outlet(name: str, site: str | None) -> str:
    """A name as a page gives it, without the section, the slogan or the topic beside it."""
    parts = SEPARATOR.split(name)
    if len(parts) < 2:
        return name
    same = [part for part in parts if site and squeezed(part) == squeezed(site)]
    kept = [part for part in parts if part and part.lower() not in layout().sections]
    return (same or kept or [name])[0]


def _site(seen: _Seen, headings: Sequence[str]) -> str | None:
    """The site's name in the head's title: what stands last behind the page's own headline."""
    title = seen.title or ""
    for heading in headings:
        if _plain(heading) and title.casefold().startswith(heading.casefold()):
            parts = SEPARATOR.split(title[len(heading) :])
            last = parts[-1].strip()
            if len(parts) > 1 and last and _may_be_site(last):
                return last
    return None


def _may_be_site(name: str) -> bool:
    return len(name.split()) <= LONGEST_PUBLISHER and not host(name) and name.lower() not in layout().sections


def _title(linked: Mapping[str, Any], seen: _Seen, headings: Sequence[str], publisher: str | None) -> str | None:
    given = [_text(linked.get("headline")), _first(seen.meta, TITLES), seen.title, _text(linked.get("name"))]
    titles = [title for title in given if title and len(title) <= LONGEST_TITLE]
    shown = [each for each in headings if any(_agree(each, title) for title in titles)]
    if shown:
        return shown[0]
    if linked.get("headline") and titles:
        return titles[0]
    bare = [_without_site(title, publisher) for title in titles]
    return next(iter(bare), None) or next(iter(headings), None)


def _agree(heading: str, title: str) -> bool:
    """Whether a heading is the page's title, with or without the site's name behind it."""
    plain, other = _plain(heading), _plain(title)
    return bool(plain) and (plain == other or (len(plain) > 12 and (plain in other or other in plain)))


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _without_site(title: str, publisher: str | None) -> str:
    """A title without the site's name at its end: the publisher's, or the shorter part behind the last bar."""
    parts = SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    end = title.rindex(parts[-1])
    known = publisher and _plain(parts[-1]) in (_plain(publisher), _plain(publisher).removeprefix("the"))
    return SEPARATOR.sub("", title[:end] + "\0").rstrip("\0") if known or _is_site(title, parts) else title


def _is_site(title: str, parts: list[str]) -> bool:
    return "|" in title and len(parts[-1].split()) <= 4 and len(parts[0].split()) >= 4


def _bylines(linked: Mapping[str, Any], seen: _Seen) -> Iterator[str]:
    """What names the authors, best first: JSON-LD, the meta elements, the marked elements of the page."""
    for value in (linked.get("author"), linked.get("creator")):
        names = [_name(each) for each in (value if isinstance(value, list) else [value])]
        if any(names):
            yield "\n".join(name for name in names if name)
    yield from (seen.meta[key] for key in AUTHORS if key in seen.meta)
    for number in ("1", "2"):
        label = seen.meta.get(f"twitter:label{number}", "").lower()
        if f"twitter:data{number}" in seen.meta and (label.startswith(WRITTEN) or (not label and number == "1")):
            yield seen.meta[f"twitter:data{number}"]
    yield from seen.bylines


def _published(linked: Mapping[str, Any], seen: _Seen) -> str | None:
    given = [_text(linked.get("datePublished")), *(seen.meta.get(key) for key in DATES), *seen.times[:1]]
    return next((found for each in given if each and (found := dates.iso(each))), None)


def _first(values: Mapping[str, str], keys: Sequence[str]) -> str | None:
    return next((values[key] for key in keys if values.get(key)), None)


def _name(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    return _text(value.get("name") if isinstance(value, dict) else value)


def _text(value: Any) -> str | None:
    return _tidy(value) if isinstance(value, str) and value.strip() else None


def _body(value: Any) -> str | None:
    return html.unescape(value).strip() or None if isinstance(value, str) else None


def _tidy(text: str) -> str:
    return " ".join(html.unescape(text).split())
