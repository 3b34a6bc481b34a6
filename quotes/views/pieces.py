"""The article's text in pieces, cut wherever a mark begins or ends; each piece says what it is marked as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

import attrs

from quotes.certainty import SURE, UNCERTAIN, is_uncertain
from quotes.records import Claim, Report, Span
from quotes.views import facts

Role = Literal["content", "cue", "who", "credit", "loose"]


@attrs.frozen(kw_only=True)
class Mark:
    """A marked run of the text; hop: the place in its claim's chain, for a cue or a mention."""

    start: int
    end: int
    role: Role
    of: facts.Numbered | None = None
    hop: int | None = None


def color_of(claim: Claim, colors: Mapping[str, int]) -> int | None:
    """The colour of a claim's origin; None where it has none of its own."""
    return colors.get(claim.chain[-1].source) if claim.chain and claim.origin != "unsourced" else None


def kind_of(claim: Claim) -> str:
    return "belief" if claim.act == "belief" else claim.kind


def certainty(confidence: float) -> str:
    """How sure, in three steps that look different without colour."""
    return "sure" if confidence >= SURE else "fair" if confidence >= UNCERTAIN else "unsure"


def blocks(report: Report, numbered: Sequence[facts.Numbered], colors: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """The whole text, block by block in order, each with its pieces; a block takes along the white space after it."""
    starts = {block.start: block.kind for block in report.article.blocks}
    edges = sorted({0, *starts, len(report.article.text)})
    pieces = list(_pieces(report, numbered, colors, edges))
    at = 0
    for start, end in pairwise(edges):
        own = []
        while at < len(pieces) and pieces[at]["end"] <= end:
            own.append(pieces[at])
            at += 1
        yield {"kind": starts.get(start, "other"), "pieces": own}


def _pieces(
    report: Report, numbered: Sequence[facts.Numbered], colors: Mapping[str, int], cuts: Sequence[int]
) -> Iterator[dict[str, Any]]:
    text = report.article.text
    marks = sorted(_marks(report, numbered), key=lambda mark: mark.start)
    edges = sorted({*cuts, *(edge for mark in marks for edge in (mark.start, mark.end))})
    begun = _begun(numbered)
    active: list[Mark] = []
    at = 0
    for start, end in pairwise(edges):
        while at < len(marks) and marks[at].start <= start:
            active.append(marks[at])
            at += 1
        active = [mark for mark in active if mark.end > start]
        yield {
            "end": end,
            "text": facts.visible(text[start:end]).replace("\r\n", "\n").replace("\r", "\n"),
            "starts": [_badge(each, colors) for each in begun.get(start, [])],
            **_looks(active, colors),
        }


def _looks(active: Sequence[Mark], colors: Mapping[str, int]) -> dict[str, Any]:
    contents = sorted(
        (mark for mark in active if mark.role == "content"),
        key=lambda mark: (_is_doubtful(mark), mark.end - mark.start),
    )
    inner = contents[0].of if contents else None
    return {
        "kind": kind_of(inner.claim) if inner else "",
        "color": color_of(inner.claim, colors) if inner else None,
        "certainty": certainty(inner.claim.confidence) if inner else "",
        "uncertain": inner is not None and is_uncertain(inner.claim),
        "roles": sorted({mark.role for mark in active if mark.role != "content" and not _is_doubtful(mark)}),
        "claims": list(dict.fromkeys(mark.of.number for mark in contents if mark.of)),
        "hops": list(
            dict.fromkeys(f"{mark.of.number}.{mark.hop}" for mark in active if mark.of and mark.hop is not None)
        ),
    }


def _is_doubtful(mark: Mark) -> bool:
    return mark.of is not None and is_uncertain(mark.of.claim)


def _badge(each: facts.Numbered, colors: Mapping[str, int]) -> dict[str, Any]:
    return {
        "number": each.number,
        "color": color_of(each.claim, colors),
        "certainty": certainty(each.claim.confidence),
        "uncertain": is_uncertain(each.claim),
    }


def _begun(numbered: Sequence[facts.Numbered]) -> dict[int, list[facts.Numbered]]:
    found: dict[int, list[facts.Numbered]] = {}
    for each in numbered:
        if each.claim.content:
            found.setdefault(each.claim.content[0].start, []).append(each)
    return found


def _marks(report: Report, numbered: Sequence[facts.Numbered]) -> list[Mark]:
    """All that is marked: content, cues, mentions, credits, speech that nobody is given."""
    marks: list[Mark] = []
    for each in numbered:
        marks += [_mark(span, "content", each) for span in each.claim.content]
        for at, hop in enumerate(each.claim.chain):
            found: tuple[tuple[Span | None, Role], ...] = (
                (hop.cue, "cue"),
                (hop.mention, "who"),
                (hop.anonymity, "who"),
            )
            marks += [_mark(span, role, each, at) for span, role in found if span]
    for credit in report.article.credit:
        if credit.start is not None and credit.end is not None:
            marks.append(Mark(start=credit.start, end=credit.end, role="credit"))
    marks += [Mark(start=passage.start, end=passage.end, role="loose") for _, passage in facts.unattributed(report)]
    return [mark for mark in marks if mark.start < mark.end]


def _mark(span: Span, role: Role, of: facts.Numbered, hop: int | None = None) -> Mark:
    return Mark(start=span.start, end=span.end, role=role, of=of, hop=hop)
