"""Fetches one page because its address was given: http and https only, within limits of time, size and redirects."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from typing import IO
from urllib.parse import quote, urljoin, urlsplit

import attrs

from quotes.article.addresses import without_secrets
from quotes.article.metadata import is_web
from quotes.errors import InputError
from quotes.patience import within

SECONDS = 30.0  # in all
SILENCE = 10.0  # without a byte
REDIRECTS = 5
BYTES = 20_000_000
CHUNK = 65_536
AGENT = "quotes (reads one page at its user's request)"
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,application/json;q=0.8"
SAFE = "%/:=&?~#+!$,;'@()*[]"
HINT = "Save the page in a browser and give the file."


@attrs.frozen(kw_only=True)
class Fetched:
    """What came: its bytes, the address it came from in the end, and the media type and charset of its header."""

    data: bytes = attrs.field(repr=False)
    url: str
    media_type: str
    charset: str | None


def fetch(url: str, *, seconds: float = SECONDS, max_bytes: int = BYTES) -> Fetched:
    """The page at an address, which may redirect. seconds: for all of it; max_bytes: as they come over the wire.

    Raises InputError for other schemes, what is not there, what is too long or too slow, and redirects that go on, to
    other schemes, or from the internet into a private network.
    """
    if not is_web(url):
        raise InputError(f"{without_secrets(url)} cannot be fetched.", "Give an address that begins with https://.")
    shown = without_secrets(url)
    try:
        return within(seconds, lambda: _follow(url, time.monotonic() + seconds, max_bytes), shown)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise InputError(f"{shown} cannot be fetched: {_reason(error)}.", HINT) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to us."""

    def redirect_request(self, *_: object) -> None:
        return None


def _follow(url: str, deadline: float, max_bytes: int) -> Fetched:
    opener = urllib.request.build_opener(_NoRedirect)
    opener.addheaders = [("User-Agent", AGENT), ("Accept", ACCEPT), ("Accept-Encoding", "identity")]
    local = _is_local(url)
    url = quote(url, safe=SAFE)
    for _ in range(REDIRECTS + 1):
        try:
            with opener.open(url, timeout=SILENCE) as answer:
                return Fetched(
                    data=_read(answer, deadline, max_bytes, url),
                    url=url,
                    media_type=answer.headers.get_content_type(),
                    charset=answer.headers.get_content_charset(),
                )
        except urllib.error.HTTPError as error:
            with error:
                target = error.headers.get("Location") if 300 <= error.code < 400 else None
            if not target:
                raise
            url = quote(urljoin(url, target), safe=SAFE)
        _refuse_target(url, local)
    raise InputError(f"{without_secrets(url)} redirects more than {REDIRECTS} times.", HINT)


def _refuse_target(url: str, local: bool) -> None:
    if not is_web(url):
        raise InputError(f"The page redirects to {without_secrets(url)}, which is no page of the web.", HINT)
    if not local and _is_local(url):
        raise InputError(f"The page redirects into a private network, to {without_secrets(url)}.", HINT)


def _is_local(url: str) -> bool:
    """Whether an address leads to this machine or a private network; what has no address yet does not."""
    try:
        parts = urlsplit(url)
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return False
    return any(not ipaddress.ip_address(str(each[4][0]).partition("%")[0]).is_global for each in found)


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
