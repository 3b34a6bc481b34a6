"""Questions to a corpus: filters, SQL that reads and nothing else, traces, the overview, frames."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from planted import Carry, Planted, as_report, plant
from test_corpus import LineAnalyzer, say, text

from quotes import corpus
from quotes.cli import main
from quotes.corpus import analyze_corpus
from quotes.corpus.tables import Tables
from quotes.errors import QuotesError
from quotes.export.rows import COLUMNS
from quotes.records import Article, Report

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

HARBOUR = "The harbour will stay closed until all barges are safe"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles of three publishers, read by the analyzer of tests/test_corpus.py."""
    folder = tmp_path_factory.mktemp("news")
    articles = [
        (
            "Coast Courier",
            "2024-05-01",
            [say("Ana Duarte", HARBOUR), say("An official", "Two barges carried fertiliser")],
        ),
        ("Inland Post", "2024-05-02", [say("Reuters: Ana Duarte", HARBOUR)]),
        ("Lantern Online", "2024-05-03", [say("Duarte", HARBOUR.replace("safe", "checked"))]),
    ]
    lines = [
        {"text": text(f"Number {at}.", *claims), "publisher": publisher, "published": day}
        for at, (publisher, day, claims) in enumerate(articles)
    ]
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    analyze_corpus([folder / "news.jsonl"], folder / "out", make_analyzer=LineAnalyzer)
    return folder / "out"


def quotes(*arguments: str | Path) -> Any:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 4),
        ({"publisher": "inland"}, 1),
        ({"source": "reuters"}, 1),
        ({"source": "DUARTE"}, 3),
        ({"since": "2024-05-02"}, 2),
        ({"until": "2024-05"}, 4),
        ({"until": "2024-05-01"}, 2),
        ({"origin": "unnamed"}, 1),
        ({"path": "relayed"}, 1),
        ({"words": "FERTILISER"}, 1),
        ({"words": "100%"}, 0),
    ],
)
def test_claims_are_filtered(wanted: dict[str, str], count: int, out: Path) -> None:
    assert len(corpus.claims(out, **wanted)) == count


def test_sources_are_filtered(out: Path) -> None:
    rows = {row["name"]: row for row in corpus.sources(out)}
    assert {name: row["claims"] for name, row in rows.items()} == {"Ana Duarte": 3, "An official": 1, "Reuters": 0}
    assert (rows["Ana Duarte"]["forms"], rows["Ana Duarte"]["articles"]) == (["Ana Duarte", "Duarte"], 3)
    assert len(rows["Ana Duarte"]["files"]) == 3
    assert [row["name"] for row in corpus.sources(out, name="duarte")] == ["Ana Duarte"]
    assert [row["name"] for row in corpus.sources(out, publisher="courier", kind="person")] == [
        "An official",
        "Ana Duarte",
    ]
    assert [row["name"] for row in corpus.sources(out, since="2024-05-02", until="2024-05-02")] == [
        "Ana Duarte",
        "Reuters",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) AS n FROM claims",
        "WITH c AS (SELECT * FROM claims) SELECT count(*) AS n FROM c;",
        "FROM claims SELECT count(*) AS n",
        "SELECT count(*) AS n FROM hops JOIN claims USING (article, claim) JOIN sources USING (article, source)",
    ],
)
def test_queries_that_read_are_answered(query: str, out: Path) -> None:
    [row] = corpus.sql(out, query)
    assert row["n"] in (4, 5)


@pytest.mark.parametrize(
    "query",
    [
        "COPY claims TO '{file}'",
        "COPY (SELECT 1) TO '{file}' (FORMAT parquet)",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{file}*')",
        "ATTACH '{file}' AS other",
        "CREATE TABLE other AS SELECT 1",
        "DROP TABLE claims",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA enable_external_access",
        "EXPORT DATABASE '{file}'",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY claims TO '{file}'",
        "EXPLAIN ANALYZE COPY claims TO '{file}'",
        "SELECT * FROM store",
        "CALL pragma_version()",
        "SELECT",
        "",
    ],
)
def test_queries_that_do_more_are_refused(query: str, out: Path, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("secret\n")
    with pytest.raises(QuotesError) as refused:
        corpus.sql(out, query.format(file=file))
    assert "articles, sources, passages, claims, hops, issues" in str(refused.value.hint)
    assert file.read_text() == "secret\n"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t",
        "SELECT count(*) FROM range(10000000) a, range(10000000) b, claims",
    ],
)
def test_a_query_that_does_not_end_is_stopped(query: str, out: Path) -> None:
    with pytest.raises(QuotesError, match=r"took longer than 0\.2 seconds and was stopped.*--time-limit"):
        corpus.sql(out, query, time_limit=0.2)
    done = quotes("corpus", "sql", out, query, "--time-limit", "0.2")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "error: The query took longer than 0.2 seconds and was stopped.\nhint: " in done.stderr


def test_a_query_in_its_time_leaves_no_clock_running(out: Path) -> None:
    before = threading.active_count()
    assert corpus.sql(out, "SELECT 1 AS n", time_limit=1e12) == [{"n": 1}]
    assert threading.active_count() == before
    with pytest.raises(QuotesError, match="The query failed"):
        corpus.sql(out, "SELECT nothing FROM claims", time_limit=60)


def test_a_query_larger_than_memory_is_spilled_and_leaves_nothing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    connect = duckdb.connect
    limited = {"memory_limit": "60MB", "threads": 1, "preserve_insertion_order": False}
    monkeypatch.setattr(duckdb, "connect", lambda config: connect(config={**config, **limited}))
    with Tables(out) as tables:
        spill = Path(tables._spill.name)
        query = "SELECT count(*) AS n FROM (SELECT DISTINCT md5(i::text) FROM range(1500000) t(i))"
        [row] = tables.read_only(query, 600)
    assert row == {"n": 1_500_000}
    assert not spill.exists()


def test_a_trace_can_be_narrowed(out: Path) -> None:
    [way] = corpus.travels(out, "harbour closed until barges safe")
    assert [member.publisher for member in way.carries] == ["Coast Courier", "Inland Post", "Lantern Online"]
    assert [origin.name for origin in way.origins] == ["Ana Duarte"]
    [early] = corpus.travels(out, "harbour closed until barges safe", until="2024-05-02")
    assert len(early.carries) == 2
    [alone] = corpus.travels(out, "harbour closed until barges safe", publisher="Lantern")
    assert len(alone.carries) == 1
    assert corpus.travels(out, "nobody ever said such a thing") == []


def test_the_commands_write_what_their_ending_says(out: Path, tmp_path: Path) -> None:
    words = ["harbour", "closed", "barges", "safe"]
    shown = quotes("corpus", "trace", out, *words, "--width", "80")
    assert shown.exit_code == 0, shown.stderr
    assert "All rest on one origin: Ana Duarte." in " ".join(shown.stdout.split())
    assert quotes("corpus", "trace", out, *words, "-o", tmp_path / "trace.html").exit_code == 0
    assert (tmp_path / "trace.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    rows = [json.loads(line) for line in quotes("corpus", "trace", out, *words, "--as", "jsonl").stdout.splitlines()]
    assert [row["publisher"] for row in rows] == ["Coast Courier", "Inland Post", "Lantern Online"]
    assert quotes("corpus", "report", out).stdout.startswith("# Corpus\n")
    assert quotes("corpus", "report", out, "-o", tmp_path / "report.html").exit_code == 0
    assert "Many outlets, one source" in (tmp_path / "report.html").read_text("utf-8")
    none = quotes("corpus", "trace", out, "nobody", "ever", "said")
    assert (none.exit_code, none.stdout, none.stderr) == (0, "", "Nothing was found.\n")
    assert (
        len(
            quotes(
                "corpus", "claims", out, "--person", "duarte", "--outlet", "post", "--as", "jsonl"
            ).stdout.splitlines()
        )
        == 1
    )


def test_agreement_of_outlets(out: Path) -> None:
    shown = quotes("corpus", "agreement", out)
    assert shown.exit_code == 0, shown.stderr
    assert [line.split("  ")[0] for line in shown.stdout.splitlines()[3:]] == [
        "same words", "a part of it", "nearly the same words", "paraphrase",
    ]  # fmt: skip
    kinds = {row["kind"]: row for row in json.loads(quotes("corpus", "agreement", out, "--json").stdout)["kinds"]}
    assert kinds["verbatim"] == {
        "kind": "verbatim", "pairs": 1, "agree": 100.0, "named": 1, "named_agree": 100.0, "joined": 0,
    }  # fmt: skip
    found = next(each for each in corpus.agreement(out) if each.reason == "verbatim")
    start, end = found.pairs[0].one.spans[0]
    assert end - start == len(HARBOUR)


def test_rows_as_csv_are_no_formulas(out: Path) -> None:
    shown = quotes("corpus", "sql", out, "SELECT '=1+1' AS a, '-2' AS b, 3 AS c", "--as", "csv").stdout
    assert shown == "a,b,c\n'=1+1,'-2,3\n"


@pytest.mark.parametrize("table", COLUMNS)
def test_every_table_is_a_frame(table: str, out: Path) -> None:
    pytest.importorskip("pandas")
    from quotes.notebook import corpus_frame

    frame = corpus_frame(out, table)
    assert list(frame.columns) == list(COLUMNS[table])
    assert len(frame) == len(corpus.sql(out, f"SELECT * FROM {table}"))


def test_frames_of_queries_and_traces(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    from quotes.notebook import corpus_frame, show_trace, trace_frame

    assert corpus_frame(out, sql="SELECT publisher FROM articles ORDER BY 1")["publisher"].tolist() == [
        "Coast Courier", "Inland Post", "Lantern Online",
    ]  # fmt: skip
    with pytest.raises(QuotesError, match="no table"):
        corpus_frame(out, "nothing")
    with pytest.raises(QuotesError):
        corpus_frame(out, sql="DROP TABLE claims")
    assert len(trace_frame(out, "harbour closed until barges safe")) == 3
    show_trace(out, "harbour closed until barges safe")
    assert "Lantern Online" in capsys.readouterr().out


class Reads:
    """Gives back the reports that were made for articles of these texts."""

    def __init__(self, reports: dict[str, Report]) -> None:
        self.reports = reports

    def analyze_all(self, articles: Any) -> Any:
        return (self.reports[article.id] for article in articles)


def test_a_planted_corpus_is_traced_from_its_tables(tmp_path: Path) -> None:
    """What stands in the tables is enough to find every circle and single origin again."""
    planted = plant(11, claims=25, distractors=20)
    reports = {report.article.id: report for report in planted.reports}
    _write(tmp_path / "in", [report.article for report in planted.reports])
    analyze_corpus([tmp_path / "in"], tmp_path / "out", make_analyzer=lambda **_: Reads(reports))
    found = corpus.overview(tmp_path / "out")
    assert found.linked == len(planted.reports)
    wanted = {ring for each in planted.planted for ring in each.circles}
    assert {frozenset(ring) for claim in found.circles for ring in claim.circles} == wanted
    assert wanted
    for each in planted.planted:
        if len(each.carries) > 4:
            ways = corpus.travels(tmp_path / "out", each.carries[0].text)
            assert _carriers(each) <= set(ways[0].outlets)


def _write(folder: Path, articles: list[Article]) -> None:
    folder.mkdir()
    lines = [
        json.dumps({"text": article.text, "publisher": article.publisher, "published": article.published})
        for article in articles
    ]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")


def _carriers(each: Planted) -> set[str]:
    """The outlets that carry it in its own words."""
    whole = each.carries[0].text
    return {carry.outlet for carry in each.carries if carry.text == whole}


def test_as_report_keeps_what_was_planted() -> None:
    carry = Carry(outlet="A", text="It is closed", chain=("AFP", "Ana Duarte"), origin="named", direct=True)
    report = as_report(carry, 3)
    assert [hop.name for hop in report.claims[0].chain] == ["AFP", "Ana Duarte"]
    assert report.source(report.claims[0].chain[0].source).canonical == "Agence France-Presse"


def doubtful(report: Report, confidence: float) -> Report:
    return attrs.evolve(report, claims=tuple(attrs.evolve(claim, confidence=confidence) for claim in report.claims))


def test_uncertain_claims_are_one_option_away(tmp_path: Path) -> None:
    ways = [
        Carry(outlet=outlet, text=HARBOUR, chain=("Ana Duarte",), origin="named", direct=True)
        for outlet in ("Coast Courier", "Inland Post", "Lantern Online")
    ]
    reports = [doubtful(as_report(carry, at), 0.9 if at else 0.01) for at, carry in enumerate(ways)]
    _write(tmp_path / "in", [report.article for report in reports])
    by_id = {report.article.id: report for report in reports}
    folder = tmp_path / "out"
    analyze_corpus([tmp_path / "in"], folder, make_analyzer=lambda **_: Reads(by_id))
    assert len(corpus.claims(folder)) == 2
    assert len(corpus.claims(folder, uncertain=True)) == 3
    assert [(row["claims"], row["uncertain"], row["articles"]) for row in corpus.sources(folder)] == [(2, 1, 3)]
    words = "harbour closed until barges safe"
    assert len(corpus.travels(folder, words)[0].carries) == 2
    assert len(corpus.travels(folder, words, uncertain=True)[0].carries) == 3
    for command in (["claims", folder], ["trace", folder, *words.split()]):
        hidden, shown = (quotes("corpus", *command, "--uncertain", each) for each in ("hide", "show"))
        assert "1 uncertain claim (confidence below" in hidden.stderr
        assert shown.stderr == ""
    overview = corpus.overview(folder)
    assert (overview.linked, overview.uncertain) == (2, 1)
    assert "1 more is uncertain and not counted." in quotes("corpus", "report", folder).stdout.replace("\\", "")
