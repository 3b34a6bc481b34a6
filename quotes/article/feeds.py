"""Feeds (RSS, Atom, JSON Feed), sitemaps and lists of addresses -> their articles, or the links to them.

Nothing is fetched here: feedparser, whose only door this is, is given bytes of XML without a prolog.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parseaddr
from typing import Any, Literal
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import attrs

from quotes.article import jsonfeed, xmltree
from quotes.article.addresses import without_secrets
from quotes.article.metadata import is_web
from quotes.article.pages import plain_text
from quotes.article.part import Link, Part
from quotes.errors import InputError, MissingExtra

Kind = Literal["feed", "json feed", "sitemap", "index", "addresses"]
Item = dict[str, Any]

ROOTS: Mapping[str, Kind] = {
    "rss": "feed",
    "feed": "feed",
    "RDF": "feed",
    "urlset": "sitemap",
    "sitemapindex": "index",
}
VERSION = "jsonfeed.org/version"
COMMENT = "#"
HINT = "Fetch it again, and look at what is in it."
INDEX_HINT = "Give the addresses of its sitemaps themselves."
FETCH_HINT = "Give --fetch to fetch what it links to."
SUMMARY_HINT = "Give --fetch to fetch what it links to, or --field text=summary to read what the feed says of it."


@attrs.frozen(kw_only=True)
class Origin:
    """Where a collection stands. name: what to call it; url: its address, where it has one; trusted: as in Link."""

    name: str
    url: str | None = None
    trusted: bool = False


def kind_of(text: str) -> Kind | None:
    """What a text is a collection of; None where it is none. Its beginning is enough, but for JSON."""
    found = ROOTS.get(xmltree.root_name(text) or "")
    if found is not None:
        return found
    if VERSION in text and text.lstrip().startswith("{"):
        return "json feed"
    return "addresses" if _is_list(text) else None


def parts(text: str, kind: Kind, origin: Origin, fields: Mapping[str, str] | None = None) -> list[Part]:
    """The articles of a collection, numbered from 1: with their text where it is there, or else with a link.

    fields: as for JSON; "text" may name a feed's "summary". Raises InputError where it is none, or holds nothing.
    """
    if kind == "addresses":
        found = list(_addresses(text, origin))
    elif kind in ("sitemap", "index"):
        found = list(_locations(text, kind, origin))
    else:
        items = _json_items(text, origin.name) if kind == "json feed" else _items(text, origin.name)
        found = [_part(item, number, origin, fields) for number, item in enumerate(items, 1)]
    if not found:
        raise InputError(f"{origin.name} holds no articles, nor links to any.", HINT)
    return found


def refused(found: Sequence[Part], kind: Kind, origin: Origin) -> list[Part]:
    """What becomes of parts where nothing may be fetched: links are errors, and a single one where there is no text."""
    hint = SUMMARY_HINT if "feed" in kind else FETCH_HINT
    links = sum(part.link is not None for part in found)
    if not links or any(part.data is not None for part in found):
        return [part if part.link is None else _unfetched(part.name, "a link", hint) for part in found]
    return [_unfetched(origin.name, f"{links:,} link{'s' if links > 1 else ''}", hint)]


def _unfetched(name: str, links: str, hint: str) -> Part:
    return Part(name=name, error=InputError(f"{name} holds no text of an article, but {links}.", hint))


def _is_list(text: str) -> bool:
    """Whether most lines are addresses."""
    lines = list(filter(None, map(_bare, text.splitlines())))
    return 2 * sum(map(_is_address, lines)) > len(lines)


def _is_address(line: str) -> bool:
    return is_web(line) and len(line.split()) == 1


def _bare(line: str) -> str:
    line = line.strip()
    return "" if line.startswith(COMMENT) else line


def _addresses(text: str, origin: Origin) -> Iterator[Part]:
    for number, line in enumerate(map(_bare, text.splitlines()), 1):
        if _is_address(line):
            yield Part(name=without_secrets(line), link=Link(url=line, leads_to="anything", trusted=True))
        elif line:
            name = f"{origin.name}:{number}"
            yield Part(name=name, error=InputError(f"{name} is no address of the web.", "Begin it with https://."))


def _locations(text: str, kind: Kind, origin: Origin) -> Iterator[Part]:
    """The pages of a sitemap, with what it says of its news, or the sitemaps of an index."""
    root = xmltree.parse(xmltree.without_prolog(text, origin.name), origin.name, HINT)
    for number, each in enumerate(root.iter("url" if kind == "sitemap" else "sitemap"), 1):
        news = {"title": "title", "publisher": "publication/name", "published": "publication_date"}
        facts = {fact: words for fact, path in news.items() if (words := _words(each, f"news/{path}"))}
        yield _linked(_words(each, "loc"), f"{origin.name}:{number}", origin, facts, index=kind == "index")


def _words(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _linked(url: str, name: str, origin: Origin, facts: Mapping[str, str], *, index: bool = False) -> Part:
    """A part that is still to be fetched; an error where there is no link, or one that leads out of the web."""
    if not url:
        return Part(name=name, error=InputError(f"{name} holds neither a text nor a link.", "Leave it out."))
    try:
        whole = urljoin(origin.url or "", url)
    except ValueError:
        whole = ""
    if not is_web(whole):
        error = InputError(f"{name} links to {without_secrets(url)}, which is no address of the web.", "Leave it out.")
        return Part(name=name, error=error)
    link = Link(url=whole, leads_to="sitemap" if index else "page", trusted=origin.trusted)
    return Part(name=name, link=link, facts=facts)


def _part(item: Item, number: int, origin: Origin, fields: Mapping[str, str] | None) -> Part:
    name = f"{origin.name}:{number}"
    url = str(item.get("url") or "").strip()
    if not url and "summary" in item and jsonfeed.body_of(item, fields) is None:
        item = {**item, "text": item["summary"]}  # what has no page of its own is complete
    if jsonfeed.body_of(item, fields) is None:
        facts = jsonfeed.facts_of(item, fields)
        facts.pop("url", None)
        return _linked(url, name, origin, facts)
    return Part(name=name, data=json.dumps(item).encode(), input_format="json")


def _json_items(text: str, name: str) -> Iterator[Item]:
    """The items of a JSON Feed, their markup as text."""
    feed = jsonfeed.parse(text, name)
    items = feed.get("items")
    for item in items if isinstance(items, list) else []:
        found = dict(item) if isinstance(item, dict) else {}
        if isinstance(markup := found.pop("content_html", None), str):
            found["content_text"] = plain_text(markup) or found.get("content_text")
        found["url"] = found.get("url") or found.get("external_url")
        if not found["url"]:
            found.setdefault("publisher", feed.get("title"))
        yield found


def _items(text: str, name: str) -> Iterator[Item]:
    """The items of an RSS or Atom feed, under the names of JSON Feed."""
    try:
        import feedparser
    except ImportError as error:
        raise MissingExtra("feedparser", "feeds") from error
    found = feedparser.parse(
        io.BytesIO(xmltree.without_prolog(text, name).encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # markup is read as text, and never shown
        resolve_relative_uris=False,
    )
    for entry in found.entries:
        publisher = entry.get("publisher") or entry.get("source", {}).get("title") or found.feed.get("publisher")
        yield {
            "title": _plain(entry.get("title_detail")),
            "url": entry.get("link"),
            "published": entry.get("published") or entry.get("updated"),
            "authors": _authors(entry),
            # A feed's title is often that of a section: the host of an item's page tells its publisher better.
            "publisher": publisher or (None if entry.get("link") else _plain(found.feed.get("title_detail"))),
            "content_text": max(map(_plain, entry.get("content", ())), key=len, default=""),
            "summary": _plain(entry.get("summary_detail")),
        }


def _plain(detail: Mapping[str, Any] | None) -> str:
    """The text of what feedparser found, whatever markup it is in."""
    value = str((detail or {}).get("value") or "")
    return plain_text(value) if "html" in str((detail or {}).get("type")) else value.strip()


def _authors(entry: Mapping[str, Any]) -> list[str]:
    """The names of an item's authors; RSS has one in brackets, after an address that feedparser may cut."""
    whole = str(entry.get("author") or "")
    if "@" in whole:
        return [parseaddr(whole)[0]]
    return [str(each.get("name") or "") for each in entry.get("authors", ())]
