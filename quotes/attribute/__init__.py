"""From a parse and its passages to attributions: candidates, one score, one selection.

Rules propose over syntax and marks (verbs, phrases, lines; quoted: the passages that belong to them), the tagger reads
likely cues (find_by_tagger), `score` says how likely each candidate is right, and `select` takes the likeliest that do
not contradict each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from quotes.attribute import cues, framed, lines, phrases, prior, quoted, select, sources, verbs
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal
from quotes.attribute.weights import Weights
from quotes.lexicon import Lexicon
from quotes.records import Article, Attribution, Kind, Parse, Passage, Span

__all__ = ["attribute"]


def attribute(
    article: Article, parse: Parse, passages: Sequence[Passage], lexicon: Lexicon, weights: Weights
) -> tuple[Attribution, ...]:
    """Every attribution of an article, in reading order of its cues.

    Nested ones stand beside those that hold them; chains are another module's matter.
    """
    scene = Scene.of(article, parse, quoted.spoken(passages), lexicon)
    decisions = select.decide(scene, prior.of(scene, propose(scene, passages), weights.prior), weights)
    found = [_attribution(scene, passages, decision) for decision in decisions]
    return tuple(sorted(found, key=lambda each: (each.cue.start if each.cue else each.content[0].start, each.rule)))


def propose(scene: Scene, passages: Sequence[Passage]) -> list[Proposal]:
    """Every proposal that the rules make, with the passages that it introduces."""
    article, parse, lexicon = scene.article, scene.parse, scene.lexicon
    proposals: list[Proposal] = []
    for sentence in parse.sentences:
        proposals += verbs.propose(article, sentence, lexicon)
        proposals += phrases.propose(article, sentence, lexicon)
    proposals += lines.propose(article, parse, list(scene.passages), lexicon)
    return framed.mark(article, parse, quoted.attach(article, parse, passages, proposals))


def _attribution(scene: Scene, passages: Sequence[Passage], decision: select.Decision) -> Attribution:
    article, parse, proposal = scene.article, scene.parse, decision.proposal
    sentence = parse.sentences[proposal.sentence]
    content = tuple(article.span(start, end) for start, end in proposal.content)
    cue = cues.in_full(sentence, proposal, scene.lexicon) if proposal.cue else None
    return Attribution(
        cue=article.span(sentence.words[cue[0]].start, sentence.words[cue[-1]].end) if cue else None,
        content=content,
        source=_mention(scene, proposal.source, proposal),
        kind=kind(passages, content),
        act=decision.act,
        relation=proposal.entry.relation if proposal.entry else "said",
        rule=proposal.pattern,
        confidence=round(decision.confidence, 2),
        lemma=proposal.entry.lemma if proposal.entry else sentence.words[proposal.head].lemma if proposal.cue else "",
        hearer=_mention(scene, proposal.hearer, proposal),
        cue_at=(proposal.sentence, proposal.head) if proposal.cue else None,
        source_at=proposal.source,
        hearer_at=proposal.hearer,
        rivals=decision.rivals,
    )


def _mention(scene: Scene, at: tuple[int, int] | None, proposal: Proposal) -> Span | None:
    if at is None:
        return None
    sentence = scene.parse.sentences[at[0]]
    own = frozenset(proposal.cue) if at[0] == proposal.sentence else frozenset()
    own |= lines.in_brackets(sentence, proposal.head) if proposal.pattern == "transcript" else frozenset()
    words = sources.phrase(sentence, at[1], without=own | sources.occasions(sentence, at[1], scene.lexicon))
    inside = [at for at in words if not _in(proposal, sentence.words[at].start)] or words
    return scene.article.span(sentence.words[inside[0]].start, sentence.words[inside[-1]].end)


def _in(proposal: Proposal, offset: int) -> bool:
    return any(start <= offset < end for start, end in proposal.content)


def kind(passages: Sequence[Passage], content: Sequence[Span]) -> Kind:
    """direct: all words in quotation marks; mixed: some; indirect: none."""
    words = covered = 0
    for span in content:
        words += sum(char.isalnum() for char in span.text)
        for passage in _outermost(passages, span):
            start, end = max(span.start, passage.start), min(span.end, passage.end)
            covered += (
                sum(char.isalnum() for char in span.text[start - span.start : end - span.start]) if start < end else 0
            )
    if not covered:
        return "indirect"
    return "direct" if covered >= 0.95 * words else "mixed"


def _outermost(passages: Sequence[Passage], span: Span) -> Iterator[Passage]:
    """The outermost passages, which stand in reading order, that may meet a span."""
    at = bisect_right(passages, span.start, key=lambda passage: passage.start)
    while at > 0 and (at == len(passages) or passages[at].start > span.start or passages[at].level > 0):
        at -= 1
    for number in range(at, len(passages)):
        if passages[number].start >= span.end:
            return
        if passages[number].level == 0:
            yield passages[number]
