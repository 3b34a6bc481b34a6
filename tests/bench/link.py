"""How long a hundred thousand claims take to be linked, and how much memory.

    python tests/bench/link.py [--claims N] [--seed N] [--sentences]

The claims are made of invented words that are as frequent as words are (Zipf's law), a third of them copies of others:
whole, trimmed, or with some words changed. With --sentences they are those of tests/planted.py in places by the
thousand, so that every claim has the words of thousands of others: the hardest case there is.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import planted

from quotes.link import Member, Teller, link_members

VOCABULARY = 40_000
PEOPLE = 6_000
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "on", "us")]
LIGHT = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "is",
    "was",
    "for",
    "it",
    "with",
    "as",
    "his",
    "on",
    "be",
    "at",
    "by",
    "had",
    "not",
    "are",
    "but",
    "from",
    "or",
    "have",
    "an",
    "they",
    "which",
]


def random_members(count: int, seed: int) -> Iterator[Member]:
    draw = random.Random(seed)
    known = [*LIGHT, *dict.fromkeys("".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))) for _ in range(VOCABULARY))]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(known))))
    names = [f"{_name(draw)} {_name(draw)}" for _ in range(PEOPLE)]
    earlier: list[tuple[list[str], str]] = []
    for number in range(count):
        if earlier and draw.random() < 0.33:
            words, name = draw.choice(earlier)
            words = _copied(draw, words, known, weights)
        else:
            words = draw.choices(known, cum_weights=weights, k=draw.randint(6, 40))
            if draw.random() < 0.5:
                words[draw.randrange(1, len(words))] = str(draw.randrange(2, 3000))
            if draw.random() < 0.7:
                words[draw.randrange(1, len(words))] = draw.choice(names)
            name = draw.choice(names)
            earlier.append((words, name))
        yield _member(number, " ".join(words), name, f"Paper {draw.randrange(300)}")


def sentence_members(count: int, seed: int) -> Iterator[Member]:
    draw = random.Random(seed)
    sentences = planted.SENTENCES["tuned"]
    for number in range(count):
        filling = {
            "place": _name(draw), "n": draw.randrange(8, 999), "m": draw.randrange(2, 8),
            "body": draw.choice(planted.BODIES),
            "name": f"{_name(draw)} {_name(draw)}",
        }  # fmt: skip
        text = planted.worded(draw, draw.choice(sentences), filling, first=False)
        yield _member(number, text, f"{_name(draw)} {_name(draw)}", f"Paper {draw.randrange(300)}")


def _copied(draw: random.Random, words: list[str], known: list[str], weights: list[float]) -> list[str]:
    form = draw.randrange(3)
    if form == 0 or len(words) < 10:
        return words
    if form == 1:
        begin = draw.randrange(len(words) // 3)
        return words[begin : begin + draw.randint(6, len(words) - begin)]
    return [draw.choices(known, cum_weights=weights)[0] if draw.random() < 0.07 else word for word in words]


def _name(draw: random.Random) -> str:
    return "".join(draw.choices(SYLLABLES, k=3)).capitalize()


def _member(number: int, text: str, name: str, paper: str) -> Member:
    teller = Teller(name=name, kind="person")
    return Member(
        article=f"{number:012x}", claim=f"{number:012x}", text=text, origin="named", hops=(teller,), kind="direct",
        publisher=paper, published=f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}", path=None,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sentences", action="store_true")
    given = parser.parse_args()
    make = sentence_members if given.sentences else random_members
    members = list(make(given.claims, given.seed))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, used = time.perf_counter(), time.process_time()
    clusters = link_members(members)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    linked = sum(len(cluster.members) for cluster in clusters)
    print(f"{given.claims} claims: {len(clusters)} clusters of {linked} claims in {seconds:.1f} s")
    print(f"computing time: {used:.1f} s over all cores")
    print(f"memory: {before:.0f} MB with the claims alone, {peak:.0f} MB at most")


if __name__ == "__main__":
    main()
