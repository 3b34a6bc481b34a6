"""What tests/quality.py runs: the analysis of a gold set with its times, and the scorers on what was found."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes.certainty import UNCERTAIN

SEED = "seed"
ALL = "100000"
MISSED = re.compile(r"^- (\S+): ('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
# Its own process, since memory that was once taken is not given back. On Linux ru_maxrss counts what the parent held
# when it forked; VmHWM starts anew with the program.
PEAK = """
import re, resource, sys
from pathlib import Path
from quotes.analyzer import Analyzer
from quotes.article import read_article
from quotes.export import to_jsonl_line
to_jsonl_line(Analyzer().analyze(read_article(Path(sys.argv[1]))))
status = Path("/proc/self/status")
if status.exists():
    print(int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1e3)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))
"""


@attrs.frozen(kw_only=True)
class Gold:
    """A gold set. form: chains or polnear; scorers: the folder of the scorers; folder: its articles and gold."""

    name: str
    form: str
    scorers: Path
    folder: Path

    def texts(self) -> list[Path]:
        return sorted((self.folder / "text" if self.form == "polnear" else self.folder).glob("*.txt"))


@attrs.frozen(kw_only=True)
class Spent:
    """Seconds of an analysis, and the tokens that it read."""

    reading: float
    parsing: float
    after: float
    tokens: int


def make_analyzer() -> Any:
    from quotes.analyzer import Analyzer

    return Analyzer(models="bundled")


def analyze(analyzer: Any, gold: Gold, folder: Path) -> Spent:
    """Writes NAME.jsonl, a report per article, and the scorers' input NAME.polnear and NAME.chains."""
    from quotes.article import read_article
    from quotes.export import to_jsonl_line

    start = time.perf_counter()
    articles = [read_article(path, lexicon=analyzer.lexicon) for path in gold.texts()]
    reading = time.perf_counter() - start
    parsing = after = 0.0
    tokens = 0
    parses: Iterator[Any] = analyzer.parser.parse_all(articles)
    with (folder / f"{gold.name}.jsonl").open("w", encoding="utf-8") as out:
        while True:
            start = time.perf_counter()
            pair = next(parses, None)
            parsing += time.perf_counter() - start
            if pair is None:
                break
            start = time.perf_counter()
            report = analyzer.report(*pair)
            after += time.perf_counter() - start
            tokens += sum(len(sentence.words) for sentence in pair[1].sentences)
            out.write(to_jsonl_line(report).rstrip("\n") + "\n")
    predict(gold, folder)
    return Spent(reading=reading, parsing=parsing, after=after, tokens=tokens)


def predict(gold: Gold, folder: Path, *, min_confidence: float = 0.0) -> None:
    reports = folder / f"{gold.name}.jsonl"
    outputs = ["--polnear", folder / f"{gold.name}.polnear", "--chains", folder / f"{gold.name}.chains"]
    texts = ["--texts", gold.texts()[0].parent, "--min-confidence", min_confidence]
    run(gold.scorers / "from_reports.py", reports, *outputs, *texts)


def run(script: Path, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, str(script), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{script.name} failed:\n{done.stderr}")
    return done.stdout


def score(gold: Gold, folder: Path, *arguments: object) -> str:
    predicted = folder / f"{gold.name}.{gold.form}"
    return run(gold.scorers / f"score_{gold.form}.py", "--gold", gold.folder, "--pred", predicted, *arguments)


def chain_figures(gold: Gold, folder: Path) -> dict[str, float]:
    found = json.loads(score(gold, folder, "--json"))
    figures = {
        "claims_f1": found["claims"]["f1"],
        "exact": found["exact_chains"],
        "deep_f1": found["deep_chains"]["f1"],
        "origins": found["origin_accuracy"],
        "hops_f1": found["hops"]["f1"],
        "carried_f1": found["carried"]["f1"],
    }
    return {name: round(value, 1) for name, value in figures.items()}


def listed_figures(gold: Gold, folder: Path) -> dict[str, float]:
    """Precision and recall of the main list: the claims that are not uncertain."""
    predict(gold, folder, min_confidence=UNCERTAIN)
    found = json.loads(score(gold, folder, "--json"))["claims"]
    predict(gold, folder)
    return {"listed_precision": round(found["p"], 1), "listed_recall": round(found["r"], 1)}


def seed_figures(gold: Gold, folder: Path) -> dict[str, float]:
    """How many claims of the seed article are found, and how many chains are exact."""
    alone = folder / SEED
    alone.mkdir(exist_ok=True)
    for suffix in (".txt", ".json"):
        (alone / f"{SEED}{suffix}").write_bytes((gold.folder / f"{SEED}{suffix}").read_bytes())
    found = json.loads(score(attrs.evolve(gold, folder=alone), folder, "--json"))
    claims = found["claims"]
    return {
        "claims": float(round(claims["r"] * claims["gold"] / 100)),
        "exact": float(round(found["exact_chains"] * claims["gold"] / 100)),
    }


def polnear_figures(gold: Gold, folder: Path) -> dict[str, float]:
    found = json.loads(score(gold, folder, "--json"))
    return {f"{name}_f1": found[name]["f1"] for name in ("quoted", "relation", "cue", "source", "content")}


def wrong_chains(gold: Gold, folder: Path) -> Counter[str]:
    return _missed("chain", score(gold, folder, "--errors", ALL))


def wrong_quotations(gold: Gold, folder: Path) -> Counter[str]:
    return _missed("quotation", score(gold, folder, "--errors", ALL))


def _missed(what: str, printed: str) -> Counter[str]:
    """The gold claims that a scorer lists as wrong: what they are, their article and their first words."""
    found = (match for line in printed.splitlines() if (match := MISSED.match(line)))
    return Counter(f"{what}  {match[1]}  {match[2][1:-1]}" for match in found)


def cost_figures(spent: Sequence[Spent], texts: Sequence[Path]) -> dict[str, float]:
    """What the analysis costs; memory is measured on the longest of the texts."""
    reading, parsing, after, tokens = (
        sum(getattr(each, name) for each in spent) for name in ("reading", "parsing", "after", "tokens")
    )
    longest = max(texts, key=lambda path: path.stat().st_size)
    done = subprocess.run([sys.executable, "-c", PEAK, str(longest)], capture_output=True, text=True, check=True)
    return {
        "after_parse_percent": round(100 * after / parsing, 1),
        "peak_megabytes": round(float(done.stdout), 0),
        "tokens_per_second": round(tokens / (reading + parsing + after), 0),
    }


def digest(folder: Path) -> str:
    """Changes with any file of the folder and with its name."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]
