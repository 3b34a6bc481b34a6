"""Where the pages of a site are; a page that stands alone links to none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from quotes.views import facts


@attrs.frozen(kw_only=True)
class Links:
    """The pages that a page may link to.

    root: the way from the page's folder to the site's; pages: where each is in the site, by what it is about:
    ("article", id), ("claim", article, claim), ("way", id), ("place", kind, name), ("name", name).
    """

    root: str = ""
    pages: Mapping[tuple[str, ...], str] = attrs.field(factory=dict, repr=False)

    def to(self, *about: str) -> str | None:
        """The address of the page about something; None where there is none."""
        path = self.pages.get(about)
        return None if path is None else self.root + path

    def named(self, name: str, kind: str | None = None) -> dict[str, Any]:
        """A source or outlet as templates show it; kind: None where it is not known."""
        about = ("name", name) if kind is None else ("place", kind, name)
        return {"name": facts.one_line(name), "href": self.to(*about)}


NOWHERE = Links()
