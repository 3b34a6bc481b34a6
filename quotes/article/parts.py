"""An input -> the articles in it: JSON Lines hold one on each line, a NewsML message several, a feed its items.

Feeds, sitemaps and lists of addresses may link to articles instead: these are fetched where something is given that
fetches; all else is one article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urldefrag

import attrs

from quotes.article import feeds, jsonfeed, newsml
from quotes.article.addresses import without_secrets
from quotes.article.decode import decode, glimpse
from quotes.article.feeds import Kind, Origin
from quotes.article.fetch import Fetched, Fetches, is_local
from quotes.article.formats import MEDIA_TYPES, SUFFIXES, suffix_of
from quotes.article.packed import beginning, lines, read_bytes
from quotes.article.part import Link, Part
from quotes.errors import InputError, QuotesError
from quotes.patience import MAX_SECONDS, within

HEAD = 100_000  # bytes
FOLLOWED = ("feed", "json feed", "sitemap", "index")


@attrs.frozen(kw_only=True)
class Splitter:
    """Takes inputs apart.

    input_format: of all of them; max_bytes: of one article, unpacked; fields: as for JSON; fetch: what fetches links,
    which are errors without it.
    """

    input_format: str = "auto"
    max_bytes: int
    fields: Mapping[str, str] | None = None
    fetch: Fetches | None = None

    def parts(self, source: Path | bytes, name: str) -> Iterator[Part]:
        """The articles of a file or of bytes, in order.

        Raises nothing for what cannot be read: it is one part, and reading that says what is wrong.
        """
        suffix = suffix_of(name)
        try:
            if _is_lines(source, name, self.input_format, suffix):
                yield from _lines(source, name, self.max_bytes)
                return
            found = self._inside(source, name)
        except (QuotesError, UnicodeError):
            found = None
        if found is None:
            yield Part(name=name, input_format=self.input_format)
        else:
            yield from self._followed(found, set())

    def linked(self, url: str) -> Iterator[Part]:
        """The articles at an address that the user gives."""
        yield from self._followed([Part(name="", link=Link(url=url, leads_to="anything", trusted=True))], set())

    def _inside(self, source: Path | bytes, name: str) -> list[Part] | None:
        """The parts of what holds several; None for what is an article by itself, or cannot be told."""
        head = glimpse(beginning(source, name, HEAD))
        if self.input_format in ("auto", "newsml") and newsml.is_newsml(head):
            text, _ = decode(read_bytes(source, name, self.max_bytes), name)
            items = newsml.items(text, name)
            return [_news_item(item, f"{name}:{n}") for n, item in enumerate(items, 1)] if len(items) > 1 else None
        if self.input_format not in ("auto", "json") or not _may_hold_several(head):
            return None
        text, _ = decode(read_bytes(source, name, self.max_bytes), name)
        kind = feeds.kind_of(text)
        return self._collected(text, kind, Origin(name=name)) if kind else None

    def _collected(self, text: str, kind: Kind, origin: Origin) -> list[Part]:
        """The parts of a collection; one that says what is wrong with it."""
        try:
            found = within(MAX_SECONDS, lambda: feeds.parts(text, kind, origin, self.fields), origin.name)
        except Exception as error:  # whatever one file does, the others are read
            return [Part(name=origin.name, error=_problem(error, origin.name))]
        return found if self.fetch else feeds.refused(found, kind, origin)

    def _followed(self, found: Iterable[Part], seen: set[str]) -> Iterator[Part]:
        """The parts, with what their links lead to in place of these. seen: the addresses that were followed."""
        for part in found:
            address = urldefrag(part.link.url).url if part.link else ""
            if part.link is None:
                yield part
            elif address not in seen:
                seen.add(address)
                yield from self._followed(self._fetched(part, part.link), seen)

    def _fetched(self, part: Part, link: Link) -> list[Part]:
        """What is at a link: a page, the parts of a feed or sitemap, or what went wrong."""
        assert self.fetch is not None
        try:
            page = self.fetch(link.url, trusted=link.trusted)
            url = without_secrets(page.url)
            inside = self._linked_collection(page, link, url)
        except Exception as error:  # whatever one page does, the others are read
            name = without_secrets(link.url)
            return [Part(name=name, error=_problem(error, name))]
        if inside is not None:
            return inside
        kind = MEDIA_TYPES.get(page.media_type, "auto") if self.input_format == "auto" else self.input_format
        return [Part(name=url, data=page.data, input_format=kind, url=url, charset=page.charset, facts=part.facts)]

    def _linked_collection(self, page: Fetched, link: Link, name: str) -> list[Part] | None:
        if link.leads_to == "page":
            return None
        kind = None
        if _may_hold_several(glimpse(beginning(page.data, name, HEAD))):
            text, _ = decode(read_bytes(page.data, name, self.max_bytes), name, declared=page.charset)
            kind = feeds.kind_of(text)
        if link.leads_to == "sitemap" and kind not in ("sitemap", "feed"):
            raise InputError(f"{name} is no sitemap, though an index of sitemaps links to it.", feeds.INDEX_HINT)
        if kind not in FOLLOWED:
            return None
        return self._collected(text, kind, Origin(name=name, url=page.url, trusted=is_local(page.url)))


def _problem(error: Exception, name: str) -> QuotesError:
    if isinstance(error, QuotesError):
        return error
    return InputError(f"{name} cannot be read: {type(error).__name__}.", feeds.HINT)


def _may_hold_several(head: str) -> bool:
    return head.lstrip().startswith("{") or feeds.kind_of(head) is not None


def _news_item(item: str, name: str) -> Part:
    return Part(name=name, data=item.encode("utf-8", "surrogatepass"), input_format="newsml")


def _lines(source: Path | bytes, name: str, max_bytes: int) -> Iterator[Part]:
    """The lines that hold anything; one part that is nothing where there are none or they cannot be read."""
    empty = True
    try:
        for number, line in enumerate(lines(source, name, max_bytes), 1):
            if line.strip():
                empty = False
                yield Part(name=f"{name}:{number}", data=line, input_format="json")
    except QuotesError:
        empty = True
    if empty:
        yield Part(name=name, input_format="json")


def _is_lines(source: Path | bytes, name: str, input_format: str, suffix: str) -> bool:
    if input_format != "auto" or suffix:
        return (input_format if input_format != "auto" else SUFFIXES.get(suffix)) == "jsonl"
    if isinstance(source, Path):
        return False
    head = [line for line, _ in zip(lines(source, name, HEAD), range(2), strict=False)]
    return len(head) == 2 and head[1].startswith(b"{") and jsonfeed.is_object(head[0].decode("utf-8", "replace"))
