"""Fetches page after page with good manners. The only door to protego, which reads robots.txt (RFC 9309)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from quotes.article.addresses import without_secrets
from quotes.article.fetch import SECONDS, Fetched, NotFetched, fetch, is_local
from quotes.errors import InputError, MissingExtra
from quotes.patience import TooSlow

if TYPE_CHECKING:
    from protego import Protego

ROBOT = "quotes"  # what a robots.txt calls us
PAUSE = 2.0  # seconds
LONGEST_PAUSE = 60.0
ROBOTS_BYTES = 1_000_000
BUSY = 429
BROKEN = 500
MOST_FAILURES = 3
LATER = "Run it again later."
PRIVATE_HINT = "If you mean it, put the address into a file of addresses."
FORBIDDEN_HINT = "Save the page in a browser and give the file."


def _nothing(_: str) -> None:
    pass


@attrs.define(kw_only=True)
class Fetcher:
    """Fetches pages one at a time, none that a site's robots.txt forbids, and lets each host rest between requests.

    pause: seconds of that rest, unless a robots.txt asks for more; seconds: for a page, as for fetch; tell: told each
    address before it is fetched, and "" when that has been done; clock, sleep: seconds that pass.
    A host that gives no answer three times in a row is left alone.
    """

    pause: float = attrs.field(factory=lambda: PAUSE)
    seconds: float = SECONDS
    tell: Callable[[str], object] = _nothing
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    _rules: dict[str, Protego | InputError] = attrs.field(factory=dict, init=False)  # by scheme, host and port
    _ended: dict[str, float] = attrs.field(factory=dict, init=False)  # by host, when its last request did
    _asked: str | None = attrs.field(default=None, init=False)  # the host of a request that has not been ended yet
    _failures: Counter[str] = attrs.field(factory=Counter, init=False)  # by host, without an answer, in a row

    def __call__(self, url: str, *, trusted: bool) -> Fetched:
        """The page at an address. trusted: whether it may lead into a private network. Raises InputError."""
        host = _host(url)
        if self._failures[host] >= MOST_FAILURES:
            raise InputError(f"{without_secrets(url)} was not tried: {host} gave no answer before.", LATER)
        if not trusted and is_local(url):
            raise InputError(f"{without_secrets(url)} leads into a private network.", PRIVATE_HINT)
        self.tell(without_secrets(url))
        try:
            found = fetch(url, seconds=self.seconds, before=self._before)
        except (NotFetched, TooSlow) as error:
            self._failures[host] = self._failures[host] + 1 if _is_no_answer(error) else 0
            raise
        finally:
            self._end()
            self.tell("")
        self._failures[host] = 0
        return found

    def _before(self, url: str) -> None:
        """Waits until a page may be asked for. Raises InputError where it may not."""
        rules = self._rules_of(url)
        if not rules.can_fetch(url, ROBOT):
            raise InputError(f"The site's robots.txt forbids to fetch {without_secrets(url)}.", FORBIDDEN_HINT)
        pause = rules.crawl_delay(ROBOT) or 0.0
        if pause > LONGEST_PAUSE:
            asked = f"The site's robots.txt asks for {pause:g} seconds between pages"
            raise InputError(f"{asked}: {without_secrets(url)} is left out.", FORBIDDEN_HINT)
        self._rest(url, max(pause, self.pause))

    def _rest(self, url: str, pause: float) -> None:
        self._end()
        self._asked = _host(url)
        if self._asked in self._ended:
            self.sleep(max(0.0, self._ended[self._asked] + pause - self.clock()))

    def _end(self) -> None:
        if self._asked is not None:
            self._ended[self._asked] = self.clock()
            self._asked = None

    def _rules_of(self, url: str) -> Protego:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._robots(site)
        found = self._rules[site]
        if isinstance(found, InputError):
            raise found
        return found

    def _robots(self, site: str) -> Protego | InputError:
        """What a site's robots.txt says: nothing where there is none, an error where it cannot be read."""
        try:
            from protego import Protego
        except ImportError as error:
            raise MissingExtra("protego", "feeds") from error
        try:
            address = f"{site}/robots.txt"
            page = fetch(
                address,
                seconds=self.seconds,
                max_bytes=ROBOTS_BYTES,
                before=lambda each: self._rest(each, self.pause),
            )
        except InputError as error:
            if isinstance(error, NotFetched) and error.status is not None and not _is_no_answer(error):
                return Protego.parse("")
            reason = (
                f"Nothing is fetched from {without_secrets(site)}, whose robots.txt cannot be read: {error.message}"
            )
            return InputError(reason, LATER)
        return Protego.parse(page.data.decode("utf-8", "replace"))


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_no_answer(error: NotFetched | TooSlow) -> bool:
    status = error.status if isinstance(error, NotFetched) else None
    return status is None or status == BUSY or status >= BROKEN
