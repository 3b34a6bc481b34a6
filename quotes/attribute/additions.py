"""Attributions that the reader alone finds, at cues where the rules take none, as far as restraint allows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from quotes import syntax
from quotes.attribute import cues, decide, quoted, restraint, verbs
from quotes.attribute.decide import Decision
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Place, Proposal, Range, Scored
from quotes.attribute.reading import Reading
from quotes.lexicon import CueEntry
from quotes.records import Act, Sentence, Word

RULE = "read"
SPEAKERS = frozenset(["NOUN", "PROPN", "PRON", "NUM", "ADJ", "X"])
MOST = 0.5  # of a passage's letters in a sentence, from which on it is read as a whole


def find(scene: Scene, readings: Mapping[Place, Reading], scored: Scored, taken: Sequence[Decision]) -> list[Decision]:
    """What the reader adds to the decisions taken, the likelier of two with the same content."""
    held = {(each.proposal.sentence, at) for each in taken for at in each.proposal.cue}
    known: dict[int, list[Proposal]] = defaultdict(list)  # by sentence
    for each in taken:
        known[each.proposal.sentence].append(each.proposal)
    found = []
    for place, reading in sorted(readings.items(), key=lambda pair: (-pair[1].cue, pair[0])):
        if held & {place, *((place[0], at) for at in reading.words["cue"])}:
            continue
        for proposal in _proposals(scene, reading):
            if not any(_rivals(scene, proposal, other) for other in known[place[0]]):
                known[place[0]].append(proposal)
                found.append(_decision(scene, proposal, scored.get(place, ())))
    return found


def _rivals(scene: Scene, proposal: Proposal, other: Proposal) -> bool:
    """Whether two have much the same content, or one takes words in quotation marks from the other."""
    if decide.same_content(proposal, other):
        return True
    if (proposal.sentence, proposal.head) in scene.quoted:
        return False
    marked = [(p.start, p.end) for start, end in proposal.content for p in scene.over(start, end)]
    return any(start < last and first < end for start, end in other.content for first, last in marked)


def _decision(scene: Scene, proposal: Proposal, scored: Sequence[tuple[float, Proposal]]) -> Decision:
    """A decision with what the rules proposed at the same cue as its rivals; how sure it is is left to be judged."""
    rated = sorted((score for score, _ in scored), reverse=True)
    return Decision(
        proposal=proposal,
        confidence=0.0,
        act=_act(scene, proposal),
        rivals=tuple(decide.rival(scene, other, score) for score, other in scored if other.content != proposal.content),
        score=rated[0] if rated else 0.0,
        second=rated[1] if len(rated) > 1 else 0.0,
    )


def _act(scene: Scene, proposal: Proposal) -> Act:
    """speech where a cue known to communicate has a clause, or one not known for another act has words in marks."""
    known = proposal.entry is not None and proposal.entry.act == "speech"
    if proposal.spoken:
        return "speech" if known or proposal.entry is None else "belief"
    sentence = scene.parse.sentences[proposal.sentence]
    cue = sentence.words[proposal.head]
    asked = proposal.entry is not None and proposal.entry.stance == "question"
    bare = asked and syntax.child(sentence, cue.index, *syntax.SUBJECTS) is None
    return "speech" if known and not bare and _is_clause(sentence, proposal) else "belief"


def _is_clause(sentence: Sentence, proposal: Proposal) -> bool:
    """Whether a content's first words belong to a finite clause, or "that" opens words with a finite verb."""
    held = _held(sentence, proposal)
    before = [word.text.lower() for word in sentence.words[: held[0]] if not syntax.is_punctuation(word)]
    if before[-1:] == ["that"] and any(syntax.is_finite(sentence, at) for at in held):
        return True
    top = next(at for at in held if not syntax.is_punctuation(sentence.words[at]))
    seen = {top}
    while sentence.words[top].head in held and sentence.words[top].head not in seen:
        top = sentence.words[top].head
        seen.add(top)
    return syntax.is_finite(sentence, top)


def _held(sentence: Sentence, proposal: Proposal) -> list[int]:
    """The words of the content in the cue's sentence."""
    return [word.index for word in sentence.words if any(start <= word.start < end for start, end in proposal.content)]


def _runs_around(sentence: Sentence, proposal: Proposal) -> bool:
    """Whether the content stands on both sides of the cue, and no mark sets the cue off."""
    held = _held(sentence, proposal)
    before, behind = [at for at in held if at < proposal.head], [at for at in held if at > proposal.head]
    if not before or not behind:
        return False
    return not any(syntax.is_punctuation(word) for word in sentence.words[before[-1] + 1 : proposal.head])


def _proposals(scene: Scene, reading: Reading) -> Iterator[Proposal]:
    """The reading as a proposal, if it has a source and a content and nothing speaks against it."""
    sentence = scene.parse.sentences[reading.place[0]]
    named, head = reading.words["source"], reading.place[1]
    held = content(scene, sentence, reading)
    if not named or not held:
        return
    source = next((at for at in named if sentence.words[at].head not in named), named[0])
    if not _can_speak(sentence.words[source]):
        return
    proposal = Proposal(
        sentence=sentence.index,
        head=head,
        cue=_run(reading.words["cue"], head),
        pattern=RULE,
        content=held,
        source=(sentence.index, source),
        entry=_entry(scene, sentence, head),
        spoken=any(scene.over(start, end) for start, end in held),
        doubts=tuple(restraint.doubts(sentence, head, source, scene.lexicon)),
    )
    if (
        decide.possible(proposal)
        and not _runs_around(sentence, proposal)
        and not decide.leaves_quotation(scene, proposal)
    ):
        yield proposal


def _can_speak(word: Word) -> bool:
    """Whether a word may head a mention: a noun or a pronoun that is no mere pointer."""
    return word.upos in SPEAKERS and word.xpos != "DT"


def _run(words: Sequence[int], head: int) -> tuple[int, ...]:
    """The cue's words that stand together around its head."""
    first = last = head
    while first - 1 in words:
        first -= 1
    while last + 1 in words:
        last += 1
    return tuple(range(first, last + 1))


def _entry(scene: Scene, sentence: Sentence, head: int) -> CueEntry | None:
    word = sentence.words[head]
    if word.upos in ("NOUN", "PROPN"):
        return scene.lexicon.nouns.get(word.lemma.lower())
    return cues.entry_of(sentence, head, scene.lexicon)


def content(scene: Scene, sentence: Sentence, reading: Reading) -> tuple[Range, ...]:
    """What the reader takes for the content, with all of a passage that the sentence holds only some of."""
    found = list(verbs.ranges(scene.article, sentence, list(reading.words["content"])))
    for passage in scene.over(sentence.start, sentence.end):
        start, end = max(passage.start, sentence.start), min(passage.end, sentence.end)
        shared = sum(max(0, min(end, e) - max(start, s)) for s, e in found)
        if shared > MOST * (end - start) and passage.end - passage.start > end - start:
            found.append((passage.start, passage.end))
    return quoted.merge(scene.article.text, found) if found else ()
