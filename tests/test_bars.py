"""Lines that tell how far a run is where there is no terminal for a bar."""

from __future__ import annotations

import pytest

from quotes.bars import Lines


def test_a_line_is_written_every_so_many_seconds_with_rate_and_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 10.0, 40.0, 40.0, 41.0, 80.0, 80.0])
    lines = Lines(clock=lambda: next(times))
    for done in (16, 100, 110, 200):
        lines.tell(done, 10_000)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "100 of 10,000 articles, 150.0 a minute, 1:06:00 left",
        "200 of 10,000 articles, 150.0 a minute, 1:05:20 left",
    ]
