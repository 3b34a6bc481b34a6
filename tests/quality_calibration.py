"""How far confidences can be trusted: precision and recall by threshold, calibration error, ranking (AUROC)."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import quality_runs as runs

THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
BINS = 10


def curve(gold: runs.Gold, folder: Path) -> dict[str, Any]:
    """Precision, recall and F1 of quoted and relation at each threshold; calibration of single attributions."""
    rows = []
    for threshold in THRESHOLDS:
        runs.predict(gold, folder, min_confidence=threshold)
        found = json.loads(runs.score(gold, folder, "--json"))
        rows.append({"min_confidence": threshold, "quoted": found["quoted"], "relation": found["relation"]})
    runs.predict(gold, folder)
    judged = list(_judged(gold, folder))
    return {"rows": rows, "attributions": len(judged), "ece": calibration_error(judged), "auroc": auroc(judged)}


def _judged(gold: runs.Gold, folder: Path) -> Iterator[tuple[float, bool]]:
    """Confidence of each predicted attribution with a source, and whether the gold has it (relation, one to one)."""
    scorer = load_script(gold.scorers / "score_polnear.py")
    for line in (folder / f"{gold.name}.jsonl").read_text("utf-8").splitlines():
        report = json.loads(line)
        name = Path(report["article"]["path"]).stem
        text = (gold.folder / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        annotations = map(scorer.read_ann, sorted((gold.folder / "attributions").glob(f"{name}_*.ann")))
        wanted = [_characters(scorer, each["content"], each["source"]) for each in next(filter(None, annotations), [])]
        claims = [claim for claim in report["claims"] if claim["source"]]
        found = [_characters(scorer, _spans(claim["content"]), _spans([claim["source"]])) for claim in claims]
        right = _right(scorer, text, found, wanted)
        yield from ((claim["confidence"], at in right) for at, claim in enumerate(claims))


def _right(scorer: Any, text: str, found: Sequence[Any], wanted: Sequence[Any]) -> set[int]:
    pairs = []
    for at, (content, source) in enumerate(found):
        for to, (gold_content, gold_source) in enumerate(wanted):
            overlap = len(content & gold_content) / max(1, len(content | gold_content))
            if overlap >= 0.5 and scorer.same_source(text, source, gold_source):
                pairs.append((overlap, at, to))
    right: set[int] = scorer.greedy(pairs)[1]
    return right


def _spans(given: Sequence[dict[str, int]]) -> list[tuple[int, int]]:
    return [(span["start"], span["end"]) for span in given]


def _characters(scorer: Any, *roles: Sequence[tuple[int, int]]) -> tuple[set[int], ...]:
    return tuple(scorer.chars(spans) for spans in roles)


def load_script(path: Path) -> Any:
    """A scorer as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins: how far confidence lies from the share that is right, 0 to 1."""
    total = 0.0
    for number in range(BINS):
        inside = [each for each in judged if min(int(each[0] * BINS), BINS - 1) == number]
        total += abs(sum(confidence for confidence, _ in inside) - sum(right for _, right in inside))
    return round(total / max(1, len(judged)), 3)


def auroc(judged: Sequence[tuple[float, bool]]) -> float:
    """How often a right attribution has more confidence than a wrong one; ties count half."""
    right = [confidence for confidence, is_right in judged if is_right]
    wrong = [confidence for confidence, is_right in judged if not is_right]
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return round(wins / max(1, len(right) * len(wrong)), 3)


def shown(found: dict[str, Any]) -> str:
    if not found:
        return ""
    lines = ["", f"{'min-confidence':<16}{'quoted P':>10}{'R':>7}{'F1':>7}{'relation P':>13}{'R':>7}{'F1':>7}"]
    for row in found["rows"]:
        cells = "".join(
            f"{row[name]['p']:>{width}.1f}{row[name]['r']:>7.1f}{row[name]['f1']:>7.1f}"
            for name, width in (("quoted", 10), ("relation", 13))
        )
        lines.append(f"{row['min_confidence']:<16}{cells}")
    trust = f"{found['attributions']} attributions: calibration error {found['ece']}, AUROC {found['auroc']}"
    return "\n".join([*lines, "", trust, ""])
