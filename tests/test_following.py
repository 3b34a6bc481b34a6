"""What --fetch does: from a server on this machine, whose feeds, sitemaps and pages have faults in them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result
from kills import contents
from test_corpus import LineAnalyzer

from quotes import corpus
from quotes.article import Part, fetcher, parts_of
from quotes.article import fetch as fetching
from quotes.article.fetcher import Fetcher
from quotes.cli import main
from quotes.corpus import CorpusSummary, analyze_corpus
from quotes.errors import InputError
from quotes.records import Report

for _library in ("feedparser", "protego", "trafilatura", "pyarrow", "duckdb", "warcio"):
    pytest.importorskip(_library)

STORY = "The council of Vellamo met on Tuesday and talked about the old harbour and the price of bread."
HEAD = "<!doctype html><html><head><title>Pier {0}</title></head><body><article><h1>Pier {0}</h1>"
PAGE = (
    HEAD + "".join(f"<p>{STORY} It was day {day} of pier {{0}}.</p>" for day in range(6)) + "</article></body></html>"
)
FEED = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Coast</title>
<item><title>Full</title><link>/story/9</link>
<content:encoded>&lt;p&gt;{story} In full.&lt;/p&gt;</content:encoded></item>
<item><title>One</title><link>/story/1</link><description>A teaser.</description></item>
<item><title>One again</title><link>{site}/story/1#more</link></item>
<item><title>Moved</title><link>/moved</link></item>
<item><title>No link</title></item>
<item><title>Gone</title><link>/gone</link></item>
<item><title>Forbidden</title><link>/private/2</link></item>
<item><title>Moved to where it is forbidden</title><link>/secret</link></item>
<item><title>A feed in a feed</title><link>/feed.xml?again</link></item>
</channel></rss>"""
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{site}/story/3</loc><news:news>
<news:publication><news:name>Inland Post</news:name></news:publication>
<news:publication_date>2024-05-14</news:publication_date></news:news></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>{site}/news.xml</loc></sitemap><sitemap><loc>{site}/index.xml?2</loc></sitemap>
<sitemap><loc>{site}/story/4</loc></sitemap></sitemapindex>"""
MOVED = {"/moved": "/story/2", "/secret": "/private/1"}


@attrs.define
class Site:
    """A server: what it says, what it was asked for, and what it does instead of answering."""

    url: str = ""
    asked: list[str] = attrs.field(factory=list)
    robots: str | int = "User-agent: *\nDisallow: /private\n"
    down: bool = False
    leave: threading.Event = attrs.field(factory=threading.Event)

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, media type and body; the target of a redirect is its body."""
        plain = path.partition("?")[0]
        if plain == "/robots.txt":
            return (200, "text/plain", self.robots) if isinstance(self.robots, str) else (self.robots, "", "")
        if self.down:
            return 503, "", ""
        if plain in MOVED:
            return 302, "", MOVED[plain]
        if plain == "/slow":
            self.leave.wait(30)
        if plain.startswith("/story/"):
            return 200, "text/html; charset=utf-8", PAGE.format(plain.rpartition("/")[2])
        found = {"/feed.xml": FEED, "/news.xml": NEWS, "/index.xml": INDEX, "/no-feed.xml": PAGE}.get(plain)
        kind = "text/html" if plain == "/no-feed.xml" else "application/xml"
        return (200, kind, found.format("x", site=self.url, story=STORY)) if found else (404, "", "")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(fetcher, "PAUSE", 0.0)
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            found.asked.append(self.path)
            status, kind, body = found.answer(self.path)
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", body if status == 302 else kind)
            self.end_headers()
            self.wfile.write(body.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    found.leave.set()
    server.shutdown()
    server.server_close()


def addresses(site: Site, folder: Path, *paths: str) -> Path:
    path = folder / "addresses.txt"
    path.write_text("".join(f"{site.url}{each}\n" for each in paths))
    return path


def run(given: Path, out: Path, fetch: Any = None, **options: Any) -> CorpusSummary:
    how = {"make_analyzer": LineAnalyzer, "shard_size": 2, **options}
    return analyze_corpus([given], out, fetch=fetch or Fetcher(), **how)


def reasons(out: Path) -> dict[str, str]:
    rows = corpus.sql(out, "SELECT file, message FROM issues")
    return {row["file"]: row["message"] for row in rows}


def files(out: Path) -> list[str]:
    return [row["file"] for row in corpus.sql(out, "SELECT file FROM articles ORDER BY file")]


# What is fetched


def test_a_feed_gives_its_texts_and_the_pages_that_it_links_to(site: Site, tmp_path: Path) -> None:
    summary = run(addresses(site, tmp_path, "/feed.xml"), tmp_path / "out")
    feed = f"{site.url}/feed.xml"
    assert files(tmp_path / "out") == [f"{feed}:1", f"{site.url}/story/1", f"{site.url}/story/2"]
    told = reasons(tmp_path / "out")
    expected = {
        f"{feed}:5": "holds neither a text nor a link",
        f"{site.url}/gone": "the server says 404",
        f"{site.url}/private/2": "robots.txt forbids to fetch",
        f"{site.url}/secret": "robots.txt forbids to fetch",
        f"{feed}?again": "is a feed, not an article",
    }
    assert {name: words in told[name] for name, words in expected.items()} == dict.fromkeys(expected, True)
    assert len(told) == summary.failed == len(expected)
    assert site.asked.count("/story/1") == 1
    assert not [path for path in site.asked if path.startswith("/private")]


def test_an_index_gives_the_pages_of_its_sitemaps_with_what_these_say_of_them(site: Site, tmp_path: Path) -> None:
    run(addresses(site, tmp_path, "/index.xml"), tmp_path / "out")
    (row,) = corpus.sql(tmp_path / "out", "SELECT file, title, publisher, published FROM articles")
    assert row == {
        "file": f"{site.url}/story/3",
        "title": "Pier 3",
        "publisher": "Inland Post",
        "published": "2024-05-14",
    }
    told = reasons(tmp_path / "out")
    assert set(told) == {f"{site.url}/index.xml?2", f"{site.url}/story/4"}
    assert all("is no sitemap" in each for each in told.values())


def test_an_address_may_lead_to_a_page_and_a_feed_that_is_none_is_one(site: Site, tmp_path: Path) -> None:
    run(addresses(site, tmp_path, "/no-feed.xml", "/story/1", "/moved"), tmp_path / "out")
    assert files(tmp_path / "out") == [f"{site.url}{path}" for path in ("/no-feed.xml", "/story/1", "/story/2")]


def test_a_slow_page_is_given_up_and_the_others_are_read(site: Site, tmp_path: Path) -> None:
    given = addresses(site, tmp_path, "/slow", "/story/1")
    run(given, tmp_path / "out", Fetcher(seconds=5))
    assert files(tmp_path / "out") == [f"{site.url}/story/1"]
    assert "took longer than 5 seconds" in reasons(tmp_path / "out")[f"{site.url}/slow"]


def test_files_that_others_made_do_not_lead_into_a_private_network(site: Site, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED.format(site=site.url, story=STORY))
    run(tmp_path / "feed.xml", tmp_path / "out")
    told = reasons(tmp_path / "out")
    assert "leads into a private network" in told[f"{site.url}/story/1#more".partition("#")[0]]
    assert site.asked == []


# Going on


def test_a_run_that_was_broken_off_goes_on_and_fetches_nothing_twice(site: Site, tmp_path: Path) -> None:
    given = addresses(site, tmp_path, *(f"/story/{number}" for number in range(3, 10)), "/gone", "/feed.xml")

    def stop(url: str) -> None:
        if url.endswith("/story/8"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(given, tmp_path / "out", Fetcher(tell=stop))
    assert site.asked == ["/robots.txt", *(f"/story/{number}" for number in range(3, 8))]
    run(given, tmp_path / "out")
    assert all(site.asked.count(f"/story/{number}") == 1 for number in range(1, 10))
    run(given, tmp_path / "whole")
    broken, whole = (
        {name: data for name, data in contents(tmp_path / out).items() if not name.startswith("pages/")}
        for out in ("out", "whole")
    )
    assert broken == whole


def test_a_second_run_asks_for_failures_only_and_one_afresh_for_all(site: Site, tmp_path: Path) -> None:
    given = addresses(site, tmp_path, "/story/1", "/gone", "/story/2")
    run(given, tmp_path / "out")
    site.asked.clear()
    again = run(given, tmp_path / "out")
    assert site.asked == ["/robots.txt", "/gone"]
    assert again.resumed == again.shards
    site.asked.clear()
    run(given, tmp_path / "out", resume=False)
    assert site.asked == ["/robots.txt", "/story/1", "/gone", "/story/2"]


def test_a_kept_page_that_is_damaged_is_fetched_again(site: Site, tmp_path: Path) -> None:
    given = addresses(site, tmp_path, "/story/1")
    run(given, tmp_path / "out")
    (page,) = (tmp_path / "out" / "pages").iterdir()
    page.write_bytes(page.read_bytes()[:60])
    run(given, tmp_path / "out")
    assert site.asked.count("/story/1") == 2


def test_pages_that_were_kept_are_an_input(site: Site, tmp_path: Path) -> None:
    run(addresses(site, tmp_path, "/story/1"), tmp_path / "out")
    summary = analyze_corpus([tmp_path / "out" / "pages"], tmp_path / "more", make_analyzer=LineAnalyzer)
    assert (summary.articles, summary.analyzed) == (1, 1)
    rows = [corpus.sql(tmp_path / out, "SELECT title, url FROM articles") for out in ("out", "more")]
    assert rows[0] == rows[1] == [{"title": "Pier 1", "url": f"{site.url}/story/1"}]


# Manners


@attrs.define
class Clock:
    """Time that passes only where somebody sleeps."""

    now: float = 100.0
    slept: list[float] = attrs.field(factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds

    def fetcher(self, **options: Any) -> Fetcher:
        return Fetcher(clock=lambda: self.now, sleep=self.sleep, **options)


def test_a_host_rests_between_requests_redirects_too(site: Site) -> None:
    clock = Clock()
    fetch = clock.fetcher(pause=2.0)
    fetch(f"{site.url}/story/1", trusted=True)
    assert clock.slept == [2.0], "after robots.txt"
    clock.now += 0.5
    fetch(f"{site.url}/moved", trusted=True)
    assert clock.slept == [2.0, 1.5, 2.0]
    clock.now += 9
    fetch(f"{site.url}/story/3", trusted=True)
    other = site.url.replace("127.0.0.1", "localhost")
    fetch(f"{other}/story/3", trusted=True)
    assert clock.slept == [2.0, 1.5, 2.0, 0.0, 2.0], "another host need not wait for this one"


def test_robots_may_ask_for_a_longer_rest(site: Site) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 7\n"
    clock = Clock()
    clock.fetcher(pause=2.0)(f"{site.url}/story/1", trusted=True)
    assert clock.slept == [7.0]
    site.robots = "User-agent: quotes\nCrawl-delay: 3600\n"
    with pytest.raises(InputError, match="asks for 3600 seconds"):
        clock.fetcher()(f"{site.url}/story/1", trusted=True)
    assert site.asked == ["/robots.txt", "/story/1", "/robots.txt"]


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (404, True),
        (403, True),
        ("User-agent: quotes\nAllow: /story/\nDisallow: /\n", True),
        ("User-agent: other\nDisallow: /\n", True),
        ("User-agent: *\nDisallow: /*/1$\n", False),
        ("User-agent: Quotes\nDisallow: /\n", False),
        (500, False),
        (429, False),
    ],
)
def test_robots_are_obeyed(robots: str | int, allowed: bool, site: Site) -> None:
    site.robots = robots
    if allowed:
        assert Fetcher()(f"{site.url}/story/1", trusted=True).url == f"{site.url}/story/1"
        return
    with pytest.raises(InputError, match=r"robots\.txt (forbids|cannot be read)"):
        Fetcher()(f"{site.url}/story/1", trusted=True)
    assert site.asked == ["/robots.txt"]


def test_a_host_that_does_not_answer_is_left_alone(site: Site) -> None:
    fetch = Fetcher()
    for path in ("/gone", "/gone", "/gone", "/story/1"):
        if path == "/story/1":
            fetch(site.url + path, trusted=True)
        else:
            with pytest.raises(InputError, match="404"):
                fetch(site.url + path, trusted=True)
    site.down = True
    for words in ("503", "503", "503", "was not tried"):
        with pytest.raises(InputError, match=words):
            fetch(f"{site.url}/story/2", trusted=True)
    assert site.asked.count("/story/2") == 3


def test_addresses_are_shown_without_their_secrets(site: Site, tmp_path: Path) -> None:
    told: list[str] = []
    run(
        addresses(site, tmp_path, "/story/1?token=geheim", "/gone?token=geheim"),
        tmp_path / "o",
        Fetcher(tell=told.append),
    )
    assert "/story/1?token=geheim" in site.asked
    assert told == [f"{site.url}/story/1", "", f"{site.url}/gone", ""]
    written = b"".join(contents(tmp_path / "o").values())
    assert b"geheim" not in written
    assert all(b"geheim" not in part for part in map(_unpacked, (tmp_path / "o" / "pages").iterdir()))


def _unpacked(path: Path) -> bytes:
    import gzip

    return gzip.decompress(path.read_bytes())


# On the command line


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line with the analysis left out."""

    class Stub:
        def analyze_all(self, articles: list[Any]) -> list[Report]:
            return [Report(article=each, sources=(), passages=(), claims=(), trees=()) for each in articles]

    monkeypatch.setattr("quotes.cli.report.make_analyzer", lambda **_: Stub())
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_report_fetches_only_where_it_is_told_to(site: Site, tmp_path: Path, shell: Callable[..., Result]) -> None:
    given = str(addresses(site, tmp_path, "/story/1", "/gone", "/story/2"))
    refused = shell("report", given)
    assert (refused.exit_code, site.asked) == (1, [])
    assert "holds no text of an article, but 3 links.\nhint: Give --fetch" in refused.stderr
    done = shell("report", given, "--fetch", "--format", "jsonl")
    found = [json.loads(line)["article"]["path"] for line in done.stdout.splitlines()]
    assert found == [f"{site.url}/story/1", f"{site.url}/story/2"]
    assert done.exit_code == 3
    assert f"{site.url}/gone: {site.url}/gone cannot be fetched: the server says 404" in done.stderr


def test_report_of_a_feed_by_its_address(site: Site, shell: Callable[..., Result]) -> None:
    refused = shell("report", f"{site.url}/feed.xml")
    assert refused.exit_code == 1
    assert "is a feed, not an article" in refused.stderr
    assert "--fetch" in refused.stderr
    done = shell("report", f"{site.url}/feed.xml", "--fetch", "--format", "jsonl")
    assert len(done.stdout.splitlines()) == 3


def test_a_corpus_fetches_only_where_it_is_told_to(site: Site, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--fetch"):
        analyze_corpus([f"{site.url}/story/1"], tmp_path / "out", make_analyzer=LineAnalyzer)
    given = [addresses(site, tmp_path, "/story/1")]
    assert analyze_corpus(given, tmp_path / "out", make_analyzer=LineAnalyzer).failed == 1
    assert site.asked == []
    summary = analyze_corpus([f"{site.url}/feed.xml"], tmp_path / "web", make_analyzer=LineAnalyzer, fetch=Fetcher())
    assert summary.analyzed == 3


def test_a_redirect_into_a_private_network_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it would be for a page of the internet: the site counts as public until it redirects."""
    monkeypatch.setattr(fetcher, "is_local", lambda _: False)
    monkeypatch.setattr(fetching, "is_local", lambda url: "/story/" in url)
    (part,) = parts_of(f"{site.url}/moved", fetch=Fetcher())
    assert isinstance(part, Part)
    assert "redirects into a private network" in str(part.error)
    assert site.asked == ["/robots.txt", "/moved"]
