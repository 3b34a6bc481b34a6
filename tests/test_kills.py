"""A run that is killed at thirty random moments and goes on each time leaves what an unbroken one leaves."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from kills import contents, kill_often, vary
from test_corpus import run, say, text

from quotes import corpus

pytestmark = pytest.mark.models  # slow

KILLS = 30
PAUSE = 0.03  # seconds that the stub takes for an article
SCRIPT = """
import sys
sys.path[:0] = sys.argv[4:]
from pathlib import Path
from test_corpus import run
if __name__ == "__main__":
    options = {"analyzer_options": {"pause": float(sys.argv[3])}, "workers": int(sys.argv[2])}
    run(Path("news"), Path(sys.argv[1]), **options)
"""


def test_thirty_kills_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    vary(tmp_path / "news", 90, [text(say("Ana Duarte", f"The harbour closes at {n}")) for n in (10, 11, 12)])
    (tmp_path / "news/bad.txt").write_text(text("RAISE"))
    (tmp_path / "news/empty.txt").write_text("")
    (tmp_path / "script.py").write_text(SCRIPT)

    def command(number: int) -> Sequence[str]:
        paths = [str(Path(__file__).parent), str(Path(corpus.__file__).parents[2])]
        return [sys.executable, "script.py", "broken", str(1 + number % 3 // 2), str(PAUSE), *paths]

    chance = random.Random(7)
    moments = [chance.uniform(0, 1.2 if number % 3 == 2 else 0.15) for number in range(KILLS)]
    done = kill_often(command, tmp_path / "broken", moments)
    assert sum(each < 46 for each in done) > KILLS // 2, "most have to hit while there is work"
    run(Path("news"), tmp_path / "whole", analyzer_options={"pause": PAUSE})
    last = run(Path("news"), Path("broken"), analyzer_options={"pause": PAUSE})
    assert (last.articles, last.analyzed, last.duplicates, last.failed, last.shards) == (92, 81, 9, 2, 46)
    assert contents(tmp_path / "broken") == contents(tmp_path / "whole")
