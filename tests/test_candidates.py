"""Candidates of rules and tagger, their score and the selection; the recipe behind them, on articles made up here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from small_trees import sentence_of

from quotes import lexicon as lexicons
from quotes.attribute import cues, score, select, weights
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal
from quotes.attribute.reading import Reading
from quotes.attribute.score import Candidate
from quotes.records import Article, Block, Parse, Passage

LEXICON = lexicons.load()
WORDS = (
    ("Mara", "PROPN", "NNP", 1, "nsubj"),
    ("grumbled", "VERB", "VBD", -1, "root"),
    ("that", "SCONJ", "IN", 5, "mark"),
    ("nobody", "PRON", "NN", 5, "nsubj"),
    ("had", "AUX", "VBD", 5, "aux"),
    ("asked", "VERB", "VBN", 1, "ccomp"),
    (".", "PUNCT", ".", 1, "punct"),
)
SPANS = {"cue": (1,), "content": (3, 4, 5), "source": (0,)}


def scene(*passages: Passage) -> Scene:
    text = " ".join(form for form, *_ in WORDS)
    parse = Parse(sentences=(sentence_of(WORDS),), entities=(), model="none")
    article = Article(text=text, blocks=(Block(start=0, end=len(text), kind="paragraph"),))
    return Scene.of(article, parse, passages, LEXICON)


def reading(at: int = 1, **spans: tuple[int, ...]) -> Reading:
    return Reading(place=(0, at), cue=0.9, likelihood=0.5, words={**SPANS, **spans})


def proposal(**changes: Any) -> Proposal:
    given: dict[str, Any] = {"pattern": "clause", "content": ((19, 35),), "source": (0, 0)}
    return Proposal(sentence=0, head=1, cue=(1,), **(given | changes))


def of_tagger(each: Reading) -> list[Proposal]:
    return [one.proposal for one in select.possible(scene(), {}, {each.place: each})]


def test_a_reading_is_a_candidate() -> None:
    (found,) = of_tagger(reading())
    assert (found.pattern, found.finder, found.cue, found.source) == ("tagged", "tagger", (1,), (0, 0))
    assert [scene().article.text[start:end] for start, end in found.content] == ["nobody had asked"]


@pytest.mark.parametrize("missing", ["content", "source"])
def test_half_a_reading_is_none(missing: str) -> None:
    assert of_tagger(reading(**{missing: ()})) == []


def test_nobody_is_no_source() -> None:
    assert of_tagger(reading(5, cue=(5,), source=(3,), content=(0, 1))) == []


def candidates(each: Proposal, read: Reading) -> list[Candidate]:
    return score.candidates(scene(), {(0, 1): [(0.6, each)]}, {read.place: read})


def test_rules_and_tagger_give_a_candidate_for_each_content() -> None:
    found = candidates(proposal(content=((19, 29),)), reading())
    assert [(each.proposal.finder, each.proposal.content) for each in found] == [
        ("rules", ((19, 29),)),
        ("both", ((19, 35),)),
    ]
    assert [(each.prior, each.rivals) for each in found] == [(0.6, 2)] * 2


def test_what_both_find_is_one_candidate() -> None:
    (found,) = candidates(proposal(), reading())
    assert found.proposal.finder == "rules"
    assert found.reading is not None


def test_a_content_is_not_torn_from_a_cue_that_is_none() -> None:
    unlikely = attrs.evolve(reading(source=()), cue=0.05)
    assert [each.proposal.finder for each in candidates(proposal(content=((19, 29),)), unlikely)] == ["rules"]


def test_features_tell_of_cue_reading_form_and_source() -> None:
    (found,) = candidates(proposal(), reading())
    named = score.features(scene(), found)
    assert (named["prior"], named["cue"], named["shared"], named["same-source"]) == (0.6, 0.9, 1.0, 1.0)
    assert (named["pattern=clause"], named["that"], named["mark-behind"], named["before"]) == (1.0, 1.0, 1.0, 0.0)
    assert set(weights.bundled().score.names) == set(named)


def selected(*scored: tuple[float, Proposal], given: Scene | None = None) -> list[select.Decision]:
    return select.select(given or scene(), [(chance, Candidate(proposal=each)) for chance, each in scored])


def test_the_likeliest_at_a_cue_is_taken_and_the_others_are_its_rivals() -> None:
    short, whole = proposal(content=((19, 29),)), proposal()
    (found,) = selected((0.5, short), (0.8, whole))
    assert (found.proposal, found.confidence, found.act) == (whole, 0.8, "speech")
    assert [(each.reason, each.score, each.span.text) for each in found.rivals] == [
        ("content as clause", 0.5, "nobody had")
    ]


def test_what_is_unlikely_is_not_taken() -> None:
    assert selected((select.LEAST - 0.01, proposal())) == []
    assert len(selected((select.LEAST, proposal()))) == 1


def test_one_content_has_one_cue() -> None:
    other = attrs.evolve(proposal(), head=5, cue=(5,))
    assert [each.proposal.head for each in selected((0.5, proposal()), (0.6, other))] == [5]


def test_sources_of_their_own_may_share_a_content() -> None:
    other = attrs.evolve(proposal(), head=5, cue=(5,), source=(0, 3))
    assert len(selected((0.5, proposal()), (0.6, other))) == 2


def test_constructions_that_no_corpus_teaches_keep_a_least_score() -> None:
    hedge = proposal(pattern="hedge", source=None)
    assert select._sure(0.1, hedge) == select.CERTAIN
    assert select._sure(0.9, hedge) == 0.9
    assert select._sure(0.1, proposal()) == 0.1


@pytest.mark.parametrize(
    ("changes", "act"),
    [
        ({"entry": LEXICON.verbs["say"]}, "speech"),
        ({"entry": LEXICON.verbs["believe"]}, "belief"),
        ({"pattern": "object", "entry": None}, "belief"),
        ({"pattern": "tagged", "finder": "tagger", "entry": LEXICON.verbs["say"]}, "speech"),
        ({"pattern": "tagged", "finder": "tagger", "entry": None}, "belief"),
        ({"pattern": "tagged", "finder": "tagger", "entry": None, "spoken": True}, "speech"),
    ],
)
def test_acts(changes: dict[str, Any], act: str) -> None:
    assert select.act(scene(), proposal(**changes)) == act


def test_a_cue_that_a_preposition_and_a_mark_end() -> None:
    rows = (
        ("Mara", "PROPN", "NNP", 1, "nsubj"),
        ("called", "VERB", "VBD", -1, "root"),
        ("for", "ADP", "IN", 1, "obl"),
    )
    ended = sentence_of([*rows, (".", "PUNCT", ".", 1, "punct")])
    going_on = sentence_of([*rows, ("calm", "NOUN", "NN", 1, "obl")])
    proposal = Proposal(sentence=0, head=1, cue=(1,), pattern="oblique", content=((16, 20),))
    elsewhere = attrs.evolve(proposal, content=((30, 34),))
    assert list(cues.in_full(ended, elsewhere, LEXICON)) == [1]
    assert list(cues.in_full(going_on, elsewhere, LEXICON)) == [1]
    assert list(cues.in_full(going_on, proposal, LEXICON)) == [1, 2]


def test_trees_add_up_to_a_probability(tmp_path: Path) -> None:
    kept = {
        "names": ["one", "two"],
        "which": [[0, 1, 1]],
        "limits": [[0.5, 0.5, 1e30]],
        "leaves": [[-1.0, 0.0, 2.0, 9.0]],
        "start": 0.5,
        "slope": 2.0,
        "shift": -1.0,
    }
    path = tmp_path / "score.json"
    path.write_text(json.dumps(kept), encoding="utf-8")
    rows = [{"one": 0.0, "two": 0.0}, {"one": 0.0, "two": 1.0}, {"one": 1.0, "two": 7.0}]
    logits = [2.0 * (0.5 - 1.0) - 1.0, 2.0 * 0.5 - 1.0, 2.0 * 2.5 - 1.0]
    assert score.load(path).scores(rows) == pytest.approx([1 / (1 + 2.718281828**-each) for each in logits])
    assert score.load(path).scores([]) == []


@pytest.mark.models
def test_trees_are_those_that_were_fitted(tmp_path: Path) -> None:
    import numpy

    from quotes.attribute import fit_score

    table = numpy.random.default_rng(5).random((400, 3))
    shares = numpy.where(table[:, 0] + table[:, 1] * table[:, 2] > 0.8, 0.5 + table[:, 1] / 2, 0.0)
    names = ("a", "b", "c")
    labelled = [
        fit_score.Labelled(
            features=dict(zip(names, map(float, row), strict=True)), agreement=float(share), article=str(at % 10)
        )
        for at, (row, share) in enumerate(zip(table, shares, strict=True))
    ]
    fitted = fit_score.fit(labelled)
    fit_score.save(fitted, tmp_path / "score.json", "made up")
    wanted = fit_score.booster().fit(table.astype(numpy.float32), shares).predict(table)
    found = score.load(tmp_path / "score.json").scores([each.features for each in labelled])
    scaled = 1 / (1 + numpy.exp(-(fitted["slope"] * wanted + fitted["shift"])))
    assert numpy.allclose(found, scaled, atol=2e-3)
    assert ((numpy.array(found) > 0.5) == (shares >= 0.5)).mean() > 0.9


def annotated(folder: Path) -> Iterator[Path]:
    """Short articles with brat files, which tell of one of the two who say something: now of one, now of the other."""
    texts, standoff = folder / "text", folder / "attributions"
    texts.mkdir()
    standoff.mkdir()
    for number in range(42):
        said = [
            ("The warden", "said", f"the bridge was shut in week {number}"),
            ("A nurse", "said", "the road was dry"),
        ]
        sentences = [f"{' '.join(parts)}. " for parts in said]
        text = "".join(sentences) + "The crew saw it from the shore.\n"
        start = text.index(sentences[number % 2])
        names = zip(("Source", "Cue", "Content"), said[number % 2], strict=True)
        spans = [(name, text.index(part, start), part) for name, part in names]
        lines = [f"T{at}\t{name} {first} {first + len(part)}\t{part}" for at, (name, first, part) in enumerate(spans)]
        event = "E1\tAttribution:T9 " + " ".join(f"{name}:T{at}" for at, (name, _, _) in enumerate(spans))
        (texts / f"a{number:02}.txt").write_text(text, encoding="utf-8")
        (standoff / f"a{number:02}_one.ann").write_text("\n".join([*lines, event]) + "\n", encoding="utf-8")
        yield texts / f"a{number:02}.txt"


@pytest.mark.models
def test_the_recipe_from_articles_to_weights(tmp_path: Path) -> None:
    from quotes.attribute import prior, recipe
    from quotes.models import ATTRIBUTION, BUNDLED, PRIOR, SCORE, TAGGER, tagger

    paths = list(annotated(tmp_path))
    told: list[str] = []
    articles = list(recipe._articles(BUNDLED, tmp_path, LEXICON, told.append))
    recipe.write_lessons(articles, tmp_path / recipe.LESSONS)
    lines = [json.loads(line) for line in (tmp_path / recipe.LESSONS).read_text(encoding="utf-8").splitlines()]
    assert {line["name"] for line in lines if line["held"]} == {f"a{number:02}" for number in range(3, 42, 7)}
    (said, *_), (dry, *_) = ([task for each in line["sentences"] for task in each["tasks"]] for line in lines[:2])
    assert said["labels"].count("B-content") == dry["labels"].count("B-content") == 1
    claims = list(recipe._claimed(BUNDLED, chain_gold(tmp_path / "claims", paths[0]), LEXICON))
    assert [len(each.gold) for each in claims] == [1]
    (tmp_path / ATTRIBUTION).mkdir()
    (tmp_path / TAGGER).write_bytes((BUNDLED / TAGGER).read_bytes())
    recipe.decide_on(articles, tmp_path, claims, about="made up", progress=told.append)
    assert prior.load(tmp_path / PRIOR).weights["lemma=say"] > 0
    assert tagger.load(tmp_path / TAGGER).facts
    assert score.load(tmp_path / SCORE).names
    assert "of 7 articles" in told[-3]


def chain_gold(folder: Path, article: Path) -> Path:
    """The folder with one article of another name and the claim that it holds."""
    folder.mkdir()
    text = article.read_text(encoding="utf-8")
    (folder / "other.txt").write_text(text, encoding="utf-8")
    source, cue, content = "The warden", "said", "the bridge was shut in week 0"
    start, end = ([text.index(part), text.index(part) + len(part)] for part in (source, content))
    hop = {"names": [source], "type": "person", "mention": start, "cue": [text.index(cue), text.index(cue) + len(cue)]}
    claim = {"content": [content], "spans": [end], "chain": [hop]}
    (folder / "other.json").write_text(json.dumps({"claims": [claim]}), encoding="utf-8")
    return folder


@pytest.mark.models
def test_vectors_of_another_encoder_are_not_read() -> None:
    """The bundled tagger knows the bundled encoder alone: vectors that other models left are passed over."""
    from quotes.article import article_from_text
    from quotes.attribute import reading
    from quotes.parse import Parser

    ((_, parse),) = Parser().parse_all([article_from_text("The warden said that the bridge was shut.")])
    strange = tuple(attrs.evolve(each, vectors=-each.vectors) for each in parse.sentences)
    known = reading._vectors(parse, "bundled")
    assert [each is sentence.vectors for each, sentence in zip(known, parse.sentences, strict=True)] == [True]
    (found,) = reading._vectors(attrs.evolve(parse, sentences=strange, model="/some/set"), "bundled")
    assert (abs(found - known[0]) < 1e-4).all()
