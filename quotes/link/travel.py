"""How a claim came to the articles that carry it: one tree of all their chains, and what it shows.

Publishers and sources are the places of the tree, under one name each. Whoever is followed from place to place, from
the reader's end, comes to those that have it from nobody: the independent origins. Places that have it from one another
are a circle; a circle that has it from nobody outside is an origin, and no good one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

import attrs

from quotes import lexicon as lexicons
from quotes.lexicon import Lexicon
from quotes.link.changes import Change, changes_of
from quotes.link.clusters import Cluster
from quotes.link.consensus import Conflict, consensus
from quotes.link.members import Member, Teller
from quotes.link.names import Names

OriginKind = Literal["named", "document", "unnamed", "unsourced", "unclear", "circle"]
NO_ORIGIN: tuple[OriginKind, ...] = ("unsourced", "unclear")
Place = str
Graph = dict[Place, dict[Place, bool]]
Path = tuple[Member, tuple[tuple[Place, bool], ...]]


@attrs.frozen(kw_only=True)
class Origin:
    """Where a claim comes from, as far as its articles tell.

    names: one, but for a circle; carriers: the publishers whose articles rest on it.
    """

    kind: OriginKind
    names: tuple[str, ...]
    carriers: tuple[str, ...]

    @property
    def name(self) -> str:
        return " and ".join(self.names)


@attrs.frozen(kw_only=True)
class Step:
    """Who has it from whom: near has it from far in so many articles.

    stated: whether one of them says so, rather than implies it; own: whether one of them is near's own.
    """

    near: str
    far: str
    articles: int
    stated: bool
    own: bool


@attrs.frozen(kw_only=True)
class Loss:
    """Attribution that was laundered: what an article leaves out of the chain that an earlier one gives.

    certain: whether it cites that article's publisher; otherwise it has the same words later, from the same origin,
    and nobody had them without those relays before.
    """

    member: Member
    of: Member
    lost: tuple[str, ...]
    certain: bool


@attrs.frozen(kw_only=True)
class Travel:
    """A claim's way over all articles.

    carries: its members, by date; steps: the merged tree; circles: publishers and sources that have it from one
    another; conflicts: different people named for the same words. Members whose source others name have it in
    `elsewhere`, and are counted with it.
    """

    cluster: Cluster
    carries: tuple[Member, ...]
    steps: tuple[Step, ...]
    origins: tuple[Origin, ...]
    circles: tuple[tuple[str, ...], ...]
    losses: tuple[Loss, ...]
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...] = ()

    @property
    def outlets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(member.carrier for member in self.carries))

    @property
    def independent(self) -> tuple[Origin, ...]:
        """The origins to count.

        An article that names none (*reportedly*), or one of several people of a name, has none of its own where
        another does.
        """
        sourced = tuple(origin for origin in self.origins if origin.kind not in NO_ORIGIN)
        return sourced or self.origins[:1]

    @property
    def single_origin(self) -> bool:
        """Whether several outlets rest on one source."""
        return len(self.outlets) > 1 and len(self.independent) == 1 and self.independent[0].kind != "circle"


def travel(cluster: Cluster, *, lexicon: Lexicon | None = None) -> Travel:
    """How the claim of a cluster came to its articles."""
    known = lexicon or lexicons.load()
    names = Names(known)
    told = consensus(cluster, names)
    carries = tuple(sorted(told.cluster.members, key=_by_date))
    places = _Places(names, carries)
    paths = [(member, path) for member in carries for path in places.paths(member)]
    graph = _graph(paths)
    return Travel(
        cluster=told.cluster,
        carries=carries,
        steps=_steps(paths),
        origins=_origins(graph, carries, places),
        circles=_circles(graph, carries),
        losses=tuple(_losses(carries, places)),
        changes=changes_of(carries, places.cited, known),
        conflicts=told.conflicts,
    )


def _by_date(member: Member) -> tuple[str, str, str, str]:
    return member.published or "~", member.publisher or "", member.path or "", member.claim


class _Places:
    """Every publisher and source of a claim's articles under one name each."""

    def __init__(self, names: Names, carries: Sequence[Member]) -> None:
        self.names = names
        self.kinds: dict[Place, OriginKind] = {}
        self._outlets = {
            (member.publisher or "").casefold(): member.publisher for member in carries if member.publisher
        }
        self._known: dict[tuple[str, str | None], Place] = {}
        self._gather(carries)
        self._unnamed = self._same_unnamed(carries)
        self._by_publisher: dict[Place, list[Member]] = defaultdict(list)
        self._by_end: dict[tuple[tuple[Place, ...], ...], list[Member]] = defaultdict(list)
        self._stops: dict[int, tuple[tuple[Place, ...], ...]] = {}
        for member in carries:
            self._by_publisher[member.carrier].append(member)
        for member in sorted(carries, key=lambda each: len(each.hops)):
            self._by_end[self.stops(member)[-1:]].append(member)

    def stops(self, member: Member) -> tuple[tuple[Place, ...], ...]:
        """The places of its chain, outermost first, those side by side together; none for *reportedly*."""
        if id(member) not in self._stops:
            self._stops[id(member)] = self._stops_of(member)
        return self._stops[id(member)]

    def with_end(self, end: tuple[tuple[Place, ...], ...]) -> Sequence[Member]:
        """The members whose chain ends there, those with the shortest chains first, then by date."""
        return self._by_end.get(end, ()) if end else ()

    def _stops_of(self, member: Member) -> tuple[tuple[Place, ...], ...]:
        found = [tuple(self._of(each) for each in _beside(hop)) for hop in member.hops[:-1]]
        if member.ends:
            last = tuple(self._of(each) for each in member.ends)
        elif member.origin == "unsourced":
            last = ()
        else:
            last = (self._unnamed[self._hearer(member)],)
        return tuple(each for each in (*found, last) if each)

    def paths(self, member: Member) -> Iterator[tuple[tuple[Place, bool], ...]]:
        """Its ways from the publisher to an origin: (place, whether it is stated), without a place next to itself."""
        ways: list[tuple[tuple[Place, bool], ...]] = [((member.carrier, True),)]
        stated = [hop.basis == "stated" for hop in member.hops]
        stated[-1] = stated[-1] and member.elsewhere is None
        for side_by_side, said in zip(self.stops(member), stated, strict=False):
            ways = [way if place == way[-1][0] else (*way, (place, said)) for way in ways for place in side_by_side]
        yield from ways

    def cited(self, member: Member) -> Iterator[tuple[Member, int]]:
        """Articles of the publishers that it cites, none of them later, and the citation's place in its chain."""
        for at, side_by_side in enumerate(self.stops(member)):
            for place in side_by_side:
                if place != member.carrier:
                    for other in self._by_publisher.get(place, ()):
                        if not _is_later(other, member):
                            yield other, at

    def kind(self, place: Place) -> OriginKind:
        return self.kinds.get(place, "unsourced")

    def _gather(self, carries: Sequence[Member]) -> None:
        """Gives each source its place: the fullest name that it can be part of; its own, and unclear, where there are
        several such.
        """
        tellers = {
            (each.name, each.role): each
            for member in carries
            for hop in (*member.hops[:-1], *member.ends)
            for each in _beside(hop)
        }
        ordered = sorted(tellers.values(), key=lambda each: (-len(self.names.core(each)), not each.role, each.name))
        full: dict[str, list[Teller]] = defaultdict(list)
        for teller in ordered:
            keys = self.names.keys(teller)
            near = {each.name: each for key in sorted(keys) for each in full.get(key, ())}
            same = [each.name for each in near.values() if self.names.same(each, teller)]
            outlet = self._outlets.get(teller.name.casefold())
            if outlet is None and not same:
                for key in keys:
                    full[key].append(teller)
            if outlet is None and len(same) > 1:
                self.kinds[teller.name] = "unclear"
            self._known[teller.name, teller.role] = outlet or (same[0] if len(same) == 1 else teller.name)
        for member in carries:
            for teller in member.ends:
                document = member.origin == "document" and member.elsewhere is None
                self.kinds.setdefault(self._of(teller), "document" if document else "named")
            for hop in member.hops[:-1]:
                for teller in _beside(hop):
                    self.kinds.setdefault(self._of(teller), "named")

    def _of(self, teller: Teller) -> Place:
        return self._known[teller.name, teller.role]

    def _hearer(self, member: Member) -> Place:
        return self._of(member.hops[-2]) if len(member.hops) > 1 else member.carrier

    def _same_unnamed(self, carries: Sequence[Member]) -> dict[Place, Place]:
        """By who heard it, the place of an unnamed origin; what an outlet took from another is the other one's."""
        unnamed = [member for member in carries if not member.ends and member.origin != "unsourced"]
        heard_from = {member.carrier: self._hearer(member) for member in unnamed[::-1]}
        found: dict[Place, Place] = {}
        for member in unnamed:
            hearer = first = self._hearer(member)
            seen = {first}
            while heard_from.get(hearer, hearer) not in seen:
                hearer = heard_from[hearer]
                seen.add(hearer)
            found[first] = f"unnamed ({hearer})"
            self.kinds[found[first]] = "unnamed"
        return found


def _beside(hop: Teller) -> tuple[Teller, ...]:
    return (hop, *(attrs.evolve(hop, name=name, role=None, beside=()) for name in hop.beside))


def _is_later(one: Member, other: Member) -> bool:
    return bool(one.published and other.published and one.published > other.published)


def _graph(paths: Iterable[Path]) -> Graph:
    """From each place those that it has it from, and whether an article states it."""
    graph: Graph = defaultdict(dict)
    for _, path in paths:
        graph.setdefault(path[-1][0], {})
        for (near, near_stated), (far, far_stated) in pairwise(path):
            graph[near][far] = graph[near].get(far, False) or (near_stated and far_stated)
            graph.setdefault(far, {})
    return graph


def _steps(paths: Sequence[Path]) -> tuple[Step, ...]:
    articles: dict[tuple[Place, Place], set[str]] = defaultdict(set)
    own = {(path[0][0], path[1][0]) for _, path in paths if len(path) > 1}
    for member, path in paths:
        for (near, _), (far, _) in pairwise(path):
            articles[near, far].add(f"{member.article} {member.carrier} {member.path}")
    graph = _graph(paths)
    return tuple(
        Step(near=near, far=far, articles=len(found), stated=graph[near][far], own=(near, far) in own)
        for (near, far), found in sorted(articles.items())
    )


def _origins(graph: Graph, carries: Sequence[Member], places: _Places) -> tuple[Origin, ...]:
    """The components that lead nowhere else, those that most publishers rest on first."""
    component = _components({near: set(fars) for near, fars in graph.items()})
    ends = {
        part: frozenset(place for place in graph if component[place] == part)
        for part in {component[place] for place in graph}
        if all(component[far] == part for place in graph if component[place] == part for far in graph[place])
    }
    resting: dict[int, dict[str, None]] = {part: {} for part in ends}
    for member in carries:
        for place in _reached(graph, member.carrier):
            if component[place] in resting:
                resting[component[place]][member.carrier] = None
    found = [
        Origin(
            kind="circle" if len(members) > 1 else places.kind(next(iter(members))),
            names=tuple(sorted(members)),
            carriers=tuple(resting[part]),
        )
        for part, members in ends.items()
    ]
    return tuple(sorted(found, key=lambda origin: (origin.kind in NO_ORIGIN, -len(origin.carriers), origin.names)))


def _reached(graph: Graph, start: Place) -> set[Place]:
    seen, todo = {start}, [start]
    while todo:
        for far in graph.get(todo.pop(), {}):
            if far not in seen:
                seen.add(far)
                todo.append(far)
    return seen


def _circles(graph: Graph, carries: Sequence[Member]) -> tuple[tuple[str, ...], ...]:
    """Places that state to have it from one another, a publisher of the corpus among them."""
    component = _components({near: {far for far, stated in fars.items() if stated} for near, fars in graph.items()})
    groups: dict[int, list[Place]] = defaultdict(list)
    for place, part in component.items():
        groups[part].append(place)
    carriers = {member.carrier for member in carries}
    return tuple(sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1 and carriers & set(group)))


def _components(graph: Mapping[Place, set[Place]]) -> dict[Place, int]:
    """By place the number of its strongly connected component (Kosaraju, without recursion)."""
    order: list[Place] = []
    seen: set[Place] = set()
    for start in graph:
        todo = [(start, False)]
        while todo:
            place, done = todo.pop()
            if done:
                order.append(place)
            elif place not in seen:
                seen.add(place)
                todo.append((place, True))
                todo += [(far, False) for far in sorted(graph[place]) if far not in seen]
    back: dict[Place, list[Place]] = defaultdict(list)
    for near, fars in graph.items():
        for far in fars:
            back[far].append(near)
    found: dict[Place, int] = {}
    for number, start in enumerate(reversed(order)):
        rest = [start] if start not in found else []
        while rest:
            place = rest.pop()
            if place not in found:
                found[place] = number
                rest += back[place]
    return found


def _losses(carries: Sequence[Member], places: _Places) -> Iterator[Loss]:
    for member in carries:
        citations = list(places.cited(member))
        if citations:  # of a chain of outlets, what the inner ones leave out is theirs
            first = min(at for _, at in citations)
            loss = _lost_in_citing(member, [other for other, at in citations if at == first], first, places)
        else:
            loss = _lost_in_copying(member, places)
        if loss:
            yield loss


def _lost_in_citing(member: Member, cited: Sequence[Member], at: int, places: _Places) -> Loss | None:
    """What all cited articles name and this one leaves out; None where it keeps one's chain, or tells another one."""
    kept = {place for stop in places.stops(member)[at + 1 :] for place in stop}
    found = []
    for other in cited:
        given = _named_stops(other, places)
        if not kept <= given.keys():
            continue
        lost = tuple(name for place, name in given.items() if place not in kept and place != member.carrier)
        if not lost:
            return None
        found.append(Loss(member=member, of=other, lost=lost, certain=True))
    return min(found, key=lambda loss: len(loss.lost), default=None)


def _named_stops(member: Member, places: _Places) -> dict[Place, str]:
    """The places of its chain with what it calls them; *reportedly* has none, and is told as such."""
    found = {place: place for stop in places.stops(member) for place in stop}
    if not member.ends:
        last = "reportedly" if member.origin == "unsourced" else member.hops[-1].name
        found |= {places.stops(member)[-1][0]: last} if member.origin != "unsourced" else {"": last}
    return found


def _lost_in_copying(member: Member, places: _Places) -> Loss | None:
    """The relays that every earlier article with this origin names and this one does not."""
    stops = places.stops(member)
    own = {member.carrier, *(place for stop in stops for place in stop)}
    least: Loss | None = None
    for other in places.with_end(stops[-1:]):
        if not (member.published and other.published and other.published < member.published):
            continue
        lost = tuple(place for stop in places.stops(other)[:-1] for place in stop if place not in own)
        if not lost:
            return None
        if least is None or len(lost) < len(least.lost):
            least = Loss(member=member, of=other, lost=lost, certain=False)
    return least
