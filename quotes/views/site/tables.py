"""The tables of a site: columns, and rows of cells that one template lays out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from quotes.link import Member, Travel
from quotes.views import facts, travel
from quotes.views.corpus_pages import stops
from quotes.views.links import Links
from quotes.views.site.contents import Card, Contents, Place

ROWS = 200  # of a page
MOST_NAMES = 4  # of origins in a cell
Values = dict[str, Any]


@attrs.frozen(kw_only=True)
class Table:
    """Rows under headings, of which a page shows so many.

    label: what the rows are; columns: (heading, style) of each; row: makes the cells of a record.
    """

    label: str
    columns: tuple[tuple[str, str], ...]
    records: Sequence[Any]
    row: Callable[[Any, Links], list[Values]]

    def pages(self) -> list[Sequence[Any]]:
        """The records page by page; one empty page where there are none."""
        return [self.records[at : at + ROWS] for at in range(0, max(1, len(self.records)), ROWS)]

    def values(self, records: Sequence[Any], links: Links) -> Values:
        return {
            "label": self.label,
            "columns": [{"title": title, "style": style} for title, style in self.columns],
            "rows": [self.row(each, links) for each in records],
        }


def claims(contents: Contents, label: str, members: Sequence[Member]) -> Table:
    def row(member: Member, links: Links) -> list[Values]:
        way = contents.way_of.get((member.article, member.claim))
        return [
            _text(travel.date(member)),
            _link(travel.words(member), links.to("claim", member.article, member.claim)),
            links.named(member.carrier, "outlet"),
            {"chain": stops(member, links)},
            _link(f"{len(way.carries)} articles", links.to("way", way.cluster.id)) if way else _text(""),
        ]

    columns = (("Date", "date"), ("Claim", "words"), ("Published by", ""), ("Has it from", ""), ("Its way", "how"))
    return Table(label=label, columns=columns, records=members, row=row)


def ways(label: str, found: Sequence[Travel]) -> Table:
    def row(way: Travel, links: Links) -> list[Values]:
        names = [links.named(name) for origin in way.independent for name in origin.names]
        return [
            _link(travel.words(way.cluster.representative), links.to("way", way.cluster.id)),
            _text(len(way.outlets)),
            _text(len(way.carries)),
            {"names": names[:MOST_NAMES], "more": max(0, len(names) - MOST_NAMES)},
            {"text": _signs(way), "style": "alarm" if way.circles else "how"},
            _text(f"{travel.carrier(way.carries[0])}, {travel.date(way.carries[0])}"),
        ]

    columns = (
        ("Claim", "words"),
        ("Outlets", "count"),
        ("Articles", "count"),
        ("Origin", ""),
        ("On the way", "how"),
        ("First", "how"),
    )
    return Table(label=label, columns=columns, records=found, row=row)


def _signs(way: Travel) -> str:
    """What happened to a claim on its way, in a few words."""
    signs = ["in a circle" if way.circles else "", "attribution lost" if way.losses else ""]
    return ", ".join(filter(None, (*signs, "words changed" if way.changes else "")))


def sources(label: str, found: Sequence[Place]) -> Table:
    def row(place: Place, links: Links) -> list[Values]:
        return [
            links.named(place.name, place.kind),
            _text(place.kind if not place.roles else facts.one_line(place.roles[0])),
            _text(len(place.own)),
            _text(len(place.relayed)),
            _text(place.articles),
            _text(facts.one_line(facts.day(place.last)) if place.last else ""),
        ]

    columns = (
        ("Source", "name"),
        ("What it is", "how"),
        ("Claims", "count"),
        ("Passes on", "count"),
        ("Articles", "count"),
        ("Last heard", "date"),
    )
    return Table(label=label, columns=columns, records=found, row=row)


def outlets(label: str, found: Sequence[Place]) -> Table:
    def row(place: Place, links: Links) -> list[Values]:
        share = place.unnamed_percent
        return [
            links.named(place.name, place.kind),
            _text(len(place.published)),
            _text(len(place.carried)),
            _text("–" if share is None else f"{share:g} %"),
            _text(len({member.carrier for member in place.through})),
            _text(len(place.through)),
        ]

    columns = (
        ("Outlet", "name"),
        ("Articles here", "count"),
        ("Claims in them", "count"),
        ("Nobody named", "count"),
        ("Outlets relying on it", "count"),
        ("Claims that they took", "count"),
    )
    return Table(label=label, columns=columns, records=found, row=row)


def articles(contents: Contents, label: str, found: Sequence[Card]) -> Table:
    def row(card: Card, links: Links) -> list[Values]:
        own = contents.claims_of.get(card.id, [])
        return [
            _text(facts.one_line(facts.day(card.published)) if card.published else "undated"),
            _link(card_title(card), links.to("article", card.id)),
            links.named(card.publisher or "publisher unknown", "outlet"),
            _text(len(own)),
            _text(sum(any(hop.basis == "stated" for hop in member.hops[:-1]) for member in own)),
            _text(sum(member.origin in ("unnamed", "unsourced") for member in own)),
        ]

    columns = (
        ("Date", "date"),
        ("Article", "name"),
        ("Published by", ""),
        ("Claims", "count"),
        ("Relayed", "count"),
        ("Nobody named", "count"),
    )
    return Table(label=label, columns=columns, records=found, row=row)


def card_title(card: Card) -> str:
    return facts.one_line(card.title or "") or facts.one_line(card.file or "") or "Untitled article"


def _text(value: object) -> Values:
    return {"text": str(value)}


def _link(name: str, href: str | None) -> Values:
    return {"name": name, "href": href}
