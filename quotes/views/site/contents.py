"""What a site is made of: articles, the claims in them, and who is heard. Plain values, no layout."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from quotes.link import Member, Teller, Travel
from quotes.records import digest
from quotes.views.corpus_facts import Overview

ClaimKey = tuple[str, str]  # the ids of an article and of its claim
PlaceKey = tuple[str, str]  # kind and name

_UNNAMED = ("unnamed", "unsourced")


@attrs.frozen(kw_only=True)
class Card:
    """An article of the corpus. copies: who else published the same text, by outlet or file."""

    id: str
    title: str | None
    publisher: str | None
    published: str | None
    file: str | None
    copies: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Place:
    """A source or an outlet, told from others by its name and kind alone.

    aliases: other names that publishers have for it; roles: what articles call it, the most frequent first;
    own: the claims that rest on it; relayed: those that it passes on; published: its articles; carried: the claims in
    these. All of them latest first.
    """

    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    own: tuple[Member, ...] = ()
    relayed: tuple[Member, ...] = ()
    published: tuple[Card, ...] = ()
    carried: tuple[Member, ...] = ()

    @cached_property
    def through(self) -> tuple[Member, ...]:
        """The claims of others that come from it or through it."""
        return tuple(each for each in dict.fromkeys((*self.own, *self.relayed)) if each.publisher != self.name)

    @property
    def articles(self) -> int:
        """How many articles it is heard in."""
        return len({member.article for member in (*self.own, *self.relayed)})

    @property
    def last(self) -> str | None:
        """When it was last heard."""
        return max((each.published for each in (*self.own, *self.relayed) if each.published), default=None)

    @property
    def unnamed_percent(self) -> float | None:
        """Of the claims in its articles, how many rest on nobody who is named; None without claims."""
        if not self.carried:
            return None
        return round(100 * sum(each.origin in _UNNAMED for each in self.carried) / len(self.carried), 1)

    @property
    def path(self) -> str:
        """The page's place in the site."""
        folder = "outlet" if self.kind == "outlet" else "source"
        return f"{folder}/{digest('place', self.kind, self.name)}.html"


@attrs.frozen(kw_only=True)
class Contents:
    """A corpus as a site shows it.

    members: the claims of speech, each once however many copies its article has, the latest first; ways: of those that
    several articles carry, the most carried first; cards: the articles with a report, the latest first; publishers:
    by the outlet's name, the names that articles have for it.
    """

    overview: Overview
    members: Sequence[Member]
    ways: Sequence[Travel]
    cards: Sequence[Card]
    publishers: Mapping[str, Sequence[str]]

    @cached_property
    def places(self) -> list[Place]:
        """All that have a page, those with most claims first. Who stays unnamed has none."""
        return places(self)

    @cached_property
    def way_of(self) -> dict[ClaimKey, Travel]:
        return {(member.article, member.claim): way for way in self.ways for member in way.carries}

    @cached_property
    def claims_of(self) -> dict[str, list[Member]]:
        """The claims of each article, by its id."""
        found: dict[str, list[Member]] = defaultdict(list)
        for member in self.members:
            found[member.article].append(member)
        return found


def places(contents: Contents) -> list[Place]:
    own: dict[PlaceKey, dict[Member, None]] = defaultdict(dict)
    relayed: dict[PlaceKey, dict[Member, None]] = defaultdict(dict)
    roles: dict[PlaceKey, Counter[str]] = defaultdict(Counter)
    carried: dict[str, list[Member]] = defaultdict(list)
    published: dict[str, list[Card]] = defaultdict(list)
    for card in contents.cards:
        published[card.publisher or ""].append(card)
    for member in contents.members:
        carried[member.publisher or ""].append(member)
        for key in _relays(member):
            relayed[key][member] = None
        for key in _origins(member):
            own[key][member] = None
        for hop in member.hops:
            if hop.role:
                roles[hop.kind or "", hop.name][hop.role] += 1
    outlets = [("outlet", name) for name in published if name]
    made = [
        Place(
            kind=kind,
            name=name,
            aliases=tuple(contents.publishers.get(name, ())) if kind == "outlet" else (),
            roles=tuple(role for role, _ in roles[kind, name].most_common()),
            own=tuple(own[kind, name]),
            relayed=tuple(relayed[kind, name]),
            published=tuple(published[name]) if kind == "outlet" else (),
            carried=tuple(carried[name]) if kind == "outlet" else (),
        )
        for kind, name in dict.fromkeys((*own, *relayed, *outlets))
    ]
    return sorted(made, key=lambda each: (-len(each.own), -len(each.relayed), -len(each.carried), each.name, each.kind))


def _relays(member: Member) -> Iterator[PlaceKey]:
    for hop in member.hops[:-1]:
        yield from _named(hop)


def _origins(member: Member) -> Iterator[PlaceKey]:
    yield from _named(member.hops[-1])


def _named(hop: Teller) -> Iterator[PlaceKey]:
    """The places that stand side by side in a hop; none where it is not known who it is."""
    if hop.resolved and hop.kind and hop.kind != "anonymous":
        for name in (hop.name, *hop.beside):
            yield hop.kind, name


def publishers_of(members: Iterable[Member]) -> Counter[str]:
    """How many claims each outlet has of these; what nobody is known to have published is left out."""
    return Counter(member.publisher for member in members if member.publisher)


def relays_of(members: Iterable[Member]) -> Counter[PlaceKey]:
    """Through whom these came, and how many: each source or outlet between the origin and the publisher."""
    return Counter(key for member in members for key in _relays(member))


def origins_of(members: Iterable[Member]) -> Counter[PlaceKey]:
    """On whom these rest, and how many."""
    return Counter(key for member in members for key in _origins(member))
