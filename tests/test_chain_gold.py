"""Chain gold train is sound: its spans lie in the texts that were read, and it holds names and offsets alone."""

from __future__ import annotations

import json
from pathlib import Path

import chain_gold
import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TYPES = {"person", "organization", "outlet", "document", "group", "anonymous"}
FILES = chain_gold.files()
KNOWN = {"text", "sha256", "readings", "publisher", "credit", "claims"}


def test_there_is_some() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_claims_are_whole(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    assert set(gold) == KNOWN
    for claim in gold["claims"]:
        assert set(claim) <= {"content", "kind", "chain", "carried", "optional"}
        assert claim["kind"] in ("direct", "indirect", "mixed")
        assert claim["content"] == sorted(claim["content"])
        assert claim["chain"]
        for hop in claim["chain"]:
            assert {"cue", "mention"} <= set(hop), "null, not left out, where no words at the claim state the hop"
            for source in [hop, *hop.get("with", [])]:
                assert source["type"] in TYPES
                assert source["names"]


def test_hops_show_the_words_that_they_rest_on() -> None:
    hops = [hop for path in FILES for claim in json.loads(path.read_text("utf-8"))["claims"] for hop in claim["chain"]]
    assert sum(hop["cue"] is not None for hop in hops) >= 0.95 * len(hops)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.skipif(not DATA.is_dir(), reason="the articles are kept outside the repository")
def test_spans_lie_in_the_text_that_was_read(path: Path) -> None:
    gold, text = chain_gold.load(path, DATA)
    for start, end in chain_gold.spans(gold):
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()


def test_another_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "tide_1.txt").write_text("The tide is high, the clerk said.", encoding="utf-8")
    hop = {"names": ["clerk"], "type": "person", "cue": "said", "mention": "the clerk"}
    claim = {"content": ["The tide is high"], "kind": "indirect", "chain": [hop]}
    reading = tmp_path / "tide_1.json"
    reading.write_text(json.dumps({"publisher": [], "credit": [], "claims": [claim]}), encoding="utf-8")
    kept = chain_gold.keep(reading, tmp_path)
    assert [list(span) for span in chain_gold.spans(kept)] == [[0, 16], [28, 32], [18, 27]]
    file = tmp_path / "kept.json"
    file.write_text(json.dumps(kept), encoding="utf-8")
    assert chain_gold.load(file, tmp_path)[1].startswith("The tide")
    (tmp_path / "news" / "tide_1.txt").write_text("The tide is low, the clerk said.", encoding="utf-8")
    with pytest.raises(ValueError, match="is not the text"):
        chain_gold.load(file, tmp_path)
