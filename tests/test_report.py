"""`quotes report` on folders and many files, and what it says while one waits for it."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from naive import NaiveParser

from quotes import analyzer
from quotes.bars import Bar
from quotes.cli import main

LINE = "The mayor of Norrvik, Lena Falk, said on day {0} that the bridge would be closed, and nobody had asked why.\n"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """How often models were loaded: what the parser, which does it, was asked for each time."""
    made: list[dict[str, Any]] = []

    class Parser(NaiveParser):
        def __init__(self, **options: Any) -> None:
            made.append(options)
            super().__init__(**options)

    monkeypatch.setattr(analyzer, "Parser", Parser)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with articles of several kinds, among what is none."""
    found = tmp_path / "news"
    (found / "inner").mkdir(parents=True)
    (found / "a.txt").write_text(LINE.format(1))
    (found / "b.jsonl").write_text("".join(json.dumps({"text": LINE.format(day)}) + "\n" for day in (2, 3)))
    (found / "inner" / "c.csv").write_text(f'title,text\nBridge,"{LINE.format(4)}"\n')
    with zipfile.ZipFile(found / "inner" / "d.zip", "w") as packed:
        packed.writestr("e.txt", LINE.format(5))
    (found / "list.csv").write_text("file,words\na.txt,30\n")
    (found / ".hidden.txt").write_text(LINE.format(6))
    (found / "boat.png").write_bytes(b"\x89PNG")
    return found


def quotes(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def paths(done: Result) -> list[str]:
    return [json.loads(line)["article"]["path"] for line in done.stdout.splitlines()]


EXPECTED = ["a.txt", "b.jsonl:1", "b.jsonl:2", "inner/c.csv:1", "inner/d.zip/e.txt"]


@pytest.mark.usefixtures("loads")
def test_a_folder_stands_for_its_articles(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    done = quotes(folder, "--format", "jsonl")
    assert (done.exit_code, done.stderr) == (0, "")
    assert paths(done) == [f"{folder}/{name}" for name in EXPECTED]


@pytest.mark.usefixtures("loads")
def test_a_bad_article_in_a_folder_costs_only_itself(folder: Path) -> None:
    (folder / "aa.txt").write_bytes(bytes(100))
    done = quotes(folder, "--format", "jsonl")
    assert done.exit_code == 3
    assert paths(done) == [f"{folder}/{name}" for name in EXPECTED]
    assert done.stderr.startswith(f"{folder}/aa.txt: {folder}/aa.txt is not text")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("loads")
def test_an_earlier_report_in_the_folder_is_no_article(folder: Path) -> None:
    out = folder / "all.json"
    written = []
    for _ in range(2):
        assert quotes(folder, "-o", out).exit_code == 0
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert len(json.loads(written[1])) == len(EXPECTED)


@pytest.mark.usefixtures("loads")
def test_archives_and_tables_are_read_by_themselves(folder: Path) -> None:
    done = quotes(folder / "inner" / "d.zip", folder / "inner" / "c.csv", "--format", "jsonl")
    assert paths(done) == [f"{folder}/inner/d.zip/e.txt", f"{folder}/inner/c.csv:1"]


def test_many_files_are_one_load_of_the_models(
    folder: Path, tmp_path: Path, loads: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several batches, and with folders, files and what cannot be read among them."""
    monkeypatch.setattr("quotes.cli.report._BATCH_ARTICLES", 2)
    files = [tmp_path / f"{number}.txt" for number in range(7)]
    for number, path in enumerate(files):
        path.write_text(LINE.format(10 + number))
    done = quotes(*files[:3], folder, tmp_path / "absent.txt", *files[3:], "--format", "jsonl")
    assert len(paths(done)) == len(files) + len(EXPECTED)
    assert len(loads) == 1


# What is said


def test_words_are_shown_and_go_away(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", seen)
    with Bar(3, shown=False, said=True) as bar:
        bar.say("Reading a\x1b[31m\u202e.txt")
        bar.tell(1)
        bar.say("Loading")
        bar.clear()
    shown = seen.getvalue()
    assert "Reading a [31m .txt …" in shown
    assert "Loading …" in shown
    assert "\x1b" not in shown.replace("\x1b[A", "")
    assert shown.rstrip("\r\n ") == shown[: shown.rindex("…") + 1], "spaces have taken the place of words"
    assert "articles" not in shown


def test_nothing_is_said_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar(3, shown=False, said=False) as bar:
        bar.say("Loading")
        bar.clear()
    assert capsys.readouterr() == ("", "")


def test_a_terminal_is_told_what_is_loaded_before_it_is(tmp_path: Path) -> None:
    """Standard output is the same terminal: the report stands there as if nothing had been said."""
    pty = pytest.importorskip("pty")
    import fcntl
    import struct
    import termios

    article = tmp_path / "a.txt"
    article.write_text(LINE.format(1))
    stub = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_cli, quotes.cli.report as r\n"
        "def make(**_):\n sys.stderr.write('<loading>'); return test_cli.StubAnalyzer()\n"
        "r.make_analyzer = make\nfrom quotes.cli import main; main(['report', sys.argv[2]])"
    )
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 200, 0, 0))
        os.execv(sys.executable, [sys.executable, "-c", stub, str(Path(__file__).parent), str(article)])
    shown = b""
    try:
        while part := os.read(terminal, 65_536):
            shown += part
    except OSError:  # how Linux says that the other side is closed
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    text = shown.decode()
    order = [f"Reading {article} …", "Loading the models (bundled) …", "<loading>", f"Analysing {article} …"]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    rest = text[places[-1] + len(order[-1]) :]
    assert re.match(r" *\r +\r(?! )", rest), "the words are wiped out before the report begins"
