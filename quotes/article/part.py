"""One article of an input, before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from quotes.errors import QuotesError


@attrs.frozen(kw_only=True)
class Link:
    """An address that an input gives.

    leads_to: what may be there: a page, a sitemap, or anything, a feed too; trusted: whether it may lead into a private
    network, as one may that the user gave.
    """

    url: str
    leads_to: Literal["page", "sitemap", "anything"] = "page"
    trusted: bool = False


@attrs.frozen(kw_only=True)
class Part:
    """One article of an input.

    data: its bytes, where it is not all of the input; input_format: of these bytes; url, charset: where they were
    fetched from, and the encoding that the server declared; facts: what a feed or sitemap says of its title, publisher,
    byline and publication; link: where it is still to be fetched from; error: why there is nothing to be read.
    """

    name: str
    data: bytes | None = attrs.field(default=None, repr=False)
    input_format: str = "auto"
    url: str | None = None
    charset: str | None = None
    facts: Mapping[str, str] = attrs.field(factory=dict)
    link: Link | None = None
    error: QuotesError | None = None
