"""Runs shards of work: in this process, or in a pool of processes.

Knows nothing of what the work is: it takes a callable, and gives every shard back with its result or with the reason
why it has none.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import connection
from typing import Any, Generic, Literal, TypeVar

import attrs

from quotes.errors import QuotesError

T = TypeVar("T")
R = TypeVar("R")

ENGINES = ("local",)


@attrs.frozen(kw_only=True)
class Failure:
    """A shard that has no result.

    kind: `raised` where the work raised an exception, `died` where its process died twice; message: the reason.
    """

    kind: Literal["raised", "died"]
    message: str


@attrs.frozen(kw_only=True)
class _SetupFailure:
    """What a worker answers whose initializer raised: exceptions do not all survive the way between processes."""

    message: str
    hint: str


def run(
    shards: Iterable[T],
    work: Callable[[T], R],
    *,
    engine: str = "local",
    workers: int = 1,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
) -> Generator[tuple[T, R | Failure]]:
    """Yields each shard with what `work` makes of it, or with a Failure.

    shards: taken as they are needed, at most two for each worker ahead.
    work, initializer, initargs, shards: picklable where there are several workers, which are spawned; a script that
    calls this then keeps its own calls under `if __name__ == "__main__":`.
    initializer: called once in each worker before its first shard, to load what is expensive; what it raises ends the
    run as a QuotesError.
    Closing the generator ends the workers.
    The order is that of the shards with one worker, and that of finishing with several. A worker that dies is replaced,
    and the shards that were under way are tried again one at a time; one that dies again becomes a Failure.
    """
    if engine not in ENGINES:
        raise QuotesError(f"There is no engine {engine!r}.", f"Choose one of: {', '.join(ENGINES)}.")
    if workers < 1:
        raise QuotesError(f"A run with {workers} workers cannot start.", "Give a number of workers from 1 on.")
    if workers == 1:
        return _in_process(shards, work, initializer, initargs)
    return _Pool(work, workers, initializer, initargs).run(shards)


def _in_process(
    shards: Iterable[T], work: Callable[[T], R], initializer: Callable[..., object] | None, initargs: tuple[Any, ...]
) -> Generator[tuple[T, R | Failure]]:
    if initializer is not None:
        initializer(*initargs)
    for shard in shards:
        yield shard, _guarded(work, shard)


def _guarded(work: Callable[[T], R], shard: T) -> R | Failure:
    try:
        return work(shard)
    except Exception as error:  # whatever one shard does, the others go on
        return Failure(kind="raised", message=_reason(error))


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, QuotesError) else f"{type(error).__name__}: {error}"


class _Pool(Generic[T, R]):
    """A pool of spawned processes that outlives the death of its workers."""

    def __init__(
        self,
        work: Callable[[T], R],
        workers: int,
        initializer: Callable[..., object] | None,
        initargs: tuple[Any, ...],
    ) -> None:
        self.work = work
        self.workers = workers
        self.setup = (initializer, initargs)

    def run(self, shards: Iterable[T]) -> Generator[tuple[T, R | Failure]]:
        waiting = iter(shards)
        while suspects := (yield from self._together(waiting)):
            for shard in suspects:
                yield shard, self._alone(shard)

    def _together(self, waiting: Iterator[T]) -> Generator[tuple[T, R | Failure], None, list[T]]:
        """Runs shards side by side until none are left or a worker dies; returns those that were under way then."""
        pool = self._new_pool(self.workers)
        pending: dict[Future[R | Failure | _SetupFailure], T] = {}
        suspects: list[T] = []
        try:
            while True:
                while not suspects and len(pending) < 2 * self.workers and (more := list(islice(waiting, 1))):
                    self._submit(pool, more[0], pending, suspects)
                if not pending:
                    return suspects
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    shard = pending.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        suspects.append(shard)
                    else:
                        yield shard, _result(future)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _submit(
        self,
        pool: ProcessPoolExecutor,
        shard: T,
        pending: dict[Future[R | Failure | _SetupFailure], T],
        suspects: list[T],
    ) -> None:
        try:
            pending[pool.submit(_in_worker, self.work, shard)] = shard
        except BrokenProcessPool:
            suspects.append(shard)

    def _alone(self, shard: T) -> R | Failure:
        with self._new_pool(1) as pool:
            future: Future[R | Failure | _SetupFailure] = pool.submit(_in_worker, self.work, shard)
            if isinstance(future.exception(), BrokenProcessPool):
                return Failure(kind="died", message="The process that worked on it died, twice.")
            return _result(future)

    def _new_pool(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=_set_up, initargs=self.setup
        )


def _result(future: Future[R | Failure | _SetupFailure]) -> R | Failure:
    error = future.exception()
    if error is not None:  # the shard or its result could not be pickled
        return Failure(kind="raised", message=_reason(error))
    result = future.result()
    if isinstance(result, _SetupFailure):
        raise QuotesError(result.message, result.hint)
    return result


_setup_failure: _SetupFailure | None = None  # of this worker process; an initializer that raises would break the pool


def _set_up(initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    global _setup_failure
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt ends a worker at once and without a traceback
    threading.Thread(target=_die_with_parent, daemon=True).start()
    if initializer is None:
        return
    try:
        initializer(*initargs)
    except QuotesError as error:
        _setup_failure = _SetupFailure(message=error.message, hint=error.hint)
    except Exception as error:
        _setup_failure = _SetupFailure(message=f"A worker could not start: {_reason(error)}", hint="")


def _die_with_parent() -> None:
    """A worker whose parent was killed would wait for ever: nothing closes the pipe that it reads its work from."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _in_worker(work: Callable[[T], R], shard: T) -> R | Failure | _SetupFailure:
    return _guarded(work, shard) if _setup_failure is None else _setup_failure
