"""Chooses the confidence below which claims are uncertain, on chain gold train, in folds by publisher.

    python tests/quality_threshold.py --data DIR [--wanted 90] [--folds 5]

DIR holds data/ (the texts of tests/gold/news) and eval/ (the scorers). Printed: for each threshold the precision and
recall of the claims at or above it, the main list, and how many of 100 have the right origin too; for each fold the
least threshold that gives the wanted precision on the other folds, and what that one gives on the fold itself; last,
the threshold for quotes/certainty.py: the least one that gives the wanted precision on all of them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import chain_gold
import quality_calibration as calibration
import quality_runs as runs

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(20))
Counts = Mapping[str, Counter[str]]  # article -> what the scorer counted there


def counted(gold: runs.Gold, folder: Path) -> dict[float, Counts]:
    """For each threshold what the scorer counts in each article."""
    scorer = calibration.load_script(gold.scorers / "score_chains.py")
    golds = [scorer.load_gold(str(path))[0] for path in sorted(gold.folder.glob("*.json"))]
    found: dict[float, Counts] = {}
    for threshold in THRESHOLDS:
        runs.predict(gold, folder, min_confidence=threshold)
        claims = scorer.load_pred(folder / f"{gold.name}.chains")
        found[threshold] = {each["doc"]: scorer.score_article(each, claims.get(each["doc"], []), []) for each in golds}
    return found


def folds_of(publishers: Mapping[str, str], count: int) -> list[list[str]]:
    """The articles in folds of about the same size, all of a publisher's in one. publishers: article -> publisher."""
    groups: dict[str, list[str]] = defaultdict(list)
    for article, publisher in publishers.items():
        groups[publisher].append(article)
    folds: list[list[str]] = [[] for _ in range(count)]
    for _, articles in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        min(folds, key=len).extend(articles)
    return folds


def shares(counts: Counts, articles: Iterable[str]) -> tuple[float, float, float]:
    """Precision and recall of the claims of these articles, and the precision with the right origin, in percent.

    Precision is 100 where none is listed.
    """
    total = sum((counts[each] for each in articles), Counter[str]())
    right, found = 100 * total["claim_tp"], total["claim_pred"]
    precisions = (right / found, 100 * total["origin_ok"] / found) if found else (100.0, 100.0)
    return precisions[0], right / max(1, total["claim_gold"]), precisions[1]


def least(found: Mapping[float, Counts], articles: Sequence[str], wanted: float) -> float:
    """The least threshold with the wanted precision; the one of the highest precision where none has it."""
    precisions = {threshold: shares(counts, articles)[0] for threshold, counts in found.items()}
    enough = [threshold for threshold, precision in precisions.items() if precision >= wanted]
    return min(enough) if enough else max(precisions, key=lambda each: precisions[each])


def table(found: Mapping[float, Counts], folds: Sequence[Sequence[str]], wanted: float) -> str:
    articles = [each for fold in folds for each in fold]
    lines = [f"{'threshold':<12}{'precision':>10}{'recall':>8}{'precision with the origin':>28}"]
    for threshold, counts in found.items():
        precision, recall, whole = shares(counts, articles)
        lines.append(f"{threshold:<12}{precision:>10.1f}{recall:>8.1f}{whole:>28.1f}")
    lines += ["", f"{'fold':<6}{'articles':>9}{'chosen':>8}{'precision':>11}{'recall':>8}"]
    for number, fold in enumerate(folds, 1):
        chosen = least(found, [each for each in articles if each not in fold], wanted)
        precision, recall, _ = shares(found[chosen], fold)
        lines.append(f"{number:<6}{len(fold):>9}{chosen:>8}{precision:>11.1f}{recall:>8.1f}")
    return "\n".join([*lines, "", f"UNCERTAIN = {least(found, articles, wanted)} for {wanted:g} right of 100"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with data/ and eval/")
    parser.add_argument("--wanted", type=float, default=90.0, metavar="PERCENT", help="precision of the main list")
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        gold = runs.Gold(name="train", form="chains", scorers=options.data / "eval", folder=folder / "train")
        chain_gold.lay_out(gold.folder, options.data / "data")
        runs.analyze(runs.make_analyzer(), gold, folder)
        publishers = {path.stem: _publisher(path) for path in chain_gold.files()}
        print(table(counted(gold, folder), folds_of(publishers, options.folds), options.wanted))


def _publisher(path: Path) -> str:
    """The article's publisher; where none is known, the article stands for itself."""
    named: list[Any] = json.loads(path.read_text("utf-8"))["publisher"]
    return str(named[0]) if named else path.stem


if __name__ == "__main__":
    main()
