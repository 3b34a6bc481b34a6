"""What the page of a source or an outlet says, and what the overview says of those heard most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import attrs

from quotes.views import facts
from quotes.views.corpus_facts import Overview
from quotes.views.corpus_pages import bars
from quotes.views.links import Links
from quotes.views.site import tables
from quotes.views.site.contents import Contents, Place, PlaceKey, origins_of, publishers_of, relays_of
from quotes.views.site.tables import Table, Values

BY_NAME = "Sources are told apart by name and kind alone, so one name may stand for several."
_TOP = 8  # rows with bars
_MOST = 15  # of them in the overview
_MOST_ROLES = 3


def with_counts(overview: Overview, found: Sequence[Place]) -> Overview:
    """The overview with the sources and relays that have a page, counted as their pages count."""
    rows = [
        {
            "name": place.name,
            "kind": place.kind,
            "claims": len(place.own),
            "relayed": len(place.relayed),
            "articles": place.articles,
        }
        for place in found
    ]
    relays = sorted((row for row in rows if row["relayed"]), key=lambda row: (-int(str(row["relayed"])), row["name"]))
    return attrs.evolve(overview, sources=[row for row in rows if row["claims"]][:_MOST], relays=relays[:_MOST])


def noun_of(place: Place) -> str:
    return "outlet" if place.kind == "outlet" else "source"


def describe(place: Place) -> Values:
    return {
        "kind": place.kind,
        "roles": [facts.one_line(role) for role in place.roles[:_MOST_ROLES]],
        "figures": _figures(place),
        "summary": " ".join(_summary(place)),
        "by_name": BY_NAME,
    }


def _figures(place: Place) -> list[tuple[str, int]]:
    """What is counted, and how many there are."""
    noun = noun_of(place)
    counts = (
        (len(place.published), "article here", "articles here"),
        (len(place.carried), "claim in them", "claims in them"),
        (len(place.own), f"claim that rests on this {noun}", f"claims that rest on this {noun}"),
        (len(place.relayed), "claim passed on", "claims passed on"),
        (place.articles, f"article that hears this {noun}", f"articles that hear this {noun}"),
        (len(publishers_of(place.through)), f"outlet that relies on this {noun}", f"outlets that rely on this {noun}"),
    )
    return [(one if count == 1 else many, count) for count, one, many in counts if count]


def _summary(place: Place) -> Iterator[str]:
    if place.own:
        straight = sum(len(member.hops) == 1 for member in place.own)
        yield f"Heard straight, through nobody else: {straight} of {facts.plural(len(place.own), 'claim')}."
    if place.last:
        yield f"Last heard on {facts.one_line(facts.day(place.last))}."
    if place.carried:
        yield f"{place.unnamed_percent:g} % of the claims in its articles rest on nobody who is named."


def bars_of(place: Place, links: Links) -> list[Values]:
    """Who stands around a place: lists, each with its title."""
    relying = f"Who relies on this {noun_of(place)}"
    found = (
        (relying, Counter({("outlet", name): count for name, count in publishers_of(place.through).items()})),
        ("Heard through", relays_of(place.own)),
        ("Whose words are passed on", origins_of(place.relayed)),
        ("Whom its own articles hear", origins_of(place.carried)),
        ("Through whom they hear them", relays_of(place.carried)),
    )
    return [
        {
            "title": title,
            "rows": _bars(counts, links),
            "more": max(0, len(counts) - _TOP),
            "kinds": title != relying,
        }
        for title, counts in found
        if counts
    ]


def _bars(counts: Counter[PlaceKey], links: Links) -> list[Values]:
    most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_TOP]
    return bars([{"name": name, "kind": kind, "claims": count} for (kind, name), count in most], "claims", links)


def tables_of(contents: Contents, place: Place) -> list[tuple[str, Table]]:
    """Its claims and articles; each table with the ending of the names of its further pages."""
    found = (
        ("-claims", tables.claims(contents, f"What this {noun_of(place)} is heard to say", place.own)),
        ("-relayed", tables.claims(contents, f"What this {noun_of(place)} passes on", place.relayed)),
        ("-articles", tables.articles(contents, "Its articles", place.published)),
    )
    return [(ending, table) for ending, table in found if table.records]
