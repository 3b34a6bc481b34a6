"""The bundled network at work: one pass over a document, the same numbers in any company, labels of tokens."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.models import BUNDLED, NETWORK, resolve
from quotes.models.processors import of_tokens

WORDS = [
    *("the", "harbour", "mayor", "said", "that", "boats", "“", "can't", "leave", "Northport", ","),
    *("he", "told", "Radio", "Tern", "on", "Monday", ".", "”", "14.5", "%"),
]
TEXT = (
    "The bridge will be closed on Friday, Mayor Ana Duarte's office said on Tuesday.\n\n"
    '"We do not know when it opens," she told Radio Tern. Nobody asked her why.\n'
)


@pytest.fixture(scope="module")
def annotator() -> Any:
    from quotes.models.annotate import Annotator

    return Annotator(BUNDLED / NETWORK)


@pytest.fixture(scope="module")
def pipeline() -> Any:
    import stanza

    return stanza.Pipeline("en", verbose=False, **resolve("bundled").pipeline_options())


@pytest.fixture
def threads() -> Iterator[Any]:
    import torch

    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def made_document(seed: int) -> list[list[str]]:
    chance = random.Random(seed)
    return [chance.choices(WORDS, k=chance.randint(1, 60)) for _ in range(chance.randint(1, 12))]


@pytest.mark.models
@pytest.mark.parametrize("seed", range(6))
def test_threads_change_no_bit(annotator: Any, threads: Any, seed: int) -> None:
    import torch

    document = made_document(seed)
    found = []
    for count in (1, 2):
        threads(count)
        with torch.inference_mode():
            read = annotator._read(document)
        found.append((read["trees"].numpy(), np.stack(read["entities"]), annotator.annotate(document)))
    (trees, entities, said), (others_trees, others_entities, others_said) = found
    assert np.array_equal(trees, others_trees)
    assert np.array_equal(entities, others_entities)
    assert said == others_said


@pytest.mark.models
def test_a_document_gives_the_same_alone_and_in_company(pipeline: Any) -> None:
    from stanza.models.common.doc import Document

    texts = [TEXT, "Short.", " ".join(WORDS) + "\n\n" + TEXT * 3, "He said so."]
    alone = [pipeline(text).to_dict() for text in texts]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        together = pipeline.bulk_process([Document([], text=texts[at]) for at in order])
        assert [document.to_dict() for document in together] == [alone[at] for at in order]


@pytest.mark.models
def test_tags_trees_and_entities_come_of_one_pass(pipeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from quotes.models.encoder import Encoder

    seen: list[int] = []
    forward = Encoder.forward

    def counted(self: Any, ids: Any, *rest: Any) -> Any:
        seen.append(ids.numel())
        return forward(self, ids, *rest)

    monkeypatch.setattr(Encoder, "forward", counted)
    document = pipeline(TEXT)
    assert len(seen) == 1  # the text is one window
    assert seen[0] >= document.num_words
    assert all(word.upos and word.deprel for sentence in document.sentences for word in sentence.words)
    assert [entity.type for entity in document.ents if entity.text.startswith("Ana Duarte")] == ["Person"]


@pytest.mark.models
def test_heads_make_trees_and_long_sentences_are_read_in_parts(annotator: Any) -> None:
    words = ["harbour", "unquestionableness"] * 180  # more word pieces than the encoder has places for
    [said] = annotator.annotate([words])
    assert len(said.heads) == len(said.ner) == len(words)
    assert said.heads.count(0) == 1
    assert annotator.annotate([]) == annotator.vectors([]) == []


@pytest.mark.parametrize(
    ("labels", "sizes", "wanted"),
    [
        (["B-Person", "E-Person", "O", "O"], [1, 2, 1], ["B-Person", "E-Person", "O"]),
        (["S-Person", "O"], [2], ["S-Person"]),
        (["S-Person", "S-Place"], [2], ["S-Person"]),
        (["B-Person", "I-Person", "E-Person"], [2, 1], ["B-Person", "E-Person"]),
        (["O", "S-Place", "B-Person", "E-Person"], [1, 2, 1], ["O", "S-Place", "S-Person"]),
        ([], [], []),
    ],
)
def test_labels_of_tokens(labels: list[str], sizes: list[int], wanted: list[str]) -> None:
    assert of_tokens(labels, sizes) == wanted


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["O", "S-Place", "Person"]), st.integers(1, 3)), max_size=12), st.data())
def test_labels_of_tokens_follow_each_other(parts: list[tuple[str, int]], data: st.DataObject) -> None:
    labels: list[str] = []
    for kind, size in parts:
        if kind == "Person" and size > 1:
            labels += ["B-Person", *["I-Person"] * (size - 2), "E-Person"]
        else:
            labels.append("S-Person" if kind == "Person" else kind)
    sizes: list[int] = []
    while sum(sizes) < len(labels):
        sizes.append(data.draw(st.integers(1, min(3, len(labels) - sum(sizes)))))
    opened = ""
    for label in of_tokens(labels, sizes):
        place, _, kind = label.partition("-")
        assert (place in "IE") == bool(opened)
        assert not opened or kind == opened
        opened = kind if place in "BI" else ""
    assert not opened
