"""What the reader mends in what the rules decide: where content without quotation marks begins and ends."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from quotes.attribute import additions, decide
from quotes.attribute.decide import Decision
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Place, Proposal, Range
from quotes.attribute.reading import Reading
from quotes.records import Sentence

LOOSE = frozenset(["object", "object-more", "oblique", "infinitive", "object-infinitive", "gerund", "run-on"])
TIGHT = frozenset(["clause", "around"])  # a clause is mostly parsed as it should
SURE = 0.5  # of a cue
VERY_SURE = 0.3  # of just these spans, where the rules have a clause


def revise(scene: Scene, decision: Decision, readings: Mapping[Place, Reading]) -> Decision:
    """The decision with the content that the reader sees at its cue, where that is likely; what it was is a rival."""
    proposal = decision.proposal
    reading = readings.get((proposal.sentence, proposal.head))
    if reading is None or not proposal.cue or proposal.spoken or reading.cue < SURE:
        return decision
    if not _may_change(decision, reading):
        return decision
    sentence = scene.parse.sentences[proposal.sentence]
    content = additions.content(scene, sentence, reading)
    if not content or content == proposal.content or not _fits(scene, sentence, proposal, reading, content):
        return decision
    if decision.act == "speech" and proposal.pattern in LOOSE and content[-1][1] > proposal.content[-1][1]:
        return decision  # whom it was said to, and in what, stands behind
    mended = attrs.evolve(proposal, content=content, cue=_cue(sentence, proposal, reading))
    rival = decide.rival(scene, proposal, decision.score)
    return attrs.evolve(decision, proposal=mended, rivals=(*decision.rivals, rival))


def _may_change(decision: Decision, reading: Reading) -> bool:
    """Whether a content is a loose one, or the reader very sure; a hearer's verb keeps what it has."""
    entry, pattern = decision.proposal.entry, decision.proposal.pattern
    if entry is not None and entry.hearer:
        return False
    if pattern in LOOSE and decision.act == "belief":
        return True
    return pattern in LOOSE | TIGHT and reading.likelihood >= VERY_SURE


def _fits(scene: Scene, sentence: Sentence, proposal: Proposal, reading: Reading, content: tuple[Range, ...]) -> bool:
    """Whether a content takes no words in marks in, nor the source."""
    if any((sentence.index, at) in scene.quoted for at in reading.words["content"]):
        return False
    if proposal.source is None or proposal.source[0] != sentence.index:
        return True
    source = sentence.words[proposal.source[1]]
    return not any(start <= source.start < end for start, end in content)


def _cue(sentence: Sentence, proposal: Proposal, reading: Reading) -> tuple[int, ...]:
    """The cue with what the reader gives it of the words that the rules took for content: "made clear"."""
    last = proposal.cue[-1]
    while last + 1 in reading.words["cue"] and _in(proposal, sentence.words[last + 1].start):
        last += 1
    return (*proposal.cue, *range(proposal.cue[-1] + 1, last + 1))


def _in(proposal: Proposal, offset: int) -> bool:
    return any(start <= offset < end for start, end in proposal.content)
