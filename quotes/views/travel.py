"""What every view says about a claim's way through articles: sentences, rows, the tree. Plain values, no layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from quotes.link import Change, Link, Loss, Member, Origin, Step, Travel
from quotes.views import facts

_KINDS = {
    "named": "",
    "document": "document",
    "unnamed": "nobody named",
    "unsourced": "no source given",
    "unclear": "one of several of this name",
    "circle": "circle",
}
_FEW = 4  # names in a sentence
_DEEPEST = 24  # branches one below the other
_MOST_CUT = 400  # steps that are looked through for short cuts


@attrs.frozen(kw_only=True)
class Branch:
    """A place of the merged tree and those that have it from there.

    note: when a publisher had it; again: whether what hangs below stands further up; goes_on: whether it is
    too deep to be shown; carried: whether no article states this step.
    """

    name: str
    note: str
    carried: bool = False
    again: bool = False
    goes_on: bool = False
    circle: bool = False
    children: tuple[Branch, ...] = ()


def words(member: Member) -> str:
    """The claim as this article has it, in quotation marks where it is a quotation."""
    text = facts.one_line(member.text)
    return f"“{text}”" if member.kind == "direct" else text


def carrier(member: Member) -> str:
    return facts.one_line(member.carrier)


def date(member: Member) -> str:
    return facts.one_line(facts.day(member.published)) if member.published else "undated"


def names(found: Sequence[str]) -> str:
    """Names in a sentence: all of a few, the first of many."""
    shown = [facts.one_line(name) for name in found]
    return facts.listed(shown if len(shown) <= _FEW else [*shown[: _FEW - 1], f"{len(shown) - _FEW + 1} more"])


def kind(origin: Origin) -> str:
    """What kind of origin it is, where that is worth saying."""
    return _KINDS[origin.kind]


def summary(way: Travel) -> list[str]:
    """Sentences that say first what an editor asks first: how many carry it, and how many stand behind it."""
    return [
        sentence
        for sentence in (_carried(way), _behind(way), _circles(way), _laundered(way), _altered(way))
        if sentence
    ]


def _carried(way: Travel) -> str:
    first = way.carries[0]
    outlets = facts.plural(len(way.outlets), "outlet")
    if len(way.carries) == 1:
        return f"One article carries it: {carrier(first)}, {date(first)}."
    several = f"{len(way.carries)} articles of {outlets} carry it"
    if not first.published:
        return f"{several}; none of them is dated."
    firsts = [member.carrier for member in way.carries if member.published == first.published]
    return f"{several}, {names(list(dict.fromkeys(firsts)))} first, on {date(first)}."


def _behind(way: Travel) -> str:
    found = way.independent
    silent = [
        name for origin in way.origins if origin.kind == "unsourced" and origin not in found for name in origin.names
    ]
    tail = f" {names(silent)} give{'s' if len(silent) == 1 else ''} no source." if silent else ""
    if len(found) > 1:
        return f"They rest on {len(found)} independent origins: {names([origin.name for origin in found])}.{tail}"
    if found[0].kind == "circle":
        return f"Nobody outside stands behind it: {names(found[0].names)} have it from one another.{tail}"
    if found[0].kind == "unsourced":
        return "None says where it comes from."
    name = names(found[0].names)
    if len(way.carries) == 1:
        return f"It rests on {name}."
    return f"All that give a source rest on one origin: {name}.{tail}" if silent else f"All rest on one origin: {name}."


def _circles(way: Travel) -> str:
    rings = [circle for circle in way.circles if circle not in [origin.names for origin in way.independent]]
    return " ".join(f"{names(ring)} cite one another." for ring in rings)


def _laundered(way: Travel) -> str:
    count = len({loss.member for loss in way.losses})
    return f"{facts.plural(count, 'article')} lost part of the attribution on the way." if count else ""


def _altered(way: Travel) -> str:
    count = len({change.member for change in way.changes})
    return f"The quotation was changed in {facts.plural(count, 'article')}." if count else ""


def stops(member: Member) -> list[tuple[list[tuple[str, str]], bool]]:
    """Who this article has it from, nearest first: (name, kind) of each, and whether that is carried, not stated."""
    found = []
    for hop in member.hops:
        kind: str = hop.kind or "anonymous"
        found.append(([(name, kind) for name in (hop.name, *hop.beside)], hop.basis == "carried"))
    return [*found[:-1], ([("no source", "anonymous")], False)] if member.origin == "unsourced" else found


def chain(member: Member) -> str:
    """The same on one line: Reuters ← Ana Duarte; (TASS) is carried."""
    shown = [(facts.listed([facts.one_line(name) for name, _ in names]), carried) for names, carried in stops(member)]
    return " ← ".join(f"({name})" if carried else name for name, carried in shown)


def wordings(way: Travel) -> list[str]:
    """For each article how its words agree with those of another one."""
    links = {id(link.member): link for link in way.cluster.links}
    return [_wording(links.get(id(member)), len(way.carries)) for member in way.carries]


def _wording(link: Link | None, articles: int) -> str:
    if link is None:
        return "reference wording" if articles > 1 else ""
    agree = {"verbatim": "same words", "near-verbatim": "nearly the same words", "fragment": "a part of it"}
    share = "" if link.score == 1 else f" {facts.score(link.score)}"
    return agree.get(link.reason, link.reason) + share


def loss(found: Loss) -> str:
    """One sentence on what was lost."""
    who, other = f"{carrier(found.member)} ({date(found.member)})", f"{carrier(found.of)} ({date(found.of)})"
    lost = names(found.lost)
    if found.certain:
        return f"{who} cites {other} and leaves out {lost}."
    return f"{who} has it without {lost}, through whom everybody had it before, first {other}."


def change(found: Change) -> str:
    return f"{carrier(found.member)} ({date(found.member)}), after {carrier(found.of)} ({date(found.of)})"


def tree(way: Travel) -> list[Branch]:
    """From each origin to those that have it from there: a place that several lead to is opened once."""
    below: dict[str, list[Step]] = {}
    for step in direct_steps(way):
        below.setdefault(step.far, []).append(step)
    dates: dict[str, list[Member]] = {}
    for member in way.carries:
        dates.setdefault(member.carrier, []).append(member)
    forest = _Forest(dates=dates, below=below, rings={name for ring in way.circles for name in ring})
    return [forest.branch(origin.names[0]) for origin in way.origins]


def direct_steps(way: Travel) -> list[Step]:
    """The steps without the short cuts that others take through an outlet which itself names who is between."""
    kept = list(way.steps)
    if len(kept) > _MOST_CUT:
        return kept
    for step in way.steps:
        rest = [each for each in kept if each is not step]
        if not step.own and step.near in way.outlets and step.far in _reached(rest, step.near):
            kept = rest
    return kept


def _reached(steps: Sequence[Step], start: str) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        at = todo.pop()
        new = {step.far for step in steps if step.near == at} - found
        found |= new
        todo += new
    return found


@attrs.define(kw_only=True)
class _Forest:
    """Grows branches; dates: when each place published it; seen: the places that are opened already."""

    dates: dict[str, list[Member]]
    below: dict[str, list[Step]]
    rings: set[str]
    seen: set[str] = attrs.field(factory=set)

    def branch(self, place: str, *, depth: int = 0, carried: bool = False) -> Branch:
        again = place in self.seen
        self.seen.add(place)
        below = self.below.get(place, [])
        opened = [] if again or depth == _DEEPEST else sorted(below, key=lambda step: self._order(step.near))
        dates = (date(member) for member in self.dates.get(place, ()))
        return Branch(
            name=facts.one_line(place),
            note=", ".join(dict.fromkeys(dates)),
            carried=carried,
            again=again and bool(below),
            goes_on=bool(below) and not again and not opened,
            circle=place in self.rings,
            children=tuple(self.branch(step.near, depth=depth + 1, carried=not step.stated) for step in opened),
        )

    def _order(self, place: str) -> tuple[str, str]:
        own = self.dates.get(place)
        return (own[0].published or "~" if own else ""), place


def branch_note(branch: Branch) -> str:
    notes = [branch.note, "in a circle" if branch.circle else ""]
    notes += ["carried: no article states it" if branch.carried else "", "see above" if branch.again else ""]
    notes += ["and on" if branch.goes_on else ""]
    return " · ".join(filter(None, notes))


def lines(branches: Sequence[Branch], guide: str = "") -> Iterator[tuple[str, Branch]]:
    """Each branch with what is drawn before it."""
    for at, branch in enumerate(branches):
        last = at == len(branches) - 1
        mark = ("└" if last else "├") + ("┄ " if branch.carried else "─ ")
        yield guide + mark, branch
        yield from lines(branch.children, guide + ("   " if last else "│  "))
