"""A corpus of invented articles, as large as is asked for, with claims that travel between its outlets."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

from test_corpus import LineAnalyzer, say, text

from quotes.corpus import analyze_corpus

OUTLETS = [f"{place}{name}" for place, name in product(
    ("Vellamo", "Brell", "Inland", "Quarry", "Lantern"), ("courier", "post", "herald", "online"))]  # fmt: skip
FIRST = ("Ana", "Ilmari", "Kenji", "Omar", "Petra", "Sanna", "Tomas", "Wilma", "Yusuf", "Zita")
LAST = ("Brandt", "Duarte", "Falk", "Koski", "Lund", "Mori", "Niva", "Osei", "Raheem", "Velde")
NAMES = [f"{first} {last}" for first, last in product(FIRST, LAST)]
WHO = ("harbour", "council", "ferry line", "grain port", "lighthouse", "market hall", "old bridge", "quarry", "railway")
WILL = (
    "stay closed",
    "be opened again",
    "cost twice as much",
    "be looked at",
    "be sold",
    "be painted",
    "hold its fair",
)
WHEN = (
    "until all barges are safe",
    "before the first frost",
    "when the inspectors have signed",
    "after the spring tide",
    "in spite of the storm",
    "as long as the pilots wait",
    "with money from the province",
)


def write_articles(folder: Path, count: int, *, claims: int = 8) -> Path:
    """JSON Lines with so many articles; the same ones every time."""
    chance = Random(7)
    known: list[tuple[str, str, str]] = []
    lines = []
    for number in range(count):
        outlet, told = chance.choice(OUTLETS), []
        for _ in range(claims):
            if known and chance.random() < 0.25:
                source, words, relay = chance.choice(known[-60:])
                told.append(say(f"{relay}: {source}", words))
            else:
                source = chance.choice(NAMES)
                what = f"The {chance.choice(WHO)} of {chance.choice(LAST)}ville"
                words = f"{what} will {chance.choice(WILL)} {chance.choice(WHEN)}"
                known.append((source, words, outlet))
                told.append(say(source, words))
        day = date(2024, 5, 1) + timedelta(days=number * 60 // count)
        title = f"{told[0].partition(' said')[0].rpartition(': ')[2]} on the {chance.choice(WHO)}, {number}"
        lines.append(
            {"title": title, "publisher": outlet, "published": str(day), "text": text(f"Number {number}.", *told)}
        )
    file = folder / "news.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


def make_corpus(folder: Path, count: int) -> Path:
    """The corpus of these articles, in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    analyze_corpus([write_articles(folder, count)], folder / "corpus", make_analyzer=LineAnalyzer)
    return folder / "corpus"
