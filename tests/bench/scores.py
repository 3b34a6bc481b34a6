"""How good a set of models is on held-out treebanks and entities: the figures of the models' card.

    python tests/bench/scores.py --data DIR [--models bundled|DIR] [--threads N] [--json]

DIR holds ud/*-test.conllu and ner/*.test.json. Treebanks are read end to end from their raw text and scored by the
measures of the CoNLL 2018 shared task (`udtools`); entities on the tokens that their file gives, by entity. --json
adds, as the last line, all of it as one object.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quotes.models import PARTS, ModelSet, resolve

MEASURES = ("Tokens", "Sentences", "Words", "UPOS", "Lemmas", "UAS", "LAS")
SHOWN = ("Person", "Organization", "Location", "NORP", "Date")


def load(models: ModelSet, parts: Sequence[str], **options: Any) -> Any:
    """A pipeline of some parts: Stanza builds whatever it is given the path of."""
    import stanza

    given = models.pipeline_options() | {"processors": ",".join(parts)} | options
    left_out = {f"{part}_model_path" for part in PARTS if part not in parts}
    return stanza.Pipeline("en", verbose=False, **{k: v for k, v in given.items() if k not in left_out})


def treebank_scores(pipeline: Any, gold: Path) -> dict[str, float]:
    """F1 in percent by measure, and words per second, of a parse from raw text."""
    from stanza.utils.conll import CoNLL
    from stanza.utils.datasets import conllu_to_text
    from udtools import udeval

    with tempfile.TemporaryDirectory() as folder:
        raw, found = Path(folder) / "raw.txt", Path(folder) / "found.conllu"
        conllu_to_text.main([str(gold), str(raw)])
        text = raw.read_text(encoding="utf-8")
        start = time.perf_counter()
        document = pipeline(text)
        seconds = time.perf_counter() - start
        for token in document.iter_tokens():
            if token.text == "<UNK>":  # what Stanza makes of a token that is too long for it
                token.text = token.words[0].text = text[token.start_char : token.end_char]
        CoNLL.write_doc2conll(document, str(found))
        scores = udeval.evaluate(udeval.load_conllu_file(str(gold)), udeval.load_conllu_file(str(found)))
    return {name: 100 * scores[name].f1 for name in MEASURES} | {"words/s": document.num_words / seconds}


def entity_scores(models: ModelSet, gold: Path) -> dict[str, float]:
    """F1 in percent over all entities, and by class, on the file's own tokens."""
    from stanza.models.ner.utils import decode_from_bioes

    sentences = json.loads(gold.read_text(encoding="utf-8"))
    pipeline = load(models, ["tokenize", "ner"], tokenize_pretokenized=True)
    document = pipeline([[token["text"] for token in sentence] for sentence in sentences])
    right, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    for parsed, sentence in zip(document.sentences, sentences, strict=True):
        theirs = _entities(decode_from_bioes([token["ner"] for token in sentence]))
        ours = _entities(decode_from_bioes([token.ner for token in parsed.tokens]))
        wanted.update(kind for *_, kind in theirs)
        found.update(kind for *_, kind in ours)
        right.update(kind for *_, kind in theirs & ours)
    by_class = {kind: _f1(right[kind], found[kind], wanted[kind]) for kind in SHOWN}
    return {"All": _f1(right.total(), found.total(), wanted.total())} | by_class


def _entities(decoded: list[dict[str, Any]]) -> set[tuple[int, int, str]]:
    return {(each["start"], each["end"], each["type"]) for each in decoded}


def _f1(right: int, found: int, wanted: int) -> float:
    return 200 * right / (found + wanted) if found + wanted else 0.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True, metavar="DIR")
    options.add_argument("--models", default="bundled", metavar="[bundled|DIR]")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()

    import torch

    torch.set_num_threads(given.threads)
    models = resolve(given.models)
    pipeline = load(models, [part for part in PARTS if part != "ner"])
    found: dict[str, dict[str, float]] = {}
    print("| test | " + " | ".join([*MEASURES, "words/s"]) + " |")
    for gold in sorted((given.data / "ud").glob("*-test.conllu")):
        scores = found[gold.stem] = treebank_scores(pipeline, gold)
        cells = [f"{scores[name]:.2f}" for name in MEASURES] + [f"{scores['words/s']:.0f}"]
        print(f"| {gold.stem} | " + " | ".join(cells) + " |", flush=True)
    for gold in sorted((given.data / "ner").glob("*.test.json")):
        scores = found["entities"] = entity_scores(models, gold)
        print(f"{gold.stem}: " + ", ".join(f"{kind} {f1:.1f}" for kind, f1 in scores.items()))
    if given.json:
        rounded = {test: {name: round(value, 2) for name, value in each.items()} for test, each in found.items()}
        print(json.dumps(rounded))


if __name__ == "__main__":
    main()
