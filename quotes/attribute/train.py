"""The recipe for the scorer's weights: logistic regression over proposals, labelled by annotated articles.

Annotations: brat standoff in DIR/attributions/NAME_*.ann beside DIR/text/NAME.txt, as PolNeAR is published.
A proposal counts as right when its content shares half of its characters (Jaccard) with an annotated attribution's
and their source mentions overlap.
"""

from __future__ import annotations

import collections
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes.attribute import facts, sources
from quotes.attribute.decide import SOURCELESS
from quotes.attribute.features import Scene, features
from quotes.attribute.proposal import Proposal, Range, Scored
from quotes.errors import MissingExtra
from quotes.models import PLAIN
from quotes.records import Sentence

RARE = 4
SAME = 0.5


@attrs.frozen(kw_only=True)
class Gold:
    """An annotated attribution: the characters of its content, source and cue."""

    content: frozenset[int]
    source: frozenset[int]
    cue: frozenset[int]


@attrs.frozen(kw_only=True)
class Example:
    """A proposal's features and whether it is right."""

    names: tuple[str, ...]
    right: bool


def read_gold(folder: Path, name: str) -> list[Gold]:
    """The attributions of the alphabetically first annotator that made any."""
    for path in sorted((folder / "attributions").glob(f"{_escaped(name)}_*.ann")):
        found = _read_standoff(path)
        if found:
            return found
    return []


def _escaped(name: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", name)


def _read_standoff(path: Path) -> list[Gold]:
    spans: dict[str, list[Range]] = {}
    events: list[dict[str, list[str]]] = []
    for line in path.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) > 1 and fields[0].startswith("T"):
            offsets = fields[1].split(" ", 1)[1].split(";")
            spans[fields[0]] = [(int(a), int(b)) for a, b in (each.split() for each in offsets)]
        elif len(fields) > 1 and fields[0].startswith("E"):
            events.append(_roles(fields[1]))
    return [
        Gold(**{role.lower(): _characters(spans, event.get(role, [])) for role in ("Content", "Source", "Cue")})
        for event in events
        if event.get("Content")
    ]


def _roles(text: str) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = collections.defaultdict(list)
    for item in text.split():
        role, reference = item.split(":", 1)
        roles[role.rstrip("0123456789")].append(reference)
    return roles


def _characters(spans: dict[str, list[Range]], references: Iterable[str]) -> frozenset[int]:
    return frozenset(at for each in references for start, end in spans.get(each, ()) for at in range(start, end))


def is_right(proposal: Proposal, source: frozenset[int], gold: Sequence[Gold]) -> bool:
    content = _flat(proposal.content)
    for each in gold:
        shared = len(content & each.content)
        if (
            shared
            and shared >= SAME * len(content | each.content)
            and (source & each.source or not (source or each.source))
        ):
            return True
    return False


def _flat(ranges: Iterable[Range]) -> frozenset[int]:
    return frozenset(at for start, end in ranges for at in range(start, end))


def examples(scene: Scene, proposals: Sequence[Proposal], gold: Sequence[Gold]) -> Iterator[Example]:
    """Every possible proposal of an article, with its features and whether an annotator says the same."""
    for proposal in proposals:
        if proposal.content and (proposal.source is not None or proposal.pattern in SOURCELESS):
            right = is_right(proposal, mention(scene, proposal), gold)
            yield Example(names=tuple(features(scene, proposal)), right=right)


def mention(scene: Scene, proposal: Proposal) -> frozenset[int]:
    """The characters of the source mention."""
    if proposal.source is None:
        return frozenset()
    sentence = scene.parse.sentences[proposal.source[0]]
    own = frozenset(proposal.cue) if proposal.source[0] == proposal.sentence else frozenset()
    words = sources.phrase(sentence, proposal.source[1], without=own)
    return frozenset(range(sentence.words[words[0]].start, sentence.words[words[-1]].end))


def fit(labelled: Sequence[Example], *, strength: float = 0.3) -> dict[str, float]:
    """Weights by feature name, rounded; features seen fewer than RARE times are left out.

    strength: the inverse of the L2 penalty. Needs scikit-learn (the extra "train").
    """
    try:
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra("scikit-learn", "train") from error

    counts = collections.Counter(name for each in labelled for name in set(each.names))
    vectorizer = DictVectorizer()
    rows = [{name: 1.0 for name in each.names if counts[name] >= RARE} for each in labelled]
    matrix = vectorizer.fit_transform(rows)
    model = LogisticRegression(C=strength, max_iter=2000, fit_intercept=False)
    model.fit(matrix, [each.right for each in labelled])
    weights = zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True)
    return {str(name): round(float(weight), 3) for name, weight in weights if abs(weight) >= 0.005}


def save(weights: dict[str, float], path: Path, about: str) -> None:
    """Writes the weights with a line on how they were made."""
    path.write_text(json.dumps({"about": about, "weights": weights}, indent=0, sort_keys=True) + "\n", "utf-8")


def lesson(scene: Scene, scored: Scored, gold: Sequence[Gold]) -> list[dict[str, Any]]:
    """An article's sentences with what an annotator found in them, for the reader, as JSON takes them.

    scored: what the rules propose at a place, with scores. An attribution is a task of the sentence that holds most
    of its cue; what it has in other sentences is left out.
    """
    tasks: dict[int, list[dict[str, Any]]] = collections.defaultdict(list)
    for each in gold:
        at = max(scene.parse.sentences, key=lambda sentence: len(_held(sentence, each.cue)), default=None)
        words = _held(at, each.cue) if at is not None else []
        if at is not None and words:
            cue = _top(at, words)
            places = facts.of_places(at, cue, scored.get((at.index, cue), ()))
            tasks[at.index].append({"cue": cue, "places": places, "labels": _labels(at, each)})
    return [
        {
            "words": [word.text.translate(PLAIN) for word in sentence.words],
            "facts": shown,
            "tasks": tasks[sentence.index],
        }
        for sentence, shown in zip(scene.parse.sentences, facts.of_words(scene), strict=True)
    ]


def _held(sentence: Sentence, characters: frozenset[int]) -> list[int]:
    """The words of a sentence that begin among some characters."""
    return [word.index for word in sentence.words if word.start in characters]


def _top(sentence: Sentence, words: Sequence[int]) -> int:
    """The word of a cue that stands for it: the one that the others hang from, a verb or noun rather than not."""
    tops = [at for at in words if sentence.words[at].head not in words] or list(words)
    spoken = [at for at in tops if sentence.words[at].upos in ("VERB", "NOUN")]
    return (spoken or tops)[0]


def _labels(sentence: Sentence, gold: Gold) -> list[str]:
    found, before = [], ""
    for word in sentence.words:
        parts = (("source", gold.source), ("cue", gold.cue), ("content", gold.content))
        name = next((name for name, held in parts if word.start in held), "")
        found.append("O" if not name else f"{'I' if name == before else 'B'}-{name}")
        before = name
    return found
