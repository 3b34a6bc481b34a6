"""The recipe: from treebanks, entity data and plain text to a complete folder of weights.

Stanza's own trainers do the work, each in a process of its own, those of parts with a `schedule` by the steps
of `fit.py`; sizes stand in `train.toml`. The folder that is written holds, beside the weights, `logs/PART.log`,
`work/` (inputs and checkpoints, to be thrown away afterwards) and `train.toml` as it was used.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

from quotes.errors import MissingExtra, ModelError
from quotes.models import FILE, FOLDERS, PARTS, PRETRAINED, RESOURCES, ModelSet, Progress, resolve, write_sums
from quotes.training.augment import Sentence, Tagged, entities_for_news, for_news, places, weighed
from quotes.training.fit import EARLY

Augment = Callable[[list[Sentence], Sequence[str]], list[Sentence]]

CONFIG = Path(__file__).with_name("train.toml")
HELD_OUT = {"dev", "test", "chains"}
ENGLISH_ONLY = {"en": {"lang_name": "English", "default_processors": {}, "default_dependencies": {}, "packages": {}}}

TRAINERS = {
    "tokenize": "stanza.models.tokenizer",
    "mwt": "stanza.models.mwt_expander",
    "pos": "stanza.models.tagger",
    "lemma": "stanza.models.lemmatizer",
    "depparse": "stanza.models.parser",
    "ner": "stanza.models.ner_tagger",
}
TREEBANK = {"train_file": "train.conllu", "eval_file": "dev.conllu"}
TAGGED = {"train_file": "train-weighed.conllu", "eval_file": "dev-tagged.conllu"}
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
    "pos": TREEBANK,
    "lemma": TREEBANK,
    "depparse": TAGGED,
    "ner": {"train_file": "train.json", "eval_file": "dev.json"},
}
# glibc gives large blocks back at once and fetches them anew for every tensor, which costs a third of a step.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**33)}
WITHOUT_LANG = {"lemma", "ner"}

# Words as the treebanks have them: clitics apart, hyphens apart, numbers whole.
TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|\w+(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b|\w+|[^\w\s]", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@attrs.frozen(kw_only=True)
class Data:
    """The files to train from. dev files only choose the best of a trainer's checkpoints."""

    treebanks: tuple[Path, ...]
    treebanks_dev: tuple[Path, ...]
    entities: tuple[Path, ...]
    entities_dev: tuple[Path, ...]
    texts: tuple[Path, ...] = ()
    vectors: Path | None = None


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
    text: Sequence[Path] = (),
    vectors: Path | None = None,
    config: Path | None = None,
    resume: bool = False,
    device: str | None = None,
    augment: Augment = for_news,
    progress: Progress | None = None,
) -> ModelSet:
    """Trains every part in turn and returns the set, which `--models OUT` then loads.

    data: a folder with `ud/` (*-train.conllu, *-dev.conllu) and `ner/` (*.train.json, *.dev.json: lists of
    sentences, each a list of {"text", "ner"}), both at any depth; out: a folder that is new or empty, or one
    to go on with (`resume`: finished parts are kept); text: folders of .txt files for the word vectors, where
    subfolders called dev, test or chains are left out; vectors: ready-made ones instead, a line of text a word,
    as GloVe and word2vec write them, the most frequent first; config: sizes in the form of train.toml; device: of
    torch (None: a GPU where there is one); augment: from the training sentences and the
    names of places to those that are trained on;
    progress: called with a line at each step. ModelError where data are missing or a trainer fails.
    """
    run = Run(
        data=find_data(data, text, vectors),
        out=out.resolve(),
        settings=_open_folder(out, config or CONFIG, resume),
        augment=augment,
        device=device,
        progress=progress or (lambda _line: None),
    )
    if not run.inputs.is_dir():
        _timed(run, "data", _prepare)
    if not _shipped(run, "pretrain"):
        _timed(run, "pretrain", _train_vectors)
    for part in PARTS:
        if not _shipped(run, part):
            if part == "depparse":
                _timed(run, "tags", _tag_treebanks)
            _timed(run, part, partial(_train_part, part))
    (run.out / RESOURCES).write_text(json.dumps(ENGLISH_ONLY), encoding="utf-8")
    write_sums(run.out)
    return resolve(str(out))


def find_data(folder: Path, text: Iterable[Path] = (), vectors: Path | None = None) -> Data:
    """The files under a folder that the recipe reads. ModelError where a kind is missing."""
    if vectors and not vectors.is_file():
        raise ModelError(f"No file of word vectors at {str(vectors)!r}.")
    return Data(
        treebanks=_find(folder, "ud", "*-train.conllu"),
        treebanks_dev=_find(folder, "ud", "*-dev.conllu"),
        entities=_find(folder, "ner", "*.train.json"),
        entities_dev=_find(folder, "ner", "*.dev.json"),
        texts=tuple(path for each in text for path in _texts(each)),
        vectors=vectors.resolve() if vectors else None,
    )


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
    if missing := [name for name in ("seed", "half", *FOLDERS) if name not in settings]:
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


def _train_vectors(run: Run) -> None:
    """The table of word vectors, ready-made or learnt, in Stanza's form."""
    table = run.work / "vectors.txt"
    lines = iter(_learnt_vectors(run)) if run.data.vectors is None else _ready_vectors(run.data.vectors)
    kept = list(islice(lines, run.settings["pretrain"]["words"]))
    if not kept:
        raise ModelError("There are no word vectors to train with.", "Give files that hold some.")
    table.write_text(f"{len(kept)} {kept[0].count(' ')}\n" + "".join(kept), encoding="utf-8")
    _call(run, "pretrain", ["stanza.models.common.convert_pretrain", f"pretrain/{FILE}", str(table), "-1"])
    _ship(run, "pretrain")


def _ready_vectors(path: Path) -> Iterator[str]:
    """The lines of a file of vectors, without the line of sizes that word2vec puts in front."""
    with path.open(encoding="utf-8") as file:
        yield from (f"{line.rstrip()}\n" for line in file if line.count(" ") > 1)


def _learnt_vectors(run: Run) -> list[str]:
    """Vectors by word2vec, lower-cased afterwards: the most frequent casing stands for all."""
    try:
        from gensim.models import Word2Vec
        from gensim.models.word2vec import LineSentence
    except ImportError as error:
        raise MissingExtra("gensim", "train") from error

    options = run.settings["pretrain"]
    corpus = run.work / "sentences.txt"
    with corpus.open("w", encoding="utf-8") as file:
        file.writelines(" ".join(words) + "\n" for words in _sentences(run))
    vectors = Word2Vec(
        LineSentence(str(corpus)),
        sg=1,
        vector_size=options["dimensions"],
        window=options["window"],
        min_count=options["min_count"],
        epochs=options["epochs"],
        seed=run.settings["seed"],
        workers=1,  # with more the result changes from run to run
    ).wv
    chosen: dict[str, str] = {}
    for word in vectors.index_to_key:  # the most frequent first
        chosen.setdefault(word.lower(), word)
    return [f"{word} {' '.join(f'{x:.6f}' for x in vectors[cased])}\n" for word, cased in chosen.items()]


def _sentences(run: Run) -> Iterator[list[str]]:
    """The words of every training sentence, then those of the texts, line by line."""
    for sentence in _read_treebanks([run.inputs / "train.conllu"]):
        rows = [line.split("\t") for line in sentence if not line.startswith("#")]
        yield [row[1].replace(" ", "\u00a0") for row in rows if row[0].isdigit()]
    for tokens in json.loads((run.inputs / "train.json").read_text(encoding="utf-8")):
        yield [token["text"] for token in tokens]
    for path in run.data.texts:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            yield from (TOKEN.findall(part) for part in SENTENCE_END.split(line))


def _train_part(part: str, run: Run) -> None:
    schedule = run.settings[part].get("schedule")
    trainer = ["quotes.training.fit", part, json.dumps(schedule)] if schedule else [TRAINERS[part]]
    _call(run, part, [*trainer, *_arguments(run, part)])
    _ship(run, part)


def _tag_treebanks(run: Run) -> None:
    """The parser's input: tags and lemmas as they will be at work, news and reported speech more often than the rest.

    The treebank is tagged by the tagger as it was early in its training, where the schedule keeps that, so that the
    tags of sentences which it has learnt from are as often wrong as those of others.
    """
    from stanza.utils.datasets.common import write_sentences_to_conllu

    early = run.work / "pos" / EARLY
    for name, tagger in (("train", EARLY if early.is_file() else FILE), ("dev", FILE)):
        tagged = {"eval_file": f"data/{name}.conllu", "output_file": f"data/{name}-tags.conllu", "save_name": tagger}
        _call(run, "pos", [TRAINERS["pos"], *_arguments(run, "pos", {"mode": "predict"} | tagged)], log="tags")
        lemmas = {"eval_file": f"data/{name}-tags.conllu", "output_file": f"data/{name}-tagged.conllu"}
        _call(run, "lemma", [TRAINERS["lemma"], *_arguments(run, "lemma", {"mode": "predict"} | lemmas)], log="tags")
    tagged_sentences = _read_treebanks([run.inputs / "train-tagged.conllu"])
    write_sentences_to_conllu(str(run.inputs / "train-weighed.conllu"), weighed(tagged_sentences))


def _arguments(run: Run, part: str, more: Mapping[str, Any] | None = None) -> list[str]:
    options: dict[str, Any] = {name: f"data/{file}" for name, file in INPUTS[part].items()}
    options |= {"shorthand": "en_quotes", "save_dir": part, "save_name": FILE, "seed": run.settings["seed"]}
    if part not in WITHOUT_LANG:
        options["lang"] = "en"
    if part in PRETRAINED:
        options["wordvec_pretrain_file"] = f"pretrain/{FILE}"
    if run.device:
        options["device"] = run.device
    options |= {name: value for name, value in run.settings[part].items() if name != "schedule"}
    arguments: list[str] = []
    for name, value in (options | dict(more or {})).items():
        if value is not False:
            arguments += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return arguments


def _call(run: Run, part: str, command: list[str], *, log: str = "") -> None:
    """Runs a trainer in the work folder, with all that it says at the end of the log (by default the part's)."""
    (run.work / part).mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0"} | KEEP_MEMORY
    with run.log(log or part).open("a", encoding="utf-8") as log_file:
        status = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=run.work,
            env=environment,
            stdout=log_file,
            stderr=log_file,
            check=False,
        ).returncode
    if status or not (run.work / part / FILE).is_file():
        said = run.log(log or part).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        message = f"Training of {part} failed (exit status {status}): {said[-1] if said else 'it said nothing'}"
        raise ModelError(message, f"Read {run.log(log or part)}; --resume keeps the parts that are done.")


def _shipped(run: Run, part: str) -> bool:
    return (run.out / part / FILE).is_file()


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
