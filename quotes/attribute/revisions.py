"""What the reader mends in what the rules decide: where content begins and ends that marks do not bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from quotes import syntax
from quotes.attribute import additions, decide, extents
from quotes.attribute.decide import Decision
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Place, Proposal, Range
from quotes.attribute.reading import Reading
from quotes.records import Sentence, Word

LOOSE = frozenset(["object", "object-more", "oblique", "infinitive", "object-infinitive", "gerund", "run-on"])
CLAUSE = "clause"
NOMINAL = frozenset(["appos", "nmod", "flat", "compound"])
SURE = 0.3  # of a cue
VERY_SURE = 0.2  # of just these spans, where the cue is set into its content


def revise(
    scene: Scene, decision: Decision, readings: Mapping[Place, Reading], taken: Mapping[int, Sequence[Proposal]]
) -> Decision:
    """The decision with the content that the reader sees at its cue, where that is likely; what it was is a rival.

    taken: what the rules decide, by sentence.
    """
    proposal = decision.proposal
    reading = readings.get((proposal.sentence, proposal.head))
    if reading is None or not proposal.cue or reading.cue < SURE or not _may_change(decision, reading):
        return decision
    sentence = scene.parse.sentences[proposal.sentence]
    content = additions.content(scene, sentence, reading)
    if not content or content == proposal.content or not _is_as_whole(scene, sentence, proposal, content):
        return decision
    others = [other for other in taken.get(proposal.sentence, ()) if other is not proposal]
    if _takes_too_much(scene, sentence, decision, content, others):
        return decision
    mended = attrs.evolve(proposal, content=content, cue=_cue(sentence, proposal, reading))
    rival = decide.rival(scene, proposal, decision.score)
    return attrs.evolve(decision, proposal=mended, rivals=(*decision.rivals, rival))


def _takes_too_much(
    scene: Scene, sentence: Sentence, decision: Decision, content: tuple[Range, ...], others: Sequence[Proposal]
) -> bool:
    """Whether a content has taken in a gloss, whoever says or hears it, or another's cue or passage."""
    proposal = decision.proposal
    if decision.act == "speech" and proposal.pattern in LOOSE and content[-1][1] > proposal.content[-1][1]:
        return True  # whom it was said to, and in what, stands behind
    kept_out = {(other.sentence, other.head) for other in others if other.cue} | {proposal.source, _hearer(proposal)}
    kept_out |= {(sentence.index, word.index) for word in sentence.words if word.lemma.lower() in extents.GLOSSING}
    if any(_is_added(sentence, at[1], proposal, content) for at in kept_out if at and at[0] == sentence.index):
        return True
    added = _passages(scene, content) - _passages(scene, proposal.content)
    return any(_in(other.content, start) for start, _ in added for other in others)


def _may_change(decision: Decision, reading: Reading) -> bool:
    """Whether a content stands on one side of its cue, or the reader is very sure, and whoever is told is known."""
    entry, pattern = decision.proposal.entry, decision.proposal.pattern
    if entry is not None and entry.hearer and _hearer(decision.proposal) is None:
        return False
    if pattern == "around":
        return not decision.proposal.spoken and reading.likelihood >= VERY_SURE
    return pattern == CLAUSE or pattern in LOOSE


def _hearer(proposal: Proposal) -> Place | None:
    """Who is spoken to, where the verb is one that has a hearer."""
    return proposal.hearer if proposal.entry is not None and proposal.entry.hearer else None


def _is_added(sentence: Sentence, word: int, proposal: Proposal, content: tuple[Range, ...]) -> bool:
    offset = sentence.words[word].start
    return _in(content, offset) and not _in(proposal.content, offset)


def _is_as_whole(scene: Scene, sentence: Sentence, proposal: Proposal, content: tuple[Range, ...]) -> bool:
    """Whether a content has all passages of the old one, is torn nowhere, and has taken no aside in."""
    if len(content) > len(proposal.content) or not _passages(scene, content) >= _passages(scene, proposal.content):
        return False
    if content[0][0] < proposal.content[0][0] and _parted(sentence, proposal.content[0][0]):
        return False
    return not any(_is_torn(sentence, word, content) for word in sentence.words if _in(proposal.content, word.start))


def _is_torn(sentence: Sentence, word: Word, content: tuple[Range, ...]) -> bool:
    """Whether a word that a content leaves out behind its end is part of a noun phrase whose head it holds."""
    if word.head < 0 or word.start < content[-1][1] or not _in(content, sentence.words[word.head].start):
        return False
    return word.deprel in NOMINAL or (word.deprel == "conj" and not syntax.is_finite(sentence, word.index))


def _parted(sentence: Sentence, start: int) -> bool:
    """Whether "that" stands before an offset, behind a comma or a word of time: "said the next day that"."""
    before = [word for word in sentence.words if word.start < start][-2:]
    if len(before) < 2 or before[1].text.lower() != "that":
        return False
    return before[0].text == "," or before[0].lemma.lower() in syntax.TIMES | syntax.CALENDAR


def _passages(scene: Scene, content: tuple[Range, ...]) -> set[tuple[int, int]]:
    """What stands between quotation marks in a content, as far as it does."""
    return {
        (max(start, passage.start), min(end, passage.end))
        for start, end in content
        for passage in scene.over(start, end)
    }


def _cue(sentence: Sentence, proposal: Proposal, reading: Reading) -> tuple[int, ...]:
    """The cue with what the reader gives it of the words that the rules took for content: "made clear"."""
    last = proposal.cue[-1]
    while last + 1 in reading.words["cue"] and _in(proposal.content, sentence.words[last + 1].start):
        last += 1
    return (*proposal.cue, *range(proposal.cue[-1] + 1, last + 1))


def _in(content: tuple[Range, ...], offset: int) -> bool:
    return any(start <= offset < end for start, end in content)
