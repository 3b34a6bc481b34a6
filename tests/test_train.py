"""The recipe, tried on a toy: a dozen sentences, sizes that train in half a minute on one core."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from toy_base import base_model

from quotes import models
from quotes.errors import ModelError
from quotes.training import fit_tokenizer as fit
from quotes.training import recipe as train

TOY = Path(__file__).parent / "toy"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base_model(tmp_path_factory.mktemp("base") / "bert")


def begin(base: Path | None, out: Path, **options: object) -> models.ModelSet:
    text = [TOY / "text"]
    return train.train(TOY, out, base=base, text=text, config=TOY / "toy.toml", device="cpu", **options)  # type: ignore[arg-type]


def test_data_leaves_held_out_text_aside(base: Path) -> None:
    found = train.find_data(TOY, base, [TOY / "text"])
    assert found.base == base
    assert [path.name for path in found.treebanks] == ["toy-train.conllu"]
    assert [path.name for path in found.treebanks_dev] == ["toy-dev.conllu"]
    assert [path.name for path in found.entities] == ["toy.train.json"]
    assert [path.name for path in found.entities_dev] == ["toy.dev.json"]
    assert [path.name for path in found.texts] == ["harbour.txt"]


def test_held_out_folder_is_refused(base: Path) -> None:
    with pytest.raises(ModelError, match=r"No \.txt files to learn from"):
        train.find_data(TOY, base, [TOY / "text" / "dev"])


def test_missing_data_are_named(base: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        train.find_data(tmp_path, base)
    assert "ud/*-train.conllu" in caught.value.message
    assert "ner/*.train.json" in caught.value.hint


def test_folder_in_use_is_refused(base: Path, tmp_path: Path) -> None:
    (tmp_path / "something").write_text("mine", encoding="utf-8")
    with pytest.raises(ModelError, match="is not empty") as caught:
        begin(base, tmp_path)
    assert "--resume" in caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


def test_resuming_with_other_sizes_is_refused(base: Path, tmp_path: Path) -> None:
    (tmp_path / "train.toml").write_text("seed = 1\n", encoding="utf-8")
    with pytest.raises(ModelError, match="begun with other sizes"):
        begin(base, tmp_path, resume=True)


@pytest.mark.parametrize(("text", "said"), [("seed = ", "cannot be read"), ("seed = 1", "lacks: half, tokenize")])
def test_bad_config(base: Path, tmp_path: Path, text: str, said: str) -> None:
    config = tmp_path / "bad.toml"
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        train.train(TOY, tmp_path / "out", base=base, config=config)


def test_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"No encoder in .*: config.json, model.safetensors, vocab.txt missing"):
        train.find_data(TOY, tmp_path)


def test_shipped_sizes_are_complete() -> None:
    import tomllib

    settings = tomllib.loads(train.CONFIG.read_text(encoding="utf-8"))
    assert {"seed", "half", "vocabulary", models.NETWORK, train.ATTRIBUTION, *models.STANZA_PARTS} == set(settings)


@pytest.fixture(scope="module")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[models.ModelSet, list[str]]:
    lines: list[str] = []
    out = tmp_path_factory.mktemp("toy") / "out"
    return begin(base, out, progress=lines.append), lines


@pytest.mark.models
def test_toy_trains_every_part(trained: tuple[models.ModelSet, list[str]]) -> None:
    made, lines = trained
    steps = [line.split(":")[0] for line in lines if "begun" in line]
    assert steps == ["data", "network", "tokenize", "mwt", "lemma"]
    assert models.info(str(made.directory))["altered"] == []
    assert all((made.directory / "logs" / f"{step}.log").stat().st_size for step in steps)


@pytest.mark.models
def test_toy_loads_and_reads(trained: tuple[models.ModelSet, list[str]]) -> None:
    import stanza

    options = models.resolve(str(trained[0].directory)).pipeline_options()
    document = stanza.Pipeline("en", verbose=False, **options)("The mayor said the bridge was safe.")
    words = [word for sentence in document.sentences for word in sentence.words]
    assert [word.text for word in words] == ["The", "mayor", "said", "the", "bridge", "was", "safe", "."]
    assert all(word.upos and word.deprel and word.lemma for word in words)


@pytest.mark.models
def test_checkpoints_keep_no_paths_and_half_floats(trained: tuple[models.ModelSet, list[str]]) -> None:
    import torch
    from safetensors.torch import load_file

    for name, path in trained[0].files().items():
        if path.suffix != ".pt":
            continue
        checkpoint = torch.load(path, weights_only=True)
        config = checkpoint.get("config", {})
        assert not [value for value in config.values() if isinstance(value, str) and "/" in value], name
        tensors = [each for each in (checkpoint.get("model") or {}).values() if torch.is_tensor(each)]
        assert {each.dtype for each in tensors if each.is_floating_point()} <= {torch.float16}, name
    network = trained[0].directory / models.NETWORK
    tensors = [value for path in network.glob("*.safetensors") for value in load_file(path).values()]
    assert {each.dtype for each in tensors} == {torch.float16}


@pytest.mark.models
def test_resuming_trains_what_is_missing_and_gives_the_same(
    base: Path, trained: tuple[models.ModelSet, list[str]]
) -> None:
    made, _ = trained
    before = made.digest()
    for part in ("lemma", models.NETWORK):
        shutil.rmtree(made.directory / part)
    lines: list[str] = []
    again = begin(base, made.directory, resume=True, progress=lines.append)
    assert [line.split(":")[0] for line in lines if "begun" in line] == ["network", "lemma"]
    assert again.digest() == before


def lessons(path: Path) -> Path:
    """Four articles of two sentences, in which somebody says something; one is held back."""
    words = ["The", "mayor", "said", "the", "bridge", "was", "safe", "."]
    labels = ["B-source", "I-source", "B-cue", "B-content", *["I-content"] * 3, "O"]
    places = [[f"{at - 2}"] for at in range(len(words))]
    task = {"cue": 2, "places": places, "labels": labels}
    sentence = {"words": words, "facts": [[word[-1]] for word in words]}
    lines = [
        {"name": f"a{at}", "held": at == 3, "sentences": [sentence | {"tasks": [task]}, sentence | {"tasks": []}]}
        for at in range(4)
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.models
def test_attributions_are_learnt_beside_the_rest(trained: tuple[models.ModelSet, list[str]], tmp_path: Path) -> None:
    from quotes.models import tagger
    from quotes.models.annotate import Annotator

    first = trained[0].directory
    told = [tmp_path / name for name in ("whole", "again")]
    for out in told:
        train.train_attribution(first, lessons(tmp_path / "lessons.jsonl"), out, out / "tagger.npz")
    whole, again = ([file.read_bytes() for file in sorted(out.rglob("network/*.safetensors"))] for out in told)
    assert whole == again
    assert whole != [file.read_bytes() for file in sorted((first / models.NETWORK).glob("*.safetensors"))]
    (vectors,) = Annotator(told[0] / models.NETWORK).vectors([["The", "mayor", "said", "."]])
    learnt = tagger.load(told[0] / "tagger.npz")
    cues, _ = learnt.read([vectors], [learnt.code_words([["e"], ["r"], ["d"], ["."]])])
    assert cues[0].shape == (4,)
    with pytest.raises(ModelError, match=r"plan.json in .* keep its `work`"):
        train.train_attribution(tmp_path, tmp_path / "lessons.jsonl", tmp_path / "x", tmp_path / "tagger.npz")


class Straight:
    """What a schedule needs of a trainer: two weights that are drawn to the batch."""

    def __init__(self) -> None:
        import torch

        self.model = torch.nn.Linear(2, 1, bias=False)
        torch.nn.init.zeros_(self.model.weight)
        self.optimizer: Any = None
        self.steps = 0

    def update(self, batch: Any) -> float:
        self.steps += 1
        self.optimizer.zero_grad()
        loss = (self.model(batch) - 1).pow(2).mean()
        loss.backward()
        self.optimizer.step()
        return float(loss.detach())

    def save(self, path: str) -> None:
        import torch

        torch.save(self.model.state_dict(), path)

    def fitting(self, batches: Iterator[Any]) -> fit.Fitting:
        return fit.Fitting(
            trainer=self,
            batches=batches,
            use=partial(setattr, self, "optimizer"),
            measure=lambda: -float(self.model.weight.detach().sub(0.5).abs().sum()),
        )


@pytest.mark.models
def test_schedule_learns_and_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    import torch

    schedule = fit.Schedule(steps=[40, 20], rate=0.2, average=0.8, eval_interval=20)
    folders = [tmp_path / "whole", tmp_path / "broken"]
    for folder in folders:
        folder.mkdir()
    batch = torch.ones(1, 2)
    whole, broken, resumed = Straight(), Straight(), Straight()
    score = fit.fit(whole.fitting(repeat(batch)), schedule, folders[0])
    assert score > -0.1
    with pytest.raises(StopIteration):
        fit.fit(broken.fitting(iter([batch] * 50)), schedule, folders[1])  # breaks off within the second cycle
    assert not (folders[1] / models.FILE).exists()
    assert fit.fit(resumed.fitting(repeat(batch)), schedule, folders[1]) == pytest.approx(score)
    assert (broken.steps, resumed.steps) == (50, 20)
    first, second = (torch.load(folder / models.FILE, weights_only=True) for folder in folders)
    assert torch.allclose(first["weight"], second["weight"])


@pytest.mark.models
def test_failing_trainer_names_part_and_log(base: Path, tmp_path: Path) -> None:
    config = tmp_path / "wrong.toml"
    text = (TOY / "toy.toml").read_text(encoding="utf-8")
    config.write_text(text.replace("[tokenize]", "[tokenize]\nno_such_option = 1"), encoding="utf-8")
    with pytest.raises(ModelError, match="Training of tokenize failed") as caught:
        train.train(TOY, tmp_path / "out", base=base, config=config)
    assert "no_such_option" in caught.value.message
    assert "tokenize.log" in caught.value.hint


@pytest.mark.models
@pytest.mark.parametrize("part", models.STANZA_PARTS)
def test_trainers_know_the_shipped_options(part: str, base: Path, tmp_path: Path) -> None:
    import importlib
    import tomllib

    settings = tomllib.loads(train.CONFIG.read_text(encoding="utf-8"))
    run = train.Run(
        data=train.find_data(TOY, base),
        out=tmp_path,
        settings=settings,
        augment=train.for_news,
        device="cpu",
        progress=print,
    )
    known = importlib.import_module(train.TRAINERS[part]).build_argparse().parse_args(train._arguments(run, part))
    assert known.seed == settings["seed"]
    options = {name: value for name, value in settings[part].items() if name != "schedule"}
    given = {name: value for name, value in options.items() if not name.startswith("no_")}
    assert {name: getattr(known, name, None) for name in given} == given
    assert not any(getattr(known, name.removeprefix("no_")) for name in options.keys() - given.keys())
    fit.Schedule(**settings[part].get("schedule", {"steps": [1], "rate": 1.0}))
