"""What a corpus run costs beside the bare parse, what workers and threads bring, and whether memory and time keep pace.

    python tests/bench/corpus.py rates [--data DIR] [--articles N] [--rounds N]
    python tests/bench/corpus.py memory [--data DIR] [--articles N,N…]

Articles are the samples and, where --data names a folder of texts, those, in turn and each time with other numbers.
`rates` runs the parser alone, one worker of one thread, one of two, and two of one, each in a process of its own, turn
by turn, on the same articles in the same batches; what is timed begins when the models are loaded, and printed are
medians. `memory` runs articles of some 60 words in growing numbers, with one worker of one thread, and prints the peak
of resident memory and the time for each.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

SIDES = {"the parser alone": (0, 1), "1 worker, 1 thread": (1, 1), "1 worker, 2 threads": (1, 2),
         "2 workers, 1 thread": (2, 1)}  # fmt: skip
SHORT = 60  # words


def write_articles(path: Path, count: int, data: Path | None, *, short: bool) -> None:
    """JSON Lines with as many articles."""
    from kills import SAMPLES, varied

    paths = [*SAMPLES, *(sorted(data.glob("*.txt")) if data else ())]
    texts = [each.read_text("utf-8") for each in paths]
    if short:
        texts = [" ".join(text.split()[at : at + SHORT]) for text in texts for at in range(0, 4 * SHORT, SHORT)]
        texts = [text for text in texts if len(text.split()) == SHORT]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({"text": varied(texts[number % len(texts)], number)}) + "\n")


@attrs.frozen(kw_only=True)
class Loading:
    """Makes the analyzer, and notes when it was ready. folder: for the notes, one of each worker."""

    folder: Path

    def __call__(self, **options: Any) -> Any:
        import os

        from quotes.analyzer import Analyzer

        made = Analyzer(**options)
        list(made.analyze_all([_warm()]))
        (self.folder / f"{os.getpid()}.loaded").write_text(str(time.time()))
        return made


def _warm() -> Any:
    from quotes.article import article_from_text

    return article_from_text("The ferry, said Ana Duarte, who runs the port, will sail again before the ice comes.")


def run_once(lines: Path, workers: int, threads: int) -> dict[str, float]:
    """Seconds for all articles, from when the models are loaded, and this process's peak memory in MB.

    Beside these how many articles were refused: a piece of a text need not be English.
    """
    if not workers:
        seconds, failed = parse_alone(lines, threads), 0
    else:
        from quotes.corpus import analyze_corpus

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            found = analyze_corpus(
                [lines], folder / "out", workers=workers, make_analyzer=Loading(folder=folder),
                analyzer_options={"threads": threads},
            )  # fmt: skip
            end = time.time()
            loaded = [float(path.read_text()) for path in folder.glob("*.loaded")]
            seconds, failed = end - statistics.mean(loaded), found.failed
    return {"seconds": seconds, "peak": peak(), "failed": failed}


def parse_alone(lines: Path, threads: int) -> float:
    from quotes.article import parts_of, read_article
    from quotes.parse import Parser

    articles = [read_article(each.data, input_format="json") for each in parts_of(lines) if each.data]
    parser = Parser(threads=threads)
    list(parser.parse_all([_warm()]))
    start = time.time()
    for _ in parser.parse_all(articles):
        pass
    return time.time() - start


def peak() -> float:
    status = Path("/proc/self/status")
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1e3 if status.exists() else 0.0  # type: ignore[index]


def run_apart(lines: Path, workers: int, threads: int) -> dict[str, float]:
    command = [sys.executable, __file__, "one", "--lines", str(lines), "--side", f"{workers},{threads}"]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def rates(lines: Path, count: int, rounds: int) -> None:
    runs: dict[str, list[float]] = {name: [] for name in SIDES}
    for _ in range(rounds):
        for name, (workers, threads) in SIDES.items():
            runs[name].append(run_apart(lines, workers, threads)["seconds"])
            print(f"{name:<22}{runs[name][-1]:>8.1f} s", file=sys.stderr, flush=True)
    seconds = {name: statistics.median(each) for name, each in runs.items()}
    bare, one, two_threads, two = seconds.values()
    for name, each in seconds.items():
        print(f"{name:<22}{count / each:>8.2f} articles/s")
    print(f"one worker / the parser alone {bare / one:.2f}; two workers / one {one / two:.2f}; "
          f"two workers / two threads {two_threads / two:.2f}")  # fmt: skip


def memory(runs: Iterator[tuple[int, Path]]) -> None:
    found = []
    for count, lines in runs:
        found.append((count, run_apart(lines, 1, 1)))
        last = found[-1][1]
        print(f"{count:>8,} articles{last['seconds']:>8.1f} s{1e3 * last['seconds'] / count:>8.1f} ms each"
              f"{last['peak']:>8.0f} MB at most, {last['failed']:.0f} refused", flush=True)  # fmt: skip
    print(f"peak: {found[-1][1]['peak'] / found[0][1]['peak'] - 1:+.1%} from {found[0][0]:,} to {found[-1][0]:,}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("mode", choices=["rates", "memory", "one"])
    options.add_argument("--data", type=Path, metavar="DIR")
    options.add_argument("--articles", metavar="N,N…")
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--lines", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--side", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.mode == "one":
        workers, threads = map(int, given.side.split(","))
        print(json.dumps(run_once(given.lines, workers, threads)))
        return
    counts = [int(each) for each in (given.articles or ("300" if given.mode == "rates" else "1000,10000")).split(",")]
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / f"{count}.jsonl" for count in counts]
        for path, count in zip(paths, counts, strict=True):
            write_articles(path, count, given.data, short=given.mode == "memory")
        if given.mode == "rates":
            rates(paths[0], counts[0], given.rounds)
        else:
            memory(zip(counts, paths, strict=True))


if __name__ == "__main__":
    main()
