"""Stanza's own package by Stanza's own loader: models served over HTTP in the layout of its resources."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs
import pytest
import untrained

from quotes import models

SAMPLE = Path(__file__).parent.parent / "samples" / "relay.txt"
PACKAGE = "served"
UNTRAINED = ("pos", "depparse", "ner", "pretrain")
pytestmark = pytest.mark.models


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Requests are no part of a test's output."""


@attrs.frozen(kw_only=True)
class Served:
    """A running server: its address, the folder behind it, and where a user's Stanza would keep its models."""

    url: str
    root: Path
    home: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line as a user of that Stanza would meet it."""
        place = {"STANZA_RESOURCES_URL": self.url, "STANZA_RESOURCES_DIR": str(self.home)}
        command = [sys.executable, "-m", "quotes", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=os.environ | place, check=False)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    root = tmp_path / "served"
    root.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(root)))
    url = f"http://127.0.0.1:{server.server_address[1]}"
    lay_out(root, url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Served(url=url, root=root, home=tmp_path / "home")
    finally:
        server.shutdown()
        server.server_close()


def lay_out(root: Path, url: str) -> None:
    """Models as Stanza serves its own: files by processor and package, and a list of them with digests.

    Tokenizer, expander and lemmas are ours, the rest is untrained.
    """
    from stanza.resources.common import DEFAULT_RESOURCES_VERSION

    places = {part: root / "en" / part / f"{PACKAGE}.pt" for part in models.OFFICIAL}
    untrained.build({part: places[part] for part in UNTRAINED}, 20, 8, untrained.SMALL)
    for part in models.STANZA_PARTS:
        places[part].parent.mkdir(parents=True)
        shutil.copy(models.BUNDLED / part / models.FILE, places[part])
    english: dict[str, Any] = {"lang_name": "English", "packages": {"default": dict.fromkeys(models.PARTS, PACKAGE)}}
    depends = {"dependencies": [{"model": "pretrain", "package": PACKAGE}]}
    for part, place in places.items():
        english[part] = {PACKAGE: {"md5": md5(place)} | (depends if part in ("pos", "depparse", "ner") else {})}
    listed = {"url": f"{url}/{{lang}}/{{filename}}", "en": english}
    (root / f"resources_{DEFAULT_RESOURCES_VERSION}.json").write_text(json.dumps(listed), encoding="utf-8")


def md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def test_fetched_and_used(served: Served) -> None:
    before = served.run("report", "--models", "stanza", str(SAMPLE))
    assert before.returncode == 1
    assert "quotes models fetch" in before.stderr
    fetched = served.run("models", "fetch")
    assert fetched.returncode == 0, fetched.stderr
    assert f"{PACKAGE}.pt" in fetched.stderr
    assert "stanza    in place" in served.run("models", "list").stdout
    shutil.rmtree(served.root)  # from here on nothing more can be fetched
    found = [served.run("report", "--models", name, "--format", "json", str(SAMPLE)) for name in ("stanza", "bundled")]
    assert [each.returncode for each in found] == [0, 0], found[0].stderr
    theirs, ours = (json.loads(each.stdout) for each in found)
    assert theirs["article"] == ours["article"]
    assert "failed" not in [issue["kind"] for issue in theirs["issues"]]  # they parse, though they know nothing
    assert theirs["versions"] != ours["versions"]


def test_broken_download_is_a_clear_error_and_is_mended(served: Served) -> None:
    weights = served.root / "en" / "pos" / f"{PACKAGE}.pt"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    broken = served.run("models", "fetch")
    assert broken.returncode == 1
    assert "could not be fetched" in broken.stderr
    assert "Traceback" not in broken.stderr
    weights.write_bytes(whole)
    assert served.run("models", "fetch").returncode == 0


def test_nothing_is_fetched_unless_asked(served: Served) -> None:
    assert served.run("report", "--models", "stanza", str(SAMPLE)).returncode == 1
    assert not served.home.exists() or not list(served.home.iterdir())
