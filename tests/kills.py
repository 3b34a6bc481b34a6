"""Kills a corpus run at random moments, lets it go on each time, and compares what is left with an unbroken run.

    python tests/kills.py [--kills N] [--articles N] [--workers N] [--seed N]

The articles are this repository's samples, each time with other numbers in them; the models are the bundled ones.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "samples").glob("*.txt"))
STEP = 0.005


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def kill_often(command: Callable[[int], Sequence[str]], out: Path, moments: Sequence[float]) -> list[int]:
    """Starts a run for each moment and kills it that many seconds after it began to work.

    command: of the n-th run, which writes to out. Returns how many shards were complete after each.
    """
    done = []
    for number, moment in enumerate(moments):
        before = _written(out)
        process = subprocess.Popen(command(number), stderr=subprocess.DEVNULL)
        while process.poll() is None and _written(out) == before:
            time.sleep(STEP)
        deadline = time.monotonic() + moment
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(STEP)
        process.kill()
        process.wait()
        done.append(len(list((out / "shards").glob("*.json"))))
    return done


def _written(out: Path) -> int | None:
    """When a run last said that it had begun, or ended."""
    try:
        return (out / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        return None


def vary(folder: Path, count: int, texts: Sequence[str]) -> None:
    """Writes as many articles, by turns of these texts, each with other numbers; one of ten as a copy."""
    folder.mkdir(parents=True)
    for number in range(count):
        other = number - 7 if number % 10 == 9 else number
        (folder / f"{number:05}.txt").write_text(varied(texts[other % len(texts)], other), encoding="utf-8")


def varied(text: str, number: int) -> str:
    """The text with other numbers, and a sentence that no other has."""
    changed = re.sub(r"(?<=\d)\d(?!\d)", lambda match: str((int(match[0]) + number) % 10), text)
    return f"{changed.rstrip()}\n\nThe harbour office filed this under number {number}.\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=30)
    options.add_argument("--articles", type=int, default=120)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--seconds", type=float, default=9, help="The longest time that a run has before it is killed."
    )
    given = options.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vary(folder / "news", given.articles, [path.read_text("utf-8") for path in SAMPLES])

        def command(out: str) -> list[str]:
            asked = ["corpus", "run", str(folder / "news"), "--out", str(folder / out), "--quiet", "--shard-size", "3"]
            return [sys.executable, "-m", "quotes", *asked, "--workers", str(given.workers)]

        moments = [chance.uniform(0, given.seconds) for _ in range(given.kills)]
        done = kill_often(lambda _: command("broken"), folder / "broken", moments)
        subprocess.run(command("broken"), check=True)
        subprocess.run(command("whole"), check=True)
        left = [contents(folder / each) for each in ("broken", "whole")]
        differing = sorted(path for path in left[0].keys() | left[1].keys() if left[0].get(path) != left[1].get(path))
    shards = len([path for path in left[1] if path.startswith("shards/")])
    print(f"{given.kills} kills, {sum(each < shards for each in done)} before the end; shards after each: {done}")
    print(f"{len(left[1])} files of {shards} shards: " + (f"differ: {differing}" if differing else "all the same"))
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
