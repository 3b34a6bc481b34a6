"""Training examples of the network: treebanks and entity data as spans of word pieces with their labels."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import attrs

from quotes.models.encoder import CASED, SHAPES, SPECIAL, WordPieces, plain_letter
from quotes.models.windows import MOST, Span, cut

Task = Literal["tree", "entities", "attribution"]
UPPER = SHAPES.index("upper")
COLUMNS = {"upos": 3, "xpos": 4, "feats": 5, "deprel": 7}
UNSEEN = 0  # the place of a value that the training data do not have


@attrs.frozen(kw_only=True)
class Word:
    """A word with its labels; head: its place in the sentence from 1, 0 for the root."""

    text: str
    upos: str = ""
    xpos: str = ""
    feats: str = ""
    head: int = 0
    deprel: str = ""
    ner: str = "O"


Text = list[list[Word]]
"""Sentences that follow each other in one document."""


@attrs.frozen(kw_only=True)
class Example:
    """A sentence: what the encoder reads of it, and its labels as numbers, one for each word."""

    span: Span
    labels: dict[str, tuple[int, ...]]


def treebank_texts(path: Path) -> list[Text]:
    """The documents of a CoNLL-U file. A sentence without a `sent_id` was made by `augment.py`: made ones stand in
    texts of their own, so that no window holds the same sentence twice."""
    texts: list[Text] = [[]]
    made: Text = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        words = [_word(line.split("\t")) for line in lines if line.split("\t", 1)[0].isdigit()]
        if not words:
            continue
        if any(line.startswith("# newdoc") for line in lines):
            texts.append([])
        own = any(line.startswith("# sent_id") for line in lines)
        (texts[-1] if own else made).append(words)
    random.Random(0).shuffle(made)
    return [text for text in texts if text] + [made[at : at + 4] for at in range(0, len(made), 4)]


def _word(row: list[str]) -> Word:
    values = {name: row[at] for name, at in COLUMNS.items()}
    return Word(text=row[1], head=int(row[6]), **values)


def entity_texts(path: Path) -> list[Text]:
    """The articles of entity data: each begins with its address as a sentence of its own."""
    texts: list[Text] = [[]]
    for sentence in json.loads(path.read_text(encoding="utf-8")):
        if len(sentence) == 1 and sentence[0]["text"].startswith("http"):
            texts.append([])
        texts[-1].append([Word(text=token["text"], ner=token["ner"]) for token in sentence])
    return [text for text in texts if text]


def values(texts: Iterable[Text], name: str) -> list[str]:
    """The values of a label in the data, the most frequent first."""
    counted = Counter(getattr(word, name) for text in texts for sentence in text for word in sentence)
    return [value for value, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))]


def examples(
    texts: Iterable[Text], task: Task, labels: dict[str, list[str]], pieces: WordPieces
) -> list[list[Example]]:
    """Each text as the examples of its sentences; those with too many pieces for one span are left out."""
    names = ("ner",) if task == "entities" else tuple(COLUMNS)
    numbers = {name: {value: at for at, value in enumerate(labels[name])} for name in names}
    return [[each for sentence in text if (each := _example(sentence, task, numbers, pieces))] for text in texts]


def _example(
    sentence: list[Word], task: Task, numbers: dict[str, dict[str, int]], pieces: WordPieces
) -> Example | None:
    spans = cut([word.text for word in sentence], pieces)
    if len(spans) != 1 or len(spans[0].ids) > MOST:
        return None
    found = {
        name: tuple(known.get(getattr(word, name), UNSEEN) for word in sentence) for name, known in numbers.items()
    }
    if task == "tree":
        found["head"] = tuple(word.head for word in sentence)
        found["ends"] = (*(0 for _ in sentence[1:]), 1)
    return Example(span=spans[0], labels=found)


def vocabulary(base: Sequence[str], counted: Iterable[Sequence[str]], least: int) -> list[str]:
    """The pieces of a base vocabulary that occur so often in lists of words, with all that they can fall apart into."""
    pieces = WordPieces(base)
    seen: Counter[int] = Counter()
    for words in counted:
        seen.update(pieces.cut(words).ids)
    return [piece for at, piece in enumerate(base) if seen[at] >= least or piece in SPECIAL or plain_letter(piece)]


@attrs.frozen(kw_only=True)
class Mixing:
    """How windows are made of a text. shares: how often a window has room for so many word pieces;
    hidden: the share of words that are hidden behind [MASK]; capitals, small: the shares of windows whose words
    are all given in capitals, or in small letters."""

    shares: dict[int, float]
    hidden: float
    capitals: float
    small: float


def batches(
    texts: list[list[Example]], mixing: Mixing, size: int, chance: random.Random
) -> Iterator[list[list[Example]]]:
    """One epoch: windows of similar length together, in random order; at most `size` word pieces, padding counted."""
    groups = [group for text in texts for group in _groups(text, mixing, chance)]
    lengths = {id(group): sum(len(each.span.ids) for each in group) for group in groups}
    groups.sort(key=lambda group: lengths[id(group)] + 16 * chance.random())
    found: list[list[list[Example]]] = [[]]
    for group in groups:
        longest = max(lengths[id(each)] for each in [*found[-1], group])
        if found[-1] and (longest + 2) * (len(found[-1]) + 1) > size:
            found.append([])
        found[-1].append(group)
    chance.shuffle(found)
    yield from (each for each in found if each)


def _groups(text: list[Example], mixing: Mixing, chance: random.Random) -> Iterator[list[Example]]:
    rooms, shares = zip(*mixing.shares.items(), strict=True)
    group: list[Example] = []
    room = 0
    for example in text:
        if group and len(example.span.ids) > room:
            yield group
            group = []
        if not group:
            room = chance.choices(rooms, shares)[0]
        group.append(example)
        room -= len(example.span.ids)
    if group:
        yield group


def altered(spans: Sequence[Span], mixing: Mixing, mask: int, chance: random.Random) -> list[Span]:
    """The spans of a window as they are shown to the network this time."""
    draw = chance.random()
    if draw < mixing.capitals:
        spans = [_in_shape(span, UPPER) for span in spans]
    elif draw < mixing.capitals + mixing.small:
        spans = [_in_shape(span, SHAPES.index("lower")) for span in spans]
    return [_hidden(span, mixing.hidden, mask, chance) for span in spans]


def _in_shape(span: Span, wanted: int) -> Span:
    return attrs.evolve(span, shapes=tuple(wanted if each in CASED else each for each in span.shapes))


def _hidden(span: Span, share: float, mask: int, chance: random.Random) -> Span:
    ids = list(span.ids)
    for first, end in zip(span.firsts, [*span.firsts[1:], len(ids)], strict=True):
        if chance.random() < share:
            ids[first:end] = [mask] * (end - first)
    return attrs.evolve(span, ids=tuple(ids))
