"""The tagger: what torch trains is what numpy reads, cues and labels are found, likelihoods are shares."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from quotes.models import tagger

SIZE = 8
NAMES = {"facts": [["noun", "verb"], ["d", "r", "w"]], "places": [["-1", "0", "1", "2"]]}
PARTS = ("B-source", "B-cue", "B-content", "I-content")

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def network() -> Any:
    import torch

    from quotes.training.fit_attribution import CueTaggerNetwork

    torch.manual_seed(5)
    made = CueTaggerNetwork(
        SIZE, [len(names) for names in NAMES["facts"]], [len(names) for names in NAMES["places"]], 0.1
    )
    for weight in (made.first, made.last, made.following):
        torch.nn.init.normal_(weight)
    return made.eval()


def made_sentence(words: int, seed: int) -> tuple[Any, list[list[str]], list[list[str]]]:
    """Vectors, facts and places of a sentence whose second word is asked for."""
    import numpy

    chance = numpy.random.default_rng(seed)
    vectors = chance.normal(size=(words, SIZE)).astype(numpy.float32)
    facts = [[NAMES["facts"][0][at % 2], "unknown" if at == 2 else NAMES["facts"][1][at % 3]] for at in range(words)]
    return vectors, facts, [[str(at - 1)] for at in range(words)]


@pytest.fixture(scope="module")
def kept(network: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from quotes.training.fit_attribution import save_tagger

    path = tmp_path_factory.mktemp("tagger") / "tagger.npz"
    save_tagger(network.named_weights(), NAMES, path)
    return path


def asked_of(model: tagger.CueTagger, row: int, places: list[list[str]]) -> tagger.Asked:
    return tagger.Asked(row=row, cue=1, places=model.code_places(places))


def test_numpy_reads_what_torch_trained(network: Any, kept: Path) -> None:
    import numpy
    import torch

    from quotes.training.fit_attribution import Task

    model = tagger.load(kept)
    sentences = [made_sentence(words, seed) for seed, words in enumerate((5, 9, 2))]
    codes = [model.code_words(facts) for _, facts, _ in sentences]
    cues, states = model.read([vectors for vectors, _, _ in sentences], codes)
    found = model.label(states, [asked_of(model, row, places) for row, (*_, places) in enumerate(sentences)])
    with torch.inference_mode():
        for row, (vectors, _, places) in enumerate(sentences):
            hidden = network.hidden(torch.from_numpy(vectors), torch.from_numpy(codes[row]))
            assert numpy.allclose(torch.sigmoid(network.cues(hidden)).numpy(), cues[row], atol=1e-3)
            own = torch.from_numpy(model.code_places(places))
            task = Task(cue=1, places=own, labels=torch.zeros(len(vectors), dtype=torch.long))
            (scores,) = network.scores([hidden], [(0, task)])
            assert found[row].labels == best_of(network, scores)


def best_of(network: Any, scores: Any) -> tuple[int, ...]:
    """The labels with the highest sum, by trying all of a short sentence, or step by step."""
    steps = scores.tolist()
    first, last, following = (each.tolist() for each in (network.first, network.last, network.following))
    best = {label: (first[label] + steps[0][label], (label,)) for label in range(len(tagger.LABELS))}
    for now in steps[1:]:
        best = {
            label: max(
                (total + following[before][label] + now[label], (*path, label))
                for before, (total, path) in best.items()
            )
            for label in range(len(tagger.LABELS))
        }
    return max((total + last[label], path) for label, (total, path) in best.items())[1]


def test_a_sentence_is_read_alike_in_any_company(kept: Path) -> None:
    import numpy

    model = tagger.load(kept)
    rows = [made_sentence(words, seed) for seed, words in enumerate((4, 8, 6))]
    vectors, codes = [each[0] for each in rows], [model.code_words(each[1]) for each in rows]
    together, _ = model.read(vectors, codes)
    for own, code, cues in zip(vectors, codes, together, strict=True):
        assert numpy.allclose(model.read([own], [code])[0][0], cues, atol=1e-5)
    assert model.read([], []) == ([], [])


def test_the_likelihood_is_the_share_among_all_labels(kept: Path) -> None:
    import numpy

    model = tagger.load(kept)
    vectors, facts, places = made_sentence(2, 1)
    _, states = model.read([vectors], [model.code_words(facts)])
    asked = asked_of(model, 0, places)
    (found,) = model.label(states, [asked])
    inputs = states[0] @ model.weights["role.word"] + states[0][1] @ model.weights["role.cue"]
    inputs = numpy.tanh(inputs + model.weights["place.0"][asked.places[:, 0]] + model.weights["role.bias"])
    scores = model._both_ways(inputs, [2]) @ model.weights["label.outer"] + model.weights["label.bias"]
    first, last, following = (model.weights[f"label.{name}"] for name in ("first", "last", "following"))
    sums = {
        (one, two): first[one] + scores[0][one] + following[one][two] + scores[1][two] + last[two]
        for one, two in itertools.product(range(len(tagger.LABELS)), repeat=2)
    }
    assert found.labels == max(sums, key=lambda pair: sums[pair])
    whole = numpy.exp(numpy.array([*sums.values()])).sum()
    assert found.likelihood == pytest.approx(numpy.exp(max(sums.values())) / whole, rel=1e-4)


def test_cues_and_their_parts_are_learnt() -> None:
    import torch

    from quotes.training.fit_attribution import CueTaggerNetwork, Lesson, Task

    torch.manual_seed(1)
    learner = CueTaggerNetwork(SIZE, [2, 3], [4], 0.0)
    vectors = torch.randn(6, 4, SIZE)
    labels = torch.tensor([tagger.LABELS.index(part) for part in PARTS])
    task = Task(cue=1, places=torch.tensor([[1], [2], [3], [4]]), labels=labels)
    facts = torch.tensor([[1, 1], [2, 2], [1, 3], [1, 0]])
    lessons = [Lesson(facts=facts, cues=torch.tensor([0.0, 1.0, 0.0, 0.0]), tasks=(task,)) for _ in vectors]
    optimizer = torch.optim.Adam(learner.parameters(), lr=0.02)
    losses = []
    for _ in range(60):
        loss = learner.loss(vectors.flatten(0, 1), lessons)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.1 * losses[0]
    hidden = learner.hidden(vectors[0], facts)
    assert (learner.cues(hidden) > 0).tolist() == [False, True, False, False]
    assert best_of(learner, learner.scores([hidden], [(0, task)])[0]) == tuple(labels.tolist())


def test_the_same_weights_give_the_same_bytes(network: Any, kept: Path, tmp_path: Path) -> None:
    from quotes.training.fit_attribution import save_tagger

    save_tagger(network.named_weights(), NAMES, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == kept.read_bytes()
