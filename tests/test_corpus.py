from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kills import contents

from quotes import corpus
from quotes.corpus import CorpusSummary, analyze_corpus
from quotes.errors import InputError, ModelError, QuotesError
from quotes.records import Article, Claim, Cue, Hop, Issue, Mention, Report, Source, Span, digest
from quotes.views import render_overview

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

LINE = re.compile(r'^(?:(?P<relay>[A-Z]\w+): )?(?P<source>[A-Z][\w ]+) said: "(?P<content>[^"]+)"', re.MULTILINE)
FILLER = "The council of Vellamo met on Tuesday and talked about the old harbour, the ferries and the price of bread."


class LineAnalyzer:
    """Takes each line of the form `[Relay: ]Name said: "…"` for a claim; some words make it misbehave."""

    def __init__(self, pause: float = 0, **_: Any) -> None:
        self.pause = pause

    def analyze_all(self, articles: Iterable[Article]) -> Iterator[Report]:
        for article in articles:
            time.sleep(self.pause)
            if "RAISE" in article.text:
                raise ValueError("the stub was told to raise")
            if "DIE" in article.text:
                os.kill(os.getpid(), signal.SIGKILL)
            failed = (Issue(kind="failed", message="told to fail"),) if "FAIL" in article.text else ()
            yield _report(article, failed)


def _report(article: Article, issues: tuple[Issue, ...]) -> Report:
    sources: dict[str, Source] = {}
    claims = [_claim(article, match, sources) for match in LINE.finditer(article.text)]
    return Report(
        article=article, sources=tuple(sources.values()), passages=(), claims=tuple(claims), trees=(), issues=issues
    )


def _claim(article: Article, match: re.Match[str], sources: dict[str, Source]) -> Claim:
    hops = tuple(_hop(article, match, group, sources) for group in ("relay", "source") if match[group])
    said = article.text.index("said", match.end("source"))
    return Claim(
        id=digest("claim", article.id, match.start()),
        kind="direct",
        act="speech",
        origin="unnamed" if match["source"].startswith("An ") else "named",
        path="relayed" if match["relay"] else "straight",
        content=(article.span(*match.span("content")),),
        cue=Cue(start=said, end=said + 4, text="said", lemma="say"),
        source=hops[-1].mention,
        confidence=0.912345,
        chain=hops,
    )


def _hop(article: Article, match: re.Match[str], group: str, sources: dict[str, Source]) -> Hop:
    name, span = match[group], article.span(*match.span(group))
    mention = Mention(start=span.start, end=span.end, text=span.text, form="name")
    kind: Any = "outlet" if group == "relay" else "person"
    sources[name] = Source(id=digest("source", article.id, name), name=name, kind=kind, mentions=(mention,))
    return Hop(
        source=sources[name].id, name=name, relation="said", basis="stated", cue=Span(start=0, end=0, text=""),
        mention=span, rule="line", confidence=0.9,
    )  # fmt: skip


def no_models(**_: Any) -> LineAnalyzer:
    raise ModelError("The models are not there.", "Fetch them.")


def text(*lines: str) -> str:
    return "\n\n".join([FILLER, *lines, FILLER]) + "\n"


def say(source: str, content: str) -> str:
    return f'{source} said: "{content}"'


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    (folder / "inner").mkdir(parents=True)
    for number in range(9):
        at = folder / "inner" if number % 2 else folder
        claim = say(
            "Reuters: Ana Duarte" if number % 3 else "Duarte", "The harbour will stay closed until all barges are safe"
        )
        (at / f"article{number}.txt").write_text(
            text(f"Number {number}.", claim, say("An official", f"Count {number}"))
        )
    return folder


def run(inputs: Path | list[str | Path], out: Path, **options: Any) -> CorpusSummary:
    given = inputs if isinstance(inputs, list) else [inputs]
    return analyze_corpus(given, out, **{"make_analyzer": LineAnalyzer, "shard_size": 2, **options})


def test_every_article_has_its_report_and_its_rows(news: Path, tmp_path: Path) -> None:
    summary = run(news, tmp_path / "out")
    assert summary == CorpusSummary(folder=tmp_path / "out", articles=9, analyzed=9, claims=18, shards=5)
    lines = [line for path in (tmp_path / "out/reports").iterdir() for line in path.read_text().splitlines()]
    assert sorted(Path(json.loads(line)["article"]["path"]).name for line in lines) == [
        f"article{n}.txt" for n in range(9)
    ]
    assert corpus.status(tmp_path / "out") == [
        {"finished": True, "shards": 5, "articles": 9, "analyzed": 9, "duplicates": 0, "failed": 0, "claims": 18}
    ]
    counted = corpus.sql(
        tmp_path / "out", "SELECT count(*) AS hops, max(claims.confidence) AS sure FROM hops JOIN claims USING (claim)"
    )
    assert counted == [{"hops": 24, "sure": 0.91}]


def test_any_number_of_workers_leaves_the_same_bytes(news: Path, tmp_path: Path) -> None:
    (news / "bad.txt").write_text(text("RAISE"))
    (news / "copy.txt").write_text((news / "article0.txt").read_text())
    one = run(news, tmp_path / "one")
    two = run(news, tmp_path / "two", workers=2)
    assert (one.analyzed, one.failed, one.duplicates) == (two.analyzed, two.failed, two.duplicates) == (9, 1, 1)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_second_run_does_nothing_and_changes_nothing(news: Path, tmp_path: Path) -> None:
    first = run(news, tmp_path / "out")
    before = contents(tmp_path / "out")
    again = run(news, tmp_path / "out", make_analyzer=LineAnalyzer)
    assert (again.analyzed, again.resumed) == (first.analyzed, first.shards)
    assert contents(tmp_path / "out") == before


def test_changed_and_removed_articles_are_seen_by_the_next_run(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "out")
    (news / "article8.txt").unlink()
    (news / "inner/article1.txt").write_text(text(say("Ilmari Koski", "The ferries sail on Monday")))
    summary = run(news, tmp_path / "out")
    assert summary.resumed > 0
    run(news, tmp_path / "fresh")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_a_killed_run_that_is_resumed_equals_an_unbroken_one(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "unbroken", analyzer_options={"pause": 0.03})
    broken = tmp_path / "broken"
    script = (
        f"import sys; sys.path[:0] = [{str(Path(corpus.__file__).parents[2])!r}, {str(Path(__file__).parent)!r}]\n"
        "from pathlib import Path; from test_corpus import run\n"
        "if __name__ == '__main__':\n"
        "    run(Path(sys.argv[1]), Path(sys.argv[2]), analyzer_options={'pause': 0.03}, workers=int(sys.argv[3]))\n"
    )
    (tmp_path / "script.py").write_text(script)
    for workers, shards in ((1, 1), (2, 2), (1, 4)):
        process = subprocess.Popen([sys.executable, str(tmp_path / "script.py"), str(news), str(broken), str(workers)])
        while len(list((broken / "shards").glob("*.json"))) < shards and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        process.wait()
    (broken / "reports/torn.jsonl.1.tmp").write_text("torn")
    summary = run(news, broken, analyzer_options={"pause": 0.03})
    assert summary.resumed >= 1
    assert contents(broken) == contents(tmp_path / "unbroken")


def test_a_bad_article_is_a_row_with_its_reason(news: Path, tmp_path: Path) -> None:
    (news / "empty.txt").write_text("")
    (news / "raises.txt").write_text(text("RAISE"))
    (news / "fails.txt").write_text(text("FAIL"))
    summary = run(news, tmp_path / "out", shard_size=20)
    assert (summary.articles, summary.analyzed, summary.failed) == (12, 9, 3)
    rows = corpus.sql(tmp_path / "out", "SELECT file, kind, message, article FROM issues ORDER BY file")
    assert [(Path(row["file"]).name, row["kind"]) for row in rows] == [
        ("empty.txt", "unreadable"),
        ("fails.txt", "failed"),
        ("raises.txt", "failed"),
    ]
    assert [row["message"] for row in rows[1:]] == ["told to fail", "ValueError: the stub was told to raise"]
    assert rows[0]["article"] is None
    assert "raises.txt" in render_overview(corpus.overview(tmp_path / "out"))


def test_a_shard_that_kills_its_workers_fails_and_is_tried_again_by_the_next_run(news: Path, tmp_path: Path) -> None:
    (news / "zz.txt").write_text(text("DIE"))
    summary = run(news, tmp_path / "out", shard_size=1, workers=2)
    assert (summary.analyzed, summary.failed) == (9, 1)
    (row,) = corpus.sql(tmp_path / "out", "SELECT file, message FROM issues")
    assert row["file"].endswith("zz.txt")
    assert "died" in row["message"]
    again = run(news, tmp_path / "out", shard_size=1, workers=2)
    assert (again.resumed, again.failed) == (9, 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_no_article_is_to_blame_for_ends_the_run(news: Path, tmp_path: Path, workers: int) -> None:
    with pytest.raises(QuotesError, match="The models are not there"):
        run(news, tmp_path / "out", make_analyzer=no_models, workers=workers)
    assert corpus.status(tmp_path / "out")[0]["finished"] is False


def test_the_same_text_is_analysed_once_and_its_copies_are_known(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(text(say("Ana Duarte", "The harbour will stay closed until Friday")))
    summary = run(folder, tmp_path / "out", shard_size=1)
    assert (summary.analyzed, summary.duplicates, summary.claims) == (1, 2, 1)
    assert len(corpus.claims(tmp_path / "out")) == 1
    assert [Path(row["file"]).name for row in corpus.trace(tmp_path / "out", "harbour closed until Friday")] == [
        "a.txt",
        "b.txt",
        "c.txt",
    ]


def test_inputs_are_folders_patterns_files_and_json_lines(news: Path, tmp_path: Path) -> None:
    lines = [{"text": text(say("Ilmari Koski", f"Ferry {n} sails")), "publisher": "Inland Post"} for n in range(3)]
    (tmp_path / "more.jsonl").write_text("\n".join([json.dumps(each) for each in lines] + ["", "{not json", ""]))
    (news / ".hidden.txt").write_text(text("hidden"))
    (news / "notes.md").write_text("no article")
    inputs = [str(news / "*.txt"), news / "inner", news / "article0.txt", tmp_path / "more.jsonl"]
    summary = run(inputs, tmp_path / "out")
    assert (summary.articles, summary.analyzed, summary.failed) == (13, 12, 1)
    (row,) = corpus.sql(tmp_path / "out", "SELECT file FROM issues")
    assert row["file"].endswith("more.jsonl:5")
    assert len(corpus.claims(tmp_path / "out", publisher="inland")) == 3


def test_results_inside_an_input_folder_are_no_input(news: Path) -> None:
    assert run(news, news / "out").articles == 9
    assert run(news, news / "out").articles == 9
    assert run([str(news / "**/*.*")], news / "inner/out").articles >= 9


@pytest.mark.parametrize(
    ("inputs", "said"), [([], "nothing to read"), (["absent"], "not there"), (["no*such"], "not there")]
)
def test_inputs_that_are_not_there_are_refused_before_anything_is_written(
    inputs: list[str | Path], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        run(inputs, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_of_other_files_or_of_another_run_is_left_alone(news: Path, tmp_path: Path) -> None:
    with pytest.raises(QuotesError, match="holds other files"):
        run(news / "inner", news)
    run(news, tmp_path / "out")
    before = contents(tmp_path / "out")
    with pytest.raises(QuotesError, match="asked for otherwise \\(inputs\\)"):
        run(news / "inner", tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert run(news / "inner", tmp_path / "out", resume=False).articles == 4
    with pytest.raises(QuotesError, match="is no corpus"):
        corpus.status(news)


def test_progress_is_told_after_each_shard(news: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run(news, tmp_path / "out", progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 9), (4, 9), (6, 9), (8, 9), (9, 9)]


def test_sources_and_claims_can_be_asked_for(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "out")
    heard = {row["name"]: row for row in corpus.sources(tmp_path / "out")}
    counts = {name: tuple(row[key] for key in ("kind", "claims", "relayed", "articles")) for name, row in heard.items()}
    assert counts["Ana Duarte"] == ("person", 9, 0, 9)
    assert heard["Ana Duarte"]["forms"] == ["Ana Duarte", "Duarte"]
    assert counts["Reuters"] == ("outlet", 0, 6, 6)
    assert [row["name"] for row in corpus.sources(tmp_path / "out", name="duarte", limit=1)] == ["Ana Duarte"]
    assert len(corpus.claims(tmp_path / "out", source="reuters")) == 6
    assert len(corpus.claims(tmp_path / "out", origin="unnamed", words="COUNT 3")) == 1
    assert corpus.claims(tmp_path / "out", since="2020-01-01") == []
    assert corpus.claims(tmp_path / "out", path="relayed", limit=1)[0]["chain"] == "Reuters > Ana Duarte"


def test_trace_gathers_the_articles_that_carry_a_claim(news: Path, tmp_path: Path) -> None:
    (news / "fragment.txt").write_text(text(say("Ana Duarte", "will stay closed until all barges are safe")))
    run(news, tmp_path / "out")
    rows = corpus.trace(tmp_path / "out", "harbour stays closed until all barges are safe")
    assert len(rows) == 10
    assert {row["cluster"] for row in rows} == {rows[0]["cluster"]}
    assert {(row["origins"], row["origin_names"]) for row in rows} == {(1, "Ana Duarte")}
    assert sorted({str(row["link"]) for row in rows}) == ["None", "fragment", "verbatim"]
    assert corpus.trace(tmp_path / "out", "nobody ever said such a thing") == []
    with pytest.raises(QuotesError, match="no words"):
        corpus.trace(tmp_path / "out", "…")


def test_a_claim_in_one_article_is_traced_to_it(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "out")
    (row,) = [row for row in corpus.trace(tmp_path / "out", "Count 3") if row["text"] == "Count 3"]
    assert row["link"] is None


def test_a_refused_query_names_the_tables(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "out")
    with pytest.raises(QuotesError, match="articles, sources, passages, claims, hops, issues"):
        corpus.sql(tmp_path / "out", "SELECT * FROM nothing")


def test_the_overview_counts_and_names(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "out")
    notes = render_overview(corpus.overview(tmp_path / "out"))
    assert "- articles: 9" in notes
    assert "| Reuters | outlet | 0 | 6 | 6 |" in notes
    assert "| unknown | 18 | 50\\.0 |" in notes


def test_an_empty_folder_is_an_empty_corpus(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    assert run(tmp_path / "news", tmp_path / "out").articles == 0
    assert corpus.claims(tmp_path / "out") == []
    assert corpus.trace(tmp_path / "out", "anything") == []


def test_odd_characters_survive_the_tables(tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text(
        json.dumps({"text": text(say("Ana Duarte", "A \ud800 lone half, a 🙂 and a é"))})
    )
    assert run(tmp_path / "odd.jsonl", tmp_path / "out").failed == 0
    (row,) = corpus.claims(tmp_path / "out")
    assert row["text"] == "A ? lone half, a 🙂 and a é"


def test_shards_fill_the_parser_unless_told_how_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from quotes.corpus import plan

    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(text(*[f"Number {number}."] * (40 if number < 4 else 1)))
    monkeypatch.setattr(plan, "BATCH_CHARACTERS", 1500)
    monkeypatch.setattr(plan, "MOST_ARTICLES", 6)
    run(folder, tmp_path / "out", shard_size=None)
    sizes = [json.loads(path.read_text())["articles"] for path in sorted((tmp_path / "out/shards").iterdir())]
    assert sizes == [3, 5, 6, 6]
    with pytest.raises(QuotesError, match="Shards of 0 articles"):
        run(folder, tmp_path / "none", shard_size=0)


def test_what_is_done_is_not_read_again(news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from quotes.corpus.inputs.item import Item

    (news / "copy.txt").write_text((news / "inner/article1.txt").read_text())
    run(news, tmp_path / "out")
    (news / "article4.txt").write_text(text(say("Ilmari Koski", "The ferries sail on Monday")))
    read: list[str] = []
    reading = Item.read
    monkeypatch.setattr(Item, "read", lambda item, options: read.append(Path(item.name).name) or reading(item, options))
    assert run(news, tmp_path / "out").resumed == 4
    assert read == ["article4.txt", "article6.txt"], "the changed one, and the other one of its shard"
    run(news, tmp_path / "fresh")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_a_run_that_was_killed_before_it_had_begun_is_no_hindrance(news: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.lock").touch()
    (tmp_path / "out/manifest.json.17.tmp").write_text("{")
    run(news, tmp_path / "out")
    run(news, tmp_path / "fresh")
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_a_folder_takes_one_run_at_a_time(news: Path, tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    said: list[str] = []

    def once_more(done: int, _total: int) -> None:
        with pytest.raises(QuotesError, match="Another run is writing") as caught:
            run(news, tmp_path / "out")
        said.append(f"{done} {caught.value.hint}")

    assert run(news, tmp_path / "out", progress=once_more).analyzed == 9
    assert len(said) == 5


def test_workers_that_do_not_see_the_results_end_the_run(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quotes.corpus.store import Store

    monkeypatch.setattr(Store, "is_there", lambda _: False)
    with pytest.raises(QuotesError, match=r"does not see .*out.*all machines share"):
        run(news, tmp_path / "out")


def test_threads_are_the_cores_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from quotes.corpus import run as running

    monkeypatch.setattr(running, "_cores", lambda: 8)
    found = [running._threads(engine, workers) for engine, workers in (("local", 1), ("local", 3), ("local", 20))]
    assert found == [None, 2, 1]
    assert running._threads("ray", 3) == 1


def test_every_column_is_described_and_the_tables_say_their_version(news: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    from quotes.export.rows import COLUMNS, VERSION
    from quotes.export.schema import FILE

    described = tomllib.loads(FILE.read_text("utf-8"))
    assert {table: list(columns) for table, columns in described.items()} == {
        table: list(columns) for table, columns in COLUMNS.items()
    }
    assert corpus.schema()[0] == {
        "table": "articles", "column": "article", "type": "text", "meaning": described["articles"]["article"],
    }  # fmt: skip
    run(news, tmp_path / "out")
    files = list((tmp_path / "out/tables/claims").iterdir())
    assert {parquet.read_schema(path).metadata[b"quotes.tables"].decode() for path in files} == {VERSION}
    manifest = tmp_path / "out/manifest.json"
    manifest.write_text(manifest.read_text().replace(VERSION, "quotes-tables/0"))
    for refused in (lambda: corpus.status(tmp_path / "out"), lambda: run(news, tmp_path / "out")):
        with pytest.raises(QuotesError, match="quotes-tables/0, and this version reads"):
            refused()
    assert run(news, tmp_path / "out", resume=False).analyzed == 9


def test_tables_as_data_frames(news: Path, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    run(news, tmp_path / "out")
    claims = corpus.frame(tmp_path / "out", "claims")
    assert len(claims) == 18
    assert set(claims.origin) == {"named", "unnamed"}
    run(tmp_path / "out/manifest.json", tmp_path / "none")
    assert list(corpus.frame(tmp_path / "none", "hops").columns)[:2] == ["article", "claim"]
    with pytest.raises(QuotesError, match="no table 'cues'"):
        corpus.frame(tmp_path / "out", "cues")
