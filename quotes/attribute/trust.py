"""How sure an attribution is: boosted trees over what rules, scorer and reader say of it, in calibrated numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from quotes.attribute.features import NEEDS, Scene, source_class
from quotes.attribute.proposal import Proposal, Range
from quotes.attribute.reading import Reading

WEIGHTS = Path(__file__).parent.parent / "models" / "trust.json"
PATTERNS = (
    *("clause", "around", "quote", "run-on", "object", "object-more", "oblique", "infinitive", "passive"),
    *(
        "passive-clause",
        "noun",
        "noun-of",
        "gerund",
        "as-saying",
        "according-to",
        "floating",
        "floating-beside",
        "read",
    ),
)
CLASSES = ("PERSON", "ORG", "PLACE", "roles", "groups", "anonymous", "organizations", "documents", "media", "NOUN")


@attrs.frozen(kw_only=True)
class Case:
    """What is judged. score: the scorer's, bare of floors; second: that of the next proposal at the cue (0: none);
    reading: the reader's of the same cue; around, inside: how many other cues' contents hold this cue, and how many
    other cues this content holds."""

    proposal: Proposal
    score: float
    second: float = 0.0
    reading: Reading | None = None
    around: int = 0
    inside: int = 0


def facts(scene: Scene, case: Case) -> dict[str, float]:
    """Named numbers that tell for or against an attribution."""
    return dict([*_of_scores(case), *_of_reading(scene, case), *_of_form(scene, case), *_of_source(scene, case)])


def _of_scores(case: Case) -> Iterator[tuple[str, float]]:
    yield "score", case.score
    yield "second", case.second
    yield "fit", case.proposal.fit
    yield "doubts", len(case.proposal.doubts)
    yield "around", case.around
    yield "inside", case.inside


def _of_reading(scene: Scene, case: Case) -> Iterator[tuple[str, float]]:
    reading, proposal = case.reading, case.proposal
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


def _of_form(scene: Scene, case: Case) -> Iterator[tuple[str, float]]:
    proposal = case.proposal
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


def _marked(scene: Scene, content: Sequence[Range]) -> float:
    """The share of the content that stands between quotation marks."""
    size = sum(end - start for start, end in content)
    held = sum(max(0, min(end, p.end) - max(start, p.start)) for start, end in content for p in scene.over(start, end))
    return held / size


def _of_source(scene: Scene, case: Case) -> Iterator[tuple[str, float]]:
    proposal = case.proposal
    source = proposal.source
    word = scene.parse.sentences[source[0]].words[source[1]] if source else None
    kind = source_class(scene, word) if word else "none"
    yield "source", float(source is not None)
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
class Trust:
    """Trees of equal depth, each a heap: node n's children are 2n+1 (below or at its limit) and 2n+2.

    names: the facts in order; which, limits: of each tree's inner nodes, a row a tree; leaves: what its leaves add;
    start: before all trees; slope, shift: what makes the sum a logit.
    """

    names: tuple[str, ...]
    which: Any = attrs.field(repr=False)
    limits: Any = attrs.field(repr=False)
    leaves: Any = attrs.field(repr=False)
    start: float
    slope: float
    shift: float

    def confidences(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """A probability for each case's facts."""
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


@cache
def load(path: Path = WEIGHTS) -> Trust:
    """The trees in a JSON file of ours."""
    import numpy

    kept = json.loads(path.read_text("utf-8"))
    return Trust(
        names=tuple(kept["names"]),
        which=numpy.array(kept["which"], dtype=numpy.int64),
        limits=numpy.array(kept["limits"], dtype=numpy.float32),
        leaves=numpy.array(kept["leaves"], dtype=numpy.float64),
        start=kept["start"],
        slope=kept["slope"],
        shift=kept["shift"],
    )
