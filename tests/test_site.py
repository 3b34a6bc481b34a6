"""A corpus as a site: links that lead somewhere, hostile text that stays text, what is found, what is left alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from demo_corpus import OUTLETS, make_corpus
from kills import contents
from test_corpus import LineAnalyzer, say, text
from test_hostile import ATTACKS, CONTROL, DIRECTION, HARMLESS, Structure, poisoned

from quotes.cli import main
from quotes.corpus import analyze_corpus, site, write_site
from quotes.errors import QuotesError
from quotes.records import Article, Report
from quotes.views.site import build, search, tables

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

PLACE = r"(?:article|outlet|source|way)/[0-9a-f]{12}(?:-(?:claims|relayed|articles)-\d+)?\.html"
SEARCH = r"search/(?:index|words-\d+|things-\d+)\.js"
NAME = re.compile(rf"{PLACE}|{SEARCH}|[a-z]+(?:-\d+)?\.(?:html|css|js)|quotes-site\.json")
POLICY = re.compile(
    "default-src 'none'; style-src 'self' file:; base-uri 'none'; form-action 'self' file:"
    "(?:; script-src 'self' file:)?"
)
CALL = re.compile(r"quotesSearch\.(index|words|things)\((?:(\d+), )?(.*)\);\n", re.DOTALL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(tmp_path_factory.mktemp("made"), 24)


@pytest.fixture(scope="module")
def built(made: Path) -> Path:
    write_site(made, made.parent / "site")
    return made.parent / "site"


def quotes(*arguments: str | Path) -> Any:
    return CliRunner().invoke(main, list(map(str, arguments)))


def structures(folder: Path) -> dict[Path, Structure]:
    return {path: Structure(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}


def unresolved(folder: Path) -> list[str]:
    """The links, scripts and styles of all pages that lead to no file of the site, or to no place in it."""
    ids = {path: set(re.findall(r' id="([^"]*)"', path.read_text("utf-8"))) for path in folder.rglob("*.html")}
    found = []
    for path, page in structures(folder).items():
        for each in page.live:
            address, _, place = each.partition("=")[2].partition("#")
            target = (path.parent / address).resolve() if address else path
            if not target.is_relative_to(folder) or not target.is_file() or (place and place not in ids[target]):
                found.append(f"{path.name}: {each}")
    return found


def test_all_links_lead_somewhere_in_the_site(built: Path) -> None:
    assert unresolved(built.resolve()) == []
    linked = {name for page in structures(built).values() for name in page.live}
    for folder in ("article", "outlet", "source", "way"):
        assert any(f"{folder}/" in each for each in linked), folder


def test_every_page_can_be_reached_from_the_first(built: Path) -> None:
    found, todo = set(), [built / "index.html"]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            links = re.findall(r'href="([^"#]+\.html)', path.read_text("utf-8"))
            todo += [Path(os.path.normpath(path.parent / each)) for each in links]
    assert set(built.rglob("*.html")) - found == {built / "search.html"}, "which is a form's address"


def test_pages_run_and_load_their_own_files_alone(built: Path) -> None:
    for path, page in structures(built).items():
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', path.read_text("utf-8"))
        assert policy, path
        assert POLICY.fullmatch(policy[1].replace("&#39;", "'")), policy[1]
        scripts = [each for each in page.live if each.startswith("src=")]
        assert ("script-src" in policy[1]) == bool(scripts)
        assert not [each for each in page.live if re.match(r"on|style=|srcset=|data=|formaction=", each)]
        assert len(scripts) == sum(tag == "script" for tag, _ in page.tags), "no script stands in the page itself"
        assert not {tag for tag, _ in page.tags} & {"style", "img", "iframe", "object", "base"}


def test_a_claim_leads_to_its_way_and_on_to_the_words_in_the_article(built: Path) -> None:
    index = (built / "index.html").read_text("utf-8")
    way = re.search(r'href="(way/[0-9a-f]+\.html)">“([^<]+)”', index)
    assert way
    page = (built / way[1]).read_text("utf-8")
    places = re.findall(r'href="\.\./(article/[0-9a-f]+\.html)#(a1-claim-\d+)">“([^<]+)”', page)
    assert len(places) >= 2
    for address, place, words in places:
        article = (built / address).read_text("utf-8")
        number = place.rpartition("-")[2]
        assert re.search(rf'<mark [^>]*data-c="{number}"[^>]*>{re.escape(words)}</mark>', article)
        assert f'href="../{way[1]}"' in article


def test_a_source_and_an_outlet_have_their_page(built: Path, made: Path) -> None:
    rows = {row["name"]: row for row in _sources(made) if row["kind"] == "person"}
    name, row = next(iter(rows.items()))
    page = _page_called(built / "source", name)
    assert f"<b>{row['claims']}</b>" in page
    assert page.count('<th scope="row" class="claim-words"') == row["claims"]
    assert "Who relies on this source" in page
    outlet = next(each for each in OUTLETS if any(row["name"] == each for row in _sources(made)))
    page = _page_called(built / "outlet", outlet)
    for title in (
        "Its articles",
        "Whom its own articles hear",
        "What this outlet passes on",
        "Who relies on this outlet",
    ):
        assert title in page


def _sources(corpus: Path) -> list[dict[str, Any]]:
    from quotes.corpus import sources

    return sources(corpus, limit=None)


def _page_called(folder: Path, name: str) -> str:
    found = [
        page for page in (path.read_text("utf-8") for path in folder.iterdir()) if f"<title>{name}</title>" in page
    ]
    assert len(found) == 1
    return found[0]


def parts_of_search(folder: Path) -> dict[str, Any]:
    """The data of each of the search's files, by the file's name."""
    found = {}
    for path in (folder / "search").iterdir():
        text = path.read_text("ascii")
        call = CALL.fullmatch(text)
        assert call, path
        assert path.stem == (call[1] if call[2] is None else f"{call[1]}-{call[2]}")
        found[path.stem] = json.loads(call[3])
    return found


def find(parts: dict[str, Any], term: str) -> list[list[str]]:
    """The things that have a word which begins so, as search.js finds them."""
    index, numbers = parts["index"], set()
    bucket = index["prefixes"].get(term[: index["prefix"]])
    for word, steps in parts.get(f"words-{bucket}", {}).items():
        if word.startswith(term):
            numbers |= {sum(steps[: at + 1]) for at in range(len(steps))}
    size = index["things"]
    return [parts[f"things-{number // size}"][number % size] for number in sorted(numbers)]


def test_the_search_finds_names_claims_and_articles(built: Path) -> None:
    parts = parts_of_search(built)
    shown = [thing[0] for thing in find(parts, "duarte")]
    assert shown[0].endswith("Duarte"), "names stand first"
    assert any(each.startswith("“") for each in shown)
    assert {path.partition("/")[0] for _, _, path in find(parts, "harbour")} >= {"way", "article"}
    things = [thing for name, part in sorted(parts.items()) if name.startswith("things") for thing in part]
    assert sum(count for _, count in parts["index"]["groups"]) == len(things)
    assert all((built / path.partition("#")[0]).is_file() for _, _, path in things)


def test_words_are_folded_as_readers_type_them() -> None:
    assert search.words("Škoda’s ÉCLAIR, 12 Straße_x") == ["skoda", "s", "eclair", "12", "straße", "x"]


def test_a_word_that_stands_everywhere_is_not_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEWEST", 10)
    things = [search.Thing(shown=f"t{at}", note="", path="x", words=f"said w{at}") for at in range(20)]
    index = next(text for path, text in search.files([("Claims", things)]) if path == "search/index.js")
    assert '"common":["said"]' in index


class Poisoned:
    """Gives the n-th article the report on the n-th attack, its metadata hostile too."""

    def __init__(self, attacks: Iterable[str]) -> None:
        self.reports = list(map(poisoned, attacks))

    def analyze_all(self, articles: Iterable[Article]) -> Iterator[Report]:
        for article in articles:
            report = self.reports[int(Path(article.path or "").stem)]
            yield attrs.evolve(report, article=attrs.evolve(report.article, text=article.text, path=article.path))


def hostile_site(folder: Path, attacks: Sequence[str]) -> Path:
    """The site of articles in which every field that an article decides holds an attack."""
    (folder / "in").mkdir(parents=True)
    for at, attack in enumerate(attacks):
        values = {"title": attack, "publisher": attack, "byline": attack, "published": attack, "url": attack}
        values["text"] = poisoned(attack).article.text
        (folder / "in" / f"{at}.json").write_text(json.dumps(values), encoding="utf-8")
    (folder / "in" / "empty.txt").write_text("")  # is listed among those that cannot be read
    analyze_corpus([folder / "in"], folder / "corpus", make_analyzer=lambda **_: Poisoned(attacks))
    write_site(folder / "corpus", folder / "site")
    return folder / "site"


def test_hostile_articles_are_shown_and_not_obeyed(built: Path, tmp_path: Path) -> None:
    """Their pages have the elements and attributes of harmless ones, and what is looked for is data and no program."""
    found = hostile_site(tmp_path / "hostile", list(ATTACKS.values()))
    plain = hostile_site(tmp_path / "plain", [f"{HARMLESS} {at}" for at in range(len(ATTACKS))])
    allowed = {tag for folder in (plain, built) for page in structures(folder).values() for tag in page.tags}
    assert unresolved(found.resolve()) == []
    for path, page in structures(found).items():
        assert set(page.tags) <= allowed, path
        assert not [each for each in page.live if re.match(r"on|style=|srcset=|data=|formaction=", each)]
    for path in found.rglob("*"):
        assert path.is_dir() or NAME.fullmatch(str(path.relative_to(found))), path
        if path.suffix == ".html":
            shown = path.read_text("utf-8").replace("\n", "")
            assert not CONTROL.search(shown), path
            assert not DIRECTION.search(shown), path
    assert len(parts_of_search(found)) > 3
    assert {path.name for path in (tmp_path / "hostile").iterdir()} == {"in", "corpus", "site"}


def test_a_path_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    for path in ("../x.html", "article/../../x.html", "/x.html", "article/x y.html", "a/b/c.html", "x.exe"):
        with pytest.raises(QuotesError, match="no file can be called by"):
            site.write_file(tmp_path / "site", path, "text")
    assert list(tmp_path.iterdir()) == []


def test_the_same_corpus_gives_the_same_bytes(built: Path, made: Path, tmp_path: Path) -> None:
    """In another process too, whose hashes differ."""
    code = "import sys; from quotes.corpus import write_site; write_site(*sys.argv[1:])"
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", code, str(made), str(tmp_path / "site")], check=True, env=environment)
    assert contents(tmp_path / "site") == contents(built)


def test_a_site_is_replaced_whole_and_nothing_else_is_touched(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    out.mkdir()
    write_site(made, out)
    before = contents(out)
    (out / "index.html").write_text("old")
    (out / "article" / "old.html").write_text("old")
    write_site(made, out)
    assert contents(out) == before
    (out / "notes.txt").write_text("mine")
    with pytest.raises(QuotesError, match=r"notes\.txt"):
        write_site(made, out)
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("mine")
    with pytest.raises(QuotesError, match="holds other files"):
        write_site(made, other)
    with pytest.raises(QuotesError, match="is a file"):
        write_site(made, other / "index.html")
    with pytest.raises(QuotesError, match="holds other files"):
        write_site(made, made)
    assert contents(out) == {**before, "notes.txt": b"mine"}
    assert contents(other) == {"index.html": b"mine"}
    assert {path.name for path in tmp_path.iterdir()} == {"site", "other"}


def test_a_site_that_fails_leaves_the_old_one(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(made, tmp_path / "site")
    before = contents(tmp_path / "site")

    def breaks(*_: Any) -> Iterator[tuple[str, str]]:
        yield "index.html", "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("quotes.views.site.pages", breaks)
    with pytest.raises(QuotesError, match="No space left"):
        write_site(made, tmp_path / "site")
    assert contents(tmp_path / "site") == before
    assert {path.name for path in tmp_path.iterdir()} == {"site"}


def test_pages_say_when_a_text_cannot_be_read_again(tmp_path: Path) -> None:
    corpus = make_corpus(tmp_path, 5)
    (tmp_path / "news.jsonl").unlink()
    found = write_site(corpus, tmp_path / "site")
    assert (found.articles, found.without_text) == (5, 5)
    for path in (tmp_path / "site" / "article").iterdir():
        page = path.read_text("utf-8")
        assert "could not be read again" in page
        assert "<mark class" not in page.partition("How to read the marks")[0]
        assert 'id="a1-claim-8"' in page
        assert "<b>" in page, "the words that a link rests on are in the report"
    assert unresolved((tmp_path / "site").resolve()) == []


def test_nothing_is_fetched_for_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = make_corpus(tmp_path, 2)
    manifest = json.loads((corpus / "manifest.json").read_text())
    manifest["request"]["inputs"] = ["s3://desk/news", "https://desk.example/news.jsonl"]
    (corpus / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr("quotes.corpus.inputs.files._far_files", lambda *_: pytest.fail("asked an object store"))
    assert write_site(corpus, tmp_path / "site").without_text == 2


def test_copies_share_a_page_that_names_them(tmp_path: Path) -> None:
    words = text(say("Ana Duarte", "The harbour of Koskiville will stay closed until all barges are safe"))
    lines = [{"text": words, "publisher": name, "published": "2024-05-01"} for name in ("Brellpost", "Quarrypost")]
    (tmp_path / "news.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    analyze_corpus([tmp_path / "news.jsonl"], tmp_path / "corpus", make_analyzer=LineAnalyzer)
    write_site(tmp_path / "corpus", tmp_path / "site")
    [page] = (tmp_path / "site" / "article").iterdir()
    assert "The same text stands in" in page.read_text("utf-8")
    assert _page_called(tmp_path / "site" / "source", "Ana Duarte").count('<th scope="row" class="claim-words"') == 1
    assert unresolved((tmp_path / "site").resolve()) == []


def test_long_lists_are_several_pages(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS", 3)
    write_site(made, tmp_path / "site")
    assert unresolved((tmp_path / "site").resolve()) == []
    names = {str(path.relative_to(tmp_path / "site")) for path in (tmp_path / "site").rglob("*.html")}
    assert {"articles-2.html", "articles-8.html", "ways-2.html"} <= names
    assert "articles-9.html" not in names
    assert any(re.fullmatch(r"source/[0-9a-f]+-claims-2\.html", name) for name in names)
    assert any(re.fullmatch(r"outlet/[0-9a-f]+-relayed-2\.html", name) for name in names)
    listed = [path.read_text("utf-8").count('<th scope="row"') for path in (tmp_path / "site").glob("articles*.html")]
    assert sorted(listed) == [3] * 8


def test_a_page_that_would_be_too_large_leaves_out_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = make_corpus(tmp_path, 2)
    write_site(corpus, tmp_path / "whole")
    sizes = [path.stat().st_size for path in (tmp_path / "whole" / "article").iterdir()]
    monkeypatch.setattr(build, "LARGEST", max(sizes) - 1000)
    write_site(corpus, tmp_path / "cut")
    cut = [path.read_text("utf-8") for path in (tmp_path / "cut" / "article").iterdir()]
    assert any("too long to be shown here" in page for page in cut)
    assert all(len(page.encode()) < max(sizes) for page in cut)
    assert all('id="a1-claim-8"' in page for page in cut)


def test_the_command_writes_a_site_into_a_folder_and_a_page_into_a_file(made: Path, tmp_path: Path) -> None:
    done = quotes("corpus", "report", made, "-o", f"{tmp_path}/site/")
    assert done.exit_code == 0, done.stderr
    assert re.fullmatch(r"\d+ pages on 24 articles: open .*index\.html\.\n", done.stderr)
    assert quotes("corpus", "report", made, "-o", tmp_path / "site", "-q").stderr == "", "a folder that is there"
    assert quotes("corpus", "report", made, "-o", tmp_path / "named", "--as", "site").exit_code == 0
    assert contents(tmp_path / "named") == contents(tmp_path / "site")
    assert quotes("corpus", "report", made, "-o", tmp_path / "page.html").exit_code == 0
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert quotes("corpus", "report", made, "-o", tmp_path / "notes").exit_code == 0
    assert (tmp_path / "notes").read_text("utf-8").startswith("# Corpus")
    for wrong in (["--as", "site"], ["--as", "html", "-o", f"{tmp_path}/site/"]):
        refused = quotes("corpus", "report", made, *wrong)
        assert refused.exit_code == 2
        assert "folder" in refused.stderr


def test_a_site_that_cannot_be_moved_into_place_is_put_back(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(made, tmp_path / "site")
    before = contents(tmp_path / "site")
    rename = Path.rename

    def refuses(path: Path, target: Path) -> Path:
        if path.suffix == ".tmp":
            raise OSError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(QuotesError, match="Permission denied"):
        write_site(made, tmp_path / "site")
    assert contents(tmp_path / "site") == before
    assert {path.name for path in tmp_path.iterdir()} == {"site"}
