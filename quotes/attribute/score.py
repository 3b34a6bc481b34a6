"""How likely a candidate is right: boosted trees over what rules and tagger say of it, in calibrated numbers."""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes import syntax
from quotes.attribute import find_by_tagger
from quotes.attribute.features import NEEDS, Scene, source_class
from quotes.attribute.proposal import FINDERS, Place, Prior, Proposal, Range
from quotes.attribute.reading import Reading

PATTERNS = (
    *("clause", "around", "quote", "run-on", "object", "object-more", "oblique", "infinitive", "passive"),
    *("passive-clause", "noun", "noun-of", "gerund", "as-saying", "according-to", "floating", "floating-beside"),
    find_by_tagger.PATTERN,
)
LIKELY_PRIOR = 0.3  # of a cue that a content may not leave out of a frame; set by hand, on our own samples
LIKELY_CUE = 0.5  # of the tagger: what counts as another cue around or inside a content
CLASSES = ("PERSON", "ORG", "PLACE", "roles", "groups", "anonymous", "organizations", "documents", "media", "NOUN")


@attrs.frozen(kw_only=True)
class Candidate:
    """What is scored.

    prior: how likely the rules' features make the proposal; second: that of the next one at the cue (0: there is
    none); reading: the tagger's of the cue; around, inside: how many likely cues' contents hold this cue, and how many
    likely cues this content holds; rivals: how many candidates the cue has.
    """

    proposal: Proposal
    prior: float = 0.0
    second: float = 0.0
    reading: Reading | None = None
    around: int = 0
    inside: int = 0
    rivals: int = 1


def candidates(scene: Scene, prior: Prior, readings: Mapping[Place, Reading]) -> list[Candidate]:
    """All that rules and tagger propose, each once: of what both find, the rules' is kept."""
    found: dict[tuple[Any, ...], tuple[Place, Proposal, float]] = {}
    spoken = _likely_starts(scene, prior)
    for place, each in prior.items():
        for chance, proposal in each:
            own = readings.get(place)
            for one in (proposal, *find_by_tagger.with_content(scene, proposal, own, spoken[place[0]])):
                found.setdefault(_key(one), (place, one, chance))
    for place, reading in readings.items():
        known = prior.get(place, ())
        for one in find_by_tagger.proposals(scene, reading):
            if all(one.source != proposal.source for _, proposal in known):  # else it is there, as found by both
                found.setdefault(_key(one), (place, one, max((chance for chance, _ in known), default=0.0)))
    rivals = Counter(place for place, *_ in found.values())
    cues = _Cues(scene, readings)
    return [
        Candidate(
            proposal=proposal,
            prior=chance,
            second=max((other for other, _ in prior.get(place, ()) if other != chance), default=0.0),
            reading=readings.get(place) if proposal.cue else None,
            around=cues.around(proposal),
            inside=cues.inside(proposal),
            rivals=rivals[place],
        )
        for place, proposal, chance in found.values()
    ]


def _likely_starts(scene: Scene, prior: Prior) -> Mapping[int, Sequence[int]]:
    """By sentence, the offsets of the cues of which the prior thinks well."""
    found: dict[int, list[int]] = defaultdict(list)
    for (at, word), each in prior.items():
        if any(proposal.cue and chance >= LIKELY_PRIOR for chance, proposal in each):
            found[at].append(scene.parse.sentences[at].words[word].start)
    return found


def _key(proposal: Proposal) -> tuple[Any, ...]:
    return proposal.sentence, proposal.head, bool(proposal.cue), proposal.content, proposal.source


class _Cues:
    """The likely cues of an article, to be counted around and inside of contents."""

    def __init__(self, scene: Scene, readings: Mapping[Place, Reading]) -> None:
        likely = [each for each in readings.values() if each.cue >= LIKELY_CUE]
        self._starts = sorted(scene.parse.sentences[at].words[word].start for at, word in (e.place for e in likely))
        self._held: dict[int, Counter[int]] = defaultdict(Counter)  # by sentence: in how many contents a word stands
        for each in likely:
            self._held[each.place[0]].update(each.words["content"])

    def around(self, proposal: Proposal) -> int:
        return self._held[proposal.sentence][proposal.head]

    def inside(self, proposal: Proposal) -> int:
        return sum(bisect_left(self._starts, end) - bisect_left(self._starts, start) for start, end in proposal.content)


def features(scene: Scene, candidate: Candidate) -> dict[str, float]:
    """Named numbers that tell for or against a candidate."""
    parts = (_of_reading, _of_form, _of_edges, _of_source)
    return dict(_of_cue(candidate)) | dict(pair for part in parts for pair in part(scene, candidate))


def _of_cue(candidate: Candidate) -> Iterator[tuple[str, float]]:
    yield "prior", candidate.prior
    yield "second", candidate.second
    yield "fit", candidate.proposal.fit
    yield "doubts", len(candidate.proposal.doubts)
    yield "around", candidate.around
    yield "inside", candidate.inside
    yield "rivals", candidate.rivals
    yield "finder", FINDERS.index(candidate.proposal.finder)


def _of_reading(scene: Scene, candidate: Candidate) -> Iterator[tuple[str, float]]:
    reading, proposal = candidate.reading, candidate.proposal
    yield "cue", reading.cue if reading else -1.0
    yield "likelihood", reading.likelihood if reading else -1.0
    words = scene.parse.sentences[proposal.sentence].words
    held = {word.index for word in words if any(start <= word.start < end for start, end in proposal.content)}
    read = set(reading.words["content"]) if reading else set()
    yield "shared", len(held & read) / len(held | read) if held | read else -1.0
    same = reading is not None and proposal.source is not None and proposal.source[0] == proposal.sentence
    named = reading.words["source"] if reading else ()
    yield "same-source", float(proposal.source[1] in named) if same and named and proposal.source else -1.0
    yield "read-source", float(bool(named))
    yield "same-cue", float(set(reading.words["cue"]) == set(proposal.cue)) if reading else -1.0


def _of_form(scene: Scene, candidate: Candidate) -> Iterator[tuple[str, float]]:
    proposal = candidate.proposal
    for name in PATTERNS:
        yield f"pattern={name}", float(proposal.pattern == name)
    entry = proposal.entry
    yield "known", 0.0 if entry is None else 1.0 if entry.act == "belief" else 2.0
    yield "fits", float(entry is not None and NEEDS.get(proposal.pattern, "quote") in entry.takes)
    yield "spoken", float(proposal.spoken)
    yield "cue-quoted", float((proposal.sentence, proposal.head) in scene.quoted)
    yield "letters", float(sum(end - start for start, end in proposal.content))
    yield "spans", float(len(proposal.content))
    yield "marked", _marked(scene, proposal.content)
    sentence = scene.parse.sentences[proposal.sentence]
    yield "headline", float(scene.article.blocks[sentence.block].kind == "headline")
    yield "words", float(len(sentence.words))
    first = min(start for start, _ in proposal.content)
    yield "before", float(first < sentence.words[proposal.head].start)


def _of_edges(scene: Scene, candidate: Candidate) -> Iterator[tuple[str, float]]:
    """What stands before and behind the content in the cue's sentence."""
    words, content = scene.parse.sentences[candidate.proposal.sentence].words, candidate.proposal.content
    before = next((word for word in reversed(words) if word.end <= content[0][0]), None)
    behind = next((word for word in words if word.start >= content[-1][1]), None)
    yield "that", float(before is not None and before.text.lower() == "that")
    yield "mark-before", float(before is not None and syntax.is_punctuation(before))
    yield "mark-behind", 2.0 if behind is None else float(syntax.is_punctuation(behind))


def _marked(scene: Scene, content: Sequence[Range]) -> float:
    """The share of the content that stands between quotation marks."""
    size = sum(end - start for start, end in content)
    held = sum(max(0, min(end, p.end) - max(start, p.start)) for start, end in content for p in scene.over(start, end))
    return held / size


def _of_source(scene: Scene, candidate: Candidate) -> Iterator[tuple[str, float]]:
    proposal = candidate.proposal
    source = proposal.source
    word = scene.parse.sentences[source[0]].words[source[1]] if source else None
    kind = source_class(scene, word) if word else "none"
    yield "source", float(source is not None)
    yield "hearer", float(proposal.hearer is not None)
    yield "pronoun", float(kind.startswith("pronoun"))
    yield "relative", float(kind in ("pronoun-who", "pronoun-which", "pronoun-that", "pronoun-it"))
    for name in CLASSES:
        yield f"source={name}", float(kind == name)
    yield "apart", float(source is not None and source[0] != proposal.sentence)
    yield "steps", float(source[1] - proposal.head) if source and source[0] == proposal.sentence else 0.0
    subject = word is not None and word.deprel.startswith("nsubj")
    yield "subject", float(subject)
    yield "hangs", float(word is not None and word.head == proposal.head)


@attrs.frozen(kw_only=True, eq=False)
class Trees:
    """Trees of equal depth, each a heap: node n's children are 2n+1 (below or at its limit) and 2n+2.

    names: the features in order; which, limits: of each tree's inner nodes, a row a tree; leaves: what its leaves add;
    start: before all trees; slope, shift: what makes the sum a logit.
    """

    names: tuple[str, ...]
    which: Any = attrs.field(repr=False)
    limits: Any = attrs.field(repr=False)
    leaves: Any = attrs.field(repr=False)
    start: float
    slope: float
    shift: float

    def scores(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """A probability for each candidate's features."""
        import numpy

        if not rows:
            return []
        table = numpy.array([[row[name] for name in self.names] for row in rows], dtype=numpy.float32)
        trees = numpy.arange(len(self.which))
        node: Any = numpy.zeros((len(rows), len(trees)), dtype=numpy.int64)
        places = numpy.arange(len(rows))[:, None]
        inner = self.which.shape[1]
        while node.size and node[0, 0] < inner:
            behind = table[places, self.which[trees, node]] > self.limits[trees, node]
            node = 2 * node + 1 + behind
        total = self.start + self.leaves[trees, node - inner].sum(axis=1)
        return [1.0 / (1.0 + math.exp(-(self.slope * float(each) + self.shift))) for each in total]


def load(path: Path) -> Trees:
    """The trees in a JSON file of ours."""
    import numpy

    kept = json.loads(path.read_text("utf-8"))
    return Trees(
        names=tuple(kept["names"]),
        which=numpy.array(kept["which"], dtype=numpy.int64),
        limits=numpy.array(kept["limits"], dtype=numpy.float32),
        leaves=numpy.array(kept["leaves"], dtype=numpy.float64),
        start=kept["start"],
        slope=kept["slope"],
        shift=kept["shift"],
    )
