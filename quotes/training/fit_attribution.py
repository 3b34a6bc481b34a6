"""The second part of the network's training: attributions beside treebanks and entities, from where the first ended.

    python -m quotes.training.fit_attribution RUN

RUN is a JSON file of what `Plan` holds. The tagger (`quotes/models/tagger.py`) is trained together with the encoder
whose vectors it reads. A checkpoint holds all that is needed to go on, as in `fit_network.py`.
"""

from __future__ import annotations

import io
import json
import logging
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from quotes.models.encoder import MASK
from quotes.models.network import TASKS, save
from quotes.models.tagger import ABOUT, LABELS, numbered
from quotes.models.windows import cut
from quotes.training import examples, fit_network
from quotes.training.examples import Example, Mixing, altered, batches
from quotes.training.fit_network import Stream

SIZES = {"fact": 10, "word": 200, "cue": 64, "role": 96, "label": 64}
RARE = 3
logger = logging.getLogger("quotes.training")


@attrs.frozen(kw_only=True)
class Plan:
    """A run. network: the plan of the first part, whose checkpoint this one begins with; lessons: a file of
    `quotes.attribute.train.write_lessons`; settings: `[attribution]` of train.toml; tagger: the file of its weights."""

    network: dict[str, Any]
    lessons: str
    settings: dict[str, Any]
    folder: str
    out: str
    tagger: str


@attrs.frozen(kw_only=True)
class Task:
    """A cue of a sentence: its word, codes of how each word stands to it (words, kinds), and each word's label."""

    cue: int
    places: Tensor
    labels: Tensor


@attrs.frozen(kw_only=True)
class Lesson:
    """A sentence: codes of its words' facts (words, kinds), which words are cues, and its tasks."""

    facts: Tensor
    cues: Tensor
    tasks: tuple[Task, ...]


class CueTaggerNetwork(nn.Module):  # type: ignore[misc]  # torch has no types
    """The tagger as torch trains it; its layers are those of `quotes.models.tagger.CueTagger`."""

    def __init__(self, size: int, facts: Sequence[int], places: Sequence[int], dropout: float) -> None:
        super().__init__()
        self.facts = nn.ModuleList(_table(count + 1, SIZES["fact"]) for count in facts)
        self.places = nn.ModuleList(_table(count + 1, SIZES["role"]) for count in places)
        self.sentence = nn.Linear(size + SIZES["fact"] * len(facts), SIZES["word"])
        self.inner, self.outer = nn.Linear(SIZES["word"], SIZES["cue"]), nn.Linear(SIZES["cue"], 1)
        self.word = nn.Linear(SIZES["word"], SIZES["role"])
        self.cue = nn.Linear(SIZES["word"], SIZES["role"], bias=False)
        self.role = nn.LSTM(SIZES["role"], SIZES["label"], bidirectional=True)
        self.label = nn.Linear(2 * SIZES["label"], len(LABELS))
        self.first, self.last = (nn.Parameter(torch.zeros(len(LABELS))) for _ in range(2))
        self.following = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
        self.dropout = nn.Dropout(dropout)

    def hidden(self, vectors: Tensor, facts: Tensor) -> Tensor:
        """What stands for each word, (words, SIZES["word"])."""
        seen = [table(facts[:, at]) for at, table in enumerate(self.facts)]
        return torch.tanh(self.sentence(self.dropout(torch.cat([vectors, *seen], dim=1))))

    def cues(self, hidden: Tensor) -> Tensor:
        return self.outer(torch.relu(self.inner(hidden)))[:, 0]

    def scores(self, hidden: Sequence[Tensor], tasks: Sequence[tuple[int, Task]]) -> tuple[Tensor, ...]:
        """Scores of labels for the words of each task's sentence."""
        lengths = [len(task.labels) for _, task in tasks]
        inputs = self.word(torch.cat([hidden[at] for at, _ in tasks]))
        cues = self.cue(torch.stack([hidden[at][task.cue] for at, task in tasks]))
        inputs = inputs + cues.repeat_interleave(torch.tensor(lengths, device=cues.device), dim=0)
        places = torch.cat([task.places for _, task in tasks])
        for at, table in enumerate(self.places):
            inputs = inputs + table(places[:, at])
        shown = self.dropout(torch.tanh(inputs)).split(lengths)
        packed, _ = self.role(nn.utils.rnn.pack_sequence(shown, enforce_sorted=False))
        padded, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        rows = torch.cat([row[:length] for row, length in zip(padded, lengths, strict=True)])
        found: tuple[Tensor, ...] = self.label(self.dropout(rows)).split(lengths)
        return found

    def loss(self, vectors: Tensor, lessons: Sequence[Lesson]) -> Tensor:
        """Of cues and of labels, each by word."""
        device = vectors.device
        hidden = self.dropout(self.hidden(vectors, torch.cat([each.facts for each in lessons]).to(device)))
        wanted = torch.cat([each.cues for each in lessons]).to(device)
        loss = functional.binary_cross_entropy_with_logits(self.cues(hidden), wanted, reduction="sum") / len(wanted)
        tasks = [(at, _on(task, device)) for at, each in enumerate(lessons) for task in each.tasks]
        if not tasks:
            return loss
        tasks.sort(key=lambda pair: -len(pair[1].labels))
        scores = self.scores(hidden.split([len(each.cues) for each in lessons]), tasks)
        labels = [task.labels for _, task in tasks]
        return loss + self._surprise(scores, labels) / sum(map(len, labels))

    def _surprise(self, scores: Sequence[Tensor], labels: Sequence[Tensor]) -> Tensor:
        """The negative log-likelihood of all sequences of labels, which come longest first."""
        padded, wanted = nn.utils.rnn.pad_sequence(list(scores)), nn.utils.rnn.pad_sequence(list(labels))
        mask = nn.utils.rnn.pad_sequence([torch.ones_like(each, dtype=torch.bool) for each in labels])
        steps = padded.gather(2, wanted.unsqueeze(2))[:, :, 0].masked_fill(~mask, 0).sum()
        moves = self.following[wanted[:-1], wanted[1:]].masked_fill(~mask[1:], 0).sum()
        ends = self.first[wanted[0]].sum() + self.last[torch.stack([each[-1] for each in labels])].sum()
        total = padded[0] + self.first
        for now, real in zip(padded[1:], mask[1:], strict=True):
            after = torch.logsumexp(total.unsqueeze(2) + self.following, dim=1) + now
            total = torch.where(real.unsqueeze(1), after, total)
        return torch.logsumexp(total + self.last, dim=1).sum() - steps - moves - ends

    def named_weights(self) -> dict[str, Any]:
        """The weights by the names under which the tagger knows them, in 16 bits."""
        found = {
            "sentence.input": self.sentence.weight.T,
            "sentence.bias": self.sentence.bias,
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
        for way, suffix in ((1, ""), (-1, "_reverse")):
            found |= _memory(f"role.{way}", self.role, suffix)
        return {name: each.detach().cpu().half().contiguous().numpy() for name, each in found.items()}


def save_tagger(weights: dict[str, Any], names: dict[str, list[list[str]]], path: Path) -> None:
    """Writes a file that `tagger.load` reads: the same weights give the same bytes."""
    about = json.dumps(names, ensure_ascii=False)
    arrays = weights | {ABOUT: np.frombuffer(about.encode(), dtype=np.uint8)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(arrays):
            held = io.BytesIO()
            np.save(held, arrays[name], allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), held.getvalue(), zipfile.ZIP_DEFLATED)


def _table(size: int, width: int) -> nn.Embedding:
    table = nn.Embedding(size, width)
    nn.init.normal_(table.weight, std=0.2)
    return table


def _on(task: Task, device: torch.device) -> Task:
    return attrs.evolve(task, places=task.places.to(device), labels=task.labels.to(device))


def _memory(name: str, layer: nn.LSTM, suffix: str) -> dict[str, Tensor]:
    """A direction's weights with its gates in the order in which the tagger takes them: in, keep, out, new."""
    size = layer.hidden_size
    order = torch.cat([torch.arange(2 * size), torch.arange(3 * size, 4 * size), torch.arange(2 * size, 3 * size)])
    inputs, state = (getattr(layer, f"{key}_l0{suffix}")[order] for key in ("weight_ih", "weight_hh"))
    bias = getattr(layer, f"bias_ih_l0{suffix}") + getattr(layer, f"bias_hh_l0{suffix}")
    return {f"{name}.input": inputs.T, f"{name}.state": state.T, f"{name}.bias": bias[order]}


class Learner(fit_network.Learner):
    """The first part's learner with the tagger and its lessons."""

    tasks = TASKS

    def __init__(self, plan: Plan) -> None:
        first = fit_network.Plan(**plan.network)
        super().__init__(first)
        state = torch.load(Path(first.folder) / fit_network.CHECKPOINT, map_location="cpu", weights_only=True)
        weights = state["network"]
        mix = torch.zeros_like(self.network.mix)
        mix[: len(weights["mix"])] = weights["mix"]
        self.network.load_state_dict(weights | {"mix": mix})
        steps = sum(each["steps"] for each in plan.settings["rounds"])
        self.own, self.settings = plan, first.settings | plan.settings | {"steps": steps}
        self.names: dict[str, list[list[str]]] = {}
        self.lessons: list[Lesson] = []
        texts = self._read_lessons(Path(plan.lessons))
        torch.manual_seed(first.seed)
        self.tagger = CueTaggerNetwork(
            self.network.settings["encoder"]["size"],
            [len(names) for names in self.names["facts"]],
            [len(names) for names in self.names["places"]],
            self.settings["dropout"],
        ).to(first.device)
        self.streams["attribution"] = Stream("attribution", texts, self.mixing, self.settings["batch"], first.seed)
        groups = self._groups()
        rate = self.settings["tagger_rate"]
        groups.append({"params": list(self.tagger.parameters()), "lr": rate, "base": rate})
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)

    def _read_lessons(self, path: Path) -> list[list[Example]]:
        """The articles as examples, each of which names its lesson by its place; held-back ones are the dev data."""
        articles = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        learnt = [sentence for each in articles if not each["held"] for sentence in each["sentences"]]
        self.names = {
            "facts": _frequent(row for each in learnt for row in each["facts"]),
            "places": _frequent(row for each in learnt for task in each["tasks"] for row in task["places"]),
        }
        texts: list[list[Example]] = []
        self.dev["attribution"] = []
        for article in articles:
            text = [each for sentence in article["sentences"] if (each := self._example(sentence)) is not None]
            (self.dev["attribution"] if article["held"] else texts).append(text)
        return texts

    def _example(self, sentence: dict[str, Any]) -> Example | None:
        spans = cut(sentence["words"], self.pieces)
        if len(spans) != 1:
            return None
        known = {name: [numbered(each) for each in kinds] for name, kinds in self.names.items()}
        cues = torch.zeros(len(sentence["words"]))
        tasks = []
        for task in sentence["tasks"]:
            cues[task["cue"]] = 1.0
            labels = torch.tensor([LABELS.index(label) for label in task["labels"]])
            tasks.append(Task(cue=task["cue"], places=_codes(known["places"], task["places"]), labels=labels))
        lesson = Lesson(facts=_codes(known["facts"], sentence["facts"]), cues=cues, tasks=tuple(tasks))
        self.lessons.append(lesson)
        return Example(span=spans[0], labels={"lesson": (len(self.lessons) - 1,)})

    def _round(self) -> tuple[dict[str, Any], int]:
        """The settings of the round that the next step belongs to, and the number of its steps that are done."""
        done = self.step
        for each in self.settings["rounds"][:-1]:
            if done < each["steps"]:
                return each, done
            done -= each["steps"]
        return self.settings["rounds"][-1], done

    def _schedule(self) -> float:
        """As in the first part, anew in each round: warm restarts (Loshchilov and Hutter, ICLR 2017)."""
        own, done = self._round()
        return fit_network.schedule(done, own["steps"], self.settings["warmup"])

    def _draw(self) -> examples.Task:
        draw, own = self.chance.random(), self._round()[0]
        if draw < own["attribution"]:
            return "attribution"
        return "entities" if draw < own["attribution"] + own["entities"] else "tree"

    def _loss(self, task: Any, groups: Sequence[Sequence[Example]]) -> Tensor:
        if task != "attribution":
            return super()._loss(task, groups)
        mask = self.pieces.ids[MASK]
        shown = [altered([each.span for each in group], self.mixing, mask, self.chance) for group in groups]
        vectors = self.network.words(self._read(shown), "attribution")
        return self.tagger.loss(vectors, [self._lesson(each) for group in groups for each in group])

    def _lesson(self, example: Example) -> Lesson:
        return self.lessons[example.labels["lesson"][0]]

    def measure(self) -> dict[str, float]:
        self.tagger.eval()
        found = super().measure()
        with torch.inference_mode():
            found |= self._measure_tagger()
        self.tagger.train()
        return found

    def _measure_tagger(self) -> dict[str, float]:
        """On the articles held back: the F1 of cues, and for known cues how often source and content are exact."""
        counts: Counter[str] = Counter()
        plain = Mixing(shares={254: 1.0}, hidden=0.0, capitals=0.0, small=0.0)
        for groups in batches(self.dev["attribution"], plain, self.settings["batch"], random.Random(0)):
            vectors = self.network.words(self._read([[each.span for each in group] for group in groups]), "attribution")
            lessons = [self._lesson(each) for group in groups for each in group]
            hidden = self.tagger.hidden(vectors, torch.cat([each.facts for each in lessons]).to(vectors.device))
            likely, wanted = self.tagger.cues(hidden) > 0, torch.cat([each.cues for each in lessons]).to(hidden) > 0
            counts.update(found=int(likely.sum()), gold=int(wanted.sum()), both=int((likely & wanted).sum()))
            tasks = [(at, _on(task, hidden.device)) for at, each in enumerate(lessons) for task in each.tasks]
            if not tasks:
                continue
            scores = self.tagger.scores(hidden.split([len(each.cues) for each in lessons]), tasks)
            for (_, task), own in zip(tasks, scores, strict=True):
                labels = self._best(own)
                right = {
                    part: _words_of(labels, part) == _words_of(task.labels.tolist(), part)
                    for part in ("source", "content")
                }
                counts.update(tasks=1, **right, both_parts=all(right.values()))
        tasks_ = max(1, counts["tasks"])
        return {
            "cues": round(200 * counts["both"] / max(1, counts["found"] + counts["gold"]), 2),
            **{name: round(100 * counts[name] / tasks_, 2) for name in ("source", "content", "both_parts")},
        }

    def _best(self, scores: Tensor) -> list[int]:
        """The likeliest labels of a sentence (Viterbi)."""
        best, back = scores[0] + self.tagger.first, []
        for now in scores[1:]:
            top, place = (best.unsqueeze(1) + self.tagger.following).max(0)
            back.append(place)
            best = top + now
        found = [int((best + self.tagger.last).argmax())]
        for place in reversed(back):
            found.append(int(place[found[-1]]))
        return found[::-1]

    def state(self) -> dict[str, Any]:
        return super().state() | {"tagger": self.tagger.state_dict()}

    def take_up(self, state: dict[str, Any]) -> None:
        super().take_up(state)
        self.tagger.load_state_dict(state["tagger"])

    @property
    def folder(self) -> Path:
        return Path(self.own.folder)


def _frequent(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """For each kind of fact the names that occur RARE times or more."""
    counts: list[Counter[str]] = []
    for row in rows:
        counts = counts or [Counter() for _ in row]
        for count, name in zip(counts, row, strict=True):
            count[name] += 1
    return [sorted(name for name, times in count.items() if times >= RARE) for count in counts]


def _codes(known: Sequence[dict[str, int]], rows: Sequence[Sequence[str]]) -> Tensor:
    return torch.tensor([[codes[name] for codes, name in zip(known, row, strict=True)] for row in rows])


def _words_of(labels: Sequence[int], part: str) -> set[int]:
    return {at for at, label in enumerate(labels) if LABELS[label].endswith(f"-{part}")}


def fit(plan: Plan) -> dict[str, float]:
    """Trains to the last step, writes network and tagger, and returns the scores on what was held back."""
    learner = Learner(plan)
    scores = fit_network.run(learner)
    learner.network.cpu()
    save(learner.network, learner.pieces, Path(plan.out), half=learner.plan.half)
    save_tagger(learner.tagger.named_weights(), learner.names, Path(plan.tagger))
    return scores


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    begun = time.monotonic()
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    logger.info(
        "done: %s, %.0f minutes, %d threads", fit(plan), (time.monotonic() - begun) / 60, torch.get_num_threads()
    )


if __name__ == "__main__":
    main()
