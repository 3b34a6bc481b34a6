"""What the prior sees of a proposal: named features, each of which can be shown."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import attrs

from quotes.attribute.proposal import Proposal
from quotes.lexicon import Lexicon
from quotes.records import Article, Parse, Passage, Sentence, Word

NEEDS = {
    "around": "clause",
    "clause": "clause",
    "as-saying": "clause",
    "run-on": "clause",
    "gerund": "clause",
    "passive": "clause",
    "passive-clause": "clause",
    "object": "object",
    "object-more": "object",
    "oblique": "object",
    "infinitive": "infinitive",
    "object-infinitive": "infinitive",
    "noun": "clause",
}
LENGTHS = ((15, "s"), (40, "m"), (100, "l"), (250, "xl"))


@attrs.frozen(kw_only=True)
class Scene:
    """What features are taken from: the article, its parse, its outermost passages, entity kinds by offset."""

    article: Article
    parse: Parse
    passages: Sequence[Passage]
    lexicon: Lexicon
    entities: dict[int, str]
    quoted: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, article: Article, parse: Parse, passages: Sequence[Passage], lexicon: Lexicon) -> Scene:
        return cls(
            article=article,
            parse=parse,
            passages=passages,
            lexicon=lexicon,
            entities={at: entity.kind for entity in parse.entities for at in range(entity.start, entity.end)},
            quoted=frozenset(_inside(parse, passages)),
        )

    def over(self, start: int, end: int) -> Sequence[Passage]:
        """The passages that share a character with a range."""
        first = bisect_right(self.passages, start, key=lambda passage: passage.end)
        return self.passages[first : bisect_left(self.passages, end, key=lambda passage: passage.start)]


def _inside(parse: Parse, passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """The places of the words that stand in passages, which are in reading order and do not meet."""
    starts = [passage.start for passage in passages]
    for sentence in parse.sentences:
        for word in sentence.words:
            at = bisect_right(starts, word.start) - 1
            if at >= 0 and word.start < passages[at].end:
                yield sentence.index, word.index


def features(scene: Scene, proposal: Proposal) -> list[str]:
    """The names of all facts that hold of a proposal."""
    sentence = scene.parse.sentences[proposal.sentence]
    found = ["bias", *_of_cue(scene, sentence, proposal), *_of_source(scene, proposal)]
    return [*found, *_of_content(scene, sentence, proposal)]


def _of_cue(scene: Scene, sentence: Sentence, proposal: Proposal) -> Iterator[str]:
    word = sentence.words[proposal.head]
    pattern = proposal.pattern
    if not proposal.cue:
        yield f"pattern={pattern}"
        yield f"apart={proposal.source is not None and proposal.sentence - proposal.source[0]}/{pattern}"
        return
    lemma = proposal.entry.lemma if proposal.entry else word.lemma.lower()
    spoken = "spoken" if proposal.spoken else "plain"
    yield f"pattern={pattern}"
    yield f"pattern={pattern}/{spoken}"
    yield f"lemma={lemma}"
    yield f"lemma={lemma}/{pattern}"
    yield f"deprel={word.deprel}/{pattern}"
    yield f"tag={word.xpos}/{pattern}"
    entry = proposal.entry
    if entry is None:
        yield f"unknown/{pattern}/{spoken}"
    else:
        fits = NEEDS.get(pattern, "quote") in entry.takes
        yield f"class={entry.pos}/{entry.act}/{entry.stance}/{fits}"
        yield f"class={entry.act}/{pattern}/{fits}/{spoken}"
    if proposal.spoken:
        yield f"fit={min(int(proposal.fit), 10)}"
        yield f"fit={min(int(proposal.fit), 10)}/{'known' if entry else 'unknown'}"
    for doubt in proposal.doubts:
        yield f"doubt={doubt}"
    if (proposal.sentence, proposal.head) in scene.quoted:
        yield f"cue-inside-marks/{spoken}"
    yield f"block={scene.article.blocks[sentence.block].kind}"


def _of_source(scene: Scene, proposal: Proposal) -> Iterator[str]:
    pattern = proposal.pattern
    if proposal.source is None:
        yield f"source=none/{pattern}"
        return
    sentence = scene.parse.sentences[proposal.source[0]]
    word = sentence.words[proposal.source[1]]
    kind = source_class(scene, word)
    side = "before" if word.index < proposal.head else "after"
    yield f"source={kind}"
    yield f"source={kind}/{pattern}"
    yield f"source-side={side}/{pattern}"
    yield f"source-deprel={word.deprel}"
    yield f"source-lemma={word.lemma.lower()}"
    if word.head != proposal.head:
        yield f"source-far/{pattern}"
    if (proposal.source in scene.quoted) != ((proposal.sentence, proposal.head) in scene.quoted):
        yield "source-across-marks"


def source_class(scene: Scene, word: Word) -> str:
    """What sort of thing a mention's head is: a pronoun, an entity's kind, or the lexicon's list that has it."""
    lemma = word.lemma.lower()
    if word.upos == "PRON":
        return f"pronoun-{lemma}"
    if word.start in scene.entities:
        return scene.entities[word.start]
    lists = scene.lexicon
    for name in ("roles", "groups", "anonymous", "organizations", "documents", "media"):
        if lemma in getattr(lists, name) or word.text.lower() in getattr(lists, name):
            return name
    return word.upos


def _of_content(scene: Scene, sentence: Sentence, proposal: Proposal) -> Iterator[str]:
    pattern = proposal.pattern
    if not proposal.content:
        yield "content=none"
        return
    length = sum(end - start for start, end in proposal.content)
    yield f"length={next((name for limit, name in LENGTHS if length < limit), 'xxl')}/{pattern}"
    yield f"spans={min(len(proposal.content), 3)}/{pattern}"
    start, end = proposal.content[0]
    inside = [word for word in sentence.words if start <= word.start < end]
    if inside:
        first = inside[0]
        yield f"first={first.upos}/{pattern}"
        before = sentence.words[first.index - 1].lemma.lower() if first.index else "^"
        yield f"before={before if before in ('that', 'to', ',', ':', '^', 'as', 'of', 'for') else 'other'}/{pattern}"
        yield f"finite={any('VerbForm=Fin' in word.feats for word in inside)}/{pattern}"
        top = next((word for word in inside if not start <= _head_start(sentence, word) < end), first)
        yield f"top={top.upos}/{top.deprel}"
        if pattern in ("object", "object-more", "oblique"):
            yield f"object-lemma={top.lemma.lower()}"
            yield f"object={source_class(scene, top)}"
        if pattern == "oblique":
            yield f"preposition={first.lemma.lower()}"
            lemma = proposal.entry.lemma if proposal.entry else sentence.words[proposal.head].lemma.lower()
            yield f"preposition={first.lemma.lower()}/{lemma}"


def _head_start(sentence: Sentence, word: Word) -> int:
    return sentence.words[word.head].start if word.head >= 0 else -1
