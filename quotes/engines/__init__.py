"""Runs shards of work: in this process, in a pool of processes, or on a Ray cluster.

Knows nothing of what the work is: it takes a callable, and gives every shard back with its result or with the reason
why it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any

from quotes.engines.cluster import Cluster
from quotes.engines.local import Pool, in_process
from quotes.engines.work import Failure, R, Setup, T
from quotes.errors import QuotesError

__all__ = ["ENGINES", "Failure", "run"]

ENGINES = ("local", "ray")


def run(
    shards: Iterable[T],
    work: Callable[[T], R],
    *,
    engine: str = "local",
    workers: int = 1,
    threads: int = 1,
    address: str | None = None,
    gpu: bool = False,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
) -> Generator[tuple[T, R | Failure]]:
    """Yields each shard with what `work` makes of it, or with a Failure.

    shards: taken as they are needed, at most two for each worker ahead.
    work, initializer, initargs, shards: picklable where there are several workers or machines. Local workers are
    spawned; a script that calls this then keeps its own calls under `if __name__ == "__main__":`.
    threads: how many of its own a worker may run: told to the numerical libraries of a pool's workers, and asked of Ray
    as cores. address: of a Ray cluster; None for RAY_ADDRESS, or one on this machine for as long as the run takes.
    gpu: whether the work can use one: Ray's workers share those that there are.
    initializer: called once in each worker before its first shard, to load what is expensive; what it raises ends the
    run as a QuotesError.
    Closing the generator ends the workers.
    The order is that of the shards with one local worker, and that of finishing otherwise. A worker that dies is
    replaced, and the shards that were under way are tried again, in a pool one at a time; one that dies again becomes
    a Failure. Raises QuotesError for settings that cannot be, MissingExtra without ray.
    """
    if engine not in ENGINES:
        raise QuotesError(f"There is no engine {engine!r}.", f"Choose one of: {', '.join(ENGINES)}.")
    if workers < 1:
        raise QuotesError(f"A run with {workers} workers cannot start.", "Give a number of workers from 1 on.")
    if address is not None and engine != "ray":
        raise QuotesError(f"The engine {engine!r} has no address.", "Leave --address out, or add: --engine ray")
    setup = Setup(initializer=initializer, initargs=initargs)
    if engine == "ray":
        return Cluster(work, workers, setup, threads=threads, address=address, gpu=gpu).run(shards)
    return in_process(shards, work, setup) if workers == 1 else Pool(work, workers, setup, threads=threads).run(shards)
