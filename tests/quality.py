"""Measures what is found against gold data that is kept outside this repository, and compares it with the floors.

    python tests/quality.py --data DIR [--json] [--update [--lower]] [--curve]

DIR holds data/ (chains/dev, polnear/dev, events and the texts of tests/gold/news) and eval/ (the scorers). Printed:
today's figures beside the last kept ones and the floors of tests/floors.json, what the project's own samples give, and
which gold claims became right or wrong. Exit 1 where a figure is below its floor. --update raises the floors and keeps
today's state in .quality/; --lower lets them fall too. --curve adds precision and recall by --min-confidence, and how
far confidences can be trusted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import chain_gold
import quality_calibration as calibration
import quality_events
import quality_runs as runs
import scoring

TESTS = Path(__file__).resolve().parent
FLOORS = TESTS / "floors.json"
KEPT = TESTS.parent / ".quality" / "last.jsonl"
SAMPLES, SAMPLE_GOLD = TESTS.parent / "samples", TESTS / "gold" / "samples"
# Other processors and other builds of torch round differently: points of a percentage that are no change.
TOLERANCE = 0.3
MOST = ("after_parse_percent", "peak_megabytes")
TITLES = {
    "chains.claims_f1": "chains dev: claims F1",
    "chains.exact": "chains dev: exact chains, %",
    "chains.deep_f1": "chains dev: deep chains F1",
    "chains.origins": "chains dev: origins right, %",
    "chains.hops_f1": "chains dev: hops F1",
    "chains.carried_f1": "chains dev: carried relays F1",
    "train.claims_f1": "chain gold train: claims F1",
    "train.exact": "chain gold train: exact chains, %",
    "train.deep_f1": "chain gold train: deep chains F1",
    "train.origins": "chain gold train: origins right, %",
    "train.hops_f1": "chain gold train: hops F1",
    "train.carried_f1": "chain gold train: carried relays F1",
    "chains.listed_precision": "chains dev: main list, precision, %",
    "chains.listed_recall": "chains dev: main list, recall, %",
    "train.listed_precision": "chain gold train: main list, precision, %",
    "train.listed_recall": "chain gold train: main list, recall, %",
    "seed.claims": "seed: claims found, of 13",
    "seed.exact": "seed: chains exact, of 13",
    "polnear.quoted_f1": "PolNeAR dev: quoted F1",
    "polnear.relation_f1": "PolNeAR dev: relation F1",
    "polnear.cue_f1": "PolNeAR dev: cue F1",
    "polnear.source_f1": "PolNeAR dev: source F1",
    "polnear.content_f1": "PolNeAR dev: content F1",
    "events.verbatim": "events: same origin of the same words, %",
    "events.near_verbatim": "events: of nearly the same words, %",
    "events.part": "events: of a quotation and its part, %",
    "events.verbatim_named": "events: same words, both named, %",
    "events.near_verbatim_named": "events: nearly the same, both named, %",
    "events.part_named": "events: a part, both named, %",
    "samples.claims_f1": "own samples: claims F1",
    "samples.exact": "own samples: exact chains, %",
    "cost.after_parse_percent": "what follows the parse, % of the parse",
    "cost.peak_megabytes": "peak memory on one article, MB",
    "cost.tokens_per_second": "tokens per second, end to end",
}

Figures = dict[str, dict[str, float]]


def measure(data: Path, folder: Path, *, with_curve: bool = False) -> tuple[Figures, Counter[str], dict[str, Any]]:
    """The figures by group and name, the gold claims that are wrong, and the curve where it is asked for.

    data: the folder with data/ and eval/; folder: where reports and predictions are written.
    """
    analyzer = runs.make_analyzer()
    scorers, dev = data / "eval", data / "data"
    chains = runs.Gold(name="chains", form="chains", scorers=scorers, folder=dev / "chains" / "dev")
    polnear = runs.Gold(name="polnear", form="polnear", scorers=scorers, folder=dev / "polnear" / "dev")
    train = runs.Gold(name="train", form="chains", scorers=scorers, folder=folder / "train")
    chain_gold.lay_out(train.folder, data / "data")
    spent = [runs.analyze(analyzer, gold, folder) for gold in (chains, polnear, train)]
    found = {
        "chains": runs.chain_figures(chains, folder) | runs.listed_figures(chains, folder),
        "train": runs.chain_figures(train, folder) | runs.listed_figures(train, folder),
        "seed": runs.seed_figures(chains, folder),
        "polnear": runs.polnear_figures(polnear, folder),
        "events": quality_events.figures(analyzer, dev / "events", folder / "events"),
        "samples": sample_figures(analyzer),
        "cost": runs.cost_figures(spent, chains.texts()),
    }
    wrong = runs.wrong_chains(chains, folder) + runs.wrong_quotations(polnear, folder)
    return found, wrong, calibration.curve(polnear, folder) if with_curve else {}


def sample_figures(analyzer: Any) -> dict[str, float]:
    """What is found in samples/, against tests/gold/samples."""
    from quotes.article import article_from_text

    texts = scoring.read_samples(SAMPLES, SAMPLE_GOLD)
    reports = analyzer.analyze_all([article_from_text(text.text) for text in texts])
    score = scoring.score(texts, [scoring.found_in(report) for report in reports])
    return {"claims_f1": score.claims_f1, "exact": score.exact}


def digests(data: Path) -> dict[str, str]:
    """What the gold is: floors hold for no other."""
    dev = {name: runs.digest(data / "data" / name / "dev") for name in ("chains", "polnear")}
    return dev | {"train": runs.digest(chain_gold.FOLDER), "events": runs.digest(data / "data" / "events")}


def sample_digest() -> str:
    return scoring.gold_digest([*sorted(SAMPLES.glob("*.txt")), *sorted(SAMPLE_GOLD.glob("*.json"))])


def read_floors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FLOORS.read_text("utf-8"))
    return found


def below(found: Figures, floors: dict[str, Any]) -> list[str]:
    """The figures that break their floor or, for costs, their ceiling."""
    return [
        f"{TITLES[f'{group}.{name}']}: {value:g}, {'at most' if name in MOST else 'at least'} {floors[group][name]:g}"
        for group, figures in found.items()
        for name, value in figures.items()
        if name in floors.get(group, {}) and breaks(name, value, floors[group][name])
    ]


def breaks(name: str, value: float, floor: float) -> bool:
    return value > floor if name in MOST else value < floor - TOLERANCE


def moved(floors: dict[str, Any], found: Figures, *, lower: bool) -> dict[str, Any]:
    """The floors after today: each raised to its figure, or lowered to it where that is allowed. Costs stay."""
    after = {group: dict(kept) for group, kept in floors.items()}
    for group, figures in found.items():
        if group == "cost":
            continue
        for name, value in figures.items():
            kept = after.setdefault(group, {}).get(name)
            after[group][name] = value if kept is None or lower else max(kept, value)
    return after


def changes(wrong: Counter[str], before: Counter[str]) -> tuple[list[str], list[str]]:
    """Which gold claims became right, and which wrong."""
    return sorted((before - wrong).elements()), sorted((wrong - before).elements())


def read_kept(now: dict[str, str]) -> tuple[Figures, Counter[str] | None]:
    """The last kept figures and wrong claims; no claims where the gold is another one now."""
    if not KEPT.exists():
        return {}, None
    head, *rest = (json.loads(line) for line in KEPT.read_text("utf-8").splitlines())
    wrong = Counter({each["claim"]: each["times"] for each in rest})
    return head["figures"], wrong if head["digests"] == now else None


def keep(found: Figures, wrong: Counter[str], now: dict[str, str]) -> None:
    KEPT.parent.mkdir(exist_ok=True)
    lines = [{"figures": found, "digests": now}, *({"claim": each, "times": wrong[each]} for each in sorted(wrong))]
    KEPT.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def table(found: Figures, last: Figures, floors: dict[str, Any]) -> str:
    rows = [f"{'':<44}{'today':>8}{'last':>8}{'change':>8}{'limit':>10}"]
    for key, title in TITLES.items():
        group, name = key.split(".")
        value, before, floor = found[group][name], last.get(group, {}).get(name), floors.get(group, {}).get(name)
        cells = ["", ""] if before is None else [f"{before:.1f}", f"{value - before:+.1f}"]
        limit = "" if floor is None else f"{'≤' if name in MOST else '≥'} {floor:g}"
        rows.append(f"{title:<44}{value:>8.1f}{cells[0]:>8}{cells[1]:>8}{limit:>10}")
    return "\n".join(rows)


def print_changes(wrong: Counter[str], before: Counter[str] | None) -> None:
    if before is None:
        print("\nNo earlier state of the same gold is kept: --update keeps today's.")
        return
    for title, claims in zip(("became right", "became wrong"), changes(wrong, before), strict=True):
        print(f"\n{len(claims)} {title}")
        print("".join(f"  {claim}\n" for claim in claims), end="")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with data/ and eval/")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--curve", action="store_true", help="precision and recall by confidence, calibration")
    parser.add_argument("--update", action="store_true", help="raise the floors and keep today's state")
    parser.add_argument("--lower", action="store_true", help="with --update, let floors fall too")
    options = parser.parse_args()
    if options.lower and not options.update:
        parser.error("--lower goes with --update")
    with tempfile.TemporaryDirectory() as folder:
        found, wrong, curve = measure(options.data, Path(folder), with_curve=options.curve)
    kept, now = read_floors(), digests(options.data)
    floors = kept.get("quality", {}) | {"samples": kept.get("samples", {})}
    last, before = read_kept(now)
    broken = below(found, floors)
    if options.json:
        print(json.dumps({"figures": found, "below": broken, "curve": curve, "digests": now}))
    else:
        print(table(found, last, floors))
        print_changes(wrong, before)
        print(calibration.shown(curve), end="")
        print("".join(f"below the floor: {each}\n" for each in broken), end="")
    if options.update:
        after = moved(floors, found, lower=options.lower) | {"digests": now}
        kept |= {"samples": after.pop("samples") | {"digest": sample_digest()}, "quality": after}
        FLOORS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        keep(found, wrong, now)
    sys.exit(1 if broken and not options.lower else 0)


if __name__ == "__main__":
    main()
