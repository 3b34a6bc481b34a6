"""The reports printed beside the samples are what quotes prints today, and their gold is sound.

    QUOTES_UPDATE=1 pytest tests/test_samples.py   or   python tests/test_samples.py --update
rewrites samples/*.report, samples/barges.trace and the README's excerpts: look at the difference before keeping it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "samples"
GOLD = TESTS / "gold" / "samples"
README = TESTS.parent / "README.md"
EXCERPT = re.compile(r"(?<=<!-- excerpt: relay -->\n```\n).*?(?=\n```)", re.DOTALL)
EXCERPT_LINES = 24
TRACE = SAMPLES / "barges.trace"
TRACED = re.compile(r"(?<=<!-- excerpt: barges -->\n```\n).*?(?=\n```)", re.DOTALL)
WORDS = "harbour closed barges inspected"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.txt"))
KINDS = {"direct", "indirect", "mixed"}
TYPES = {"person", "organization", "outlet", "document", "group", "anonymous"}


def rendered_samples() -> dict[str, str]:
    """What the terminal shows for each sample, 100 columns wide, without colour."""
    from quotes.analyzer import Analyzer
    from quotes.article import read_article
    from quotes.views import render

    articles = [read_article((SAMPLES / f"{name}.txt").read_bytes(), path=f"samples/{name}.txt") for name in NAMES]
    reports = Analyzer(models="bundled").analyze_all(articles)
    shown = [render(report, format="terminal", width=100, color=False) for report in reports]
    return {name: each.rstrip("\n") + "\n" for name, each in zip(NAMES, shown, strict=True)}


def rendered_trace() -> str:
    """What the terminal shows of a claim in the articles of samples/barges, 100 columns wide, without colour."""
    from quotes.corpus import analyze_corpus, travels
    from quotes.views import render_trace

    with tempfile.TemporaryDirectory() as folder:
        analyze_corpus([SAMPLES / "barges"], Path(folder) / "out")
        return render_trace(travels(Path(folder) / "out", WORDS), width=100)


def sample_text(name: str) -> str:
    return (SAMPLES / f"{name}.txt").read_bytes().decode("utf-8")


def report_path(name: str) -> Path:
    return SAMPLES / f"{name}.report"


def update(shown: dict[str, str], trace: str) -> None:
    for name, report in shown.items():
        report_path(name).write_text(report, encoding="utf-8")
    TRACE.write_text(trace, encoding="utf-8")
    readme = EXCERPT.sub(lambda _: excerpt(shown["relay"]), README.read_text("utf-8"))
    README.write_text(TRACED.sub(lambda _: trace.rstrip("\n"), readme, count=1), encoding="utf-8")


def excerpt(report: str) -> str:
    """The beginning of a report, up to the last claim that ends within so many lines."""
    lines = report.splitlines()
    number = re.compile(r" *\d+  (?:direct|indirect|mixed) ")
    end = max(at for at in range(EXCERPT_LINES) if number.match(lines[at]))
    return "\n".join([*lines[:end], "…"])


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    found = rendered_samples()
    if os.environ.get("QUOTES_UPDATE"):
        update(found, rendered_trace())
    return found


@pytest.mark.models
@pytest.mark.parametrize("name", NAMES)
def test_report_is_kept(name: str, shown: dict[str, str]) -> None:
    assert report_path(name).exists(), "python tests/test_samples.py --update writes it"
    assert shown[name] == report_path(name).read_text(encoding="utf-8")


@pytest.mark.models
def test_trace_is_kept() -> None:
    pytest.importorskip("duckdb")
    assert rendered_trace() == TRACE.read_text("utf-8"), "python tests/test_samples.py --update writes it"


def test_the_readme_shows_the_whole_trace() -> None:
    (shown,) = TRACED.findall(README.read_text("utf-8"))
    assert shown == TRACE.read_text("utf-8").rstrip("\n")
    assert f"quotes corpus trace barges {WORDS}" in README.read_text("utf-8")


def test_the_readme_shows_what_is_printed() -> None:
    """The excerpt is the kept report's own beginning."""
    (shown,) = EXCERPT.findall(README.read_text("utf-8"))
    assert shown == excerpt(report_path("relay").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_gold_is_sound(name: str) -> None:
    """Every content and every name of the gold stands in the sample's text, in reading order."""
    text = sample_text(name)
    gold = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    assert gold["doc"] == name
    at = 0
    for claim in gold["claims"]:
        assert claim["kind"] in KINDS
        start = text.find(claim["content"][0], at)
        assert start >= at, f"out of order or not there: {claim['content'][0]!r}"
        at = start
        for part in claim["content"]:
            start = text.find(part, start)
            assert start >= 0, part
            start += len(part)
        for source in sources(claim["chain"]):
            assert source["type"] in TYPES
            for each in source["names"]:
                assert each == "unnamed" or each.casefold() in text.casefold(), each


def sources(chain: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [source for hop in chain for source in [hop, *hop.get("with", [])]]


def test_five_samples_and_their_list() -> None:
    listed = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert len(NAMES) >= 5
    for name in NAMES:
        assert f"`{name}.txt`" in listed
        assert 350 <= len(sample_text(name).split()) <= 700


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--update", action="store_true", required=True, help="rewrite samples/*.report and the README's excerpt"
    )
    parser.parse_args()
    update(rendered_samples(), rendered_trace())


if __name__ == "__main__":
    main()
