"""The network: one encoder, and heads for tags, sentence ends, trees and entities over one pass of it.

Tags and entities are linear layers over the words' vectors, trees are scored by a deep biaffine parser (Dozat and
Manning, ICLR 2017). A word's vector is that of its first piece, a weighted mean of the encoder's layers that each
task learns for itself (Peters et al., NAACL 2018).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import torch
from torch import Tensor, nn
from torch.nn import functional

from quotes.models.encoder import Encoder, WordPieces

TASKS = ("tags", "trees", "entities", "attribution")
FILES = {"pieces.safetensors": "encoder.pieces.", "encoder.safetensors": "encoder.", "heads.safetensors": ""}
"""The files of weights with how the names of their tensors begin, the first that fits: none is over 25 MB."""

VOCABULARY = "vocabulary.txt"
SETTINGS = "config.json"
TAGS = ("upos", "xpos", "feats", "ends")


@attrs.frozen(kw_only=True, eq=False)
class Batch:
    """Windows of text as the network reads them.

    ids, shapes: (rows, pieces); mask: true where there is a piece, None where all rows are full;
    firsts: (words, 2), the row and place of each word's first piece, row by row.
    """

    ids: Tensor
    shapes: Tensor
    mask: Tensor | None
    firsts: Tensor


class Tagger(nn.Module):  # type: ignore[misc]  # torch has no types
    """Tags and sentence ends: scores of every value for every word."""

    def __init__(self, size: int, hidden: int, dropout: float, values: dict[str, int]) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(size, hidden)
        self.scores = nn.ModuleDict({name: nn.Linear(hidden, count) for name, count in values.items()})

    def forward(self, words: Tensor) -> dict[str, Tensor]:
        hidden = self.dropout(functional.gelu(self.hidden(self.dropout(words))))
        return {name: layer(hidden) for name, layer in self.scores.items()}


class Parser(nn.Module):  # type: ignore[misc]  # torch has no types
    """Heads and relations by biaffine scores; word 0 of each sentence is the root."""

    def __init__(self, size: int, arc: int, label: int, dropout: float, relations: int) -> None:
        super().__init__()
        self.root = nn.Parameter(torch.zeros(size))
        self.dropout = nn.Dropout(dropout)
        self.dependent, self.head = nn.Linear(size, arc), nn.Linear(size, arc)
        self.label_dependent, self.label_head = nn.Linear(size, label), nn.Linear(size, label)
        self.arcs = nn.Parameter(torch.zeros(arc + 1, arc))
        self.labels = nn.Parameter(torch.zeros(label + 1, relations * (label + 1)))
        nn.init.normal_(self.arcs, std=0.02)
        nn.init.normal_(self.labels, std=0.02)
        self.relations = relations

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of heads, and what `label` needs. words: (sentences, words, size), of one length, padded.

        The scores have shape (sentences, words, 1 + words): the head's place, 0 the root.
        """
        dependents, heads, *labels = self.sides(words)
        return dependents @ heads.transpose(1, 2), labels[0], labels[1]

    def sides(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Words as dependents and as heads (the root before them), for arcs and for relations.

        words: (sentences, words, size). A dependent times a head is the score of their arc.
        """
        root = self.root.expand(len(words), 1, -1)
        words = self.dropout(words)
        with_root = torch.cat([root, words], dim=1)
        dependents = _with_one(self.dropout(functional.gelu(self.dependent(words)))) @ self.arcs
        heads = self.dropout(functional.gelu(self.head(with_root)))
        labels = self.dropout(functional.gelu(self.label_dependent(words)))
        return dependents, heads, labels, self.dropout(functional.gelu(self.label_head(with_root)))

    def label(self, dependents: Tensor, heads: Tensor, chosen: Tensor) -> Tensor:
        """Scores of relations, (sentences, words, relations), for the chosen heads, (sentences, words): places in
        `heads`, which may hold more words than `dependents`."""
        picked = torch.gather(heads, 1, chosen[:, :, None].expand(-1, -1, heads.shape[2]))
        left, right = _with_one(dependents), _with_one(picked)
        mixed = (left @ self.labels).view(*left.shape[:2], self.relations, right.shape[2])
        return (mixed @ right[:, :, :, None]).squeeze(3)


class EntityTagger(nn.Module):  # type: ignore[misc]  # torch has no types
    """Scores of BIOES labels for every word; each hears its two neighbours."""

    def __init__(self, size: int, hidden: int, dropout: float, labels: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(size, hidden)
        self.around = nn.Conv1d(hidden, hidden, 3, padding=1)
        self.scores = nn.Linear(hidden, labels)

    def forward(self, words: Tensor) -> Tensor:
        """words: (rows, words, size), with zeros where a row is shorter."""
        seen = words.abs().sum(2, keepdim=True) > 0
        hidden = functional.gelu(self.hidden(self.dropout(words))) * seen
        around = functional.gelu(self.around(hidden.transpose(1, 2)).transpose(1, 2))
        found: Tensor = self.scores(self.dropout(hidden + around))
        return found


class Network(nn.Module):  # type: ignore[misc]  # torch has no types
    """Encoder and heads. settings: what `config.json` of a set holds: `encoder`, `heads`, `labels`, and `tasks`,
    those of TASKS that it has learnt."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()
        self.settings = settings
        size, heads, labels = settings["encoder"]["size"], settings["heads"], settings["labels"]
        self.encoder = Encoder(settings["encoder"])
        self.tasks = settings["tasks"]
        self.mix = nn.Parameter(torch.zeros(len(self.tasks), settings["encoder"]["layers"] + 1))
        values = {name: len(labels[name]) for name in ("upos", "xpos", "feats")} | {"ends": 2}
        self.tagger = Tagger(size, heads["hidden"], heads["dropout"], values)
        self.parser = Parser(size, heads["arc"], heads["label"], heads["dropout"], len(labels["deprel"]))
        self.entities = EntityTagger(size, heads["hidden"], heads["dropout"], len(labels["ner"]))

    def read(self, batch: Batch) -> Tensor:
        """The words' vectors in every layer, (layers, words, size): the one pass of the encoder."""
        layers = self.encoder(batch.ids, batch.shapes, batch.mask)
        rows, places = batch.firsts[:, 0], batch.firsts[:, 1]
        return torch.stack([layer[rows, places] for layer in layers])

    def words(self, layers: Tensor, task: str) -> Tensor:
        """The words' vectors for a task, (words, size)."""
        shares = torch.softmax(self.mix[self.tasks.index(task)], dim=0)
        return torch.einsum("l,lws->ws", shares, layers)


def _with_one(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[:, :, :1])], dim=2)


def in_rows(words: Tensor, lengths: list[int]) -> Tensor:
    """Vectors that follow each other, (words, size), in rows of these lengths, padded with zeros."""
    return nn.utils.rnn.pad_sequence(list(words.split(lengths)), batch_first=True)


def save(network: Network, pieces: WordPieces, folder: Path, *, half: bool) -> None:
    """Writes a network into a folder: weights as safetensors, vocabulary and settings."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    if half:
        state = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    for file, beginning in FILES.items():
        own = {name: value for name, value in state.items() if name.startswith(beginning)}
        save_file(own, folder / file)
        state = {name: value for name, value in state.items() if name not in own}
    (folder / VOCABULARY).write_text("\n".join(pieces.vocabulary) + "\n", encoding="utf-8")
    (folder / SETTINGS).write_text(json.dumps(network.settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(folder: Path, device: str = "cpu") -> tuple[Network, WordPieces]:
    """The network of a folder, ready to be used, in 32 bits."""
    from safetensors.torch import load_file

    settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    vocabulary = (folder / VOCABULARY).read_text(encoding="utf-8").split("\n")[:-1]
    with torch.device("meta"), _without_drawing():
        network = Network(settings)
    state = {name: value.float() for file in FILES for name, value in load_file(folder / file).items()}
    network.load_state_dict(state, assign=True)
    return network.to(device).eval().requires_grad_(False), WordPieces(vocabulary)


@contextmanager
def _without_drawing() -> Iterator[None]:
    """Weights that are loaded need no random ones first, for which torch would load its compiler: two seconds."""
    kept, nn.init.normal_ = nn.init.normal_, lambda weight, **_: weight
    try:
        yield
    finally:
        nn.init.normal_ = kept
