"""Candidates of the tagger: its readings of likely cues, alone and with the source that the rules propose there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from quotes import syntax
from quotes.attribute import cues, factuality, hearers, quoted, verbs
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal, Range
from quotes.attribute.reading import Reading
from quotes.lexicon import CueEntry
from quotes.records import Sentence, Word

PATTERN = "tagged"
SPEAKERS = frozenset(["NOUN", "PROPN", "PRON", "NUM", "ADJ", "X"])
MOST = 0.5  # of a passage's letters in a sentence, from which on it is read as a whole
SURE = 0.1  # of a cue whose content is offered beside the rules'; what is less likely was never taken on train


def with_content(scene: Scene, proposal: Proposal, reading: Reading | None, cues: Sequence[int]) -> Iterator[Proposal]:
    """A proposal of the rules with the content that the tagger sees at its cue, where it is another one.

    cues: the offsets of likely cues in the sentence: one that the rules' content holds is not left out of it, since
    "“…,” X said, according to Y" tells two things.
    """
    if reading is None or not proposal.cue or reading.cue < SURE:
        return
    sentence = scene.parse.sentences[proposal.sentence]
    held = content(scene, sentence, reading)
    parted = held and held[0][0] < proposal.content[0][0] and _is_parted(sentence, proposal.content[0][0])
    torn = any(_in(proposal.content, start) and not _in(held, start) for start in cues)
    if (
        held
        and held != proposal.content
        and not parted
        and not torn
        and not _holds_hearer(scene, sentence, proposal.head, held)
    ):
        yield attrs.evolve(proposal, content=held, finder="both")


def proposals(scene: Scene, reading: Reading) -> Iterator[Proposal]:
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
        pattern=PATTERN,
        finder="tagger",
        content=held,
        source=(sentence.index, source),
        entry=_entry(scene, sentence, head),
        spoken=any(scene.over(start, end) for start, end in held),
        doubts=tuple(factuality.doubts(sentence, head, source, scene.lexicon)),
    )
    if not _runs_around(sentence, proposal) and not _holds_hearer(scene, sentence, head, held):
        yield proposal


def _in(content: Sequence[Range], offset: int) -> bool:
    return any(start <= offset < end for start, end in content)


def _holds_hearer(scene: Scene, sentence: Sentence, head: int, held: Sequence[Range]) -> bool:
    """Whether a content holds whoever is told it: "told me the bridge was shut"."""
    entry = _entry(scene, sentence, head)
    if entry is None or not entry.hearer or sentence.words[head].upos != "VERB":
        return False
    heard = hearers.find(sentence, head, [], scene.lexicon)
    return heard is not None and _in(held, sentence.words[heard].start)


def _is_parted(sentence: Sentence, start: int) -> bool:
    """Whether "that" stands before an offset, behind a comma or a word of time: "said the next day that"."""
    before = [word for word in sentence.words if word.start < start][-2:]
    if len(before) < 2 or before[1].text.lower() != "that":
        return False
    return before[0].text == "," or before[0].lemma.lower() in syntax.TIMES | syntax.CALENDAR


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
    """What the tagger takes for the content, with all of a passage that the sentence holds only some of."""
    found = list(verbs.ranges(scene.article, sentence, list(reading.words["content"])))
    for passage in scene.over(sentence.start, sentence.end):
        start, end = max(passage.start, sentence.start), min(passage.end, sentence.end)
        shared = sum(max(0, min(end, e) - max(start, s)) for s, e in found)
        if shared > MOST * (end - start) and passage.end - passage.start > end - start:
            found.append((passage.start, passage.end))
    return quoted.merge(scene.article.text, found) if found else ()


def is_clause(sentence: Sentence, proposal: Proposal) -> bool:
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
    return [word.index for word in sentence.words if _in(proposal.content, word.start)]


def _runs_around(sentence: Sentence, proposal: Proposal) -> bool:
    """Whether the content stands on both sides of the cue, and no mark sets the cue off."""
    held = _held(sentence, proposal)
    before, behind = [at for at in held if at < proposal.head], [at for at in held if at > proposal.head]
    if not before or not behind:
        return False
    return not any(syntax.is_punctuation(word) for word in sentence.words[before[-1] + 1 : proposal.head])
