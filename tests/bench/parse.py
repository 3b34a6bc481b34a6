"""How fast our models parse beside Stanza's default English sizes with character language models, and in what memory.

    python tests/bench/parse.py [--texts FILE…] [--models DIR] [--threads N] [--rounds N]

Both sides read the same articles in the same batches, turn by turn, each in a process of its own; printed are the
medians of tokens per second, their ratio, the time to load and the peak of memory. Stanza's own weights need a
network, and untrained ones cost the same: the other side is made of Stanza's trainers at their default sizes (those of
its English package: character models of 1,024 units, vectors of 100 dimensions for 150,000 words, an 18-class entity
tagger). Tokens, words and lemmas come from our models on both sides, because untrained ones would cut other
sentences, and the untrained parser is made to hang every word on the one before it, so that it decodes plain trees.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from quotes.models import BUNDLED, FILE, PARTS, STANZA_PARTS, ModelSet

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
import untrained  # noqa: E402

PRETRAINED = ("pos", "depparse", "ner")  # the parts that read word vectors
SAMPLES = ROOT / "samples"
VOCABULARY = 150_000
DIMENSIONS = 100
CLASSES = 18  # of OntoNotes


class WithLanguageModels(ModelSet):
    """A folder of Stanza's own kinds of models with character language models beside."""

    def pipeline_options(self, device: str = "cpu") -> dict[str, Any]:
        options: dict[str, Any] = {"dir": str(self.directory), "processors": ",".join(PARTS), "download_method": None}
        options |= {"package": None, "allow_unknown_language": True, "device": device, "depparse_batch_size": 800}
        options |= {f"{part}_model_path": str(self.directory / part / FILE) for part in PARTS}
        for part in PRETRAINED:
            options[f"{part}_pretrain_path"] = str(self.directory / "pretrain" / FILE)
            for direction in ("forward", "backward"):
                options[f"{part}_{direction}_charlm_path"] = str(self.directory / "charlm" / f"{direction}.pt")
        return options


def build_default_sizes(folder: Path) -> None:
    """Writes models of Stanza's default English sizes; untrained, but for those that are ours."""
    from stanza.models.common.char_model import CharacterLanguageModel, CharacterLanguageModelTrainer

    (folder / "charlm").mkdir()
    language_models = []
    for direction in ("forward", "backward"):
        sizes = {"char_emb_dim": 100, "char_hidden_dim": 1024, "char_num_layers": 1, "char_dropout": 0.05,
                 "char_rec_dropout": 0.0, "char_unit_dropout": 1e-5}  # fmt: skip
        model = CharacterLanguageModel(sizes, {"char": _characters()}, is_forward_lm=direction == "forward")
        path = str(folder / "charlm" / f"{direction}.pt")
        CharacterLanguageModelTrainer(model, None, None, None, None).save(path, full=False)
        language_models += [f"--charlm_{direction}_file", path]
    options = ["--charlm", "--charlm_shorthand", "en_bench", *language_models]
    places = {part: folder / part / FILE for part in (*PRETRAINED, "pretrain")}
    untrained.build(places, VOCABULARY, DIMENSIONS, dict.fromkeys(PRETRAINED, options), CLASSES)
    for part in STANZA_PARTS:
        (folder / part).mkdir()
        (folder / part / FILE).symlink_to(BUNDLED / part / FILE)
    (folder / "resources.json").write_text((BUNDLED / "resources.json").read_text(encoding="utf-8"), encoding="utf-8")


def _characters() -> Any:
    from stanza.models.common.vocab import CharVocab

    return CharVocab([[["".join(map(chr, range(32, 384)))]]], "en_bench")


def run_once(models: str, texts: list[Path], threads: int) -> dict[str, float]:
    """Loads and parses in this process: seconds to load, tokens, seconds to parse, peak memory in MB."""
    from quotes import parse
    from quotes.article import read_article

    if (Path(models) / "charlm").is_dir():
        parse.resolve = lambda name: WithLanguageModels(name=name, directory=Path(name))  # type: ignore[attr-defined]
    articles = [read_article(path) for path in texts]
    start = time.perf_counter()
    parser = parse.Parser(models=models, threads=threads)
    loading = time.perf_counter() - start
    list(parser.parse_all(articles[:1]))
    start = time.perf_counter()
    tokens = sum(len(sentence.words) for _, parse in parser.parse_all(articles) for sentence in parse.sentences)
    parsing = time.perf_counter() - start
    status = Path("/proc/self/status")
    peak = int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1e3 if status.exists() else 0.0  # type: ignore[index]
    return {"load": loading, "tokens": tokens, "seconds": parsing, "peak": peak, "rate": tokens / parsing}


def run_apart(models: str, texts: list[Path], threads: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", models, "--threads", str(threads), "--texts", *map(str, texts)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(models: str, texts: list[Path], threads: int, rounds: int) -> dict[str, dict[str, float]]:
    """The medians of both sides, run turn by turn."""
    with tempfile.TemporaryDirectory() as folder:
        build_default_sizes(Path(folder))
        sides = {"ours": models, "stanza's sizes": folder}
        runs = {name: [run_apart(each, texts, threads)] for name, each in sides.items()}
        for _ in range(rounds - 1):
            for name, each in sides.items():
                runs[name].append(run_apart(each, texts, threads))
    return {name: {key: statistics.median(run[key] for run in each) for key in each[0]} for name, each in runs.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--texts", type=Path, nargs="+", default=sorted(SAMPLES.glob("*.txt")), metavar="FILE")
    options.add_argument("--models", default="bundled", metavar="DIR")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--one", metavar="DIR", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        print(json.dumps(run_once(given.one, given.texts, given.threads)))
        return
    found = compare(given.models, given.texts, given.threads, given.rounds)
    print(f"{'':<16}{'tokens/s':>10}{'load, s':>10}{'peak, MB':>10}   {found['ours']['tokens']:.0f} tokens, "
          f"{given.threads} threads, medians of {given.rounds}")  # fmt: skip
    for name, side in found.items():
        print(f"{name:<16}{side['rate']:>10.0f}{side['load']:>10.1f}{side['peak']:>10.0f}")
    print(f"ratio {found['ours']['rate'] / found['stanza' + chr(39) + 's sizes']['rate']:.1f}")


if __name__ == "__main__":
    main()
