"""Trains the reader (`reader.py`) with torch: cues and labels at once, then its weights in 16 bits in one file."""

from __future__ import annotations

import io
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes.models import BUNDLED, FILE, Progress
from quotes.models.reader import ABOUT, LABELS, UNKNOWN

SIZES = {"sentence": 100, "cue": 64, "role": 96, "label": 64}
FACTS = 10  # dimensions of a fact's vector
RARE = 3
FORMS = 30_000
WORDS_AT_ONCE = 1500
RATE = 3e-3
EPOCHS = 9
SEED = 7
DROPOUT = 0.33
FORGOTTEN = 0.05  # the share of words that a training sentence shows without their vectors


@attrs.frozen(kw_only=True)
class Task:
    """A cue in a sentence: its word, facts of how every word stands to it, and every word's label."""

    cue: int
    places: Sequence[Sequence[str]]
    labels: Sequence[str]


@attrs.frozen(kw_only=True)
class Lesson:
    """A sentence: each word's form and facts, and its cues, if any."""

    words: Sequence[tuple[str, Sequence[str]]]
    tasks: Sequence[Task]


@attrs.frozen(kw_only=True)
class Codes:
    """The names that have a code of their own, by kind of fact, and the vectors of forms."""

    words: Sequence[str]
    vectors: Any = attrs.field(repr=False)
    facts: Sequence[Sequence[str]]
    places: Sequence[Sequence[str]]


def bundled_vectors() -> dict[str, Any]:
    """The bundled vectors of the words that are most frequent, by form, in the order of frequency."""
    import torch

    kept = torch.load(BUNDLED / "pretrain" / FILE, weights_only=True)
    forms = [(at, form) for at, form in enumerate(kept["vocab"]["_id2unit"]) if not form.startswith("<")]
    return {form: kept["emb"][at].float().numpy() for at, form in forms[:FORMS]}


def codes_of(lessons: Sequence[Lesson], vectors: Mapping[str, Any]) -> Codes:
    """Codes for all names of facts that are not rare; vectors: ready-made ones by form."""
    import numpy

    return Codes(
        words=list(vectors),
        vectors=numpy.stack([*vectors.values()]).astype(numpy.float32),
        facts=_names(names for lesson in lessons for _, names in lesson.words),
        places=_names(names for lesson in lessons for task in lesson.tasks for names in task.places),
    )


def _names(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    counts: list[Counter[str]] = []
    for row in rows:
        counts = counts or [Counter() for _ in row]
        for count, name in zip(counts, row, strict=True):
            count[name] += 1
    return [sorted(name for name, times in count.items() if times >= RARE) for count in counts]


def fit(
    lessons: Sequence[Lesson],
    codes: Codes,
    *,
    epochs: int = EPOCHS,
    together: int = WORDS_AT_ONCE,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The weights of a reader by name, in 16 bits. together: how many words a step learns from."""
    import torch

    torch.manual_seed(SEED)
    shuffle = random.Random(SEED)
    coded = _coded(lessons, codes)
    network = _network(codes)
    weights = [each for each in network.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=1e-3)
    batches = list(_batches(coded, shuffle, together))
    done, steps = 0, epochs * len(batches)
    for epoch in range(epochs):
        network.train()
        total = 0.0
        shuffle.shuffle(batches)
        for batch in batches:
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, 10 * (done + 1) / steps) * 0.5 * (1 + math.cos(math.pi * done / steps))
            optimizer.zero_grad()
            loss = network.loss([coded[at] for at in batch])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 5.0)
            optimizer.step()
            total += float(loss.detach())
            done += 1
        if progress:
            progress(f"reader: epoch {epoch + 1} of {epochs}, loss {total / len(batches):.4f}")
    found: dict[str, Any] = network.named_weights()
    return found


def save(weights: Mapping[str, Any], codes: Codes, path: Path) -> None:
    """Writes a file that `reader.load` reads: the same weights give the same bytes."""
    import zipfile

    import numpy

    about = json.dumps({"words": codes.words, "facts": codes.facts, "places": codes.places}, ensure_ascii=False)
    arrays = dict(weights) | {ABOUT: numpy.frombuffer(about.encode(), dtype=numpy.uint8)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(arrays):
            held = io.BytesIO()
            numpy.save(held, arrays[name], allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), held.getvalue(), zipfile.ZIP_DEFLATED)


@attrs.frozen(kw_only=True, eq=False)
class _Coded:
    words: Any
    cues: Any
    tasks: Sequence[tuple[int, Any, Any]]


def _coded(lessons: Sequence[Lesson], codes: Codes) -> list[_Coded]:
    import torch

    from quotes.models.reader import Reader, numbered

    reader = Reader(
        words=numbered(codes.words),
        facts=tuple(map(numbered, codes.facts)),
        places=tuple(map(numbered, codes.places)),
        weights={},
    )
    found = []
    for lesson in lessons:
        cues = torch.zeros(len(lesson.words))
        for task in lesson.tasks:
            cues[task.cue] = 1.0
        tasks = [
            (
                task.cue,
                torch.from_numpy(reader.code_places(task.places)),
                torch.tensor([LABELS.index(label) for label in task.labels]),
            )
            for task in lesson.tasks
        ]
        found.append(_Coded(words=torch.from_numpy(reader.code_words(lesson.words)), cues=cues, tasks=tasks))
    return found


def _batches(coded: Sequence[_Coded], shuffle: random.Random, together: int) -> Iterator[list[int]]:
    """Places of sentences of about the same length, so many words together."""
    order = sorted(range(len(coded)), key=lambda at: len(coded[at].words) + 3 * shuffle.random())
    batch: list[int] = []
    for at in order:
        if batch and (len(batch) + 1) * len(coded[at].words) > together:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _network(codes: Codes) -> Any:
    """The network as torch trains it; its layers are those of `reader.Reader`."""
    import torch
    from torch import nn
    from torch.nn.utils.rnn import pack_sequence

    class Network(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            width = codes.vectors.shape[1]
            table = torch.cat([torch.zeros(1, width), torch.from_numpy(codes.vectors)])
            self.vectors = nn.Embedding.from_pretrained(table, freeze=True)
            self.facts = nn.ModuleList(_table(len(names) + 1, FACTS) for names in codes.facts)
            self.places = nn.ModuleList(_table(len(names) + 1, SIZES["role"]) for names in codes.places)
            size = width + FACTS * len(codes.facts)
            self.sentence = nn.LSTM(size, SIZES["sentence"], bidirectional=True)
            self.inner = nn.Linear(2 * SIZES["sentence"], SIZES["cue"])
            self.outer = nn.Linear(SIZES["cue"], 1)
            self.word = nn.Linear(2 * SIZES["sentence"], SIZES["role"])
            self.cue = nn.Linear(2 * SIZES["sentence"], SIZES["role"], bias=False)
            self.role = nn.LSTM(SIZES["role"], SIZES["label"], bidirectional=True)
            self.label = nn.Linear(2 * SIZES["label"], len(LABELS))
            self.first, self.last = (nn.Parameter(torch.zeros(len(LABELS))) for _ in range(2))
            self.following = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
            self.dropout = nn.Dropout(DROPOUT)

        def loss(self, batch: Sequence[_Coded]) -> Any:
            """Of cues and of labels, each by word."""
            words = torch.cat([each.words for each in batch])
            lengths = [len(each.words) for each in batch]
            hidden = self.both_ways(self.sentence, self.dropout(self.inputs(words)), lengths)
            shown = self.dropout(hidden)
            scores = self.outer(torch.relu(self.inner(shown)))[:, 0]
            wanted = torch.cat([each.cues for each in batch])
            loss = nn.functional.binary_cross_entropy_with_logits(scores, wanted, reduction="sum") / len(words)
            tasks = [(at, *task) for at, each in enumerate(batch) for task in each.tasks]
            return loss + self.loss_of_labels(shown.split(lengths), tasks) if tasks else loss

        def loss_of_labels(self, hidden: Sequence[Any], tasks: Sequence[tuple[int, int, Any, Any]]) -> Any:
            tasks = sorted(tasks, key=lambda task: -len(task[3]))
            lengths = [len(task[3]) for task in tasks]
            inputs = self.word(torch.cat([hidden[at] for at, *_ in tasks]))
            cues = self.cue(torch.stack([hidden[at][cue] for at, cue, *_ in tasks]))
            inputs = inputs + cues.repeat_interleave(torch.tensor(lengths), dim=0)
            codes_ = torch.cat([places for _, _, places, _ in tasks])
            for at, table in enumerate(self.places):
                inputs = inputs + table(codes_[:, at])
            read = self.both_ways(self.role, self.dropout(torch.tanh(inputs)), lengths)
            scores = self.label(self.dropout(read)).split(lengths)
            return self.surprise(scores, [task[3] for task in tasks]) / sum(lengths)

        def surprise(self, scores: Sequence[Any], labels: Sequence[Any]) -> Any:
            """The negative log-likelihood of all sequences of labels, which come longest first."""
            padded = nn.utils.rnn.pad_sequence(scores)
            mask = nn.utils.rnn.pad_sequence([torch.ones(len(each), dtype=torch.bool) for each in labels])
            wanted = nn.utils.rnn.pad_sequence(labels)
            steps = padded.gather(2, wanted.unsqueeze(2))[:, :, 0].masked_fill(~mask, 0).sum()
            moves = self.following[wanted[:-1], wanted[1:]].masked_fill(~mask[1:], 0).sum()
            ends = self.first[wanted[0]].sum() + self.last[torch.stack([each[-1] for each in labels])].sum()
            total = padded[0] + self.first
            for now, real in zip(padded[1:], mask[1:], strict=True):
                after = torch.logsumexp(total.unsqueeze(2) + self.following, dim=1) + now
                total = torch.where(real.unsqueeze(1), after, total)
            return torch.logsumexp(total + self.last, dim=1).sum() - steps - moves - ends

        def inputs(self, words: Any) -> Any:
            forms = words[:, 0]
            if self.training:
                forms = forms.masked_fill(torch.rand(len(forms)) < FORGOTTEN, UNKNOWN)
            return torch.cat([self.vectors(forms), *(f(words[:, n + 1]) for n, f in enumerate(self.facts))], dim=1)

        def both_ways(self, layer: Any, inputs: Any, lengths: Sequence[int]) -> Any:
            packed, _ = layer(pack_sequence(inputs.split(lengths), enforce_sorted=False))
            padded, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
            return torch.cat([row[:length] for row, length in zip(padded, lengths, strict=True)])

        def named_weights(self) -> dict[str, Any]:
            """The weights by the names under which the reader knows them."""
            found = {
                "vectors": self.vectors.weight,
                "cue.inner": self.inner.weight.T,
                "cue.inner_bias": self.inner.bias,
                "cue.outer": self.outer.weight.T,
                "cue.outer_bias": self.outer.bias,
                "role.word": self.word.weight.T,
                "role.bias": self.word.bias,
                "role.cue": self.cue.weight.T,
                "label.outer": self.label.weight.T,
                "label.bias": self.label.bias,
                "label.first": self.first,
                "label.last": self.last,
                "label.following": self.following,
            }
            found |= {f"fact.{at}": each.weight for at, each in enumerate(self.facts)}
            found |= {f"place.{at}": each.weight for at, each in enumerate(self.places)}
            for name, layer in (("sentence", self.sentence), ("role", self.role)):
                for way, suffix in ((1, ""), (-1, "_reverse")):
                    found |= _memory(f"{name}.{way}", layer, suffix)
            return {name: each.detach().half().contiguous().numpy() for name, each in found.items()}

    def _table(size: int, width: int) -> Any:
        table = nn.Embedding(size, width)
        nn.init.normal_(table.weight, std=0.2)
        return table

    def _memory(name: str, layer: Any, suffix: str) -> dict[str, Any]:
        """A direction's weights with its gates in the order in which the reader takes them: in, keep, out, new."""
        size = layer.hidden_size
        order = torch.cat([torch.arange(size), torch.arange(size, 2 * size), torch.arange(3 * size, 4 * size)])
        order = torch.cat([order, torch.arange(2 * size, 3 * size)])
        part = {key: getattr(layer, f"{key}_l0{suffix}")[order] for key in ("weight_ih", "weight_hh")}
        bias = getattr(layer, f"bias_ih_l0{suffix}") + getattr(layer, f"bias_hh_l0{suffix}")
        return {
            f"{name}.input": part["weight_ih"].T,
            f"{name}.state": part["weight_hh"].T,
            f"{name}.bias": bias[order],
        }

    return Network()
