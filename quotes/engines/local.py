"""Runs shards in this process, or in a pool of spawned processes that outlives the death of its workers."""

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
from typing import Generic

from quotes.engines.work import DIED, Failure, R, Setup, SetupFailure, T, accepted, guarded, reason_of

# What numerical libraries read when they are loaded.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def in_process(shards: Iterable[T], work: Callable[[T], R], setup: Setup) -> Generator[tuple[T, R | Failure]]:
    """Each shard with its result, in order. What the initializer raises comes through."""
    if setup.initializer is not None:
        setup.initializer(*setup.initargs)
    for shard in shards:
        yield shard, guarded(work, shard)


class Pool(Generic[T, R]):
    """A pool of spawned processes that outlives the death of its workers. threads: of the libraries in each."""

    def __init__(self, work: Callable[[T], R], workers: int, setup: Setup, *, threads: int) -> None:
        self.work = work
        self.workers = workers
        self.setup = setup
        self.threads = threads

    def run(self, shards: Iterable[T]) -> Generator[tuple[T, R | Failure]]:
        waiting = iter(shards)
        while suspects := (yield from self._together(waiting)):
            for shard in suspects:
                yield shard, self._alone(shard)

    def _together(self, waiting: Iterator[T]) -> Generator[tuple[T, R | Failure], None, list[T]]:
        """Runs shards side by side until none are left or a worker dies; returns those that were under way then."""
        pool = self._new_pool(self.workers)
        pending: dict[Future[R | Failure | SetupFailure], T] = {}
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
        pending: dict[Future[R | Failure | SetupFailure], T],
        suspects: list[T],
    ) -> None:
        try:
            pending[pool.submit(_in_worker, self.work, shard)] = shard
        except BrokenProcessPool:
            suspects.append(shard)

    def _alone(self, shard: T) -> R | Failure:
        with self._new_pool(1) as pool:
            future: Future[R | Failure | SetupFailure] = pool.submit(_in_worker, self.work, shard)
            if isinstance(future.exception(), BrokenProcessPool):
                return DIED
            return _result(future)

    def _new_pool(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_set_up,
            initargs=(self.setup, self.threads),
        )


def _result(future: Future[R | Failure | SetupFailure]) -> R | Failure:
    error = future.exception()
    if error is not None:  # the shard or its result could not be pickled
        return Failure(kind="raised", message=reason_of(error))
    return accepted(future.result())


_setup_failure: SetupFailure | None = None  # of this worker process; an initializer that raises would break the pool


def _set_up(setup: Setup, threads: int) -> None:
    global _setup_failure
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt ends a worker at once and without a traceback
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.environ.update(dict.fromkeys(THREADS, str(threads)))
    _setup_failure = setup.run()


def _die_with_parent() -> None:
    """A worker whose parent was killed would wait for ever: nothing closes the pipe that it reads its work from."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _in_worker(work: Callable[[T], R], shard: T) -> R | Failure | SetupFailure:
    return guarded(work, shard) if _setup_failure is None else _setup_failure
