"""What the overview of a corpus says, in whatever form. Plain values, no layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from quotes.link import Member, Travel, Verdict, verdicts
from quotes.views import facts, travel

Row = Mapping[str, Any]


@attrs.frozen(kw_only=True)
class SharedClaim:
    """A claim that several outlets carry.

    id: its cluster's; member: its representative wording; first: who had it first; verdicts: what is concluded from
    its way.
    """

    id: str
    member: Member
    outlets: int
    articles: int
    origins: tuple[str, ...]
    circles: tuple[tuple[str, ...], ...]
    first: Member
    verdicts: tuple[Verdict, ...] = ()


@attrs.frozen(kw_only=True)
class Overview:
    """A corpus as a whole.

    state: the row of `quotes corpus status`; span: first and last date; linked: how many claims were compared;
    sources, relays, unnamed, failed: rows; ways: (publisher, then relays outwards in) and how many claims came so;
    shared: how many claims several outlets carry; single, circles: of these the most carried that rest on one source,
    and that are in a circle; laundered, changed: how many lost attribution or changed their words; doubtful: of how
    many something is concluded from an uncertain chain; uncertain: how many claims are, which nothing else counts.
    """

    state: Row
    span: tuple[str | None, str | None]
    publishers: int
    linked: int
    sources: Sequence[Row]
    relays: Sequence[Row]
    ways: Sequence[tuple[tuple[str | None, ...], int]]
    unnamed: Sequence[Row]
    shared: int
    single: Sequence[SharedClaim]
    circles: Sequence[SharedClaim]
    laundered: int
    changed: int
    failed: Sequence[Row]
    doubtful: int = 0
    uncertain: int = 0


def shared_claim(way: Travel) -> SharedClaim:
    """What the overview tells of a claim's way."""
    return SharedClaim(
        id=way.cluster.id,
        member=way.cluster.representative,
        outlets=len(way.outlets),
        articles=len(way.carries),
        origins=tuple(name for origin in way.independent for name in origin.names),
        circles=way.circles,
        first=way.carries[0],
        verdicts=verdicts(way),
    )


def figures(found: Overview) -> list[tuple[str, int]]:
    """Counts and what they count, those to be read first in front."""
    state = found.state
    counts = [
        (state["articles"], "article", "articles"),
        (found.publishers, "publisher", "publishers"),
        (state["claims"] - found.uncertain, "claim", "claims"),
        (found.shared, "claim that several outlets carry", "claims that several outlets carry"),
        (state["failed"], "article without a report", "articles without a report"),
        (state["duplicates"], "copy", "copies"),
    ]
    return [(one if count == 1 else many, count) for count, one, many in counts]


def lead(found: Overview) -> str:
    """One or two sentences on when, and on how claims travelled."""
    first, last = (facts.one_line(facts.day(each)) if each else "" for each in found.span)
    when = (
        f"Published from {first} to {last}." if first and first != last else f"Published on {first}." if first else ""
    )
    state = "" if found.state["finished"] else "The run has not finished: this is what it holds so far."
    told = ""
    if found.shared:
        told = f"Of {found.linked} claims that were compared, {found.shared} stand in several outlets."
        told += f" {found.laundered} of these lost part of their attribution on the way." if found.laundered else ""
        told += f" The words of {found.changed} changed." if found.changed else ""
        told += f" What is said of {found.doubtful} is so as far as the texts tell." if found.doubtful else ""
    return " ".join(filter(None, (when, state, told, facts.left_out_note(found.uncertain))))


def source_row(row: Row) -> dict[str, Any]:
    """A source with how often it is heard, and the other names that it goes by."""
    counts = {name: row[name] for name in ("name", "kind", "claims", "relayed", "articles")}
    return {**counts, "also": also(row)}


def also(row: Row) -> str:
    """The other names of a source."""
    return ", ".join(form for form in row.get("forms", ()) if form != row["name"])


def shared_row(claim: SharedClaim) -> dict[str, Any]:
    return {
        "words": travel.words(claim.member),
        "outlets": claim.outlets,
        "articles": claim.articles,
        "origin": _as_told(travel.names(claim.origins), claim, "single"),
        "first": f"{travel.carrier(claim.first)}, {travel.date(claim.first)}",
        "circles": _as_told("; ".join(travel.names(ring) for ring in claim.circles), claim, "circle"),
    }


def _as_told(names: str, claim: SharedClaim, kind: str) -> str:
    doubts = travel.uncertain([each for each in claim.verdicts if each.kind == kind])
    return f"{names} (as far as the texts tell; uncertain is {doubts})" if doubts else names
