"""An article that is still to be read, and what is known about how to read it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from quotes.article import MAX_CHARACTERS, most_bytes, read_article
from quotes.article.fetch import Fetches
from quotes.errors import QuotesError
from quotes.records import Article


@attrs.frozen(kw_only=True)
class Reading:
    """How articles are read: read_article's options, as far as they matter before an article is at hand.

    fetch: what fetches links and addresses; without it they are errors.
    """

    input_format: str = "auto"
    max_characters: int = MAX_CHARACTERS
    fields: Mapping[str, str] | None = None
    fetch: Fetches | None = None

    @property
    def max_bytes(self) -> int:
        return most_bytes(self.max_characters)


@attrs.frozen(kw_only=True)
class Item:
    """One article to be read.

    name: its path or address, with its number after a colon where the file holds several; source: its own file or
    bytes, in input_format; url, charset: what a crawl says about it; facts: what a feed or sitemap does; error: why
    there is nothing to be read.
    """

    name: str
    source: Path | bytes = attrs.field(default=b"", repr=False)
    input_format: str = "auto"
    url: str | None = None
    charset: str | None = None
    facts: Mapping[str, str] = attrs.field(factory=dict)
    error: QuotesError | None = None

    def mark(self) -> str:
        """Sixteen hexadecimal digits that depend on all that the article is read from; its name is not."""
        error = None if self.error is None else str(self.error)
        beside = (self.input_format, self.url, self.charset, error, *sorted(self.facts.items()))
        known = hashlib.blake2b(repr(beside).encode(), digest_size=8)
        if isinstance(self.source, bytes):
            known.update(self.source)
            return known.hexdigest()
        try:
            with self.source.open("rb") as file:
                while part := file.read(1 << 20):
                    known.update(part)
        except (OSError, ValueError) as error:
            known.update(str(error).encode("utf-8", "replace"))
        return known.hexdigest()

    def read(self, options: Mapping[str, Any]) -> Article:
        """The article. options: read_article's. Raises what it raises."""
        if self.error is not None:
            raise self.error
        known = {**options, "path": self.name, "input_format": self.input_format}
        return read_article(self.source, **known, url=self.url, charset=self.charset, facts=self.facts)
