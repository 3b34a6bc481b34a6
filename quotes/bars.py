"""Tells how far a long run is: a bar in a terminal or a notebook (door to tqdm), lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

LONGEST = 40  # characters, beside a bar


class Bar:
    """A bar of articles on standard error, or in the notebook that it runs in; nothing at all unless shown.

    shown: the bar, and what is being done; said: only what is being done, until it is cleared.
    Use it as a context: it goes away at the end.
    """

    def __init__(self, total: int | None = None, *, shown: bool = True, said: bool = False) -> None:
        self._line: Any = None
        self._bare = not shown
        if shown or said:
            from tqdm.auto import tqdm

            form = {} if shown else {"bar_format": "{desc}"}
            self._line = tqdm(total=total, unit=" articles", leave=False, dynamic_ncols=True, file=sys.stderr, **form)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._line is not None:
            self._line.close()

    def say(self, text: str) -> None:
        """What is being done, until something else is; "" for nothing that is worth saying."""
        if self._line is not None:
            seen = "".join(each if each.isprintable() else " " for each in text)
            cut = seen if self._bare or len(seen) <= LONGEST else f"{seen[: LONGEST - 1]}…"
            self._line.set_description_str(f"{cut}{' …' if self._bare else ' '}" if cut else "")

    def clear(self) -> None:
        """Makes room for what is written to the same terminal; whatever is said next stands below it."""
        if self._line is not None:
            self._line.clear()

    def tell(self, done: int, total: int | None = None) -> None:
        """So many articles are done, of so many (as many as it was told before, where None)."""
        if self._line is not None and not self._bare:
            known = total if total is not None else self._line.total
            self._line.total = max(known, done) if known else known
            self._line.update(done - self._line.n)
            self._line.refresh()

    def write(self, text: str) -> None:
        """A line on standard error that the bar does not run into."""
        if self._line is not None:
            self._line.write(text, file=sys.stderr)
        else:
            print(text, file=sys.stderr)


class Lines:
    """A line on standard error every so many seconds, for logs: how many articles are done, how fast, the time left."""

    def __init__(self, *, seconds: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._done, self._at = 0, clock()

    def tell(self, done: int, total: int) -> None:
        """So many articles are done, of so many."""
        passed = self._clock() - self._at
        if passed < self._seconds or done == self._done:
            return
        rate = (done - self._done) / passed
        left = round(max(0, total - done) / rate)
        hours, minutes, seconds = left // 3600, left // 60 % 60, left % 60
        clock = f"{hours}:{minutes:02}:{seconds:02}"
        print(f"{done:,} of {total:,} articles, {60 * rate:,.1f} a minute, {clock} left", file=sys.stderr, flush=True)
        self._done, self._at = done, self._clock()
