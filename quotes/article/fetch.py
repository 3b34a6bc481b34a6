"""Fetches one page because its address was given: http and https only, within limits of time, size and redirects."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import IO, Protocol
from urllib.parse import quote, urljoin, urlsplit

import attrs

from quotes.article.addresses import without_secrets
from quotes.article.metadata import is_web
from quotes.errors import InputError
from quotes.patience import Deadline

SECONDS = 30.0  # in all
SILENCE = 10.0  # without a byte
REDIRECTS = 5
BYTES = 20_000_000
CHUNK = 65_536
AGENT = "quotes (reads pages at its user's request)"
ACCEPT = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml;q=0.9,application/atom+xml;q=0.9,"
    "text/plain;q=0.8,application/json;q=0.8,application/feed+json;q=0.8"
)
SAFE = "%/:=&?~#+!$,;'@()*[]"
HINT = "Save the page in a browser and give the file."
SLOW_HINT = "Save it as plain text and give that file."


@attrs.frozen(kw_only=True)
class Fetched:
    """What came: its bytes, the address it came from in the end, and the media type and charset of its header."""

    data: bytes = attrs.field(repr=False)
    url: str
    media_type: str
    charset: str | None


class Fetches(Protocol):
    """What fetches a page. trusted: whether the address may lead into a private network. Raises InputError."""

    def __call__(self, url: str, *, trusted: bool) -> Fetched: ...


class NotFetched(InputError):
    """A page that could not be fetched. status: the server's answer; None where there was none, or not in time."""

    def __init__(self, message: str, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint)
        self.status = status


def fetch(
    url: str,
    *,
    seconds: float = SECONDS,
    max_bytes: int = BYTES,
    before: Callable[[str], object] = lambda _: None,
) -> Fetched:
    """The page at an address, which may redirect.

    seconds: for all of it; max_bytes: as they come over the wire; before: is told each address ahead of its request,
    may take its time, and may raise InputError to prevent it.
    Raises InputError for other schemes, what is not there, what is too long or too slow, and redirects that go on, to
    other schemes, or from the internet into a private network.
    """
    shown = without_secrets(url)
    if not is_web(url):
        raise InputError(f"{shown} cannot be fetched.", "Give an address that begins with https://.")
    local = is_local(url)
    address = quote(url, safe=SAFE, errors="replace")
    spent = 0.0
    for _ in range(REDIRECTS + 1):
        before(address)
        begun = time.monotonic()
        found = _asked(address, shown, Deadline.after(seconds, spent=spent), max_bytes)
        spent += time.monotonic() - begun
        if isinstance(found, Fetched):
            return found
        _refuse_target(found, local)
        address = found
    raise InputError(f"{without_secrets(address)} redirects more than {REDIRECTS} times.", HINT)


def is_local(url: str) -> bool:
    """Whether an address leads to this machine or a private network; what has no address yet does not."""
    try:
        parts = urlsplit(url)
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return False
    return any(not ipaddress.ip_address(str(each[4][0]).partition("%")[0]).is_global for each in found)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to us."""

    def redirect_request(self, *_: object) -> None:
        return None


def _asked(url: str, shown: str, deadline: Deadline, max_bytes: int) -> Fetched | str:
    """What one request brings: a page, or the address that it redirects to."""
    try:
        return deadline.hold(lambda: _request(url, deadline, max_bytes), shown, SLOW_HINT)
    except (OSError, http.client.HTTPException, ValueError) as error:
        status = error.code if isinstance(error, urllib.error.HTTPError) else None
        raise NotFetched(f"{shown} cannot be fetched: {_reason(error)}.", HINT, status) from error


def _request(url: str, deadline: Deadline, max_bytes: int) -> Fetched | str:
    opener = urllib.request.build_opener(_NoRedirect)
    opener.addheaders = [("User-Agent", AGENT), ("Accept", ACCEPT), ("Accept-Encoding", "identity")]
    try:
        with opener.open(url, timeout=SILENCE) as answer:
            return Fetched(
                data=_read(answer, deadline.at, max_bytes, url),
                url=url,
                media_type=answer.headers.get_content_type(),
                charset=answer.headers.get_content_charset(),
            )
    except urllib.error.HTTPError as error:
        with error:
            target = error.headers.get("Location") if 300 <= error.code < 400 else None
        if not target:
            raise
        return quote(urljoin(url, target), safe=SAFE)


def _refuse_target(url: str, local: bool) -> None:
    if not is_web(url):
        raise InputError(f"The page redirects to {without_secrets(url)}, which is no page of the web.", HINT)
    if not local and is_local(url):
        raise InputError(f"The page redirects into a private network, to {without_secrets(url)}.", HINT)


def _read(answer: IO[bytes], deadline: float, max_bytes: int, url: str) -> bytes:
    parts, size = [], 0
    while chunk := answer.read(CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise InputError(f"{without_secrets(url)} is larger than {max_bytes:,} bytes.", HINT)
        if time.monotonic() > deadline:
            raise TimeoutError
        parts.append(chunk)
    if getattr(answer, "length", None):  # of what the server announced, still to come
        raise InputError(f"{without_secrets(url)} broke off after {size:,} bytes.", "Try again.")
    return b"".join(parts)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server says {error.code} {error.reason}".rstrip()
    if isinstance(error, urllib.error.URLError):
        error = error.reason if isinstance(error.reason, Exception) else error
    if isinstance(error, TimeoutError):
        return "it takes too long"
    return (getattr(error, "strerror", None) or type(error).__name__).rstrip(".")  # other words may hold the address
