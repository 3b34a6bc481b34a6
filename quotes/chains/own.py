"""Who made the page: its publisher, which is no relay of itself, and its authors, who never say its headline."""

from __future__ import annotations

import attrs

from quotes.article.publishers import Publisher
from quotes.lexicon import Lexicon
from quotes.records import Article, Hop, Source


@attrs.frozen(kw_only=True)
class Own:
    """The names of an article's publisher and of its authors, these in small letters."""

    publisher: Publisher
    authors: frozenset[str]

    @classmethod
    def of(cls, article: Article, lexicon: Lexicon) -> Own:
        authors = (article.byline or "").casefold().split(", ")
        return cls(
            publisher=Publisher.of(article.publisher, article.url, lexicon), authors=frozenset(filter(None, authors))
        )

    def publishes(self, name: str, source: Source | None) -> bool:
        """Whether a source of this name is the publisher; its short names count where they stand for an outlet."""
        canonical = source.canonical if source else None
        short = source is not None and source.kind == "outlet"
        return self.publisher.is_named(name, short=short) or (
            canonical is not None and self.publisher.is_named(canonical)
        )

    def writes(self, name: str) -> bool:
        """Whether a name is an author's: in full, or the last word of it."""
        low = name.casefold()
        return any(low == author or low == author.rpartition(" ")[2] for author in self.authors)

    def heads(self, origin: Hop, source: Source | None) -> bool:
        """Whether an origin is an author or the publisher, neither of whom says the page's headline."""
        return self.writes(origin.name) or self.publishes(origin.name, source)
