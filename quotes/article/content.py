"""What a reader hands over: the text of an article as its container holds it, and what the container says of it."""

from __future__ import annotations

import attrs

from quotes.records import Issue, Place


@attrs.frozen(kw_only=True)
class Content:
    """places: where the text stands in the input, where it is not all of it; byline: what names the authors, or several
    such lines, the best first."""

    text: str
    title: str | None = None
    publisher: str | None = None
    byline: str | tuple[str, ...] | None = None
    published: str | None = None
    url: str | None = None
    places: tuple[Place, ...] = ()
    issues: tuple[Issue, ...] = ()
