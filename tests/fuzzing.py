"""Broken and hostile inputs by the thousand, through the whole command line.

`python tests/fuzzing.py --count 20000` with parsing stubbed, `--count 500 --models` with the real models. Each input
must give a report or a named error, within its limit of time; what does not is kept in --keep, to be looked at.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import attrs
from click.testing import CliRunner
from naive import NaiveParser

from quotes import analyzer as analyzers
from quotes import export, views
from quotes.article.formats import FORMATS as INPUTS
from quotes.cli import main

HERE = Path(__file__).parent
SECONDS = 10.0  # of the processor's time, for one input
TOKENS = (
    *("“", "”", '"', "'", "‘", "’", "«", "»", "„", "''", "``", "—", "…", "(", ")", "[", "]"),
    *("\x00", "\x1b[31m", "\u202e", "\u200b", "\u00ad", "\ufeff", "\u2028", "\r", "\r\n", "\n\n", "\t", "\u0301", "é"),
    *(
        "<p>",
        "</p>",
        "<q>",
        "</q>",
        "<blockquote>",
        "<!--",
        "<![CDATA[",
        "<script>",
        "</script>",
        "&amp;",
        "&#x110000;",
    ),
    *(
        '{"text": "',
        '"}',
        "[[[[",
        "\\ud800",
        "=1+1",
        "../",
        "%s",
        "{{x}}",
        "said",
        "according to",
        "told",
        " said he, ",
    ),
    *(
        "👩‍👩‍👧",
        "مرحبا",
        "港口",
        "Der Minister sagte, dass die Brücke nicht",
        "LONDON (Reuters) - ",
        "Source: AFP",
        "a" * 2000,
    ),
)
FORMATS = tuple(name for name in (*views.FORMATS, *export.FORMATS) if name != "brat")


@attrs.frozen
class Outcome:
    """What came of an input: "report", "refused", or what went wrong with it."""

    kind: str
    seconds: float
    detail: str = ""

    @property
    def bad(self) -> bool:
        return self.kind not in ("report", "refused")


def seeds() -> list[tuple[str, bytes]]:
    """Names and bytes to begin with: samples, saved pages, the malformed shelf, and the same as JSON and e-mail."""
    texts = sorted((HERE.parent / "samples").glob("*.txt"))
    files = [*texts, *sorted((HERE / "pages").glob("*.html"))[::3], *sorted((HERE / "malformed").iterdir())]
    found = [(path.name, path.read_bytes()) for path in files if path.is_file()]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        found.append((f"{path.stem}.json", json.dumps({"text": text, "title": "x"}).encode()))
        found.append((f"{path.stem}.jsonl", b"".join(json.dumps({"text": text}).encode() + b"\n" for _ in range(2))))
        found.append((f"{path.stem}.eml", f"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n\n{text}".encode()))
        item = f"<newsItem><contentMeta><headline>x</headline></contentMeta><inlineData>{text}</inlineData></newsItem>"
        found.append((f"{path.stem}.xml", item.encode()))
        found.append((f"{path.stem}.txt.gz", gzip.compress(text.encode())))
    return found


def mutated(chance: random.Random, data: bytes) -> bytes:
    """The bytes with some of what happens to files done to them."""
    for _ in range(chance.choice((0, 1, 1, 2, 4, 12))):
        data = chance.choice(MUTATIONS)(chance, data)
    return data[:60_000]


def _insert(chance: random.Random, data: bytes) -> bytes:
    at = chance.randint(0, len(data))
    token = chance.choice(TOKENS).encode("utf-8", "surrogatepass") * chance.choice((1, 1, 1, 3, 50))
    return data[:at] + token + data[at:]


def _delete(chance: random.Random, data: bytes) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + data[at + chance.choice((1, 1, 5, 100)) :]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    at = chance.randint(0, len(data))
    piece = data[at : at + chance.choice((1, 10, 300))]
    return data[:at] + piece * chance.choice((2, 10, 60)) + data[at:]


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 30))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randint(0, len(data))]


def _recode(chance: random.Random, data: bytes) -> bytes:
    encoding = chance.choice(("cp1252", "utf-16", "utf-16-le", "latin-1", "utf-32", "koi8-r", "utf-7"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


def _swap(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _noise(chance: random.Random, _: bytes) -> bytes:
    if chance.random() < 0.5:
        return chance.randbytes(chance.choice((1, 40, 3000)))
    return "".join(chance.choices(TOKENS, k=chance.choice((3, 40, 200)))).encode("utf-8", "surrogatepass")


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_insert, _insert, _insert, _delete, _repeat, _flip, _cut, _recode, _swap, _noise),
)


def inputs(count: int, seed: int) -> Iterator[tuple[str, bytes, list[str]]]:
    """Names, bytes and options, the same for the same seed."""
    chance = random.Random(seed)
    known = seeds()
    for _ in range(count):
        name, data = chance.choice(known)
        options = ["--format", chance.choice(FORMATS)]
        if chance.random() < 0.15:
            options += ["--input-format", chance.choice(INPUTS)]
        yield name, mutated(chance, data), options


def run(name: str, data: bytes, options: list[str], folder: Path) -> Outcome:
    """One input through `quotes report`, half of them as files and half as standard input."""
    begun = time.process_time()
    path = folder / name
    if len(data) % 2:
        path.write_bytes(data)
    done = CliRunner().invoke(main, ["report", str(path) if len(data) % 2 else "-", *options], input=data)
    seconds = time.process_time() - begun
    if done.exception and not isinstance(done.exception, SystemExit):
        return Outcome("exception", seconds, "".join(traceback.format_exception(done.exception)))
    if "fault in quotes" in done.stderr or "Traceback" in done.stderr:
        return Outcome("fault", seconds, done.stderr)
    if seconds > SECONDS:
        return Outcome("slow", seconds, f"{seconds:.1f} s")
    if done.exit_code in (0, 3) and done.stdout:
        return Outcome("report", seconds)
    if done.exit_code in (1, 3) and done.stderr.strip():
        return Outcome("refused", seconds)
    return Outcome("silent", seconds, f"exit {done.exit_code}")


def _raise(_: Any, __: Any, reason: str) -> Any:
    """In the place of Reporter.failed, which would hide an error of ours in a report."""
    raise AssertionError(reason)


def trial(count: int, seed: int, *, models: bool, keep: Path | None = None) -> tuple[Counter[str], list[Outcome]]:
    """So many inputs: how many came to what, and all outcomes."""
    patches = [patch.object(analyzers.Reporter, "failed", _raise)]
    real = analyzers.Parser if models else NaiveParser
    loaded: list[Any] = []

    def parser(**options: Any) -> Any:
        if not loaded:
            loaded.append(real(**options))
        return loaded[0]

    patches.append(patch.object(analyzers, "Parser", parser))
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        for each in patches:
            each.start()
        try:
            for number, (name, data, options) in enumerate(inputs(count, seed)):
                outcome = run(name, data, options, Path(folder))
                outcomes.append(outcome)
                if outcome.bad and keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{seed}-{number}-{name}").write_bytes(data)
                    (keep / f"{seed}-{number}.why").write_text(f"{options}\n{outcome.detail}", encoding="utf-8")
        finally:
            for each in patches:
                each.stop()
    return Counter(outcome.kind for outcome in outcomes), outcomes


def command() -> int:
    """The command line of this file; 1 where anything went wrong."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--models", action="store_true")
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    counts, outcomes = trial(given.count, given.seed, models=given.models, keep=given.keep)
    slowest = max(outcome.seconds for outcome in outcomes)
    print(f"{given.count} inputs: {dict(counts)}; the slowest took {slowest:.2f} s")
    for outcome in [each for each in outcomes if each.bad][:20]:
        print(outcome.kind, outcome.detail[-1500:], sep="\n")
    return int(any(outcome.bad for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(command())
