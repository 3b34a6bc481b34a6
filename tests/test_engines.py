from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quotes import engines
from quotes.engines import Failure
from quotes.engines.local import THREADS
from quotes.errors import MissingExtra, ModelError, QuotesError

_base = 0


def set_base(base: int) -> None:
    global _base
    _base = base


def add_base(number: int) -> int:
    return number + _base


def double(number: int) -> int:
    if number == 3:
        raise ValueError("three is refused")
    return 2 * number


def die_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def die_once(marker: str) -> str:
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def fail_to_load() -> None:
    raise ModelError("The model is absent.", "Fetch it.")


def fail_unpicklably() -> None:
    raise MissingExtra("pyarrow", "corpus")


def give_a_generator(number: int) -> Iterator[int]:
    return (each for each in range(number))


def wait_long(marker: str) -> None:
    Path(marker).write_text(str(os.getpid()))
    time.sleep(60)


@pytest.mark.parametrize("workers", [1, 2])
def test_every_shard_comes_back_once_with_its_result(workers: int) -> None:
    results = dict(engines.run(range(7), add_base, workers=workers, initializer=set_base, initargs=(100,)))
    set_base(0)
    assert results == {number: number + 100 for number in range(7)}


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_is_the_failure_of_its_shard_alone(workers: int) -> None:
    results = dict(engines.run(range(6), double, workers=workers))
    assert results.pop(3) == Failure(kind="raised", message="ValueError: three is refused")
    assert results == {number: 2 * number for number in (0, 1, 2, 4, 5)}


def test_one_worker_keeps_the_order_and_takes_shards_as_they_are_needed() -> None:
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(5):
            taken.append(number)
            yield number

    running = engines.run(numbers(), double)
    assert next(running) == (0, 0)
    assert taken == [0]


def test_several_workers_take_no_more_than_two_shards_ahead_each() -> None:
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    running = engines.run(numbers(), add_base, workers=2)
    next(running)
    running.close()
    assert len(taken) <= 4


def test_a_shard_that_kills_its_worker_twice_fails_and_its_neighbours_do_not() -> None:
    results = dict(engines.run(range(8), die_at_three, workers=2))
    failure = results.pop(3)
    assert isinstance(failure, Failure)
    assert failure.kind == "died"
    assert results == {number: 2 * number for number in range(8) if number != 3}


def test_a_worker_that_died_once_is_replaced(tmp_path: Path) -> None:
    markers = [str(tmp_path / name) for name in ("a", "b")]
    Path(markers[1]).touch()
    assert dict(engines.run(markers, die_once, workers=2)) == dict.fromkeys(markers, "alive")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_initializer_raises_ends_the_run(workers: int) -> None:
    with pytest.raises(QuotesError, match=r"The model is absent\. Fetch it\."):
        list(engines.run(range(3), double, workers=workers, initializer=fail_to_load))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_missing_extra_in_a_worker_keeps_its_hint(workers: int) -> None:
    with pytest.raises(QuotesError) as caught:
        list(engines.run(range(3), double, workers=workers, initializer=fail_unpicklably))
    assert "pip install 'quotes[corpus]'" in caught.value.hint


def test_a_result_that_cannot_travel_is_a_failure() -> None:
    results = dict(engines.run([1, 2], give_a_generator, workers=2))
    assert all(isinstance(result, Failure) and result.kind == "raised" for result in results.values())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"engine": "abacus"}, "no engine 'abacus'"),
        ({"workers": 0}, "0 workers"),
        ({"address": "here:1"}, "'local' has no address"),
    ],
)
def test_settings_that_cannot_be_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(QuotesError, match=said):
        engines.run([1], double, **options)  # type: ignore[arg-type]


def threads_told(_number: int) -> list[str | None]:
    return [os.environ.get(name) for name in THREADS]


def test_the_libraries_of_a_pools_workers_are_told_how_many_threads_they_have() -> None:
    assert dict(engines.run([1], threads_told, workers=2, threads=3)) == {1: ["3"] * len(THREADS)}


def test_without_ray_its_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"pip install 'quotes\[ray\]'"):
        engines.run([1], double, engine="ray")


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path[:0] = [{str(Path(engines.__file__).parents[1])!r}, {str(Path(__file__).parent)!r}]\n"
        "from quotes import engines; from test_engines import wait_long\n"
        "if __name__ == '__main__': list(engines.run(sys.argv[1:], wait_long, workers=2))\n"
    )
    path = tmp_path / "script.py"
    path.write_text(script)
    markers = [tmp_path / "a", tmp_path / "b"]
    parent = subprocess.Popen([sys.executable, str(path), *map(str, markers)])
    _until(lambda: all(marker.exists() and marker.read_text() for marker in markers))
    parent.kill()
    parent.wait()
    workers = [int(marker.read_text()) for marker in markers]
    _until(lambda: not any(_runs(worker) for worker in workers))


def _until(condition: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.05)


def _runs(process: int) -> bool:
    """Whether it still does something: a zombie that its new parent has not reaped yet does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
