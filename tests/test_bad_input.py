"""Bad input through the real command line: a message that says what to do, the right exit code, no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SENTENCE = "The mayor said that the bridge would be closed in the spring. "
GERMAN = (
    "Der Minister sagte am Montag, dass die Brücke geschlossen werde, und dass niemand die Leute in der Stadt "
    "gefragt habe, ob sie das wollen oder nicht, weil es zu teuer ist."
)
QUIET_TEXT = (
    "The river rose by two metres in the night. The bridge stood dry in the morning. Snow fell on the hills above "
    "the town, and the road to the north was white.\n"
)
BAD: dict[str, tuple[bytes | None, tuple[str, ...]]] = {
    "absent": (None, ("There is no file", "Check the path")),
    "empty": (b"", ("is empty", "Give a file")),
    "binary": (bytes(range(256)) * 20, ("binary data", "UTF-8")),
    "torn": (b"\xff\xfeH\x00e\x00 ", ("is not text in utf-16", "Save it as UTF-8")),
    "german": (GERMAN.encode(), ("is not in English (it looks like de)", "translate")),
    "five-megabytes": (SENTENCE.encode() * (5_000_000 // len(SENTENCE) + 1), ("is too long", "--max-characters")),
}


def report(*arguments: str, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "quotes", "report", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=False, timeout=600)


def assert_refused(done: subprocess.CompletedProcess[bytes], words: tuple[str, ...]) -> None:
    complaint = done.stderr.decode("utf-8")
    assert (done.returncode, done.stdout) == (1, b"")
    assert complaint.startswith("error: ")
    assert "\nhint: " in complaint
    assert "Traceback" not in complaint
    assert all(each in complaint for each in words), complaint


@pytest.mark.parametrize("name", list(BAD))
def test_a_file_is_refused(name: str, tmp_path: Path) -> None:
    data, words = BAD[name]
    path = tmp_path / f"{name}.txt"
    if data is not None:
        path.write_bytes(data)
    assert_refused(report(str(path)), (str(path), *words))


@pytest.mark.parametrize("name", ["empty", "binary", "german"])
def test_standard_input_is_refused(name: str) -> None:
    data, words = BAD[name]
    assert_refused(report("-", data=data), words)


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    assert_refused(report(str(tmp_path)), (str(tmp_path), "holds no files that are read"))


@pytest.mark.models
def test_nothing_quoted_is_an_empty_report(tmp_path: Path) -> None:
    path = tmp_path / "quiet.txt"
    path.write_text(QUIET_TEXT, encoding="utf-8")
    done = report(str(path))
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Nothing quoted or reported was found" in done.stdout.decode("utf-8")
    found = json.loads(report(str(path), "--format", "json").stdout)
    assert (found["schema"], found["claims"], found["trees"]) == ("quotes/1", [], [])


@pytest.mark.models
def test_a_line_of_a_hundred_thousand_characters(tmp_path: Path) -> None:
    """One word without an end, between sentences: what can be read is reported."""
    path = tmp_path / "line.txt"
    path.write_text(SENTENCE + "x" * (100_000 - 2 * len(SENTENCE)) + " " + SENTENCE, encoding="utf-8")
    done = report(str(path), "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    text = path.read_text("utf-8")
    assert found["claims"]
    spans = [span for claim in found["claims"] for span in claim["content"]]
    assert all(text[span["start"] : span["end"]] == span["text"] for span in spans)
