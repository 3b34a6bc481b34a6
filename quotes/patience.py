"""Work with a limit of time, for what may go on for ever whatever we do: a slow server, a tangled file, a long text."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import attrs

from quotes.errors import InputError

T = TypeVar("T")

MAX_SECONDS = 300.0  # for one article: far more than news takes
QUERY_SECONDS = 60.0  # for a query to a corpus
MORE = "Raise the limit with --max-seconds, or split the text."


class TooSlow(InputError):
    """Work on an input that is given up because it takes too long."""


@attrs.frozen
class Deadline:
    """How many seconds a piece of work has in all, and when they are over, by time.monotonic."""

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float, *, spent: float = 0.0) -> Deadline:
        """One for work of which some seconds are spent already."""
        return cls(seconds, time.monotonic() + seconds - spent)

    def check(self, name: str = "It", hint: str = MORE) -> None:
        """Raises TooSlow where it has passed."""
        if time.monotonic() >= self.at:
            raise _too_slow(name, self.seconds, hint)

    def hold(self, work: Callable[[], T], name: str = "It", hint: str = MORE) -> T:
        """What work comes to. Raises what it raises, and TooSlow where it is not done in time: it is left behind."""
        self.check(name, hint)
        results: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except BaseException as error:  # raised again where it is waited for
                errors.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(min(max(0.0, self.at - time.monotonic()), threading.TIMEOUT_MAX))
        if errors:
            raise errors[0]
        if not results:
            raise _too_slow(name, self.seconds, hint)
        return results[0]


def within(seconds: float, work: Callable[[], T], name: str) -> T:
    """What work on an input comes to, in so many seconds. Raises what it raises, and TooSlow where it takes longer."""
    return Deadline.after(seconds).hold(work, name, "Save it as plain text and give that file.")


def _too_slow(name: str, seconds: float, hint: str) -> TooSlow:
    return TooSlow(f"{name} took longer than {seconds:g} second{'' if seconds == 1 else 's'}.", hint)
