"""How long the first report takes, against what importing torch and stanza takes in the same place.

    python tests/bench/startup.py [--rounds N]

Printed: the median seconds of `quotes report samples/relay.txt`, of `python -c "import torch, stanza"`, taken in turn,
and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "relay.txt"
COMMANDS = {
    "quotes report samples/relay.txt": ["-m", "quotes", "report", str(SAMPLE)],
    "import torch, stanza": ["-c", "import torch, stanza"],
}


def seconds(arguments: list[str]) -> float:
    """The wall time of a Python of its own."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds + 1):  # the first fills the disk's cache
        for name, arguments in COMMANDS.items():
            taken[name].append(seconds(arguments))
    medians = {name: statistics.median(each[1:]) for name, each in taken.items()}
    for name, value in medians.items():
        print(f"{name:<34}{value:7.2f} s")
    first, second = medians.values()
    print(f"{'ratio':<34}{first / second:7.2f}")


if __name__ == "__main__":
    main()
