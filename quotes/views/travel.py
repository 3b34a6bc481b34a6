"""What every view says about a claim's way through articles: sentences, rows, the tree. Plain values, no layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from quotes.link import Change, Conflict, Elsewhere, Link, Loss, Member, Origin, Reason, Step, Travel, Verdict, verdicts
from quotes.views import facts

_KINDS = {
    "named": "",
    "document": "document",
    "unnamed": "nobody named",
    "unsourced": "no source given",
    "unclear": "one of several of this name",
    "circle": "circle",
}
KINDS_OF_LINK: Mapping[Reason, str] = {
    "verbatim": "same words",
    "near-verbatim": "nearly the same words",
    "fragment": "a part of it",
    "paraphrase": "paraphrase",
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
    told = verdicts(way)
    ends = [origin.names for origin in way.independent]
    behind = [each for each in told if each.kind in ("single", "independent") or each.about in ends]
    rings = [each for each in told if each.kind == "circle" and each.about not in ends]
    circles = as_told(_circles(way), rings)
    found = (_carried(way), as_told(_behind(way), behind), _contradicted(way), circles, _laundered(way), _altered(way))
    return [sentence for sentence in found if sentence]


def as_told(sentence: str, found: Sequence[Verdict]) -> str:
    """The sentence, with the chains that it rests on where these are uncertain."""
    doubts = uncertain(found)
    return f"As far as the texts tell: {sentence} Uncertain is {doubts}." if sentence and doubts else sentence


def uncertain(found: Sequence[Verdict]) -> str:
    """The uncertain chains behind verdicts, with how sure each is; nothing where there are none."""
    grounds = dict.fromkeys(ground for each in found for ground in each.uncertain)
    return names([f"the chain of {_dated(each.member)}, {facts.score(each.confidence)}" for each in grounds])


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


def _contradicted(way: Travel) -> str:
    named = list(dict.fromkeys(name for each in way.conflicts for name in each.names))
    return f"The articles name different people for the same words: {names(named)}." if named else ""


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
    if member.elsewhere is not None:
        names, carried = found[-1]
        name, kind = names[-1]
        known = f"{name} (named elsewhere: {facts.one_line(member.elsewhere.source.name)})"
        found[-1] = ([*names[:-1], (known, kind)], carried)
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
    share = "" if link.score == 1 else f" {facts.score(link.score)}"
    return KINDS_OF_LINK[link.reason] + share


def losses(way: Travel) -> list[str]:
    """A sentence on each article that leaves out part of the attribution."""
    told = [each for each in verdicts(way) if each.kind == "lost"]
    return [as_told(_loss(each), [verdict]) for each, verdict in zip(way.losses, told, strict=True)]


def _loss(found: Loss) -> str:
    who, other = _dated(found.member), _dated(found.of)
    lost = names(found.lost)
    if found.certain:
        return f"{who} cites {other} and leaves out {lost}."
    return f"{who} has it without {lost}, through whom everybody had it before, first {other}."


def named_elsewhere(way: Travel) -> list[str]:
    """A sentence for each article whose source others name, with the surest of these."""
    return [_named(member, member.elsewhere) for member in way.carries if member.elsewhere is not None]


def _named(member: Member, found: Elsewhere) -> str:
    surest = found.evidence[0]
    said = facts.one_line(member.hops[-1].name)
    more = f" and {facts.plural(len(found.evidence) - 1, 'more article')}" if len(found.evidence) > 1 else ""
    name = f"name{'s' if not more else ''} {facts.one_line(found.source.name)}"
    how = f"{KINDS_OF_LINK[surest.reason]}, {facts.score(found.confidence)}"
    return f"{_dated(member)} has it from “{said}”; {_dated(surest.member)}{more} {name} ({how})."


def conflict(found: Conflict) -> str:
    """One sentence on two names for the same words."""
    first, second = map(facts.one_line, found.names)
    how = f"{KINDS_OF_LINK[found.evidence.reason]}, {facts.score(found.evidence.confidence)}"
    return f"{_dated(found.one)} names {first}, {_dated(found.other)} {second} ({how})."


def _dated(member: Member) -> str:
    return f"{carrier(member)} ({date(member)})"


def changes(way: Travel) -> list[tuple[str, Change]]:
    """Each change with whose it is."""
    told = [each for each in verdicts(way) if each.kind == "changed"]
    return [(_change(each, verdict), each) for each, verdict in zip(way.changes, told, strict=True)]


def _change(found: Change, verdict: Verdict) -> str:
    doubts = uncertain([verdict])
    tail = f"; as far as the texts tell, uncertain is {doubts}" if doubts else ""
    return f"{_dated(found.member)}, after {_dated(found.of)}{tail}"


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
