"""The encoder with its heads: pieces, windows, decoding, and a training that can be broken off."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")

from toy_base import BASE, SIZES, base_model  # noqa: E402

from quotes.models.decode import entity_labels, tree  # noqa: E402
from quotes.models.encoder import SHAPES, Encoder, WordPieces, shape  # noqa: E402
from quotes.models.network import FILES, load  # noqa: E402
from quotes.models.windows import MOST, STEP, batch, cut, pack, window  # noqa: E402
from quotes.training import fit_network  # noqa: E402
from quotes.training.examples import Mixing, batches, examples, treebank_texts, values, vocabulary  # noqa: E402

TOY = Path(__file__).parent / "toy"
PIECES = WordPieces(BASE)
LABELS = ["O", "B-Person", "I-Person", "E-Person", "S-Person", "B-Place", "I-Place", "E-Place", "S-Place"]
PLAN: dict[str, Any] = tomllib.loads((TOY / "toy.toml").read_text(encoding="utf-8"))["network"]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("tide", "lower"),
        ("Tide", "title"),
        ("TIDE", "upper"),
        ("T.", "initial"),
        ("McTide", "mixed"),
        ("1,200", "number"),
        ("F16", "code"),
        ("—", "mark"),
        ("潮", "other"),
    ],
)
def test_shapes(word: str, name: str) -> None:
    assert SHAPES[shape(word)] == name


def test_longest_piece_first_and_smaller_ones_where_it_is_missing() -> None:
    found = PIECES.cut(["Harbour", "harbours", "said"])
    assert [BASE[at] for at in found.ids] == ["harbour", "harbour", "##s", "said"]
    assert found.words == [0, 1, 1, 2]


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), max_size=20))
def test_every_word_has_a_piece(words: list[str]) -> None:
    found = PIECES.cut(words)
    assert sorted(set(found.words)) == list(range(len(words)))
    assert found.words == sorted(found.words)


@settings(deadline=None)
@given(st.lists(st.text("ab", min_size=1, max_size=40), min_size=1, max_size=60))
def test_spans_hold_every_word_once(words: list[str]) -> None:
    spans = cut(words, PIECES)
    assert sum(len(span.firsts) for span in spans) == len(words)
    assert all(len(span.ids) == len(span.shapes) <= MOST for span in spans)
    assert [at for span in spans for at in span.ids] == PIECES.cut(words).ids


def test_window_that_is_longer_than_the_rest_stands_alone() -> None:
    spans = [span for words in (["a"] * 5, ["b"] * 300, ["c"] * 9, ["d"] * 9) for span in cut(words, PIECES)]
    assert [[len(span.firsts) for span in group] for group in pack(spans, 20)] == [[5], [300], [9, 9]]


def test_vocabulary_keeps_what_longer_pieces_fall_apart_into() -> None:
    kept = vocabulary(BASE, [["harbour", "harbour", "said"]], 2)
    assert set(kept) == set(BASE) - {"har", "##bour", "the", "said"}


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(0, 10_000))
def test_trees_have_one_root_and_no_circle(words: int, seed: int) -> None:
    heads = tree(np.random.default_rng(seed).normal(size=(words, words + 1)))
    assert heads.count(0) == 1
    for start in range(1, words + 1):
        seen, at = set(), start
        while at:
            assert at not in seen
            seen.add(at)
            at = heads[at - 1]


def test_best_tree_is_taken_where_each_words_best_head_is_none() -> None:
    scores = np.array([[0.0, -9.0, 5.0], [1.0, 5.0, -9.0]])  # each the other's head, the second rather the root
    assert tree(scores) == [2, 0]


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(0, 10_000))
def test_entity_labels_follow_each_other(words: int, seed: int) -> None:
    found = entity_labels(np.random.default_rng(seed).normal(size=(words, len(LABELS))), LABELS)
    assert len(found) == words
    opened = ""
    for label in found:
        end, _, kind = label.partition("-")
        assert (end in "IE") == bool(opened)
        assert not opened or kind == opened
        opened = kind if end in "BI" else ""
    assert not opened


def test_entity_labels_are_the_best_that_may_be() -> None:
    scores = np.full((2, len(LABELS)), -5.0)
    scores[0, LABELS.index("B-Person")] = 2
    scores[1, LABELS.index("O")] = 1
    scores[1, LABELS.index("E-Person")] = 0.5
    assert entity_labels(scores, LABELS) == ["B-Person", "E-Person"]


def test_window_alone_and_again_gives_the_same_bits() -> None:
    torch.manual_seed(0)
    encoder = Encoder({"pieces": len(BASE), **SIZES}).eval()
    spans = cut(["the", "harbour", "said:", "no."], PIECES)
    read = batch([window(spans, PIECES)], PIECES)
    assert read.ids.shape[1] == STEP * -(-(2 + sum(len(span.ids) for span in spans)) // STEP)
    first, second = (encoder(read.ids, read.shapes)[-1] for _ in range(2))
    assert torch.equal(first, second)


def test_made_sentences_stand_in_texts_of_their_own(tmp_path: Path) -> None:
    row = "1\tTide\ttide\tNOUN\tNN\t_\t0\troot\t_\t_"
    own, made = f"# newdoc id = a\n# sent_id = a-1\n# text = Tide\n{row}", f"# text = Tide\n{row}"
    file = tmp_path / "x.conllu"
    file.write_text(f"{own}\n\n{made}\n\n# sent_id = a-2\n# text = Tide\n{row}\n\n", encoding="utf-8")
    assert [len(text) for text in treebank_texts(file)] == [2, 1]


def test_an_epoch_has_every_sentence_once() -> None:
    texts = treebank_texts(TOY / "ud" / "toy-train.conllu")
    labels = {name: values(texts, name) for name in ("upos", "xpos", "feats", "deprel")}
    made = examples(texts, "tree", labels, PIECES)
    mixing = Mixing(shares={1: 0.5, 64: 0.5}, hidden=0.0, capitals=0.0, small=0.0)
    shown = [each for groups in batches(made, mixing, 100, random.Random(1)) for group in groups for each in group]
    assert sorted(map(id, shown)) == sorted(id(each) for text in made for each in text)


def plan(folder: Path, name: str, base: Path) -> fit_network.Plan:
    (folder / name).mkdir(exist_ok=True)
    return fit_network.Plan(
        base=str(base),
        treebank=str(TOY / "ud" / "toy-train.conllu"),
        treebank_dev=str(TOY / "ud" / "toy-dev.conllu"),
        entities=str(TOY / "ner" / "toy.train.json"),
        entities_dev=str(TOY / "ner" / "toy.dev.json"),
        texts=[str(TOY / "text" / "harbour.txt")],
        settings=PLAN,
        least=1,
        seed=5,
        half=False,
        device="cpu",
        folder=str(folder / name),
        out=str(folder / name / "network"),
    )


def test_a_run_that_was_broken_off_ends_like_an_unbroken_one(tmp_path: Path) -> None:
    base = base_model(tmp_path / "base")
    whole = plan(tmp_path, "whole", base)
    scores = fit_network.fit(whole)
    assert set(scores) == {"upos", "xpos", "feats", "ends", "uas", "las", "entities"}
    broken = fit_network.Learner(plan(tmp_path, "broken", base))
    for _ in range(3):
        broken.take_step()
    broken.keep()
    broken.take_step()  # lost: it came after the checkpoint
    assert fit_network.fit(plan(tmp_path, "broken", base)) == scores
    for file in (*FILES, "vocabulary.txt", "config.json"):
        one, other = (tmp_path / name / "network" / file for name in ("whole", "broken"))
        assert one.read_bytes() == other.read_bytes()
    network, pieces = load(tmp_path / "whole" / "network")
    read = batch([window(cut(["The", "harbour"], pieces), pieces)], pieces)
    assert network.read(read).shape == (3, 2, 8)
