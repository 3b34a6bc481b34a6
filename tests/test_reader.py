"""The reader's recipe on a toy: a few words, two facts; what was learnt is read back without torch."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from quotes.models import reader
from quotes.models.reader_fit import Codes, Lesson, Task, codes_of, fit, save

SPEAKERS, VERBS, THINGS = ("keeper", "warden", "pilot"), ("said", "told"), ("rain", "fog", "ice")
PARTS = ("B-source", "B-cue", "B-content", "I-content")

pytestmark = pytest.mark.models


def lesson(speaker: str, verb: str, thing: str) -> Lesson:
    """ "keeper said rain falls", or "keeper saw rain falls", where nobody says anything."""
    forms = (speaker, verb, thing, "falls")
    words = [(form, (form[-1], "verb" if form in (*VERBS, "saw") else "noun")) for form in forms]
    places = [(str(at - 1),) for at in range(len(forms))]
    tasks = [Task(cue=1, places=places, labels=PARTS)] if verb in VERBS else []
    return Lesson(words=words, tasks=tasks)


LESSONS = [lesson(*each) for each in itertools.product(SPEAKERS, (*VERBS, "saw"), THINGS)] * 8


@pytest.fixture(scope="module")
def codes() -> Codes:
    import numpy

    forms = sorted({form for each in LESSONS for form, _ in each.words})
    table = numpy.random.default_rng(3).normal(size=(len(forms), 8))
    return codes_of(LESSONS, dict(zip(forms, table, strict=True)))


@pytest.fixture(scope="module")
def kept(codes: Codes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reader") / "reader.npz"
    save(fit(LESSONS, codes, epochs=12, together=40), codes, path)
    return path


def test_cues_and_their_parts_are_found(kept: Path) -> None:
    learnt = reader.load(kept)
    said, saw = lesson("pilot", "told", "ice"), lesson("pilot", "saw", "ice")
    cues, states = learnt.read([learnt.code_words(each.words) for each in (said, saw)])
    assert [likely > 0.5 for likely in cues[0]] == [False, True, False, False]
    assert max(cues[1]) < 0.5
    places = learnt.code_places(said.tasks[0].places)
    (found,) = learnt.label(states, [reader.Asked(row=0, cue=1, places=places)])
    assert tuple(reader.LABELS[label] for label in found.labels) == PARTS
    assert 0.5 < found.likelihood <= 1


def test_a_sentence_is_read_alike_in_any_company(kept: Path) -> None:
    import numpy

    learnt = reader.load(kept)
    longer = Lesson(words=[*LESSONS[0].words, *LESSONS[4].words], tasks=[])
    rows = [learnt.code_words(each.words) for each in (LESSONS[0], longer, LESSONS[5])]
    together, _ = learnt.read(rows)
    for row, cues in zip(rows, together, strict=True):
        assert numpy.allclose(learnt.read([row])[0][0], cues, atol=1e-5)


def test_the_likelihood_is_the_share_among_all_labels(kept: Path) -> None:
    import numpy

    learnt = reader.load(kept)
    row = learnt.code_words(LESSONS[0].words[:2])
    _, states = learnt.read([row])
    asked = reader.Asked(row=0, cue=1, places=learnt.code_places(LESSONS[0].tasks[0].places[:2]))
    (found,) = learnt.label(states, [asked])
    inputs = states[0] @ learnt.weights["role.word"] + states[0][1] @ learnt.weights["role.cue"]
    inputs = numpy.tanh(inputs + learnt.weights["place.0"][asked.places[:, 0]] + learnt.weights["role.bias"])
    scores = learnt._both_ways("role", inputs, [2]) @ learnt.weights["label.outer"] + learnt.weights["label.bias"]
    first, last, following = (learnt.weights[f"label.{name}"] for name in ("first", "last", "following"))
    sums = {
        (one, two): first[one] + scores[0][one] + following[one][two] + scores[1][two] + last[two]
        for one, two in itertools.product(range(len(reader.LABELS)), repeat=2)
    }
    assert found.labels == max(sums, key=lambda pair: sums[pair])
    whole = numpy.exp(numpy.array([*sums.values()])).sum()
    assert found.likelihood == pytest.approx(numpy.exp(max(sums.values())) / whole, rel=1e-4)


def test_the_same_lessons_give_the_same_bytes(codes: Codes, kept: Path, tmp_path: Path) -> None:
    save(fit(LESSONS, codes, epochs=12, together=40), codes, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == kept.read_bytes()
