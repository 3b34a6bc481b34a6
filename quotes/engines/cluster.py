"""Runs shards on the workers of a Ray cluster, of one machine or many. The only door to ray.

Each worker is an actor with one shard in flight. A worker that dies, alone or with its machine, is replaced; its shard
goes to another, and after two deaths is given up.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from types import ModuleType
from typing import Any, Generic

import attrs

from quotes.engines.work import DIED, Failure, R, Setup, SetupFailure, T, accepted, guarded, reason_of
from quotes.errors import MissingExtra, QuotesError

STRIKES = 2
FAILED_STARTS = 3  # for each worker, one after another
PATIENCE = 300.0  # seconds without a worker that lives
STORE_BYTES = 1 << 28  # for shards on their way, on a cluster of our own
ADDRESS_HINT = "Start one with `ray start --head`, and give the address that it prints."


class _Worker:
    """What lives in the cluster."""

    def __init__(self, work: Callable[[Any], Any], setup: Setup) -> None:
        self.work = work
        self.setup = setup

    def start(self) -> SetupFailure | None:
        return self.setup.run()

    def ping(self) -> None:
        """Answers."""

    def run(self, shard: Any) -> Any:
        return guarded(self.work, shard)


@attrs.frozen(kw_only=True)
class _Task(Generic[T]):
    """A shard to be done, and how many workers have died of it."""

    shard: T
    strikes: int = 0


class Cluster(Generic[T, R]):
    """Workers of a Ray cluster. threads: the cores that each asks for; address, gpu: as for engines.run."""

    def __init__(
        self, work: Callable[[T], R], workers: int, setup: Setup, *, threads: int, address: str | None, gpu: bool
    ) -> None:
        self.work = work
        self.workers = workers
        self.setup = setup
        self.threads = threads
        self.address = address
        self.gpu = gpu
        self.ray = _ray()
        self._starting: dict[Any, Any] = {}  # what is waited for -> the worker
        self._busy: dict[Any, tuple[Any, _Task[T]]] = {}
        self._idle: list[Any] = []
        self._failed_starts = 0

    def run(self, shards: Iterable[T]) -> Generator[tuple[T, R | Failure]]:
        ours = self._connect()
        try:
            self._refuse_small_cluster()
            kind = self.ray.remote(_Worker).options(**self._needs())
            for _ in range(self.workers):
                self._hire(kind)
            yield from self._all(deque[_Task[T]](), (_Task(shard=shard) for shard in shards), kind)
        finally:
            for worker in [*self._starting.values(), *(worker for worker, _ in self._busy.values()), *self._idle]:
                self.ray.kill(worker)
            if ours:
                self.ray.shutdown()

    def _all(self, ready: deque[_Task[T]], waiting: Iterable[_Task[T]], kind: Any) -> Generator[tuple[T, R | Failure]]:
        waiting = iter(waiting)
        while True:
            while self._idle and (ready or (more := list(islice(waiting, 1)))):
                self._give(self._idle.pop(), ready.popleft() if ready else more[0])
            ready.extend([] if ready else islice(waiting, 1))  # read while the others work
            if not self._busy and not ready:
                return
            for done in self._wait():
                if done in self._starting:
                    self._started(done, kind)
                else:
                    yield from self._finished(done, ready, kind)

    def _hire(self, kind: Any) -> None:
        worker = kind.remote(self.work, self.setup)
        self._starting[worker.start.remote()] = worker

    def _give(self, worker: Any, task: _Task[T]) -> None:
        self._busy[worker.run.remote(task.shard)] = (worker, task)

    def _wait(self) -> list[Any]:
        """What is done next. Raises QuotesError where no worker has lived for long."""
        timeout = None if self._busy else PATIENCE
        done: list[Any]
        done, _ = self.ray.wait([*self._busy, *self._starting], num_returns=1, timeout=timeout)
        if not done:
            raise QuotesError(
                f"No worker could start within {PATIENCE:.0f} seconds.", "`ray status` says what the cluster lacks."
            )
        return done

    def _started(self, done: Any, kind: Any) -> None:
        worker = self._starting.pop(done)
        try:
            accepted(self.ray.get(done))
        except self.ray.exceptions.RayError as error:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS * self.workers:
                raise QuotesError(
                    f"The workers cannot start: {reason_of(error)}", "Is quotes installed on all machines?"
                ) from error
            self._hire(kind)
        else:
            self._failed_starts = 0
            self._idle.append(worker)

    def _finished(self, done: Any, ready: deque[_Task[T]], kind: Any) -> Generator[tuple[T, R | Failure]]:
        worker, task = self._busy.pop(done)
        result: R | Failure
        try:
            result = self.ray.get(done)
        except self.ray.exceptions.RayTaskError as error:  # it could not be pickled
            result = Failure(kind="raised", message=reason_of(error))
            self._idle.append(worker)
        except self.ray.exceptions.RayError:
            self._bury(worker, kind)
            if task.strikes + 1 < STRIKES:
                ready.append(_Task(shard=task.shard, strikes=task.strikes + 1))
                return
            result = DIED
        else:
            self._idle.append(worker)
        yield task.shard, result

    def _bury(self, worker: Any, kind: Any) -> None:
        """Replaces a worker, and asks those without work whether they died with it, lest they take a shard along."""
        self.ray.kill(worker)  # it may be out of reach and alive
        self._hire(kind)
        self._starting.update({other.ping.remote(): other for other in self._idle})
        self._idle.clear()

    def _needs(self) -> dict[str, Any]:
        found = self.ray.cluster_resources().get("GPU", 0) if self.gpu else 0
        gpus = min(1.0, int(100 * found / self.workers) / 100)
        return {"num_cpus": self.threads, "num_gpus": gpus, "max_restarts": 0, "scheduling_strategy": "SPREAD"}

    def _refuse_small_cluster(self) -> None:
        most = max((node["Resources"].get("CPU", 0) for node in self.ray.nodes() if node["Alive"]), default=0)
        if most < self.threads:
            raise QuotesError(
                f"No machine of the cluster has {self.threads} cores.",
                "Give fewer with --threads, or start more nodes.",
            )

    def _connect(self) -> bool:
        """Whether the connection is ours to close; one that is there already is used."""
        if self.ray.is_initialized():
            return False
        address = self.address or os.environ.get("RAY_ADDRESS") or "local"
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
        if address == "local":
            cores = max(os.cpu_count() or 1, self.workers * self.threads)
            options |= {"num_cpus": cores, "include_dashboard": False, "object_store_memory": STORE_BYTES}
        try:
            self.ray.init(address=address, **options)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            raise QuotesError(f"There is no Ray cluster at {address}: {error}", ADDRESS_HINT) from error
        return True


def _ray() -> ModuleType:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise MissingExtra("ray", "ray") from None
    module: ModuleType = ray
    return module
