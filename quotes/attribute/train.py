"""The recipe for the prior: logistic regression over what the rules propose, labelled by annotated articles.

Annotations: brat standoff in DIR/attributions/NAME_*.ann beside DIR/text/NAME.txt, as PolNeAR is published.
A proposal counts as right when its content shares half of its characters (Jaccard) with an annotated attribution's
and their source mentions overlap. Claims with their chains (`../shared/eval/CHAINS.md`) are read as such annotations
too: each hop's mention is a source.
"""

from __future__ import annotations

import collections
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes.attribute import facts, sources
from quotes.attribute.features import Scene, features
from quotes.attribute.prior import SOURCELESS
from quotes.attribute.proposal import Prior, Proposal, Range
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


def read_claims(path: Path) -> list[Gold]:
    """The claims of a file of chain gold: `spans` of the content; `mention` and `cue` of each hop, if stated."""
    found = []
    for claim in json.loads(path.read_text("utf-8"))["claims"]:
        places = {role: [hop[role] for hop in claim["chain"] if hop.get(role)] for role in ("mention", "cue")}
        source, cue = (_flat(places[role]) for role in ("mention", "cue"))
        found.append(Gold(content=_flat(claim["spans"]), source=source, cue=cue))
    return found


def read_texts(path: Path) -> Iterator[tuple[str, list[Gold]]]:
    """Short texts in a TOML file, with their claims: the content, then the mentions of those who say or carry it."""
    for each in tomllib.loads(path.read_text("utf-8"))["text"]:
        yield each["text"], [_claim(each["text"], *claim) for claim in each["claims"]]


def _claim(text: str, content: str, *mentions: str) -> Gold:
    start = text.index(content)
    held = frozenset(range(start, start + len(content)))
    found = [match.span() for mention in mentions for match in re.finditer(rf"\b{re.escape(mention)}(?!\w)", text)]
    return Gold(content=held, source=_flat(found) - held, cue=frozenset())


def is_right(proposal: Proposal, source: frozenset[int], gold: Sequence[Gold]) -> bool:
    return agreement(proposal, source, gold) >= SAME


def agreement(proposal: Proposal, source: frozenset[int], gold: Sequence[Gold]) -> float:
    """How much of its content a proposal shares (Jaccard) with an annotated attribution whose source it has; 0 to 1.

    Of words without a cue any mention of the speaker may be the annotator's: their content decides.
    """
    content = _flat(proposal.content)
    fitting = (each for each in gold if source & each.source or not (source or each.source) or not proposal.cue)
    return max((len(content & each.content) / len(content | each.content) for each in fitting), default=0.0)


def _flat(ranges: Iterable[Range]) -> frozenset[int]:
    return frozenset(at for start, end in ranges for at in range(start, end))


def examples(scene: Scene, proposals: Sequence[Proposal], gold: Sequence[Gold]) -> Iterator[Example]:
    """Every possible proposal of an article that the annotators tell of, with its features and whether they agree."""
    for proposal in proposals:
        if proposal.content and (proposal.source is not None or proposal.pattern in SOURCELESS):
            right = is_right(proposal, mention(scene, proposal), gold)
            if right or not is_nested(scene, proposal, gold):
                yield Example(names=tuple(features(scene, proposal)), right=right)


def is_nested(scene: Scene, proposal: Proposal, gold: Sequence[Gold]) -> bool:
    """Whether a proposal's cue stands inside the content of an annotated attribution.

    PolNeAR's annotators hardly ever go on there: what they leave out tells nothing of the proposal.
    """
    start = scene.parse.sentences[proposal.sentence].words[proposal.head].start
    return bool(proposal.cue) and any(start in each.content and start not in each.cue for each in gold)


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


def lesson(scene: Scene, prior: Prior, gold: Sequence[Gold]) -> list[dict[str, Any]]:
    """An article's sentences with what an annotator found in them, for the tagger, as JSON takes them.

    prior: what the rules propose. An attribution is a task of the sentence that holds most
    of its cue; what it has in other sentences is left out.
    """
    tasks: dict[int, list[dict[str, Any]]] = collections.defaultdict(list)
    for each in gold:
        at = max(scene.parse.sentences, key=lambda sentence: len(_held(sentence, each.cue)), default=None)
        words = _held(at, each.cue) if at is not None else []
        if at is not None and words:
            cue = _top(at, words)
            places = facts.of_places(at, cue, prior.get((at.index, cue), ()))
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
