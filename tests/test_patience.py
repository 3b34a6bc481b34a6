"""Limits of time: on a piece of work, on a long parse, on what follows it, and on the commands."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from naive import NaiveParser

from quotes import analyzer as analyzers
from quotes import parse as parsing
from quotes.analyzer import Analyzer
from quotes.article import article_from_text, read_article
from quotes.cli import common, main
from quotes.corpus import analyze_corpus
from quotes.errors import InputError
from quotes.export import to_json
from quotes.parse import Parser
from quotes.patience import MAX_SECONDS, Deadline, TooSlow, within
from quotes.records import Article, Parse, Report

STORY = "The harbour council closed the pier on Monday, and “it will not open soon,” said the mayor, Ana Duarte."
SLOW = "The dredger SLOWPOKE lay at anchor all morning while the crews waited for the tide to turn."
LIMIT = 1.0  # second
ENOUGH = 15.0  # seconds, for a busy machine to notice that LIMIT has passed; what is slow here takes 30
SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*.txt"))


# One piece of work


def test_what_is_done_in_time_is_given_back() -> None:
    assert Deadline.after(60).hold(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0, "x.txt")


def test_what_is_not_is_left_behind() -> None:
    never = threading.Event()
    begun = time.monotonic()
    with pytest.raises(TooSlow, match=r"^x\.txt took longer than 1 second\."):
        within(LIMIT, never.wait, "x.txt")
    assert time.monotonic() - begun < ENOUGH
    never.set()


def test_time_that_is_spent_counts() -> None:
    with pytest.raises(TooSlow, match="--max-seconds"):
        Deadline.after(10, spent=10.5).check()
    with pytest.raises(TooSlow):
        Deadline.after(10, spent=10.5).hold(pytest.fail)
    Deadline.after(10, spent=5).check()


def test_the_command_line_has_the_same_limit() -> None:
    assert common.MAX_SECONDS == MAX_SECONDS


def test_reading_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.article.formats.read", lambda _: time.sleep(30))
    begun = time.monotonic()
    with pytest.raises(InputError, match=r"The input took longer than 1 second\. Raise the limit with --max-sec"):
        read_article(STORY.encode(), max_seconds=LIMIT)
    assert time.monotonic() - begun < ENOUGH


# What follows the parse


def slow_attributions(article: Article, *given: Any) -> Any:
    """In the place of attribute: never done in time with one article."""
    if SLOW in article.text:
        time.sleep(30)
    return ATTRIBUTE(article, *given)


ATTRIBUTE = analyzers.attribute


def naive_analyzer(**options: Any) -> Analyzer:
    """An analyzer without models, one of whose steps hangs; what it patches is for a process of its own."""
    patch = pytest.MonkeyPatch()
    patch.setattr(analyzers, "Parser", NaiveParser)
    patch.setattr(analyzers, "attribute", slow_attributions)
    return warm(**options)


def warm(**options: Any) -> Analyzer:
    """What loads with a first article is no time of the ones after it."""
    Analyzer().analyze(STORY)
    return Analyzer(**options)


@pytest.fixture
def analyzer(monkeypatch: pytest.MonkeyPatch) -> Analyzer:
    monkeypatch.setattr(analyzers, "Parser", NaiveParser)
    monkeypatch.setattr(analyzers, "attribute", slow_attributions)
    return warm(max_seconds=LIMIT)


def failures(report: Report) -> list[str]:
    return [issue.message for issue in report.issues if issue.kind == "failed"]


def test_a_step_that_hangs_costs_its_article_only(analyzer: Analyzer) -> None:
    articles = [article_from_text(text) for text in (STORY, f"{STORY}\n\n{SLOW}", f"{STORY} It rained.")]
    begun = time.monotonic()
    reports = list(analyzer.analyze_all(articles))
    assert time.monotonic() - begun < ENOUGH
    assert [failures(report) for report in reports] == [
        [],
        ["It took longer than 1 second. Raise the limit with --max-seconds, or split the text."],
        [],
    ]
    assert [bool(report.passages) for report in reports] == [True, False, True]


def test_what_the_parse_took_counts(analyzer: Analyzer) -> None:
    article, parse = next(NaiveParser().parse_all([article_from_text(STORY)]))
    assert failures(analyzer.report(article, attrs.evolve(parse, seconds=LIMIT)))
    assert not failures(analyzer.report(article, parse))


# A long parse


class SlowModels:
    """In the place of the models: gives back that it found nothing, after a while."""

    processors = ("tokenize", "mwt", "depparse")

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, given: Any, processors: Set[str]) -> Any:
        if "tokenize" not in processors:
            return given
        self.seen.append(given)
        time.sleep(0.1)
        return SimpleNamespace(sentences=(), ents=())

    def bulk_process(self, given: list[Any], processors: Set[str]) -> list[Any]:
        return [self(each, processors) for each in given]


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> SlowModels:
    found = SlowModels()
    monkeypatch.setattr(parsing, "_load", lambda *_: found)
    monkeypatch.setattr(parsing, "BATCH_CHARACTERS", 2_000)
    return found


def parse(parser: Parser, *texts: str) -> list[Parse]:
    return [found for _, found in parser.parse_all(map(article_from_text, texts))]


def test_a_long_article_is_parsed_in_parts(models: SlowModels) -> None:
    long = "\n\n".join(f"{STORY} Day {day}." for day in range(100))
    found = parse(Parser(), STORY, long, STORY)
    assert [each.failed for each in found] == [None] * 3
    assert max(map(len, models.seen)) < 2_000 + len(STORY) + 10
    assert "\n\n".join(models.seen) == "\n\n".join([STORY, long, STORY]).translate(parsing.PLAIN)


def test_a_parse_stops_between_parts(models: SlowModels) -> None:
    long = "\n\n".join(f"{STORY} Day {day}." for day in range(1_000))
    found = parse(Parser(max_seconds=LIMIT), STORY, long, STORY)
    assert [bool(each.failed) for each in found] == [False, True, False]
    assert "took longer than 1 second" in str(found[1].failed)
    assert len(models.seen) < 20


def test_the_time_of_a_batch_is_shared_out(models: SlowModels) -> None:
    """So that no article fails because of the company that it came in."""
    first, second = parse(Parser(), STORY, f"{STORY} {STORY} {STORY}")
    assert len(models.seen) == 2
    assert 2 < second.seconds / first.seconds < 4
    assert 0.2 < first.seconds + second.seconds < ENOUGH


# The commands


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in (("one", STORY), ("slow", f"{STORY}\n\n{SLOW}"), ("two", f"{STORY} It rained.")):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return sorted(map(str, folder.iterdir()))


@pytest.mark.usefixtures("analyzer")
def test_report(files: list[str]) -> None:
    done = CliRunner().invoke(main, ["report", *files, "--max-seconds", "1", "--format", "jsonl"])
    assert done.exit_code == 3
    assert "slow.txt: It took longer than 1 second. Raise the limit with --max-seconds" in done.stderr
    assert [json.loads(line)["article"]["path"] for line in done.stdout.splitlines()] == [files[0], files[2]]


@pytest.mark.parametrize("command", [["report"], ["explain"]])
@pytest.mark.usefixtures("analyzer")
def test_one_article_alone(files: list[str], command: list[str]) -> None:
    claim = ["1"] if command == ["explain"] else []
    done = CliRunner().invoke(main, [*command, files[1], *claim, "--max-seconds", "1"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error: It took longer than 1 second" in done.stderr
    assert "--max-seconds" in done.stderr


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.usefixtures("analyzer")  # puts back what is patched in this process
def test_corpus_in_processes_of_its_own(files: list[str], tmp_path: Path, workers: int) -> None:
    out = tmp_path / "out"
    found = analyze_corpus(
        files, out, workers=workers, shard_size=3, make_analyzer=naive_analyzer, analyzer_options={"max_seconds": 1}
    )
    assert (found.articles, found.analyzed, found.failed) == (3, 2, 1)
    kept = "".join(path.read_text("utf-8") for path in out.rglob("*.jsonl"))
    assert kept.count('"schema"') == 2


# With the models


def in_parts(articles: Iterable[Article], analyzer: Analyzer) -> Iterator[str]:
    return (to_json(report) for report in analyzer.analyze_all(articles))


@pytest.mark.models
def test_in_parts_the_words_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The encoder reads sentences with their neighbours, so that a part's tags may differ where it is cut; the words
    and their places do not, and the same parts give the same bytes, alone and in company."""
    real = Analyzer(threads=1)
    articles = [read_article(path, path=path.name) for path in SAMPLES[:4]]
    whole = [words_of(parse) for _, parse in real.parser.parse_all(articles)]
    monkeypatch.setattr(parsing, "BATCH_CHARACTERS", 400)
    assert [words_of(parse) for _, parse in real.parser.parse_all(articles)] == whole
    together = list(in_parts(articles, real))
    assert [text for article in articles for text in in_parts([article], real)] == together


def words_of(parse: Parse) -> list[tuple[int, int]]:
    return [(word.start, word.end) for sentence in parse.sentences for word in sentence.words]


@pytest.mark.models
def test_a_long_text_is_given_up() -> None:
    """A million characters, of which about one part is parsed."""
    text = "\n\n".join(f"{STORY} It was day {day} of the closure." for day in range(7_000))
    begun = time.process_time()
    report = Analyzer(threads=1, max_seconds=2).analyze(text)
    assert failures(report) == ["It took longer than 2 seconds. Raise the limit with --max-seconds, or split the text."]
    assert time.process_time() - begun < 100


ENDLESS = {"abbreviations": "Mr. ", "numbers": "No. 1 ", "marks": 'a"b"', "letters": "a b ", "cries": '"a!" he '}


@pytest.mark.models
@pytest.mark.parametrize("name", list(ENDLESS))
def test_no_sentence_has_no_end(name: str) -> None:
    """The search for the best tree takes the cube of a sentence's words: what has no end for the models is cut."""
    endless = "\n\n".join([ENDLESS[name] * (890 // len(ENDLESS[name])), ENDLESS[name] * (2_900 // len(ENDLESS[name]))])
    article = article_from_text("\n\n".join([*[STORY] * 40, endless, STORY]))
    begun = time.process_time()
    found = next(Parser(threads=1).parse_all([article]))[1]
    assert time.process_time() - begun < 30
    assert found.failed is None
    assert max(len(sentence.words) for sentence in found.sentences) <= parsing.MOST_WORDS
    words = [word for sentence in found.sentences for word in sentence.words]
    assert all(article.text[word.start : word.end] == word.text for word in words if "'" not in word.text)
    covered = {at for word in words for at in range(word.start, word.end)}
    assert {at for at, sign in enumerate(article.text) if sign.isalnum()} <= covered
