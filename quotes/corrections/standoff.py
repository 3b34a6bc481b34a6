"""A brat file that came back: what differs from what was exported is what its reader corrected.

The export leaves in the file what it has written (export/standoff.py), so that a claim which nobody touched stays the
program's, with whatever models it runs, and one that is gone was rejected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import attrs

from quotes.errors import InputError
from quotes.records import Correction, Party, Span

EXPORTED = "Exported"
_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(T\d+) Arg2:(T\d+)\s*")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (T\d+)(?: (\S+))?\s*")
_NOTE = re.compile(r"#\d+\t\S+ (T\d+)\t(.*)")
_CLAIM = re.compile(r"claim ([0-9a-z]+);")

Places = tuple[tuple[int, int], ...]


@attrs.frozen(kw_only=True)
class _Bound:
    label: str
    places: Places
    text: str

    def spans(self) -> tuple[Span, ...]:
        """Its fragments as spans; brat joins their words with blanks, so that each one's length tells its words."""
        found, at = [], 0
        for start, end in self.places:
            found.append(Span(start=start, end=end, text=self.text[at : at + end - start]))
            at += end - start + 1
        return tuple(found)


@attrs.define(kw_only=True)
class _File:
    """The lines of an .ann file by what they say; lines of other kinds are passed over."""

    bounds: dict[str, _Bound] = attrs.field(factory=dict)
    relations: list[tuple[str, str, str]] = attrs.field(factory=list)
    reviews: dict[str, str] = attrs.field(factory=dict)
    claims: dict[str, str] = attrs.field(factory=dict)
    exported: dict[str, Any] = attrs.field(factory=dict)

    def related(self, labels: tuple[str, ...], content: str) -> list[_Bound]:
        return [self.bounds[to] for label, of, to in self.relations if label in labels and of == content]


def read_standoff(text: str) -> tuple[Correction, ...]:
    """The corrections that an edited export holds, in its order. Raises InputError where it is no export of ours."""
    file = _parse(text)
    if not file.exported:
        raise InputError(
            "This brat file does not say what was exported, so that nobody can tell what was corrected.",
            f"Correct a file from `quotes report FILE --format brat`, and leave its {EXPORTED} annotation in place.",
        )
    return tuple(_corrections(file))


def _parse(text: str) -> _File:
    file = _File()
    for line in text.splitlines():
        if found := _TEXT_BOUND.fullmatch(line):
            places = tuple((int(a), int(b)) for a, b in (part.split() for part in found[3].split(";")))
            file.bounds[found[1]] = _Bound(label=found[2], places=places, text=found[4])
        elif found := _RELATION.fullmatch(line):
            file.relations.append((found[1], found[2], found[3]))
        elif (found := _ATTRIBUTE.fullmatch(line)) and found[1] == "Review":
            file.reviews[found[2]] = found[3] or ""
        elif found := _NOTE.fullmatch(line):
            _note(file, found[1], found[2])
    known = set(file.bounds)
    file.relations = [each for each in file.relations if {each[1], each[2]} <= known]
    return file


def _note(file: _File, of: str, text: str) -> None:
    if claim := _CLAIM.match(text):
        file.claims[of] = claim[1]
    elif text.startswith("{"):
        try:
            file.exported = json.loads(text)["claims"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError("The note that says what was exported is damaged.", "Export the article anew.") from error


def _corrections(file: _File) -> Iterator[Correction]:
    contents = [name for name, bound in file.bounds.items() if bound.label == "Content"]
    ids = {name: file.claims.get(name) or _same_place(file, name) for name in contents}
    for claim, was in file.exported.items():
        if claim not in ids.values():
            yield Correction(do="reject", claim=_spans(was["content"]))
    for name in contents:
        claim_id = ids[name]
        was = file.exported.get(claim_id) if claim_id else None
        yield from _changed(file, name, was) if was else [_added(file, name)]
    for label, one, other in file.relations:
        if label == "SameAs":
            both = (file.bounds[one], file.bounds[other])
            names, places = tuple(each.text for each in both), tuple(each.spans()[0] for each in both)
            yield Correction(do="join", sources=names, mentions=places)


def _same_place(file: _File, name: str) -> str | None:
    """The exported claim with this very content, for a note that was lost."""
    places = [list(each) for each in file.bounds[name].places]
    return next((claim for claim, was in file.exported.items() if [s[:2] for s in was["content"]] == places), None)


def _changed(file: _File, name: str, was: dict[str, Any]) -> Iterator[Correction]:
    anchor = _spans(was["content"])
    bound = file.bounds[name]
    review = file.reviews.get(name, "")
    if review == "rejected":
        yield Correction(do="reject", claim=anchor)
        return
    if [list(each) for each in bound.places] != [span[:2] for span in was["content"]]:
        yield Correction(do="content", claim=anchor, content=bound.spans())
        anchor = bound.spans()
    chain = _chain(file, name)
    if chain and [_place(each) for each in chain] != [hop[:2] for hop in was["chain"] if hop[0] is not None]:
        silent = tuple(Party(name=hop[2]) for hop in was["chain"] if hop[0] is None)
        yield Correction(do="attribute", claim=anchor, chain=(*silent, *chain))
    elif review == "accepted":
        yield Correction(do="accept", claim=anchor)


def _added(file: _File, name: str) -> Correction:
    return Correction(do="add", content=file.bounds[name].spans(), chain=_chain(file, name))


def _chain(file: _File, name: str) -> tuple[Party, ...]:
    """Who is annotated as the content's sources: those that it came through first, then its own."""
    bounds = [*file.related(("Via", "CarriedVia"), name), *file.related(("HasSource",), name)]
    return tuple(Party(name=bound.text, mention=bound.spans()[0]) for bound in bounds)


def _place(party: Party) -> list[int]:
    assert party.mention is not None
    return [party.mention.start, party.mention.end]


def _spans(values: list[Any]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end, text=text) for start, end, text in values)
