"""Things reported inside a frame: "X reported that Y had announced a tender" has no content but the tender."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from quotes import syntax
from quotes.attribute import sources
from quotes.attribute.proposal import Proposal, Range
from quotes.records import Article, Parse, Sentence

AROUND = frozenset(["clause", "around", "according-to", "run-on"])
OBJECTS = frozenset(["object", "object-more"])
SHARE = 0.9


def mark(article: Article, parse: Parse, proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals, those marked that report a thing and with their own source make up what a frame reports."""
    frames: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        if _is_frame(proposal):
            frames.setdefault(proposal.sentence, []).append(proposal)
    return [_marked(article, parse, each, frames.get(each.sentence, [])) for each in proposals]


def _is_frame(proposal: Proposal) -> bool:
    entry = proposal.entry
    speech = entry is not None and entry.act == "speech"
    return speech and proposal.pattern in AROUND and proposal.source is not None and not proposal.doubts


def _marked(article: Article, parse: Parse, proposal: Proposal, frames: Sequence[Proposal]) -> Proposal:
    sentence = parse.sentences[proposal.sentence]
    if not frames or not _reports_thing(sentence, proposal) or proposal.source is None:
        return proposal
    own = [at for at in sources.phrase(sentence, proposal.source[1]) if at not in proposal.cue]
    words = [sentence.words[at] for at in (*own, *proposal.cue)]
    reach = [*((word.start, word.end) for word in words), *proposal.content]
    held = any(
        frame.head != proposal.head and frame.source != proposal.source and _fills(article, frame.content, reach)
        for frame in frames
    )
    return attrs.evolve(proposal, framed=True) if held else proposal


def _reports_thing(sentence: Sentence, proposal: Proposal) -> bool:
    """Whether a finite verb of speech has a thing as its content: an object, or what its preposition brings."""
    entry = proposal.entry
    if entry is None or entry.act != "speech" or proposal.doubts or proposal.spoken or not entry.lemma:
        return False
    if proposal.source is None or proposal.source[0] != proposal.sentence or not proposal.content:
        return False
    if not syntax.is_finite(sentence, proposal.head):
        return False
    if proposal.pattern in OBJECTS:
        return "object" in entry.takes and not entry.hearer
    first = next((word for word in sentence.words if word.start >= proposal.content[0][0]), None)
    return proposal.pattern == "oblique" and first is not None and first.text.lower() in entry.prepositions


def _fills(article: Article, content: Sequence[Range], reach: Sequence[Range]) -> bool:
    """Whether nearly all letters of a content lie in a reach, and all of the reach lies in the content."""
    if not all(any(start <= low and high <= end for start, end in content) for low, high in reach):
        return False
    letters = [at for start, end in content for at in range(start, end) if article.text[at].isalnum()]
    taken = sum(any(low <= at < high for low, high in reach) for at in letters)
    return bool(letters) and taken >= SHARE * len(letters)
