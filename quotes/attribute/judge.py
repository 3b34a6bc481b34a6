"""From scored proposals to decisions with confidences that can be trusted: rules decide, the reader adds."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

import attrs

from quotes.attribute import additions, decide, eligible, reading, revisions, trust
from quotes.attribute.decide import Decision
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Place, Proposal, Scored
from quotes.attribute.reading import Reading
from quotes.models import reader

BELIEVED = 0.3  # the least confidence of what the rules find at cues of belief and unknown ones
ADDED = 0.35  # the least confidence of what the reader alone finds
VOICELESS = 0.05  # the most confidence of words whose only candidate for a source can be none: they are uncertain


def judged(scene: Scene, scored: Scored) -> list[Decision]:
    """What the rules decide and what the reader adds, each with how likely it is right."""
    taken, readings, added = candidates(scene, scored)
    cases = cases_of(scene, [*taken, *added], readings)
    sure = trust.load().confidences([trust.facts(scene, case) for case in cases])
    kept = []
    for each, confidence in zip([*taken, *added], sure, strict=True):
        if confidence >= _threshold(each):
            kept.append(attrs.evolve(each, confidence=max(confidence, decide.least(scene, each.proposal))))
    return [each for each in (_without_false_source(scene, each) for each in kept) if each is not None]


def _without_false_source(scene: Scene, decision: Decision) -> Decision | None:
    """The decision; without a source where its mention can be none; nothing where that leaves no words to rest on."""
    if eligible.can_be_source(scene, decision.proposal):
        return decision
    if not decision.proposal.cue:
        return None
    bare = attrs.evolve(decision.proposal, source=None)
    return attrs.evolve(decision, proposal=bare, confidence=min(decision.confidence, VOICELESS))


def _threshold(decision: Decision) -> float:
    """How sure must be what the reader adds, and what may be no communication at all."""
    entry = decision.proposal.entry
    if decision.proposal.pattern == additions.RULE:
        return ADDED
    known = entry is not None and entry.act == "speech"
    return BELIEVED if decision.act == "belief" and not known else 0.0


def candidates(
    scene: Scene, scored: Scored, model: reader.Reader | None = None
) -> tuple[list[Decision], dict[Place, Reading], list[Decision]]:
    """What the rules decide and the reader mends, the readings of likely cues, and what the reader would add."""
    taken = decide.decide(scene, scored)
    asked = [(each.proposal.sentence, each.proposal.head) for each in taken if each.proposal.cue]
    readings = reading.read(scene, scored, asked, model or reader.load())
    by_sentence: dict[int, list[Proposal]] = defaultdict(list)
    for each in taken:
        by_sentence[each.proposal.sentence].append(each.proposal)
    taken = [revisions.revise(scene, each, readings, by_sentence) for each in taken]
    return taken, readings, additions.find(scene, readings, scored, taken)


def cases_of(scene: Scene, decisions: Sequence[Decision], readings: dict[Place, Reading]) -> list[trust.Case]:
    """What is to be judged of each decision."""
    around, inside = _nested(scene, decisions)
    return [
        trust.Case(
            proposal=each.proposal,
            score=each.score,
            second=each.second,
            reading=readings.get((each.proposal.sentence, each.proposal.head)) if each.proposal.cue else None,
            around=around[at],
            inside=inside[at],
        )
        for at, each in enumerate(decisions)
    ]


def _nested(scene: Scene, decisions: Sequence[Decision]) -> tuple[list[int], list[int]]:
    """For each decision in how many others' contents its cue stands, and how many others' cues its content holds."""
    starts = [scene.parse.sentences[e.proposal.sentence].words[e.proposal.head].start for e in decisions]
    around, inside = [0] * len(decisions), [0] * len(decisions)
    order = sorted(range(len(decisions)), key=lambda at: starts[at])
    sorted_starts = [starts[at] for at in order]
    for outer, decision in enumerate(decisions):
        for start, end in decision.proposal.content:
            for at in order[bisect_left(sorted_starts, start) : bisect_left(sorted_starts, end)]:
                if at != outer:
                    around[at] += 1
                    inside[outer] += 1
    return around, inside
