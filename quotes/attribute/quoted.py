"""Passages in quotation marks tied to the cue that introduces them, in their own sentence or a neighbouring one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

import attrs

from quotes import syntax
from quotes.attribute import sources
from quotes.attribute.proposal import Proposal, Range
from quotes.records import Article, Candidate, Parse, Passage, Sentence, Word

ENOUGH = 4.0
NEAR = 3
TELLING = frozenset(["clause", "around", "quote", "run-on", "as-saying", "according-to"])
WORDS = re.compile(r"\w+")
BRIDGE = frozenset(["that", "as", "and", "but", "is", "was", "a", "an", "the", "simply", "then", "also", "how"])


Fit = tuple[tuple[bool, float], int, Sentence]  # rank, place among the proposals, the cue's sentence


@attrs.frozen(kw_only=True)
class Tie:
    """A passage with the place of its proposal in the list, and how well it fits."""

    passage: Passage
    proposal: int
    score: float
    carried_on: bool = False
    rivals: tuple[Candidate, ...] = ()


class Places:
    """Where sentences and passages stand, for look-ups by offset."""

    def __init__(self, parse: Parse) -> None:
        self.sentences = parse.sentences
        self._starts = [sentence.start for sentence in parse.sentences]

    def over(self, start: int, end: int) -> list[Sentence]:
        """The sentences that share a character with a range."""
        first = max(0, bisect_right(self._starts, start) - 1)
        found = []
        for sentence in self.sentences[first:]:
            if sentence.start >= end:
                break
            if sentence.end > start:
                found.append(sentence)
        return found

    def before(self, start: int) -> Sentence | None:
        at = bisect_right(self._starts, start) - 1
        while at >= 0 and self.sentences[at].end > start:
            at -= 1
        return self.sentences[at] if at >= 0 else None


def spoken(passages: Sequence[Passage]) -> list[Passage]:
    """The outermost passages that are speech."""
    return [passage for passage in passages if passage.level == 0 and passage.use == "speech"]


def attach(article: Article, parse: Parse, passages: Sequence[Passage], proposals: list[Proposal]) -> list[Proposal]:
    """The proposals, with each passage added to the content of the one that introduces it.

    A passage that no cue of its own sentences introduces goes on with the passage before it, or is taken up by the
    sentence before it; one that nothing introduces stays alone.
    """
    places = Places(parse)
    by_sentence: dict[int, list[int]] = {}
    proposals = [_within_marks(article, places, passages, proposal) for proposal in proposals]
    for index, proposal in enumerate(proposals):
        by_sentence.setdefault(proposal.sentence, []).append(index)
    found = list(proposals)
    last: Tie | None = None
    open_: list[Passage] = []
    for passage in spoken(passages):
        tie = _own_cue(article, places, by_sentence, found, passage) or _neighbour(
            article, places, by_sentence, found, passage, last
        )
        if tie is None and not passage.closed and _stands_alone(article, places, passage):
            open_.append(passage)
            continue
        if tie is None:
            floating = _floating(article, places, by_sentence, found, passage)
            last = Tie(passage=passage, proposal=len(found), score=ENOUGH) if floating else None
            found += [floating] if floating else []
            open_ = []
            continue
        for before in open_:
            found[tie.proposal] = _with_passage(article, found[tie.proposal], before, tie)
        open_ = []
        found[tie.proposal] = _with_passage(article, found[tie.proposal], passage, tie)
        for outer in _frames_around(places, by_sentence, found, tie):
            found[outer] = _with_passage(article, found[outer], passage, attrs.evolve(tie, rivals=()))
        for outer in _colon_frames(article, places, by_sentence, found, tie):
            start, end = passage.start, places.sentences[found[outer].sentence].end
            whole = syntax.trim(article.text, start, end)
            found[outer] = attrs.evolve(found[outer], content=(whole,), pattern="clause", spoken=True, fit=tie.score)
        last = tie
    introduced = _by_cue(found)
    return _without_shadows([_with_opening(article, introduced, proposal) for proposal in found], introduced)


def _by_cue(proposals: Sequence[Proposal]) -> dict[tuple[int, int], list[Proposal]]:
    """What introduces a passage, by the place of its cue."""
    found: dict[tuple[int, int], list[Proposal]] = {}
    for proposal in proposals:
        if proposal.spoken:
            found.setdefault((proposal.sentence, proposal.head), []).append(proposal)
    return found


def _with_opening(
    article: Article, introduced: Mapping[tuple[int, int], Sequence[Proposal]], proposal: Proposal
) -> Proposal:
    """The second half of a split quotation with the first that its cue introduces too: “No,” he said, “we stay.”"""
    if proposal.pattern != "clause" or not proposal.spoken:
        return proposal
    for other in introduced[proposal.sentence, proposal.head]:
        if other.pattern == "quote" and other.content[-1][1] < proposal.content[0][0]:
            return attrs.evolve(proposal, content=merge(article.text, [*other.content, *proposal.content]))
    return proposal


def _within_marks(article: Article, places: Places, passages: Sequence[Passage], proposal: Proposal) -> Proposal:
    """A clause whose cue stands in a passage of speech, cut where that passage ends."""
    if proposal.pattern != "clause" or not proposal.content:
        return proposal
    cue = _head_start(places, proposal)
    around = (each for each in spoken(passages) if each.start <= cue < each.end)
    passage = next(around, None)
    if passage is None or not passage.start <= proposal.content[0][0] < passage.end < proposal.content[-1][1]:
        return proposal
    kept = (syntax.trim(article.text, start, min(end, passage.end)) for start, end in proposal.content)
    return attrs.evolve(proposal, content=tuple((start, end) for start, end in kept if start < end))


def _frames_around(places: Places, by_sentence: dict[int, list[int]], proposals: list[Proposal], tie: Tie) -> list[int]:
    """The frames whose content holds both the cue that was found and some of its passage ("according to X")."""
    inner = proposals[tie.proposal]
    at = places.sentences[inner.sentence].words[inner.head].start
    own: Range = (tie.passage.start, tie.passage.end)
    return [
        index
        for index in by_sentence.get(inner.sentence, ())
        if proposals[index].head != inner.head
        and not tie.passage.outer[0] <= _head_start(places, proposals[index]) < tie.passage.outer[1]
        and any(start <= at < end for start, end in proposals[index].content)
        and _touches(proposals[index].content, own)
    ]


def _colon_frames(
    article: Article, places: Places, by_sentence: dict[int, list[int]], proposals: list[Proposal], tie: Tie
) -> list[int]:
    """The frame whose colon leads in a passage that has a cue of its own behind it: "X reported: “…,” Y said"."""
    inner, passage = proposals[tie.proposal], tie.passage
    sentence = places.sentences[inner.sentence]
    if not inner.cue or sentence.words[inner.head].start < passage.outer[1]:
        return []
    for index in by_sentence.get(inner.sentence, ()):
        each = proposals[index]
        if (
            each.source is None
            or each.entry is None
            or each.entry.act != "speech"
            or each.doubts
            or each.pattern != "bare"
        ):
            continue
        if article.text[frame_span(sentence, each)[1] : passage.outer[0]].strip() == ":":
            return [index]
    return []


def _head_start(places: Places, proposal: Proposal) -> int:
    return places.sentences[proposal.sentence].words[proposal.head].start


def _without_shadows(
    proposals: list[Proposal], introduced: Mapping[tuple[int, int], Sequence[Proposal]]
) -> list[Proposal]:
    """Leaves out other readings of a cue whose content is a piece of the passage that the cue introduces."""
    return [
        proposal
        for proposal in proposals
        if proposal.spoken
        or not any(
            _touches(other.content, own)
            for other in introduced.get((proposal.sentence, proposal.head), ())
            for own in proposal.content
        )
    ]


def frame_span(sentence: Sentence, proposal: Proposal) -> Range:
    """From the first to the last character of cue and source, where the source stands beside the cue."""
    words = list(proposal.cue)
    if proposal.source is not None and proposal.source[0] == sentence.index:
        words += sources.phrase(sentence, proposal.source[1], without=frozenset(proposal.cue))
    return min(sentence.words[at].start for at in words), max(sentence.words[at].end for at in words)


def _own_cue(
    article: Article, places: Places, by_sentence: dict[int, list[int]], proposals: list[Proposal], passage: Passage
) -> Tie | None:
    """The best of the cues that stand in the passage's own sentences, outside its marks, or as a frame behind it."""
    fitting: list[Fit] = []
    own = places.over(*passage.outer)
    behind = _frame_behind(article, places, own, passage)
    for sentence in [*own, *behind]:
        for index in by_sentence.get(sentence.index, ()):
            proposal = proposals[index]
            head = sentence.words[proposal.head]
            if passage.outer[0] <= head.start < passage.outer[1] or (sentence in behind and proposal.content):
                continue
            score = _fit(article, sentence, proposal, passage)
            if score >= ENOUGH:
                fitting.append((_rank(proposal, score), index, sentence))
    if not fitting:
        return None
    (_, score), best, _ = max(fitting, key=lambda each: (each[0], -each[1]))
    others = {proposals[at].head: (rank[1], sentence) for rank, at, sentence in fitting}
    del others[proposals[best].head]
    rivals = tuple(_rival(article, sentence.words[head], rated) for head, (rated, sentence) in others.items())
    return Tie(passage=passage, proposal=best, score=score, rivals=rivals)


def _rival(article: Article, word: Word, score: float) -> Candidate:
    return Candidate(span=article.span(word.start, word.end), reason="another cue for the passage", score=score)


def _frame_behind(article: Article, places: Places, own: list[Sentence], passage: Passage) -> list[Sentence]:
    """The sentence behind "“Who pays?” …", whose frame the mark of question or exclamation cut off: "Hill asked."."""
    if not own or article.text[passage.end - 1 : passage.end] not in tuple("?!,—…"):
        return []
    following = places.sentences[own[-1].index + 1 : own[-1].index + 2]
    return [
        each
        for each in following
        if each.block == own[-1].block and not article.text[passage.outer[1] : each.start].strip()
    ]


def _rank(proposal: Proposal, score: float) -> tuple[bool, float]:
    """A verb that introduces the passage is nearer to it than a phrase around both."""
    entry = proposal.entry
    return entry is None or (entry.pos != "phrase" and entry.relation not in ("quoted", "cited")), score


def _fit(article: Article, sentence: Sentence, proposal: Proposal, passage: Passage) -> float:
    """How well a cue introduces a passage: shared content, nearness, the lexicon's word, a source."""
    start, end = frame_span(sentence, proposal)
    if proposal.pattern == "hedge":
        return 0.0
    gap, comma = _gap(article, start, end, passage)
    score = 0.0
    overlap = sum(max(0, min(e, passage.end) - max(s, passage.start)) for s, e in proposal.content)
    covered = overlap >= 0.3 * max(1, passage.end - passage.start) or _leads(article, proposal, passage)
    score += 4.0 if covered else 0.0
    score += 3.0 if gap == 0 else 2.0 if gap <= NEAR else 1.0 if gap <= 8 else -0.1 * gap
    score += 1.0 if comma and gap <= NEAR else 0.0
    if proposal.entry is None:
        score -= 1.0 if gap == 0 and comma else 4.0
    else:
        score += 2.0 if proposal.entry.act == "speech" else 0.0
    score -= 2.0 if proposal.source is None else 0.0
    score -= 1.5 * len(proposal.doubts)
    if proposal.content and not covered and proposal.pattern != "around":
        score -= 2.5
    return score


def _leads(article: Article, proposal: Proposal, passage: Passage) -> bool:
    """Whether an object stands right before a passage that says what it is called: "the plan “a gift”"."""
    if proposal.pattern != "object" or proposal.entry is None:
        return False
    between = article.text[proposal.content[-1][1] : passage.outer[0]] if proposal.content else "x"
    return bool(between) and between.isspace()


def _gap(article: Article, start: int, end: int, passage: Passage) -> tuple[int, bool]:
    """Words between a cue and a passage, and whether a comma or colon parts them."""
    if end <= passage.outer[0]:
        between = article.text[end : passage.outer[0]]
        comma = between.rstrip().endswith((",", ":"))
    elif start >= passage.outer[1]:
        between = article.text[passage.outer[1] : start]
        comma = bool(between[:1].strip(" ") == "," or article.text[passage.end - 1 : passage.end] in ",?!—")
    else:
        return 0, False
    words = [word for word in WORDS.findall(between) if word.lower() not in BRIDGE]
    return len(words), comma


def _neighbour(
    article: Article,
    places: Places,
    by_sentence: dict[int, list[int]],
    proposals: list[Proposal],
    passage: Passage,
    last: Tie | None,
) -> Tie | None:
    """A passage without a cue of its own: led in by a colon, carried on from the passage before, or floating."""
    if not _stands_alone(article, places, passage):
        return None
    before = places.before(passage.outer[0])
    if before is not None and article.text[before.start : passage.outer[0]].rstrip().endswith(":"):
        led = [
            i for i in by_sentence.get(before.index, ()) if proposals[i].source is not None and not proposals[i].spoken
        ]
        named = [i for i in led if proposals[i].entry is not None]
        if named:
            return Tie(passage=passage, proposal=named[-1], score=ENOUGH)
    if last is not None and _carries_on(article, places, last.passage, passage):
        return Tie(passage=passage, proposal=last.proposal, score=last.score, carried_on=True)
    return None


def _floating(
    article: Article,
    places: Places,
    by_sentence: dict[int, list[int]],
    proposals: list[Proposal],
    passage: Passage,
) -> Proposal | None:
    """A passage that makes up its sentences, with whoever spoke last before it or acts beside it as its source."""
    if not _stands_alone(article, places, passage):
        return None
    own = places.over(*passage.outer)
    speaker = _speaker_before(places, by_sentence, proposals, own[0])
    pattern = "floating"
    if speaker is None:
        pattern, speaker = "floating-beside", _actor_beside(places, own)
    if speaker is None:
        return None
    start, end = syntax.trim(article.text, passage.start, passage.end)
    return Proposal(
        sentence=own[0].index, head=0, cue=(), pattern=pattern, content=((start, end),), source=speaker, spoken=True
    )


def _speaker_before(
    places: Places, by_sentence: dict[int, list[int]], proposals: list[Proposal], own: Sentence
) -> tuple[int, int] | None:
    """Whoever spoke last in the paragraph so far, or in the one before where the passage opens its own."""
    opens = own.index == 0 or places.sentences[own.index - 1].block != own.block
    for sentence in reversed(places.sentences[: own.index]):
        if sentence.block < own.block - (1 if opens else 0):
            return None
        told = [proposals[i] for i in by_sentence.get(sentence.index, ()) if _tells(proposals[i])]
        if told:
            return told[0].source
    return None


def _tells(proposal: Proposal) -> bool:
    entry = proposal.entry
    speech = entry is not None and entry.act == "speech" and proposal.source is not None and not proposal.doubts
    return speech and bool(proposal.content) and proposal.pattern in TELLING


def _actor_beside(places: Places, own: list[Sentence]) -> tuple[int, int] | None:
    """The person who is the subject of the sentence before or behind a passage in its paragraph."""
    for index in (own[0].index - 1, own[-1].index + 1):
        if not 0 <= index < len(places.sentences) or places.sentences[index].block != own[0].block:
            continue
        sentence = places.sentences[index]
        for word in sentence.words:
            if word.deprel == "nsubj" and sentence.words[word.head].deprel == "root" and word.upos in ("PROPN", "PRON"):
                return (index, word.index)
    return None


def _stands_alone(article: Article, places: Places, passage: Passage) -> bool:
    """Whether the passage makes up its sentences, so that no cue can stand beside it."""
    sentences = places.over(*passage.outer)
    if not sentences:
        return False
    outside = article.text[sentences[0].start : passage.outer[0]] + article.text[passage.outer[1] : sentences[-1].end]
    return len(WORDS.findall(outside)) <= 1


def _carries_on(article: Article, places: Places, before: Passage, passage: Passage) -> bool:
    """Whether nothing but the first passage's own frame lies between two passages, in one paragraph or across an
    unclosed mark."""
    if not before.closed:
        return True
    first, second = places.over(*before.outer), places.over(*passage.outer)
    if not first or not second:
        return False
    if first[-1].block == second[0].block:
        return second[0].index - first[-1].index <= 2
    whole = len(WORDS.findall(article.text[before.outer[1] : passage.outer[0]])) == 0
    return whole and second[0].block - first[-1].block == 1


def _with_passage(article: Article, proposal: Proposal, passage: Passage, tie: Tie) -> Proposal:
    own: Range = syntax.trim(article.text, passage.start, passage.end)
    keep = proposal.content
    if not tie.carried_on and proposal.pattern in ("object", "oblique", "infinitive") and not _touches(keep, own):
        keep = keep if _leads(article, proposal, passage) else ()
    return attrs.evolve(
        proposal,
        content=merge(article.text, [*keep, own]),
        spoken=True,
        fit=max(proposal.fit, tie.score),
        pattern="quote" if proposal.pattern == "bare" else proposal.pattern,
        rivals=tuple(dict.fromkeys((*proposal.rivals, *tie.rivals))),
    )


def _touches(ranges: Sequence[Range], own: Range) -> bool:
    return any(start < own[1] and own[0] < end for start, end in ranges)


def merge(text: str, ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Ranges in order, joined where they touch or only marks and white space lie between."""
    found: list[list[int]] = []
    for start, end in sorted(ranges):
        if (
            found
            and not any(char.isalnum() for char in text[found[-1][1] : start])
            and (start <= found[-1][1] or not re.search(r"[.!?]['\"”’]|\n", text[found[-1][1] - 1 : start + 1]))
        ):
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return tuple((start, end) for start, end in found)
