"""The tokenizer's training: Stanza's model, data and update steps, with a learning rate that rises and falls once.

    python -m quotes.training.fit_tokenizer SCHEDULE OPTIONS…

SCHEDULE is a JSON object of what `Schedule` holds: `steps`, `rate` (the highest, of AdamW), `warmup` (the share of the
steps until then), `average` (the decay of a moving average of the weights, which is what is saved) and so on; OPTIONS
those of Stanza's trainer. Stanza's own loop keeps the rate and waits for a plateau, which costs more steps than two
cores have time for. Every `eval_interval` steps the average is measured on the dev file, and all that is needed to go
on is kept.
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
logger = logging.getLogger("stanza")


@attrs.frozen(kw_only=True)
class Schedule:
    """steps: of each cycle in turn, which is a rise and fall of the rate, half as high as the one before."""

    steps: Sequence[int]
    rate: float
    warmup: float = 0.1
    average: float = 0.995
    weight_decay: float = 1e-4
    eval_interval: int = 200


@attrs.frozen(kw_only=True)
class Fitting:
    """What a schedule needs of a model.

    trainer: Stanza's, with `model`, `update(batch)` and `save(path)`; batches: without end; use: gives the
    trainer another optimizer; measure: the model's score on the dev file, the more the better.
    """

    trainer: Any
    batches: Iterator[Any]
    use: Callable[[Any], None]
    measure: Callable[[], float]


def open_tokenizer(options: Sequence[str]) -> Fitting:
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
        loss += float(trainer.update(next(fitting.batches)))
        since += 1
        rates.step()
        average.update_parameters(weights)
        if step % schedule.eval_interval == 0 or step == steps:
            pace = (time.monotonic() - start) / (step - begun)
            with _in_place(average.module.parameters(), learnt):
                score = fitting.measure()
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


def main() -> None:
    schedule, *options = sys.argv[1:]
    import torch
    from stanza.models.common import utils

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    seed = int(options[options.index("--seed") + 1])
    utils.set_random_seed(seed)
    logger.info("%s, %d threads", schedule, torch.get_num_threads())
    folder = Path(options[options.index("--save_dir") + 1])
    score = fit(open_tokenizer(options), Schedule(**json.loads(schedule)), folder)
    logger.info("done: dev %.4f", score)


if __name__ == "__main__":
    main()
