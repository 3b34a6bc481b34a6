"""A corpus as an SQLite file and as a workbook, each opened by the program's own library."""

from __future__ import annotations

import asyncio
import html
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from export_cases import ARTICLE, HOSTILE, REPORT, hostile_report
from hypothesis import given
from hypothesis import strategies as st
from test_corpus import LineAnalyzer, say, text

from quotes import corpus
from quotes.cli import main
from quotes.corpus import analyze_corpus, workbook
from quotes.corpus.store import Store
from quotes.export.rows import COLUMNS, rows
from quotes.records import Report

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

HARBOUR = "The harbour will stay closed until all barges are safe"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles of three publishers, a copy of the second one, and one that fails."""
    folder = tmp_path_factory.mktemp("news")
    articles = [
        ("Coast Courier", "2024-05-01", [say("Ana Duarte", HARBOUR), say("An official", "Two barges are leaking")]),
        ("Inland Post", "2024-05-02", [say("Reuters: Ana Duarte", HARBOUR)]),
        ("Copy Cat", "2024-05-04", [say("Reuters: Ana Duarte", HARBOUR)]),
        ("Lantern Online", "2024-05-03", [say("Duarte", HARBOUR.replace("safe", "inspected"))]),
        ("Broken News", "2024-05-05", ["FAIL"]),
    ]
    lines = [
        {"text": text(*claims), "publisher": publisher, "published": day, "title": f"<b>{publisher}</b>"}
        for publisher, day, claims in articles
    ]
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    analyze_corpus([folder / "news.jsonl"], folder / "out", make_analyzer=LineAnalyzer)
    return folder / "out"


@pytest.fixture(scope="module")
def database(out: Path) -> Iterator[sqlite3.Connection]:
    corpus.export(out, out.parent / "news.sqlite")
    connection = sqlite3.connect(out.parent / "news.sqlite")
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def store_of(folder: Path, reports: Sequence[Report]) -> Path:
    """A corpus of reports that were made by hand: what no reader would let through is in it too."""
    store = Store(folder)
    with store.open_for({}, resume=False):
        tables = {table: [row for report in reports for row in rows(report, table)] for table in COLUMNS}
        store.write("000000", reports=[], tables=tables, counts={})
        store.write_manifest({}, finished=True)
    return folder


def quotes(*arguments: str | Path) -> Any:
    return CliRunner().invoke(main, list(map(str, arguments)))


# --- SQLite


def test_the_file_is_sound_and_its_keys_hold(database: sqlite3.Connection) -> None:
    assert [tuple(row) for row in database.execute("PRAGMA integrity_check")] == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    keys = {(row["table"], row["from"]) for row in database.execute("PRAGMA foreign_key_list(hops)")}
    assert keys == {("claims", "claim_id"), ("sources", "source_id"), ("articles", "article")}
    assert database.execute("SELECT count(*) FROM hops WHERE claim_id IS NULL OR source_id IS NULL").fetchone()[0] == 0


@pytest.mark.parametrize("table", COLUMNS)
def test_the_tables_hold_what_the_corpus_holds(table: str, out: Path, database: sqlite3.Connection) -> None:
    columns = COLUMNS[table]
    names = ", ".join(f'"{name}"' for name in columns)
    copies = f" UNION ALL SELECT {names} FROM copies" if table == "articles" else ""
    found = [dict(row) for row in database.execute(f"SELECT {names} FROM {table}{copies}")]
    for row in found:
        row |= {name: json.loads(row[name]) for name, kind in columns.items() if kind in ("texts", "integers")}
    wanted = list(Store(out).rows(table))
    assert sorted(found, key=repr) == sorted(_numbers(wanted), key=repr)


def _numbers(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: int(v) if isinstance(v, bool) else v for k, v in row.items()} for row in found]


def test_a_copy_stands_beside_the_article_whose_text_it_has(database: sqlite3.Connection) -> None:
    [copy] = database.execute("SELECT c.publisher, a.publisher AS first FROM copies c JOIN articles a USING (article)")
    assert tuple(copy) == ("Copy Cat", "Inland Post")
    places = [row["publisher"] for row in database.execute("SELECT publisher FROM publications ORDER BY published")]
    assert places == ["Coast Courier", "Inland Post", "Lantern Online", "Copy Cat", "Broken News"]


def test_the_schema_says_what_the_columns_mean(database: sqlite3.Connection) -> None:
    made = dict(tuple(row) for row in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    for row in corpus.schema():
        assert f'"{row["column"]}" ' in made[row["table"]]
        assert f", -- {row['meaning']}\n" in made[row["table"]]


def test_the_views_agree_with_the_questions(out: Path, database: sqlite3.Connection) -> None:
    heard = [dict(row) for row in database.execute("SELECT * FROM heard")]
    merged = corpus.sources(out, limit=None)
    assert {row["name"] for row in heard} == {form for row in merged for form in row["forms"]}
    for count in ("claims", "relayed"):
        assert sum(row[count] for row in heard) == sum(row[count] for row in merged)
    listed = {(row["article"], row["claim"]): row["chain"] for row in database.execute("SELECT * FROM claim_list")}
    assert listed == {(row["article"], row["claim"]): row["chain"] for row in corpus.claims(out, limit=None)}
    assert "Reuters > Ana Duarte" in listed.values()
    steps = [tuple(row) for row in database.execute("SELECT position, name, kind FROM chains WHERE name <> text")]
    assert (0, "Reuters", "outlet") in steps
    assert (1, "Ana Duarte", "person") in steps


def test_links_are_those_of_a_trace(out: Path, database: sqlite3.Connection) -> None:
    traced = {(row["publisher"], row["claim"], row["link"]) for row in corpus.trace(out, "harbour closed barges safe")}
    linked = database.execute(
        "SELECT l.publisher, c.claim, l.reason FROM links l JOIN claims c ON c.id = claim_id AND c.article = l.article"
    )
    assert {tuple(row) for row in linked} == traced
    assert len(traced) == 4
    [shared] = database.execute("SELECT text, articles, publishers, first, last FROM shared_claims")
    assert tuple(shared) == (HARBOUR.replace("safe", "inspected"), 4, 4, "2024-05-01", "2024-05-04")


@pytest.mark.parametrize(("words", "count"), [("barge", 4), ("LEAKED", 1), ('"stay closed"', 3), ("nobody", 0)])
def test_claims_are_found_by_their_words(words: str, count: int, database: sqlite3.Connection) -> None:
    found = database.execute(
        "SELECT c.text FROM claims_fts f JOIN claims c ON c.id = f.rowid WHERE claims_fts MATCH ?", [words]
    )
    assert len(found.fetchall()) == count


def test_datasette_shows_the_file(out: Path, database: sqlite3.Connection) -> None:
    app = pytest.importorskip("datasette.app")
    [row] = database.execute("SELECT id, article FROM claims WHERE text LIKE 'Two barges%'")

    async def ask() -> list[Any]:
        client = app.Datasette([str(out.parent / "news.sqlite")]).client
        pages = ["claims.json?_search=leak&_shape=array", "claims", f"claims/{row['id']}", "claim_list"]
        return [await client.get(f"/news/{page}") for page in pages]

    found, table, page, listed = asyncio.run(ask())
    assert [each["text"] for each in found.json()] == ["Two barges are leaking"]
    assert f'href="/news/articles/{row["article"]}"' in table.text
    assert "/news/hops?claim_id=" in page.text, "the links of the chain are one click away"
    assert html.escape("<b>Coast Courier</b>") in listed.text
    assert "<b>Coast Courier</b>" not in listed.text


# --- workbooks


def read_sheets(path: Path) -> dict[str, list[list[Any]]]:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path, rich_text=False)
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def values(table: list[list[Any]]) -> list[dict[str, Any]]:
    """The rows under the heading; openpyxl leaves it to us to undo the escapes of inline text."""
    from openpyxl.utils.escape import unescape

    shown = [[unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in row] for row in table]
    heading, *below = shown
    return [dict(zip(heading, row, strict=True)) for row in below]


def test_a_workbook_holds_claims_and_sources(out: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    assert corpus.export(out, tmp_path / "news.xlsx") == {"claims": 4, "sources": 3}
    sheets = read_sheets(tmp_path / "news.xlsx")
    claims = values(sheets["claims"])
    brief = ("publisher", "published", "text", "chain", "path", "confidence", "file")
    wanted = [[row[name] for name in brief] for row in corpus.claims(out, limit=None)]
    assert [[row[name] for name in brief] for row in claims] == wanted
    heard = [
        {name: "; ".join(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in corpus.sources(out, limit=None)
    ]
    assert values(sheets["sources"]) == heard


@pytest.mark.parametrize("words", [*HOSTILE, "\x00\x01", "_x0041_", "-", "=", '=HYPERLINK("http://a.example")', "1e5"])
def test_no_cell_is_a_formula_a_link_or_broken(words: str, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    hostile = hostile_report(words)
    about = attrs.evolve(hostile.article, title=words, publisher=words, url=words, path=words)
    out = store_of(tmp_path / "out", [attrs.evolve(hostile, article=about)])
    corpus.export(out, tmp_path / "news.xlsx")
    sheets = read_sheets(tmp_path / "news.xlsx")
    cells = [cell for table in sheets.values() for row in table for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    [claim] = values(sheets["claims"])
    shown = workbook.cell_text(words)
    assert [claim[name] or "" for name in ("text", "title", "publisher", "url", "file")] == [shown] * 5
    led = shown.startswith(tuple("=+-@＝"))
    assert all(cell.quotePrefix == led for cell in sheets["claims"][1] if cell.value == shown)


@given(st.text(st.characters() | st.sampled_from("\t\r\n\x00🙂=")), st.integers(0, 12_000))
def test_a_cell_is_never_too_long_or_of_signs_that_xml_forbids(word: str, times: int) -> None:
    shown = workbook.cell_text(word * times)
    assert len(shown.encode("utf-16-le")) <= 2 * workbook.LONGEST_CELL
    assert all(sign.isprintable() or ord(sign) > 0x9F for sign in shown)


def test_a_cut_cell_says_so(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    long = "🙂" * 20_000
    out = store_of(tmp_path / "out", [attrs.evolve(REPORT, article=attrs.evolve(ARTICLE, title=long))])
    corpus.export(out, tmp_path / "news.xlsx")
    title = values(read_sheets(tmp_path / "news.xlsx")["claims"])[0]["title"]
    assert title.endswith("🙂 … [cut: 20,000 characters]")
    assert len(title.encode("utf-16-le")) // 2 in (workbook.LONGEST_CELL, workbook.LONGEST_CELL - 1)


def test_more_claims_than_a_sheet_holds_are_refused(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xlsxwriter")
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    done = quotes("corpus", "export", out, tmp_path / "news.xlsx")
    assert done.exit_code == 1
    assert "The corpus has 4 claims, and a sheet of a workbook holds 3." in done.stderr
    assert "hint: Export an SQLite database (.sqlite)" in done.stderr
    assert list(tmp_path.iterdir()) == []


# --- files


@pytest.mark.parametrize("name", ["news.sqlite", "news.db", "news.xlsx"])
def test_the_same_corpus_gives_the_same_bytes(name: str, out: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    (tmp_path / name).write_text("an older file")
    first = quotes("corpus", "export", out, tmp_path / name)
    assert (first.exit_code, first.stdout) == (0, "")
    assert " 4 claims" in first.stderr
    data = (tmp_path / name).read_bytes()
    assert quotes("corpus", "export", out, tmp_path / name).exit_code == 0
    assert (tmp_path / name).read_bytes() == data
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_what_cannot_be_written_leaves_what_was_there(out: Path, tmp_path: Path) -> None:
    (tmp_path / "old.sqlite").write_text("an older file")
    (tmp_path / "out").mkdir()
    for folder, target in ((tmp_path / "out", "old.sqlite"), (out, "none/new.sqlite"), (out, "new.txt")):
        done = quotes("corpus", "export", folder, tmp_path / target)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("error: ")
        assert "\nhint: " in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.sqlite", "out"]
    assert (tmp_path / "old.sqlite").read_text() == "an older file"


def test_a_workbook_without_its_library_says_what_to_install(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = quotes("corpus", "export", out, tmp_path / "news.xlsx")
    assert (done.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "hint: Install it with: pip install 'quotes[corpus]'" in done.stderr


def test_an_empty_corpus_is_exported_too(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    out = store_of(tmp_path / "out", [])
    assert corpus.export(out, tmp_path / "none.data", form="xlsx") == {"claims": 0, "sources": 0}
    assert sum(corpus.export(out, tmp_path / "none.sqlite").values()) == 0


def test_hostile_words_come_back_from_sqlite_as_they_were(tmp_path: Path) -> None:
    reports = [hostile_report(words) for words in (*HOSTILE, "'); DROP TABLE claims; --", "a\x00b")]
    counts = corpus.export(store_of(tmp_path / "out", reports), tmp_path / "news.sqlite")
    assert counts["claims"] == len(reports)
    connection = sqlite3.connect(tmp_path / "news.sqlite")
    found = {row[0] for row in connection.execute("SELECT text FROM claims")}
    connection.close()
    assert found == {report.claims[0].content[0].text for report in reports}
