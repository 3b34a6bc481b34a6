"""Training by a schedule: Stanza's own models, data and update steps, with a learning rate that rises and falls once.

    python -m quotes.training.fit PART SCHEDULE OPTIONS…

PART is tokenize, pos, depparse or ner; SCHEDULE a JSON object of what `Schedule` holds: `steps`, `rate` (the highest,
of AdamW), `warmup` (the share of the steps until then), `average` (the decay of a moving average of the weights,
which is what is saved) and so on; OPTIONS those of Stanza's trainer. Stanza's own loops keep the rate and wait for a
plateau, which costs more steps than two cores have time for. Every `eval_interval` steps the average is measured on
the dev file, and all that is needed to go on is kept.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from quotes.models import FILE

CHECKPOINT = "cycle-{}.pt"
EARLY = "early.pt"
logger = logging.getLogger("stanza")


@attrs.frozen(kw_only=True)
class Schedule:
    """steps: of each cycle in turn, which is a rise and fall of the rate, half as high as the one before;
    early: a step of the first at which the average is saved too, as `early.pt` (0: none)."""

    steps: Sequence[int]
    rate: float
    warmup: float = 0.1
    average: float = 0.995
    weight_decay: float = 1e-4
    eval_interval: int = 200
    early: int = 0


@attrs.frozen(kw_only=True)
class Fitting:
    """What a schedule needs of a part.

    trainer: Stanza's, with `model`, `update(batch)` and `save(path)`; batches: without end; use: gives the
    trainer another optimizer; measure: the model's score on the dev file, the more the better.
    """

    trainer: Any
    batches: Iterator[Any]
    use: Callable[[Any], None]
    measure: Callable[[], float]


def open_tokenize(options: Sequence[str]) -> Fitting:
    """The tokenizer; measured as Stanza's trainer does, by sentences, tokens and contractions together."""
    from stanza.models import tokenizer
    from stanza.models.tokenization.data import DataLoader, TokenizationDataset
    from stanza.models.tokenization.trainer import Trainer
    from stanza.models.tokenization.utils import eval_model, load_mwt_dict

    settings = tokenizer.parse_args(list(options))
    settings["feat_funcs"] = tokenizer.DEFAULT_FEAT_FUNCS
    settings |= {"feat_dim": len(settings["feat_funcs"]), "num_dict_feat": 0}
    contractions = load_mwt_dict(settings["mwt_json_file"])
    files = {"txt": settings["txt_file"], "label": settings["label_file"]}
    training = DataLoader(
        settings, input_files=files, mwt_expansions={word: found[0] for word, found in contractions.items()}
    )
    settings |= {"vocab_size": len(training.vocab), "use_mwt": training.has_mwt()}
    trainer = Trainer(args=settings, vocab=training.vocab, device=settings["device"])
    files = {"txt": settings["dev_txt_file"], "label": settings["dev_label_file"]}
    held_out = TokenizationDataset(settings, input_files=files, vocab=training.vocab, evaluation=True)

    def batches() -> Iterator[Any]:
        while True:
            for _ in range(settings["shuffle_steps"]):
                yield training.next(
                    unit_dropout=settings["unit_dropout"], feat_unit_dropout=settings["feat_unit_dropout"]
                )
            training.shuffle()

    def measure() -> float:
        return float(eval_model(settings, trainer, held_out, training.vocab, contractions))

    def use(optimizer: Any) -> None:
        trainer.optimizer = optimizer

    return Fitting(trainer=trainer, batches=batches(), use=use, measure=measure)


def open_pos(options: Sequence[str]) -> Fitting:
    """The tagger; measured by the share of words with all tags right."""
    from stanza.models import tagger
    from stanza.models.common import utils
    from stanza.models.common.doc import FEATS, UPOS, XPOS
    from stanza.models.pos.data import Dataset
    from stanza.models.pos.trainer import Trainer
    from stanza.utils.conll import CoNLL

    settings = tagger.parse_args(list(options))
    pretrain = tagger.load_pretrain(settings)
    settings["word_cutoff"] = utils.update_word_cutoff(pretrain, settings["word_cutoff"])
    vocab, _, batches = tagger.load_training_data(settings, pretrain)
    trainer = Trainer(args=settings, vocab=vocab, pretrain=pretrain, device=settings["device"])
    document = CoNLL.conll2doc(input_file=settings["eval_file"])
    gold = [[tag or "_" for tag in word] for word in document.get([UPOS, XPOS, FEATS])]
    held_out = Dataset(document, settings, pretrain, vocab=vocab, evaluation=True, sort_during_eval=True)
    held_out = held_out.to_loader(batch_size=settings["batch_size"])

    def measure() -> float:
        found: list[Any] = []
        places: list[int] = []
        for batch in held_out:
            found += trainer.predict(batch)
            places.extend(batch.idx)
        words = [list(word) for sentence in utils.unsort(found, places) for word in sentence]
        return _share(words, gold)

    def use(optimizer: Any) -> None:
        trainer.optimizers = {"general_optimizer": optimizer}

    return Fitting(trainer=trainer, batches=_again(batches), use=use, measure=measure)


def open_depparse(options: Sequence[str]) -> Fitting:
    """The parser; measured by the share of words with head and relation right, on the dev file's own tags."""
    from stanza.models import parser
    from stanza.models.common import utils
    from stanza.models.common.doc import DEPREL, HEAD
    from stanza.models.depparse.data import DataLoader, InfiniteBatch
    from stanza.models.depparse.trainer import GraphTrainer
    from stanza.models.depparse.utils import predict_dataset
    from stanza.utils.conll import CoNLL

    settings = parser.parse_args(list(options))
    pretrain = parser.load_pretrain(settings)
    settings["word_cutoff"] = utils.update_word_cutoff(pretrain, settings["word_cutoff"])
    document = CoNLL.conll2doc(input_file=settings["train_file"])
    training = DataLoader(document, settings["batch_size"], settings, pretrain, evaluation=False)
    trainer = GraphTrainer(args=settings, vocab=training.vocab, pretrain=pretrain, device=settings["device"])
    held_out_document = CoNLL.conll2doc(input_file=settings["eval_file"])
    gold = [[int(head), deprel] for head, deprel in held_out_document.get([HEAD, DEPREL])]
    held_out = DataLoader(
        held_out_document,
        settings["batch_size"],
        settings,
        pretrain,
        vocab=training.vocab,
        evaluation=True,
        sort_during_eval=True,
    )

    def measure() -> float:
        found = [[int(head), deprel] for sentence in predict_dataset(trainer, held_out) for head, deprel in sentence]
        return _share(found, gold)

    def use(optimizer: Any) -> None:
        trainer.optimizer = {"general_optimizer": optimizer}

    endless = InfiniteBatch(training)
    return Fitting(trainer=trainer, batches=iter(endless.next_batch, None), use=use, measure=measure)


def open_ner(options: Sequence[str]) -> Fitting:
    """The entity tagger; measured by the F1 of entities."""
    from stanza.models import ner_tagger
    from stanza.models.common.doc import Document
    from stanza.models.ner.data import DataLoader
    from stanza.models.ner.scorer import score_by_entity
    from stanza.models.ner.trainer import Trainer

    settings = ner_tagger.parse_args(list(options))
    pretrain = ner_tagger.load_pretrain(settings)
    settings["word_emb_dim"] = pretrain.emb.shape[1]
    training, held_out = (
        Document(json.loads(Path(settings[name]).read_text(encoding="utf-8"))) for name in ("train_file", "eval_file")
    )
    batches = DataLoader(
        training, settings["batch_size"], settings, pretrain, max_batch_words=settings["max_batch_words"]
    )
    trainer = Trainer(args=settings, vocab=batches.vocab, pretrain=pretrain, device=settings["device"])
    dev = DataLoader(held_out, settings["batch_size"], settings, pretrain, vocab=batches.vocab, evaluation=True)
    gold = [[tags[trainer.args["predict_tagset"]] for tags in sentence] for sentence in dev.tags]

    def measure() -> float:
        found = [tags for batch in dev for tags in trainer.predict(batch)]
        return float(score_by_entity(found, gold, verbose=False)[2])

    def use(optimizer: Any) -> None:
        trainer.optimizer = optimizer

    return Fitting(trainer=trainer, batches=_again(batches, batches.reshuffle), use=use, measure=measure)


OPENERS = {"tokenize": open_tokenize, "pos": open_pos, "depparse": open_depparse, "ner": open_ner}


def fit(fitting: Fitting, schedule: Schedule, folder: Path) -> float:
    """Trains, saves `FILE` in the folder and returns its score; goes on from the folder's checkpoints, if any.

    What is gone on with has the same weights, rates and averages, but the batches come in another order than they
    would have in an unbroken run.
    """
    score = 0.0
    for cycle in range(len(schedule.steps)):
        score = _cycle(fitting, schedule, folder, cycle)
    fitting.trainer.save(str(folder / FILE))
    return score


def _cycle(fitting: Fitting, schedule: Schedule, folder: Path, number: int) -> float:
    """One rise and fall of the rate; afterwards the model's weights are the averages. Returns the last score."""
    import torch
    from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

    trainer, model = fitting.trainer, fitting.trainer.model
    learnt = [weight for weight in model.parameters() if weight.requires_grad]
    steps, rate = schedule.steps[number], schedule.rate / 2**number
    optimizer = torch.optim.AdamW(learnt, lr=rate, betas=(0.9, 0.98), weight_decay=schedule.weight_decay, fused=True)
    fitting.use(optimizer)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps, pct_start=schedule.warmup, cycle_momentum=False
    )
    weights = torch.nn.ParameterList(learnt)
    average = AveragedModel(weights, multi_avg_fn=get_ema_multi_avg_fn(schedule.average))
    state = {"optimizer": optimizer, "rates": rates, "average": average, "model": model}
    checkpoint = folder / CHECKPOINT.format(number)
    begun, score = _go_on(checkpoint, state)
    loss, since, start = 0.0, 0, time.monotonic()
    for step in range(begun + 1, steps + 1):
        loss += _loss(trainer.update(next(fitting.batches)))
        since += 1
        rates.step()
        average.update_parameters(weights)
        early = number == 0 and step == schedule.early
        if step % schedule.eval_interval == 0 or step == steps or early:
            pace = (time.monotonic() - start) / (step - begun)
            with _in_place(average.module.parameters(), learnt):
                score = fitting.measure()
                if early:
                    trainer.save(str(folder / EARLY))
            logger.info("cycle %d step %d: loss %.3f, %.2f s a step, dev %.4f", number, step, loss / since, pace, score)
            loss, since = 0.0, 0
            kept = {name: each.state_dict() for name, each in state.items()}
            torch.save({"step": step, "score": score} | kept, checkpoint)
    _copy(average.module.parameters(), learnt)
    return score


def _go_on(checkpoint: Path, state: dict[str, Any]) -> tuple[int, float]:
    """Loads what an earlier run left, if anything, and returns the step and the score that it had reached."""
    import torch

    if not checkpoint.is_file():
        return 0, 0.0
    kept = torch.load(checkpoint, weights_only=True)
    for name, each in state.items():
        each.load_state_dict(kept[name])
    return int(kept["step"]), float(kept["score"])


@contextmanager
def _in_place(averages: Iterable[Any], learnt: Sequence[Any]) -> Iterator[None]:
    """The averages as the model's weights, and the weights back afterwards."""
    kept = [weight.detach().clone() for weight in learnt]
    _copy(averages, learnt)
    try:
        yield
    finally:
        _copy(kept, learnt)


def _copy(values: Iterable[Any], weights: Sequence[Any]) -> None:
    for weight, value in zip(weights, values, strict=True):
        weight.data.copy_(value)


def _loss(updated: Any) -> float:
    return float(updated[0] if isinstance(updated, tuple) else updated)


def _share(found: Sequence[Any], gold: Sequence[Any]) -> float:
    return sum(bool(one == other) for one, other in zip(found, gold, strict=True)) / len(gold)


def _again(batches: Any, reshuffle: Callable[[], None] = lambda: None) -> Iterator[Any]:
    while True:
        yield from batches
        reshuffle()


def main() -> None:
    part, schedule, *options = sys.argv[1:]
    import torch
    from stanza.models.common import utils

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    seed = int(options[options.index("--seed") + 1])
    utils.set_random_seed(seed)
    logger.info("%s: %s, %d threads", part, schedule, torch.get_num_threads())
    folder = Path(options[options.index("--save_dir") + 1])
    score = fit(OPENERS[part](options), Schedule(**json.loads(schedule)), folder)
    logger.info("done: dev %.4f", score)


if __name__ == "__main__":
    main()
