"""Work with a limit of time, for what may go on for ever whatever we do: a slow server, a tangled file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from quotes.errors import InputError

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T], name: str) -> T:
    """What work comes to. Raises what it raises, and InputError where it takes longer: it is then left behind."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised again where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise InputError(f"{name} took longer than {seconds:.0f} seconds.", "Save it as plain text and give that file.")
    return results[0]
