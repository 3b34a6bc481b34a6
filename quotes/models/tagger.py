"""The tagger: a small network that says of each word whether it is a cue, and what is source and content of a cue.

It knows a word by the vector that the encoder gives it and by the names of facts that it is shown. From these one
layer finds cues; another reads the sentence anew for each cue and gives every word a label, in the likeliest order of
labels (a linear chain, Lafferty et al., ICML 2001). Trained by `quotes/training/fit_attribution.py` together with the
encoder, read here with numpy alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import attrs

LABELS = ("O", "B-source", "I-source", "B-content", "I-content", "B-cue", "I-cue")
ABOUT = "about"
TOGETHER = 64  # sentences
WAYS = (1, -1)  # forwards, backwards
UNKNOWN = 0

Arrays = Sequence[Any]  # one for each sentence


@attrs.frozen(kw_only=True)
class Asked:
    """A cue that is to be read. row: its sentence's place; cue: its word; places: codes, words by facts."""

    row: int
    cue: int
    places: Any


@attrs.frozen(kw_only=True)
class Labelled:
    """A label's number for each word of a sentence, and how likely just these labels are together."""

    labels: tuple[int, ...]
    likelihood: float


@attrs.frozen(kw_only=True, eq=False)
class CueTagger:
    """Codes of words and facts, and the weights by name, in 32 bits.

    facts, places: for each kind of fact the code of its names; 0 is unknown.
    """

    facts: Sequence[Mapping[str, int]] = attrs.field(repr=False)
    places: Sequence[Mapping[str, int]] = attrs.field(repr=False)
    weights: Mapping[str, Any] = attrs.field(repr=False)

    def code_words(self, facts: Sequence[Sequence[str]]) -> Any:
        """Codes of the facts of a sentence's words, (words, kinds)."""
        return _coded(self.facts, zip(*facts, strict=True))

    def code_places(self, places: Sequence[Sequence[str]]) -> Any:
        """Codes of how a sentence's words stand to a cue."""
        return _coded(self.places, zip(*places, strict=True))

    def read(self, vectors: Arrays, codes: Arrays) -> tuple[list[Any], list[Any]]:
        """For each sentence, how likely each of its words is a cue (0 to 1), and what the second layer goes on from.

        vectors: (words, size) of each sentence; codes: (words, kinds) of the words' facts.
        """
        import numpy

        if not vectors:
            return [], []
        flat = numpy.concatenate(codes)
        parts = [numpy.concatenate(vectors)]
        parts += [self.weights[f"fact.{at}"][flat[:, at]] for at in range(len(self.facts))]
        inputs = numpy.concatenate(parts, axis=1)
        hidden = numpy.tanh(inputs @ self.weights["sentence.input"] + self.weights["sentence.bias"])
        inner = numpy.maximum(hidden @ self.weights["cue.inner"] + self.weights["cue.inner_bias"], 0)
        likely = _sigmoid(inner @ self.weights["cue.outer"] + self.weights["cue.outer_bias"])[:, 0]
        ends = numpy.cumsum([len(each) for each in vectors])[:-1]
        return numpy.split(likely, ends), numpy.split(hidden, ends)

    def label(self, states: Sequence[Any], asked: Sequence[Asked]) -> list[Labelled]:
        """The likeliest labels for each cue that is asked for, given what `read` made of its sentence."""
        import numpy

        found: list[Any] = [None] * len(asked)
        shared: dict[int, Any] = {}
        for each in asked:
            if each.row not in shared:
                shared[each.row] = states[each.row] @ self.weights["role.word"]
        for numbers in _batches([len(states[each.row]) for each in asked]):
            some = [asked[number] for number in numbers]
            lengths = [len(states[each.row]) for each in some]
            cue = numpy.stack([states[each.row][each.cue] for each in some]) @ self.weights["role.cue"]
            inputs = numpy.concatenate([shared[each.row] for each in some]) + numpy.repeat(cue, lengths, axis=0)
            codes = numpy.concatenate([each.places for each in some])
            for at in range(len(self.places)):
                inputs += self.weights[f"place.{at}"][codes[:, at]]
            hidden = self._both_ways(numpy.tanh(inputs + self.weights["role.bias"]), lengths)
            scores = hidden @ self.weights["label.outer"] + self.weights["label.bias"]
            for number, labelled in zip(numbers, self._likeliest(scores, lengths), strict=True):
                found[number] = labelled
        return found

    def _both_ways(self, inputs: Any, lengths: Sequence[int]) -> Any:
        """A long short-term memory over sentences (longest first, one behind the other), forwards and backwards."""
        import numpy

        inner = self.weights["role.both.state"]
        size = inner.shape[1]
        gates = inputs @ self.weights["role.both.input"]
        gates += self.weights["role.both.bias"]
        gates = gates.reshape(len(WAYS) * len(inputs), 4 * size)  # a word's row forwards, then its row backwards
        found = numpy.empty((len(WAYS) * len(inputs), size), dtype=numpy.float32)
        sizes = numpy.array(lengths)
        ends = numpy.cumsum(sizes)
        first = numpy.stack([2 * (ends - sizes), 2 * ends - 1])
        state = numpy.zeros((len(WAYS), len(lengths), size), dtype=numpy.float32)
        memory = numpy.zeros_like(state)
        active = len(lengths)
        for step in range(lengths[0]):
            while sizes[active - 1] <= step:
                active -= 1
            at = first[:, :active] + numpy.array([[2 * step], [-2 * step]])
            now = state[:, :active] @ inner
            now += gates.take(at, axis=0)
            numpy.tanh(now, out=now)
            opened = now[:, :, : 3 * size]
            opened *= 0.5
            opened += 0.5
            memory = memory[:, :active] * opened[:, :, size : 2 * size]
            memory += opened[:, :, :size] * now[:, :, 3 * size :]
            state = opened[:, :, 2 * size :] * numpy.tanh(memory)
            found[at] = state
        return found.reshape(len(inputs), len(WAYS) * size)

    def _likeliest(self, scores: Any, lengths: Sequence[int]) -> list[Labelled]:
        """The best sequence of labels for each sentence (longest first), with its share among all sequences."""
        import numpy

        following = self.weights["label.following"]
        starts = numpy.concatenate([[0], numpy.cumsum(lengths)[:-1]])
        sizes = numpy.array(lengths)
        best = scores[starts] + self.weights["label.first"]
        total = best.copy()
        back: Any = numpy.zeros((lengths[0], len(lengths), len(LABELS)), dtype=numpy.int8)
        active = len(lengths)
        for step in range(1, lengths[0]):
            while sizes[active - 1] <= step:
                active -= 1
            now = scores[starts[:active] + step]
            ways = best[:active, :, None] + following
            back[step, :active] = ways.argmax(axis=1)
            best[:active] = ways.max(axis=1) + now
            ways = total[:active, :, None] + following
            top = ways.max(axis=1)
            total[:active] = numpy.log(numpy.exp(ways - top[:, None, :]).sum(axis=1)) + top + now
        best, total = best + self.weights["label.last"], total + self.weights["label.last"]
        return [self._traced(best[n], total[n], back[:, n], size) for n, size in enumerate(lengths)]

    def _traced(self, best: Any, total: Any, back: Any, size: int) -> Labelled:
        import numpy

        label = int(best.argmax())
        labels = [label]
        for step in range(size - 1, 0, -1):
            label = int(back[step][label])
            labels.append(label)
        top = total.max()
        whole = top + numpy.log(numpy.exp(total - top).sum())
        return Labelled(labels=tuple(reversed(labels)), likelihood=float(numpy.exp(min(0.0, best.max() - whole))))


def _coded(known: Sequence[Mapping[str, int]], columns: Iterable[Iterable[str]]) -> Any:
    import numpy

    rows = [list(map(codes.__getitem__, column)) for codes, column in zip(known, columns, strict=True)]
    return numpy.array(rows, dtype=numpy.int32).T


def _sigmoid(values: Any) -> Any:
    import numpy

    return 0.5 * numpy.tanh(0.5 * values) + 0.5


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places of what is not empty, the longest first, so many together."""
    order = sorted((at for at, length in enumerate(lengths) if length), key=lambda at: -lengths[at])
    return [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]


@cache
def load(path: Path) -> CueTagger:
    """The tagger in a file of ours."""
    import numpy

    with numpy.load(path, allow_pickle=False) as kept:
        about = json.loads(bytes(kept[ABOUT]).decode())
        weights = {name: kept[name].astype(numpy.float32) for name in kept.files if name != ABOUT}
    return CueTagger(
        facts=tuple(numbered(names) for names in about["facts"]),
        places=tuple(numbered(names) for names in about["places"]),
        weights=_side_by_side(weights),
    )


def _side_by_side(weights: dict[str, Any]) -> dict[str, Any]:
    """The weights, those of the two ways of the second layer in one array.

    Those of opening gates are halved: a logistic of x is half of one more than the hyperbolic tangent of half x.
    """
    import numpy

    for part in ("input", "bias", "state"):
        both = [weights.pop(f"role.{way}.{part}") for way in WAYS]
        for each in both:
            each[..., : 3 * each.shape[-1] // 4] *= 0.5
        weights[f"role.both.{part}"] = numpy.stack(both) if part == "state" else numpy.concatenate(both, axis=-1)
    return weights


class Numbered(dict[str, int]):
    """Codes of names; UNKNOWN for others."""

    def __missing__(self, name: str) -> int:
        return UNKNOWN


def numbered(names: Sequence[str]) -> Numbered:
    """Codes of names, in order; 0 is left for what is unknown."""
    return Numbered(zip(names, range(UNKNOWN + 1, len(names) + 1), strict=True))
