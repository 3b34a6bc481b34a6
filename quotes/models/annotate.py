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
LABELLED = 256  # words whose relations are scored at once: 23 kB each


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
        if not sentences:
            return []
        with torch.inference_mode():
            read = self._read(sentences)
            lengths = [len(words) for words in sentences]
            read |= self._trees(read.pop("trees"), lengths)
            bounds = np.cumsum([0, *lengths]).tolist()
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
        trees = torch.cat([each["trees"] for each in found])
        vectors = np.concatenate([each["vectors"] for each in found]) if self._attributes else None
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
        labels = entity_labels(np.stack(read["entities"][start:end]), self._labels["ner"])
        tags = {name: tuple(read[name][start:end]) for name in (*COLUMNS, "heads", "deprels")}
        vectors = None if read["vectors"] is None else read["vectors"][start:end]
        return Annotation(words=words, ner=tuple(labels), vectors=vectors, **tags)

    def _trees(self, vectors: Tensor, lengths: Sequence[int]) -> dict[str, list[Any]]:
        """Heads, 0 the root, and relations of a document's words. vectors: (words, size)."""
        dependents, heads, label_dependents, label_heads = self._network.parser.sides(_padded(vectors)[None])
        found: list[list[int]] = []
        start = 0
        for length in lengths:
            own = torch.cat([heads[0, :1], heads[0, start + 1 : start + length + 1]])
            arcs = _padded(dependents[0, start : start + length]) @ _padded(own).T
            found.append(tree(arcs[:length, : length + 1].cpu().numpy()))
            start += length
        deprels = self._relations(label_dependents, label_heads, found)
        return {"heads": [head for each in found for head in each], "deprels": deprels}

    def _relations(self, dependents: Tensor, heads: Tensor, trees: Sequence[Sequence[int]]) -> list[str]:
        starts = np.cumsum([0, *map(len, trees)]).tolist()
        places = [head and start + head for own, start in zip(trees, starts, strict=False) for head in own]
        chosen = torch.tensor(places + [0] * (dependents.shape[1] - len(places)), device=self._device)
        parts = zip(dependents.split(LABELLED, dim=1), chosen.split(LABELLED), strict=True)
        scores = [self._network.parser.label(own, heads, places[None])[0].argmax(1) for own, places in parts]
        return [self._labels["deprel"][at] for at in torch.cat(scores).tolist()[: len(places)]]


@cache
def bundled() -> Annotator:
    """The bundled network, for texts that other models parsed."""
    return Annotator(resolve("bundled").directory / NETWORK)


def _padded(words: Tensor) -> Tensor:
    """Vectors with zeros behind them, so many in all that `STEP` divides their number."""
    return functional.pad(words, (0, 0, 0, -len(words) % STEP))
