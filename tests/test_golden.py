"""What a terminal shows, kept: 80 and 160 columns, with colour and without, on a terminal and into a pipe.

    QUOTES_UPDATE=1 pytest tests/test_golden.py
rewrites tests/golden: look at the difference before keeping it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from demo_report import demo_report
from demo_travel import demo_travels

from quotes import views
from quotes.corrections import apply
from quotes.records import Correction, Party, Report

TESTS = Path(__file__).parent
GOLDEN = TESTS / "golden"

# The command line with a report made by hand in place of an analysis.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from demo_report import demo_report
from demo_travel import demo_travels
import quotes.cli.report as command
class Analyzer:
    def analyze(self, article): return demo_report()
    def analyze_all(self, articles): return (demo_report() for _ in articles)
command.make_analyzer = lambda **_: Analyzer()
from quotes.cli import main
main()
"""


def corrected() -> Report:
    report = demo_report()
    edits = (
        Correction(do="accept", claim=report.claims[1].content),
        Correction(do="reject", claim=report.claims[8].content, note="a joke"),
        Correction(do="attribute", claim=report.claims[6].content, chain=(Party(name="Kenji Mori"),)),
    )
    found = apply(report.article, report.sources, report.claims, report.passages, edits)
    return attrs.evolve(report, sources=found.sources, claims=found.claims, corrections=found.corrections)


SHOWN: dict[str, Callable[[int, bool], str]] = {
    "report": lambda width, color: views.render(demo_report(), width=width, color=color, include_belief=True),
    "uncertain": lambda width, color: views.render(demo_report(), width=width, color=color, include_uncertain=True),
    "corrected": lambda width, color: views.render(corrected(), width=width, color=color),
    "explain": lambda width, color: views.render_explanation(demo_report(), "c00166", width=width, color=color),
    "trace": lambda width, color: views.render_trace(demo_travels(), width=width, color=color),
}


def kept(name: str, width: int, color: bool) -> str:
    return (GOLDEN / f"{name}-{width}{'-colour' if color else ''}.txt").read_text("utf-8")


@pytest.mark.parametrize("color", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("name", SHOWN)
def test_the_terminal_shows_what_is_kept(name: str, width: int, color: bool) -> None:
    shown = SHOWN[name](width, color)
    if os.environ.get("QUOTES_UPDATE"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / f"{name}-{width}{'-colour' if color else ''}.txt").write_text(shown, encoding="utf-8")
    assert shown == kept(name, width, color)


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    article = tmp_path / "article.txt"
    article.write_text("The mayor of Norrvik said that the bridge would be closed, and nobody asked.\n", "utf-8")
    return [sys.executable, "-c", PROGRAM, str(TESTS), "report", str(article), "--include", "belief", "--quiet"]


def environment(**more: str) -> dict[str, str]:
    gone = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
    return {**{key: value for key, value in os.environ.items() if key not in gone}, "TERM": "xterm", **more}


@pytest.mark.parametrize("width", [80, 160])
def test_into_a_pipe_there_are_no_colours(command: list[str], width: int) -> None:
    done = subprocess.run(command, capture_output=True, check=True, env=environment(COLUMNS=str(width)))
    assert done.stdout.decode() == kept("report", width, color=False)
    assert done.stderr == b""


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("color", [True, False])
def test_on_a_terminal_its_width_and_its_colours_count(command: list[str], width: int, color: bool) -> None:
    shown = on_terminal(command, width, environment() if color else environment(NO_COLOR="1"))
    assert shown == kept("report", width, color)


def on_terminal(command: list[str], width: int, env: dict[str, str]) -> str:
    """What a command writes to a terminal of so many columns."""
    pty, fcntl, termios = (pytest.importorskip(name) for name in ("pty", "fcntl", "termios"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, b"".join(n.to_bytes(2, sys.byteorder) for n in (40, width, 0, 0)))
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=env)
    os.close(theirs)
    parts = []
    while part := _read(ours):
        parts.append(part)
    os.close(ours)
    assert process.wait() == 0
    return b"".join(parts).decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux ends a terminal's last reading like this
        return b""
