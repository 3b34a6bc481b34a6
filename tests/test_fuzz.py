"""A small share of what `python tests/fuzzing.py` runs, and inputs that are long or tangled on purpose.

Time is the processor's, so that a busy machine fails nothing; what grows must grow in proportion.
"""

from __future__ import annotations

import contextlib
import os
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result
from fuzzing import trial
from naive import NaiveParser

from quotes import analyzer as analyzers
from quotes.article import article_from_text, read_article
from quotes.article.markup import blocks
from quotes.attribute.features import Scene
from quotes.cli import main
from quotes.errors import QuotesError
from quotes.lexicon import load
from quotes.marks import find_passages
from quotes.parse import LONGEST_SENTENCE, lay_out
from quotes.records import Article, Parse, Passage, Sentence, Word

STORY = "The harbour council closed the northern pier on Monday, and the mayor said that it would not open again soon."
SEED = int(os.environ.get("FUZZ_SEED", "7"))


def test_mutated_inputs_give_reports_or_named_errors() -> None:
    counts, outcomes = trial(700, SEED, models=False)
    assert [(each.kind, each.detail[-800:]) for each in outcomes if each.bad] == []
    assert counts["report"] > 200
    assert counts["refused"] > 200


@pytest.mark.models
def test_mutated_inputs_with_the_models() -> None:
    counts, outcomes = trial(25, SEED, models=True)
    assert [(each.kind, each.detail[-800:]) for each in outcomes if each.bad and each.kind != "slow"] == []
    assert counts["report"]


# Time grows with the input and no faster

MARKUP: dict[str, Callable[[int], str]] = {
    "open angles": lambda n: "<" * n,
    "open tags": lambda n: '<a "' * n,
    "open values": lambda n: '<a b="' * n,
    "comments": lambda n: "<!--" * n,
    "declarations": lambda n: "<!x" * n,
    "ampersands": lambda n: "&a" * n,
    "nested blocks": lambda n: "<div>x" * n,
    "nested quotations": lambda n: "<blockquote>x" * n,
    "nested marks": lambda n: "<q>x" * n,
    "in a quotation": lambda n: "<blockquote>" + "<b><p>x" * n,
    "scripts": lambda n: "<script>" * n,
    "stray ends": lambda n: "</p></b>" * n,
    "bylines": lambda n: "<a rel=author>x" * n,
    "breaks": lambda n: "x<br>" * n,
    "attributes": lambda n: "<p " + "a=b " * n + ">",
    "data": lambda n: '<script type="application/ld+json">' + "[" * n + "</script>",
}
TEXTS: dict[str, Callable[[int], str]] = {
    "opening marks": lambda n: "“" * n,
    "nested marks": lambda n: "“‘" * (n // 2) + "x" + "’”" * (n // 2),
    "straight marks": lambda n: "\" ' " * (n // 2),
    "apostrophes": lambda n: "' a" * n,
    "spaced marks": lambda n: "“ a " * n,
    "unclosed": lambda n: "\n\n".join(f"“We have waited {day} years" for day in range(n // 8)),
    "quotations": lambda n: "\n\n".join(f"“We have waited {day} years,” said Ana Duarte." for day in range(n // 8)),
    "in one paragraph": lambda n: " ".join(f"“We have waited {day} years,” said Ana Duarte." for day in range(n // 8)),
    "names": lambda n: " ".join(f"Ana{chr(97 + day % 26)} Duart{chr(97 + day // 26)} said." for day in range(n // 8)),
    "one sentence": lambda n: "He said that " + "the old pier and " * n,
    "sources": lambda n: "according to Reuters " * n,
    "brackets": lambda n: "(Reuters) - " * n,
    "zero width": lambda n: "a\u200b" * n,
    "combining": lambda n: "a" + "\u0301" * n,
}  # fmt: skip


def cost(work: Callable[[], object]) -> float:
    begun = time.process_time()
    with contextlib.suppress(QuotesError):
        work()
    return time.process_time() - begun


def grows_in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Whether four times as much takes at most some eight times as long; what is done at once is not measured."""
    cost(lambda: work(100))
    for _ in range(3):
        small, large = cost(lambda: work(size)), cost(lambda: work(4 * size))
        if large < 0.3 or large < 8 * small:
            return True
    return False


@pytest.mark.parametrize("name", list(MARKUP))
def test_markup_is_read_in_proportion(name: str) -> None:
    assert grows_in_proportion(lambda size: blocks(MARKUP[name](size)), 4_000)
    page = f"<html><head><title>x</title></head><body>{MARKUP[name](10_000)}".encode()
    assert cost(lambda: read_article(page)) < 10


@pytest.fixture(scope="module")
def analyzer() -> Iterator[analyzers.Analyzer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyzers, "Parser", NaiveParser)
        yield analyzers.Analyzer()


@pytest.mark.parametrize("name", list(TEXTS))
def test_articles_are_analysed_in_proportion(analyzer: analyzers.Analyzer, name: str) -> None:
    def work(size: int) -> object:
        report = analyzer.analyze(article_from_text(f"{STORY}\n\n{TEXTS[name](size)}"))
        assert [issue for issue in report.issues if issue.kind == "failed"] == []
        return report

    assert grows_in_proportion(work, 1_500)


@pytest.mark.parametrize("name", list(TEXTS))
def test_models_get_no_long_sentences(name: str) -> None:
    """What no full stop ends is cut, so that the parser's time and memory stay in proportion."""
    size = 20_000 if name == "one sentence" else 10_000
    try:
        article = article_from_text(f"{STORY}\n\n{TEXTS[name](size)}")
    except QuotesError:
        return
    begun = time.process_time()
    text, pieces = lay_out(article)
    assert time.process_time() - begun < 5
    assert len(text) <= 3 * len(article.text)
    for piece in pieces:
        stops = piece.seen.text.replace("!", ".").replace("?", ".").split(".")
        assert max(map(len, stops)) <= LONGEST_SENTENCE + 10
        assert max(len(stop.split()) for stop in stops) <= LONGEST_SENTENCE


def test_a_hundred_thousand_marks() -> None:
    article = article_from_text(f"{STORY}\n\n{'“a” ' * 25_000}{'“‘' * 12_500}")
    assert cost(lambda: find_passages(article, load())) < 20


def test_words_in_passages_are_found_in_proportion() -> None:
    """Of each word it is asked once whether it stands in marks, however many marks there are."""
    work = {size: partial(Scene.of, *_quotations(size), load()) for size in (5_000, 10_000)}
    assert all(len(scene().quoted) == size for size, scene in work.items())
    assert doubles(work[5_000], work[10_000])


def doubles(small: Callable[[], object], large: Callable[[], object]) -> bool:
    """Whether the best of some runs with twice as much takes at most 2.6 times as long."""
    for _ in range(3):
        once, twice = (min(cost(work) for _ in range(5)) for work in (small, large))
        if twice < 2.6 * once:
            return True
    return False


def _quotations(count: int) -> tuple[Article, Parse, list[Passage]]:
    """An article of so many sentences, each of a word in quotation marks and one outside them."""
    word = Word(index=0, text="a", lemma="a", upos="X", xpos="", feats="", head=-1, deprel="root", start=0, end=1)
    sentences = tuple(
        Sentence(
            index=at,
            block=0,
            start=4 * at,
            end=4 * at + 4,
            words=tuple(attrs.evolve(word, index=x, start=4 * at + 2 * x, end=4 * at + 2 * x + 1) for x in (0, 1)),
        )
        for at in range(count)
    )
    passages = [Passage(start=4 * at, end=4 * at + 1, text="a") for at in range(count)]
    return Article(text="a a " * count), Parse(sentences=sentences, entities=(), model="naive"), passages


# Limits, through the command line


def report(*arguments: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["report", *arguments], input=data)


def test_a_file_of_fifty_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes((STORY + "\n\n").encode() * (50_000_000 // len(STORY)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    done = report(str(path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "is too long" in done.stderr
    assert "--max-characters" in done.stderr
    assert time.process_time() - begun < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kilobytes


def test_deep_json_is_refused() -> None:
    done = report("-", "--input-format", "json", data=b'{"text":' + b"[" * 100_000)
    assert done.exit_code == 1
    assert "nested too deeply" in done.stderr
