"""Fetching a page by its address: from a server on this machine, with its redirects, sizes, delays and bad manners."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from quotes.article import fetch as fetching
from quotes.article import parts_of, read_article
from quotes.article.addresses import is_address, without_secrets
from quotes.article.fetch import fetch
from quotes.errors import InputError

STORY = "The harbour council closed the northern pier on Monday, and the mayor said that it would not open again soon."
PAGE = "<!doctype html><html><head><title>Pier closed</title></head><body><article><h1>Pier closed</h1>{}</article>"
BODY = PAGE.format("".join(f"<p>{STORY} It was day {day}, said Ana Duarte.</p>" for day in range(6))).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    asked: list[str] = []  # noqa: RUF012 - shared on purpose: the test reads what was asked for

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        Handler.asked.append(self.path)
        name = self.path.partition("?")[0].strip("/")
        getattr(self, f"_{name.partition('/')[0]}", self._missing)(name.partition("/")[2])

    def _answer(self, data: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def _page(self, _: str) -> None:
        self._answer(BODY)

    def _packed(self, _: str) -> None:
        self._answer(gzip.compress(BODY), Content_Encoding="gzip")

    def _latin(self, _: str) -> None:
        self._answer(f"{STORY} “Enough,” said José.".encode("cp1252"), "text/plain; charset=windows-1252")

    def _image(self, _: str) -> None:
        self._answer(b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png")

    def _to(self, rest: str) -> None:
        self.send_response(302)
        self.send_header("Location", {"file": "file:///etc/passwd", "ftp": "ftp://h.example/x"}.get(rest, f"/{rest}"))
        self.end_headers()

    def _loop(self, rest: str) -> None:
        self._to(f"loop/{int(rest or 0) + 1}")

    def _endless(self, _: str) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(400):
            self.wfile.write(b"x" * 65_536)

    def _drip(self, _: str) -> None:
        for byte in b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 40:
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def _short(self, _: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"<html>")

    def _missing(self, _: str) -> None:
        self.send_error(404)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.daemon_threads = True
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{found.server_address[1]}"
    found.shutdown()
    found.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.mark.parametrize("path", ["/page", "/packed", "/to/page", "/to/to/to/page"])
def test_a_page_is_read(server: str, path: str) -> None:
    article = read_article(server + path)
    assert article.title == "Pier closed"
    assert article.text.count(STORY) == 6
    final = f"{server}/{path.rpartition('/')[2]}"
    assert (article.path, article.url) == (final, final)


def test_charset_of_the_header_counts(server: str) -> None:
    article = read_article(f"{server}/latin")
    assert "“Enough,” said José." in article.text
    assert "cp1252" in article.issues[0].message


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/nothing", "the server says 404"),
        ("/loop", "more than 5 times"),
        ("/to/file", "no page of the web"),
        ("/to/ftp", "no page of the web"),
        ("/image", "not text"),
        ("/short", "broke off after 6 bytes"),
    ],
)
def test_what_is_no_page_is_refused(server: str, path: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        read_article(server + path)
    assert refused.value.hint


def test_size_has_a_limit(server: str) -> None:
    with pytest.raises(InputError, match="larger than 1,000,000 bytes"):
        fetch(f"{server}/endless", max_bytes=1_000_000)


def test_time_has_a_limit_whatever_the_server_does(server: str) -> None:
    begun = time.monotonic()
    with pytest.raises(InputError, match="longer than 1 second"):
        fetch(f"{server}/drip", seconds=1)
    assert time.monotonic() - begun < 3


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InputError, match="cannot be fetched: Connection refused"):
        fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["ftp://h.example/x", "file:///etc/passwd", "data://x", "http://", "http://[oops/"])
def test_only_the_web_is_fetched(url: str) -> None:
    with pytest.raises(InputError, match=r"cannot be fetched|cannot be read"):
        read_article(url)


def test_a_redirect_into_a_private_network_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it would be for a page of the internet: the first address counts as public here."""
    local = iter([False, True])
    monkeypatch.setattr(fetching, "is_local", lambda _: next(local))
    with pytest.raises(InputError, match="private network"):
        fetch(f"{server}/to/page")


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost:8/", "http://[::1]/", "http://10.1.2.3/"])
def test_local_addresses_are_known(url: str) -> None:
    assert fetching.is_local(url)


def test_files_are_not_taken_for_addresses(server: str, tmp_path: Any) -> None:
    """Only a str is an address; a corpus, which hands over paths, fetches nothing."""
    before = len(Handler.asked)
    for source in (tmp_path / f"{server}/page", tmp_path):
        with pytest.raises(InputError):
            read_article(source)
    assert [part.data for part in parts_of(f"{server}/page")] == [None]
    assert len(Handler.asked) == before
    assert not is_address("c:/articles/a.txt")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ana:geheim@paper.example:8443/a?b=c", "https://paper.example:8443/a?b=c"),
        ("https://paper.example/a?token=abc&page=2&X-Amz-Signature=1", "https://paper.example/a?page=2"),
        ("https://paper.example/a;jsessionid=12#frag", "https://paper.example/a"),
        ("https://paper.example/a?q=%C3%A9", "https://paper.example/a?q=%C3%A9"),
        ("https://[2001:db8::1]/a?api_key=1", "https://[2001:db8::1]/a"),
        ("http://[oops", "(an address that cannot be read)"),
        ("urn:newsml:1", "urn:newsml:1"),
    ],
)
def test_secrets_of_an_address_are_left_out(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


def test_secrets_reach_neither_report_nor_complaint(server: str) -> None:
    article = read_article(f"{server}/page?access_token=geheim")
    assert "geheim" not in repr((article.path, article.url))
    for url in (f"{server}/none?token=geheim", "http://ana:geheim@nowhere.invalid/", "ftp://ana:geheim@h.example/"):
        with pytest.raises(InputError) as refused:
            read_article(url)
        assert "geheim" not in str(refused.value)
