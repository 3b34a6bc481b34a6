"""The network's training: encoder and heads together, on treebanks and entity data in turn.

    python -m quotes.training.fit_network RUN

RUN is a JSON file of what `Plan` holds. A checkpoint holds all that is needed to go on, so that a run that was broken
off gives what an unbroken one gives.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import torch
from torch import Tensor
from torch.nn import functional

from quotes.models.decode import entity_labels, tree
from quotes.models.encoder import MASK, WordPieces, read_base
from quotes.models.network import TASKS, Network, in_rows, save
from quotes.models.windows import batch, window
from quotes.training.examples import (
    COLUMNS,
    Example,
    Mixing,
    Task,
    Text,
    altered,
    batches,
    entity_texts,
    examples,
    treebank_texts,
    values,
    vocabulary,
)

CHECKPOINT = "checkpoint.pt"
IGNORED = -100
logger = logging.getLogger("quotes.training")


@attrs.frozen(kw_only=True)
class Plan:
    """A run. Paths as text; base: of the encoder to begin with; settings: `[network]` and `[vocabulary]` of
    train.toml; half: 16-bit weights on disk; folder: of the checkpoint; out: of the finished network."""

    base: str
    treebank: str
    treebank_dev: str
    entities: str
    entities_dev: str
    texts: list[str]
    settings: dict[str, Any]
    least: int
    seed: int
    half: bool
    device: str
    folder: str
    out: str


class Stream:
    """The batches of a task, epoch after epoch, in an order that hangs on the seed alone."""

    def __init__(self, task: Task, texts: list[list[Example]], mixing: Mixing, size: int, seed: int) -> None:
        self._task, self._texts, self._mixing, self._size, self._seed = task, texts, mixing, size, seed
        self._batches: list[list[list[Example]]] = []
        self.epoch, self.at = -1, 0

    def _make(self, epoch: int) -> list[list[list[Example]]]:
        chance = random.Random(f"{self._seed} {self._task} {epoch}")
        return list(batches(self._texts, self._mixing, self._size, chance))

    def next(self) -> list[list[Example]]:
        if self.at >= len(self._batches):
            self.epoch, self.at = self.epoch + 1, 0
            self._batches = self._make(self.epoch)
        self.at += 1
        return self._batches[self.at - 1]

    def go_to(self, epoch: int, at: int) -> None:
        self.epoch, self.at = epoch, at
        self._batches = self._make(epoch) if epoch >= 0 else []


class Learner:
    """The network with its optimizer and data: takes steps, measures itself, keeps and resumes its state."""

    tasks: tuple[str, ...] = TASKS[:3]

    def __init__(self, plan: Plan) -> None:
        self.plan, self.settings = plan, plan.settings
        torch.manual_seed(plan.seed)
        trees, entities = treebank_texts(Path(plan.treebank)), entity_texts(Path(plan.entities))
        encoder, weights, base = read_base(Path(plan.base))
        self.pieces = WordPieces(_vocabulary(plan, base, [*trees, *entities]))
        labels = {name: values(trees, name) for name in COLUMNS} | {"ner": values(entities, "ner")}
        heads = {name: self.settings[name] for name in ("hidden", "arc", "label", "dropout")}
        encoder |= {"pieces": len(self.pieces.vocabulary)}
        self.network = Network({"encoder": encoder, "heads": heads, "labels": labels, "tasks": list(self.tasks)})
        places = {piece: at for at, piece in enumerate(base)}
        weights["pieces.weight"] = weights["pieces.weight"][[places[each] for each in self.pieces.vocabulary]]
        self.network.encoder.load_state_dict(weights)
        self.network.to(plan.device)
        self.mixing = Mixing(
            shares={int(room): share for room, share in self.settings["windows"].items()},
            hidden=self.settings["hidden_words"],
            capitals=self.settings["capitals"],
            small=self.settings["small"],
        )
        texts: dict[Task, list[Text]] = {"tree": trees, "entities": entities}
        self.streams = {
            task: Stream(task, examples(own, task, labels, self.pieces), self.mixing, self.settings["batch"], plan.seed)
            for task, own in texts.items()
        }
        self.dev = {
            "tree": examples(treebank_texts(Path(plan.treebank_dev)), "tree", labels, self.pieces),
            "entities": examples(entity_texts(Path(plan.entities_dev)), "entities", labels, self.pieces),
        }
        self.chance = random.Random(f"{plan.seed} steps")
        self.step = 0
        self.optimizer = torch.optim.AdamW(self._groups(), betas=(0.9, 0.98), weight_decay=0.01, fused=True)

    def _groups(self) -> list[dict[str, Any]]:
        """Parameters with their rates: lower layers learn slower, heads faster; the table of pieces is kept."""
        rate, decay = self.settings["rate"], self.settings["layer_decay"]
        layers = len(self.network.encoder.layers)
        groups: list[dict[str, Any]] = []
        for name, weight in self.network.named_parameters():
            if name in ("encoder.pieces.weight", "encoder.positions.weight"):
                weight.requires_grad_(False)
                continue
            if not name.startswith("encoder.") or name == "encoder.shapes.weight":
                own = self.settings["head_rate"]
            else:
                depth = int(name.split(".")[2]) + 1 if name.startswith("encoder.layers.") else 0
                own = rate * decay ** (layers - depth)
            groups.append({"params": [weight], "lr": own, "base": own})
        return groups

    def take_step(self) -> tuple[Task, float]:
        """One batch of one task; returns its loss."""
        task = self._draw()
        groups = self.streams[task].next()
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * self._schedule()
        self.network.train()
        loss = self._loss(task, groups)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return task, float(loss.detach())

    def _draw(self) -> Task:
        return "entities" if self.chance.random() < self.settings["entities"] else "tree"

    def _schedule(self) -> float:
        return schedule(self.step, self.settings["steps"], self.settings["warmup"])

    def _loss(self, task: Task, groups: Sequence[Sequence[Example]]) -> Tensor:
        mask = self.pieces.ids[MASK]
        shown = [altered([each.span for each in group], self.mixing, mask, self.chance) for group in groups]
        layers = self._read(shown)
        flat = [each for group in groups for each in group]
        if task == "entities":
            lengths = [sum(len(each.span.firsts) for each in group) for group in groups]
            words = in_rows(self.network.words(layers, "entities"), lengths)
            scores = self.network.entities(words)
            gold = self._gold([[label for each in group for label in each.labels["ner"]] for group in groups])
            return functional.cross_entropy(scores.flatten(0, 1), gold.flatten(), ignore_index=IGNORED)
        tags = self.network.tagger(self.network.words(layers, "tags"))
        loss = sum(functional.cross_entropy(scores, self._column(flat, name)) for name, scores in tags.items())
        lengths = [len(each.span.firsts) for each in flat]
        words = in_rows(self.network.words(layers, "trees"), lengths)
        arcs, dependents, heads = self.network.parser(words)
        gold = self._gold([each.labels["head"] for each in flat])
        arcs = arcs.masked_fill(_beyond(lengths, arcs), -1e4)
        chosen = self.network.parser.label(dependents, heads, gold.clamp(min=0))
        relations = self._gold([each.labels["deprel"] for each in flat])
        loss = loss + functional.cross_entropy(arcs.flatten(0, 1), gold.flatten(), ignore_index=IGNORED)
        return loss + functional.cross_entropy(chosen.flatten(0, 1), relations.flatten(), ignore_index=IGNORED)

    def _read(self, groups: Sequence[Sequence[Any]]) -> Tensor:
        windows = [window(group, self.pieces) for group in groups]
        return self.network.read(batch(windows, self.pieces, self.plan.device))

    def _column(self, flat: Sequence[Example], name: str) -> Tensor:
        return torch.tensor([value for each in flat for value in each.labels[name]], device=self.plan.device)

    def _gold(self, rows: Sequence[Sequence[int]]) -> Tensor:
        longest = max(map(len, rows))
        padded = [[*row, *[IGNORED] * (longest - len(row))] for row in rows]
        return torch.tensor(padded, device=self.plan.device)

    def measure(self) -> dict[str, float]:
        """Scores on the dev files, on their own words: shares of words in percent, and the F1 of entities."""
        self.network.eval()
        with torch.inference_mode():
            return self._measure_trees() | self._measure_entities()

    def _dev(self, task: Task) -> Iterator[list[list[Example]]]:
        plain = Mixing(shares={254: 1.0}, hidden=0.0, capitals=0.0, small=0.0)
        yield from batches(self.dev[task], plain, self.settings["batch"], random.Random(0))

    def _measure_trees(self) -> dict[str, float]:
        right = dict.fromkeys(("upos", "xpos", "feats", "ends", "uas", "las"), 0)
        total = 0
        for groups in self._dev("tree"):
            layers = self._read([[each.span for each in group] for group in groups])
            flat = [each for group in groups for each in group]
            for name, scores in self.network.tagger(self.network.words(layers, "tags")).items():
                right[name] += int((scores.argmax(1) == self._column(flat, name)).sum())
            lengths = [len(each.span.firsts) for each in flat]
            arcs, dependents, heads = self.network.parser(in_rows(self.network.words(layers, "trees"), lengths))
            chosen = [tree(arcs[at, :n, : n + 1].cpu().numpy()) for at, n in enumerate(lengths)]
            labels = self.network.parser.label(dependents, heads, self._gold(chosen).clamp(min=0)).argmax(2).tolist()
            for example, own, given in zip(flat, chosen, labels, strict=True):
                total += len(own)
                for head, other, label, relation in zip(
                    own, example.labels["head"], given, example.labels["deprel"], strict=False
                ):
                    right["uas"] += head == other
                    right["las"] += head == other and label == relation
        return {name: round(100 * count / max(1, total), 2) for name, count in right.items()}

    def _measure_entities(self) -> dict[str, float]:
        names = self.network.settings["labels"]["ner"]
        found = wanted = both = 0
        for groups in self._dev("entities"):
            layers = self._read([[each.span for each in group] for group in groups])
            lengths = [sum(len(each.span.firsts) for each in group) for group in groups]
            scores = self.network.entities(in_rows(self.network.words(layers, "entities"), lengths)).cpu().numpy()
            for group, row in zip(groups, scores, strict=True):
                at = 0
                for example in group:
                    words = len(example.span.firsts)
                    own = _entities(entity_labels(row[at : at + words], names))
                    gold = _entities([names[label] for label in example.labels["ner"]])
                    at += words
                    found, wanted, both = found + len(own), wanted + len(gold), both + len(own & gold)
        return {"entities": round(200 * both / max(1, found + wanted), 2)}

    @property
    def folder(self) -> Path:
        return Path(self.plan.folder)

    def keep(self) -> None:
        """Writes the checkpoint; an unfinished one never stands in its place."""
        unfinished = self.folder / f"{CHECKPOINT}.tmp"
        torch.save(self.state(), unfinished)
        unfinished.replace(self.folder / CHECKPOINT)

    def state(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "torch": torch.get_rng_state(),
            "chance": json.dumps(self.chance.getstate()),
            "streams": {name: [stream.epoch, stream.at] for name, stream in self.streams.items()},
        }

    def go_on(self) -> None:
        """Takes up the folder's checkpoint, if there is one."""
        path = self.folder / CHECKPOINT
        if path.is_file():
            self.take_up(torch.load(path, map_location="cpu", weights_only=True))

    def take_up(self, state: dict[str, Any]) -> None:
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["torch"])
        version, inner, gauss = json.loads(state["chance"])
        self.chance.setstate((version, tuple(inner), gauss))
        for task, stream in self.streams.items():
            stream.go_to(*state["streams"][task])


def schedule(step: int, steps: int, warmup: float) -> float:
    """The share of the highest rate at a step: up in a straight line for a share of the steps, then down to nothing."""
    done = step / steps
    return min(1.0, (done + 1 / steps) / warmup, (1 - done) / (1 - warmup))


def fit(plan: Plan) -> dict[str, float]:
    """Trains to the last step, writes the network and returns its scores on the dev files."""
    learner = Learner(plan)
    scores = run(learner)
    learner.network.cpu()
    save(learner.network, learner.pieces, Path(plan.out), half=plan.half)
    return scores


def run(learner: Learner) -> dict[str, float]:
    """Trains to the last step from the learner's checkpoint, if there is one; its scores on the dev files."""
    learner.go_on()
    settings = learner.settings
    steps, interval = settings["steps"], settings["interval"]
    losses: dict[str, list[float]] = {}
    start, begun = time.monotonic(), learner.step
    scores: dict[str, float] = {}
    while learner.step < steps:
        task, loss = learner.take_step()
        losses.setdefault(task, []).append(loss)
        if learner.step % 50 == 0:
            means = {name: round(sum(each) / len(each), 3) for name, each in losses.items()}
            epochs = {name: stream.epoch for name, stream in learner.streams.items()}
            pace = (time.monotonic() - start) / (learner.step - begun)
            logger.info("step %d: loss %s, epoch %s, %.2f s a step", learner.step, means, epochs, pace)
            losses = {}
        if learner.step % settings["keep"] == 0 or learner.step == steps:
            learner.keep()
        if learner.step % interval == 0 or learner.step == steps:
            scores = learner.measure()
            logger.info("step %d: dev %s", learner.step, scores)
    return scores


def _vocabulary(plan: Plan, base: list[str], texts: Sequence[Text]) -> list[str]:
    words = [[word.text for word in sentence] for text in texts for sentence in text]
    lines = [line.split() for path in plan.texts for line in Path(path).read_text("utf-8", "replace").splitlines()]
    return vocabulary(base, [*words, *(line for line in lines if line)], plan.least)


def _beyond(lengths: Sequence[int], arcs: Tensor) -> Tensor:
    """Which heads are padding, (sentences, 1, 1 + words)."""
    places = torch.arange(arcs.shape[2], device=arcs.device)
    return (places[None, :] > torch.tensor(lengths, device=arcs.device)[:, None])[:, None, :]


def _entities(labels: Sequence[str]) -> set[tuple[int, int, str]]:
    """Start, end and class of every entity that BIOES labels tell."""
    found: set[tuple[int, int, str]] = set()
    start = 0
    for at, label in enumerate(labels):
        if label[0] in "BS":
            start = at
        if label[0] in "ES":
            found.add((start, at + 1, label[2:]))
    return found


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    logger.info("done: %s, %d threads", fit(plan), torch.get_num_threads())


if __name__ == "__main__":
    main()
