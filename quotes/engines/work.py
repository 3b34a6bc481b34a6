"""What all engines share: how work is done in a worker, and why a shard may have no result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import attrs

from quotes.errors import QuotesError

T = TypeVar("T")
R = TypeVar("R")


@attrs.frozen(kw_only=True)
class Failure:
    """A shard that has no result.

    kind: `raised` where the work raised an exception, `died` where its process died twice; message: the reason.
    """

    kind: Literal["raised", "died"]
    message: str


DIED = Failure(kind="died", message="The process that worked on it died, twice.")


@attrs.frozen(kw_only=True)
class SetupFailure:
    """What a worker answers whose initializer raised: exceptions do not all survive the way between processes."""

    message: str
    hint: str


@attrs.frozen(kw_only=True)
class Setup:
    """What a worker does before its first shard. initializer: called with initargs; None for nothing."""

    initializer: Callable[..., object] | None = None
    initargs: tuple[Any, ...] = ()

    def run(self) -> SetupFailure | None:
        """Where the initializer raises, what it said."""
        try:
            if self.initializer is not None:
                self.initializer(*self.initargs)
        except QuotesError as error:
            return SetupFailure(message=error.message, hint=error.hint)
        except Exception as error:
            return SetupFailure(message=f"A worker could not start: {reason_of(error)}", hint="")
        return None


def guarded(work: Callable[[T], R], shard: T) -> R | Failure:
    """What work makes of a shard, or what it raised: whatever one shard does, the others go on."""
    try:
        return work(shard)
    except Exception as error:
        return Failure(kind="raised", message=reason_of(error))


def accepted(result: R | Failure | SetupFailure) -> R | Failure:
    """A worker's answer; raises QuotesError where it could not start."""
    if isinstance(result, SetupFailure):
        raise QuotesError(result.message, result.hint)
    return result


def reason_of(error: BaseException) -> str:
    return str(error) if isinstance(error, QuotesError) else f"{type(error).__name__}: {error}"
