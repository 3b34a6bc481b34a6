"""From words to tags, sentences, trees and entities: one pass of the encoder over a document.

Windows hold sentences that follow each other in one document, and each is read by itself, padded to a multiple of a
few rows: so the same document gives the same numbers alone and in company, and on any number of threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from quotes.models import NETWORK, resolve
from quotes.models.decode import entity_labels, tree
from quotes.models.network import load
from quotes.models.windows import STEP, Span, batch, cut, pack, window

COLUMNS = ("upos", "xpos", "feats")


@attrs.frozen(kw_only=True)
class Annotation:
    """A sentence: for each word its tags, its head (from 1, 0 for the root) with the relation, and its BIOES label.

    vectors: (words, size), what the encoder makes of the words for attribution; None where it has not learnt that.
    """

    words: tuple[str, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    feats: tuple[str, ...]
    heads: tuple[int, ...]
    deprels: tuple[str, ...]
    ner: tuple[str, ...]
    vectors: Any = attrs.field(default=None, eq=False, repr=False)


class Annotator:
    """A network that is loaded, and its word pieces.

    folder: as `network.save` writes it; device: of torch.
    """

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self._network, self._pieces = load(folder, device)
        self._device = device
        self._labels: dict[str, list[str]] = self._network.settings["labels"]

    def annotate(self, sentences: Sequence[Sequence[str]]) -> list[Annotation]:
        """The annotations of a document's sentences, each a list of words."""
        with torch.inference_mode():
            read = self._read(sentences)
            bounds = np.cumsum([0, *map(len, sentences)]).tolist()
            return [
                self._sentence(tuple(words), read, start, end)
                for words, start, end in zip(sentences, bounds, bounds[1:], strict=False)
            ]

    def vectors(self, sentences: Sequence[Sequence[str]]) -> list[Any]:
        """The vectors for attribution of a document's sentences, each (words, size)."""
        if not sentences:
            return []
        with torch.inference_mode():
            spans = [span for words in sentences for span in cut(words, self._pieces)]
            found = np.concatenate([self._attribution(self._layers(group)) for group in pack(spans)])
            return np.split(found, np.cumsum([len(words) for words in sentences])[:-1])

    def _read(self, sentences: Iterable[Sequence[str]]) -> dict[str, Any]:
        """What the one pass says of all words: values of tags, scores of entities, and vectors for the trees."""
        spans = [span for words in sentences for span in cut(words, self._pieces)]
        found = [self._window(group) for group in pack(spans)]
        tags = {name: [value for each in found for value in each[name]] for name in COLUMNS}
        entities = [scores for each in found for scores in each["entities"]]
        trees = torch.cat([each["trees"] for each in found]) if found else None
        vectors = np.concatenate([each["vectors"] for each in found]) if found and self._attributes else None
        return tags | {"entities": entities, "trees": trees, "vectors": vectors}

    @property
    def _attributes(self) -> bool:
        return "attribution" in self._network.tasks

    def _layers(self, spans: Sequence[Span]) -> Tensor:
        return self._network.read(batch([window(spans, self._pieces)], self._pieces, self._device))

    def _attribution(self, layers: Tensor) -> Any:
        return self._network.words(layers, "attribution").cpu().numpy()

    def _window(self, spans: Sequence[Span]) -> dict[str, Any]:
        network = self._network
        layers = self._layers(spans)
        count = layers.shape[1]
        tags = network.tagger(_padded(network.words(layers, "tags")))
        values = {name: [self._labels[name][at] for at in tags[name].argmax(1).tolist()[:count]] for name in COLUMNS}
        entities = network.entities(_padded(network.words(layers, "entities"))[None])[0, :count].cpu().numpy()
        found = values | {"entities": entities, "trees": network.words(layers, "trees")}
        return found | ({"vectors": self._attribution(layers)} if self._attributes else {})

    def _sentence(self, words: tuple[str, ...], read: dict[str, Any], start: int, end: int) -> Annotation:
        heads, deprels = self._tree(read["trees"][start:end])
        labels = entity_labels(np.stack(read["entities"][start:end]), self._labels["ner"])
        tags = {name: tuple(read[name][start:end]) for name in COLUMNS}
        vectors = None if read["vectors"] is None else read["vectors"][start:end]
        return Annotation(words=words, heads=heads, deprels=deprels, ner=tuple(labels), vectors=vectors, **tags)

    def _tree(self, vectors: Tensor) -> tuple[tuple[int, ...], tuple[str, ...]]:
        parser, count = self._network.parser, len(vectors)
        arcs, dependents, heads = parser(_padded(vectors)[None])
        chosen = tree(arcs[0, :count, : count + 1].cpu().numpy())
        filled = torch.tensor([chosen + [0] * (dependents.shape[1] - count)], device=self._device)
        labels = parser.label(dependents, heads, filled)[0].argmax(1).tolist()[:count]
        return tuple(chosen), tuple(self._labels["deprel"][at] for at in labels)


@cache
def bundled() -> Annotator:
    """The bundled network, for texts that other models parsed."""
    return Annotator(resolve("bundled").directory / NETWORK)


def _padded(words: Tensor) -> Tensor:
    """Vectors with zeros behind them, so many in all that `STEP` divides their number."""
    return functional.pad(words, (0, 0, 0, -len(words) % STEP))
