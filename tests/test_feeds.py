"""Feeds, sitemaps and lists of addresses as files: what is an article in them, what a link, and what is refused."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from quotes.article import Part, parts_of, read_article
from quotes.errors import InputError
from quotes.records import Article

pytest.importorskip("feedparser")

FIRST = "The harbour council of Vellamo closed the northern pier on Monday, and no ferry sailed from it."
SECOND = "“It will not open before the ice comes,” said Ana Duarte, who runs the port."
MARKUP = f"<p>{FIRST}</p><script>alert(1)</script><p>{SECOND.replace('ice', '<b>ice</b>')}</p>"
TEASER = "The pier is closed."

ITEM = """<item><title>Pier &amp; quay closed</title><link>https://inland.example/pier</link>
<dc:creator>Jo Malm</dc:creator><pubDate>Tue, 14 May 2024 23:30:00 -0500</pubDate>
<description>{summary}</description>{content}</item>"""
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="feed.css"?>
<!-- made by hand -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Inland Post – Coast</title><link>https://inland.example/</link><description>x</description>{}</channel>
</rss>"""
ENCODED = f"<content:encoded><![CDATA[{MARKUP}]]></content:encoded>"
FULL = ITEM.format(summary=TEASER, content=ENCODED)
SHORT = ITEM.format(summary=TEASER, content="")
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Inland Post</title><id>urn:x:1</id>
<updated>2024-05-14T10:00:00Z</updated>
<entry><title type="html">Pier &amp;amp; quay closed</title><id>urn:x:2</id><updated>2024-05-14T10:00:00Z</updated>
<link rel="enclosure" href="https://inland.example/a.mp3"/><link href="https://inland.example/pier"/>
<author><name>Jo Malm</name></author>{}</entry></feed>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Inland Post",
    "items": [
        {
            "id": "1",
            "url": "https://inland.example/pier",
            "title": "Pier & quay closed",
            "content_html": MARKUP,
            "date_published": "2024-05-14T10:00:00Z",
            "authors": [{"name": "Jo Malm"}],
        }
    ],
}
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://inland.example/pier </loc><image:image><image:title>A boat</image:title></image:image><news:news>
<news:publication><news:name>Inland Post</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2024-05-14T10:00:00+00:00</news:publication_date><news:title>Pier closed</news:title></news:news>
</url><url><loc>https://inland.example/quay</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://inland.example/news.xml</loc></sitemap></sitemapindex>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{}]>""".format(
    "".join(f'<!ENTITY {name} "{10 * f"&{before};"}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
)
FILE = '<!DOCTYPE rss [<!ENTITY i SYSTEM "file:///etc/hostname">]>'

FEEDS: dict[str, Callable[[], str]] = {
    "rss": lambda: RSS.format(FULL),
    "atom-xhtml": lambda: ATOM.format(
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{MARKUP}</div></content>'
    ),
    "atom-html": lambda: ATOM.format(f'<content type="html">{escape(MARKUP)}</content><summary>{TEASER}</summary>'),
    "atom-text": lambda: ATOM.format(f"<content>{FIRST}\n\n{SECOND}</content>"),
    "json": lambda: json.dumps(JSON_FEED),
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a file says, nothing is looked up."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("the network was asked"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was asked"))


def split(text: str, tmp_path: Path, name: str = "a.xml", **options: Any) -> list[Part]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return list(parts_of(path, **options))


def article(part: Part) -> Article:
    if part.error is not None:
        raise part.error
    return read_article(part.data or b"", path=part.name, input_format=part.input_format)


def only_error(found: list[Part]) -> str:
    (part,) = found
    assert part.error is not None
    assert part.error.hint
    return str(part.error)


@pytest.mark.parametrize("suffix", ["xml", "rss", "atom", "json", "txt"])
@pytest.mark.parametrize("name", list(FEEDS))
def test_items_with_their_text_are_articles(name: str, suffix: str, tmp_path: Path) -> None:
    (part,) = split(FEEDS[name](), tmp_path, f"feed.{suffix}")
    found = article(part)
    assert found.path == f"{tmp_path}/feed.{suffix}:1"
    assert found.text.split("\n\n") == [FIRST, SECOND]
    assert (found.title, found.byline) == ("Pier & quay closed", "Jo Malm")
    assert (found.published, found.url) == ("2024-05-14", "https://inland.example/pier")
    assert found.publisher == "inland.example", "a feed's title is no publisher where the page's address tells it"


def test_a_feed_of_standard_input_and_of_another_encoding() -> None:
    data = RSS.format(FULL).replace("UTF-8", "windows-1252", 1).encode("cp1252")
    (part,) = parts_of(data)
    assert article(part).text.split("\n\n") == [FIRST, SECOND]
    (part,) = parts_of(RSS.format(FULL).replace("UTF-8", "UTF-16", 1).encode("utf-16"))
    assert article(part).text.split("\n\n") == [FIRST, SECOND]


def test_an_item_without_a_link_is_complete_in_its_description(tmp_path: Path) -> None:
    item = f"<item><author>jo@inland.example (Jo Malm)</author><description>{escape(MARKUP)}</description></item>"
    (part,) = split(RSS.format(item), tmp_path)
    found = article(part)
    assert found.text.split("\n\n") == [FIRST, SECOND]
    assert (found.publisher, found.byline) == ("Inland Post – Coast", "Jo Malm")


def test_links_alone_are_one_error_that_names_fetch(tmp_path: Path) -> None:
    told = only_error(split(RSS.format(SHORT * 3), tmp_path))
    assert f"{tmp_path}/a.xml holds no text of an article, but 3 links." in told
    assert "--fetch" in told
    assert "--field text=summary" in told
    assert "but 2 links. Give --fetch" in only_error(split(SITEMAP, tmp_path))
    assert "but 1 link. Give --fetch" in only_error(split(INDEX, tmp_path))
    assert "but 2 links. Give" in only_error(split("https://a.example/1\nhttps://a.example/2\nnone\n", tmp_path))


@pytest.mark.parametrize("error", [RecursionError, ValueError("x"), InputError("x", "y")])
def test_whatever_a_library_does_is_an_error_of_one_file(
    error: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import feedparser

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(feedparser, "parse", fail)
    only_error(split(RSS.format(FULL), tmp_path))


def test_links_beside_texts_are_errors_of_their_own(tmp_path: Path) -> None:
    found = split(RSS.format(FULL + SHORT + FULL), tmp_path)
    assert [part.error is None for part in found] == [True, False, True]
    assert f"{tmp_path}/a.xml:2 holds no text of an article, but a link." in str(found[1].error)


def test_summaries_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    fields = {"text": "summary"}
    (part,) = split(RSS.format(ITEM.format(summary=escape(MARKUP), content="")), tmp_path, fields=fields)
    found = read_article(part.data or b"", input_format="json", fields=fields)
    assert found.text.split("\n\n") == [FIRST, SECOND]


def test_links_that_lead_nowhere_are_errors(tmp_path: Path) -> None:
    odd = "<item><title>No more</title></item><item><title>F</title><link>file:///etc/passwd</link></item>"
    nothing, file, text = split(RSS.format(odd + FULL), tmp_path)
    assert "holds neither a text nor a link" in str(nothing.error)
    assert ":2 links to file:" in str(file.error)
    assert "which is no address of the web" in str(file.error)
    assert text.error is None


class Links:
    """Stands for a fetcher, which only has to be there: what is linked is seen, and nothing is fetched."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, url: str, *, trusted: bool) -> Any:
        self.asked.append((url, trusted))
        raise InputError(f"{url} is not there.")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (RSS.format(SHORT + FULL), [("https://inland.example/pier", False)]),
        (SITEMAP, [("https://inland.example/pier", False), ("https://inland.example/quay", False)]),
        (INDEX, [("https://inland.example/news.xml", False)]),
        (
            "# mine\nhttps://a.example/1\n\n  http://b.example/2#top\r\nhttp://b.example/2\nnone of these\n",
            [("https://a.example/1", True), ("http://b.example/2#top", True)],
        ),
    ],
    ids=["feed", "sitemap", "index", "addresses"],
)
def test_links_are_fetched_once_each(text: str, asked: list[tuple[str, bool]], tmp_path: Path) -> None:
    """Those that the user wrote may lead into a private network."""
    links = Links()
    split(text, tmp_path, "a.txt", fetch=links)
    assert links.asked == asked


def test_a_line_that_is_no_address_is_an_error(tmp_path: Path) -> None:
    found = split("https://a.example/1\nhttps://a.example/2\npaper.example/3\n", tmp_path, "a.txt", fetch=Links())
    assert found[2].name == f"{tmp_path}/a.txt:3"
    assert "Begin it with https://." in str(found[2].error)


@pytest.mark.parametrize("text", [f"https://inland.example/pier\n\nPier closed\n\n{FIRST}\n", FIRST, ""])
def test_an_article_that_names_its_address_is_no_list(text: str, tmp_path: Path) -> None:
    (part,) = split(text, tmp_path, "a.txt", fetch=Links())
    assert (part.data, part.error) == (None, None)


@pytest.mark.parametrize("prolog", [BOMB, FILE], ids=["bomb", "file"])
@pytest.mark.parametrize("name", ["a.rss", "a.xml", "a"])
def test_entities_of_ones_own_are_refused(prolog: str, name: str, tmp_path: Path) -> None:
    body = RSS.format(FULL.replace(FIRST, "&i;")).partition("?>")[2]
    for document in (prolog + body, prolog + SITEMAP.partition("?>")[2]):
        assert "defines entities of its own" in only_error(split(document, tmp_path, name))


def test_other_files_and_the_network_are_not_asked_for(tmp_path: Path) -> None:
    document = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + RSS.format(FULL).partition("?>")[2]
    (part,) = split(document, tmp_path)
    assert FIRST in article(part).text
    document = RSS.format(FULL.replace("<p>", "&lol;<p>").replace("Jo Malm", "&lol; Jo Malm")).partition("-->")[2]
    (part,) = split(document, tmp_path)
    assert FIRST in article(part).text


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel></channel></rss>",
        "<feed>" * 5_000,
        "<urlset>" + "<url>" * 100_000,
        "<urlset><url><loc>https://a.example/",
        "<sitemapindex/>",
        json.dumps({"version": "https://jsonfeed.org/version/1", "items": 7}),
    ],
)
def test_what_holds_nothing_is_refused(text: str, tmp_path: Path) -> None:
    only_error(split(text, tmp_path, "a.xml"))


@pytest.mark.parametrize("unit", ["<!---->", "<!DOCTYPE a[]>", "<??>", "<!DOCTYPE a[ ", " ", "<!-- "])
def test_a_long_prolog_is_given_up_at_once(unit: str, tmp_path: Path) -> None:
    """Patterns that try every way to read it would not come to an end."""
    (part,) = split(unit * (20_000 // len(unit)), tmp_path)
    assert part.data is None


@pytest.mark.parametrize(
    ("text", "what"),
    [(RSS.format(FULL), "a feed"), (SITEMAP, "a sitemap"), (INDEX, "an index"), (json.dumps(JSON_FEED), "a feed")],
)
def test_a_collection_is_no_article(text: str, what: str) -> None:
    with pytest.raises(InputError, match=f"is {what}.*--fetch"):
        read_article(text.encode())
