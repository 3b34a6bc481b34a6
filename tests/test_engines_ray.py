"""On two nodes of Ray's own test cluster: the same results as elsewhere, and what happens when a part of it dies."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kills import contents
from test_corpus import LineAnalyzer, run, say, text
from test_engines import die_at_three, double, fail_to_load

from quotes import engines
from quotes.engines import Failure
from quotes.errors import QuotesError

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.models  # slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    paths = [str(Path(__file__).parent), str(Path(engines.__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    os.environ.update(RAY_USAGE_STATS_ENABLED="0", PYTHONPATH=os.pathsep.join(filter(None, paths)))
    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    found.second = found.add_node(num_cpus=1)
    yield found
    ray.shutdown()
    found.shutdown()


def on_ray(shards: Any, work: Any, cluster: Any, **options: Any) -> dict[Any, Any]:
    return dict(engines.run(shards, work, engine="ray", workers=2, address=cluster.address, **options))


def give_a_lock(_number: int) -> Any:
    """What cannot travel."""
    return threading.Lock()


def test_results_failures_and_deaths(cluster: Any) -> None:
    results = on_ray(range(8), double, cluster)
    assert results.pop(3) == Failure(kind="raised", message="ValueError: three is refused")
    assert results == {number: 2 * number for number in range(8) if number != 3}
    results = on_ray(range(8), die_at_three, cluster)
    assert results.pop(3).kind == "died"
    assert results == {number: 2 * number for number in range(8) if number != 3}
    assert all(each.kind == "raised" for each in on_ray([1, 2], give_a_lock, cluster).values())
    with pytest.raises(QuotesError, match=r"The model is absent\. Fetch it\."):
        on_ray(range(3), double, cluster, initializer=fail_to_load)
    with pytest.raises(QuotesError, match="has 3 cores"):
        on_ray(range(3), double, cluster, threads=3)


class Fragile(LineAnalyzer):
    """Dies once, at the article that says so."""

    def analyze_all(self, articles: Any) -> Any:
        articles = list(articles)
        for marker in (Path(word[7:]) for each in articles for word in each.text.split() if word[:7] == "MARKER="):
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().analyze_all(articles)


def test_a_corpus_is_the_same_byte_for_byte_after_a_worker_and_a_node_were_killed(cluster: Any, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for number in range(24):
        mark = f"MARKER={tmp_path / 'died'}" if number == 7 else "Nothing more."
        (tmp_path / "news" / f"{number:02}.txt").write_text(
            text(say("Ana Duarte", f"The harbour closes at {number}"), mark, say("An official", "We do not know"))
        )
    (tmp_path / "died").touch()
    run(tmp_path / "news", tmp_path / "local", make_analyzer=Fragile, analyzer_options={"pause": 0.1})
    (tmp_path / "died").unlink()

    def kill(done: int, _total: int) -> None:
        if done >= 10 and len(cluster.list_all_nodes()) == 2:
            cluster.remove_node(cluster.second, allow_graceful=False)

    summary = run(
        tmp_path / "news", tmp_path / "ray", make_analyzer=Fragile, engine="ray", workers=2, address=cluster.address,
        analyzer_options={"pause": 0.1}, progress=kill,
    )  # fmt: skip
    assert (tmp_path / "died").exists()
    assert len(cluster.list_all_nodes()) == 1
    assert (summary.analyzed, summary.failed) == (24, 0)
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")
