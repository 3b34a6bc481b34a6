"""What the reader adds to the rules and how sure attributions are; the recipe behind both, on articles made up here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from small_trees import sentence_of

from quotes import lexicon as lexicons
from quotes.attribute import additions, cues, revisions, trust
from quotes.attribute.decide import Decision
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal
from quotes.attribute.reading import Reading
from quotes.records import Act, Article, Block, Parse, Passage

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


def scene() -> Scene:
    text = " ".join(form for form, *_ in WORDS)
    parse = Parse(sentences=(sentence_of(WORDS),), entities=(), model="none")
    article = Article(text=text, blocks=(Block(start=0, end=len(text), kind="paragraph"),))
    return Scene.of(article, parse, (), LEXICON)


def reading(at: int = 1, **spans: tuple[int, ...]) -> Reading:
    return Reading(place=(0, at), cue=0.9, likelihood=0.5, words={**SPANS, **spans})


def found(each: Reading, *taken: Decision) -> list[Decision]:
    return additions.find(scene(), {each.place: each}, {}, taken)


def test_the_reader_adds_what_the_rules_did_not_take() -> None:
    (added,) = found(reading())
    proposal = added.proposal
    assert (proposal.pattern, proposal.cue, proposal.source) == ("read", (1,), (0, 0))
    assert [scene().article.text[start:end] for start, end in proposal.content] == ["nobody had asked"]


def test_a_cue_that_the_rules_took_is_theirs() -> None:
    proposal = Proposal(sentence=0, head=1, cue=(1,), pattern="clause", content=((18, 34),), source=(0, 0))
    assert found(reading(), Decision(proposal=proposal, confidence=0.5, act="speech")) == []


@pytest.mark.parametrize("missing", ["content", "source"])
def test_half_a_reading_adds_nothing(missing: str) -> None:
    assert found(reading(**{missing: ()})) == []


def test_nobody_is_no_source() -> None:
    assert found(reading(5, cue=(5,), source=(3,), content=(0, 1))) == []


def decided(act: Act, pattern: str, content: tuple[int, int]) -> Decision:
    proposal = Proposal(sentence=0, head=1, cue=(1,), pattern=pattern, content=(content,), source=(0, 0))
    return Decision(proposal=proposal, confidence=0.5, act=act, score=0.5)


@pytest.mark.parametrize(
    ("act", "pattern", "likelihood", "mended"),
    [
        ("belief", "object", 0.1, True),
        ("speech", "clause", 0.1, True),
        ("speech", "around", 0.1, False),
        ("speech", "around", 0.5, True),
        ("speech", "object", 0.5, False),  # the words behind may tell where it was said
        ("belief", "noun", 0.9, False),
    ],
)
def test_loose_contents_are_mended(act: Act, pattern: str, likelihood: float, mended: bool) -> None:
    each = attrs.evolve(reading(), likelihood=likelihood)
    before = decided(act, pattern, (19, 29))
    after = revisions.revise(scene(), before, {each.place: each}, {0: [before.proposal]})
    assert (after.proposal.content == ((19, 35),)) == mended
    assert (after == before) != mended
    assert [rival.reason for rival in after.rivals] == ([f"content as {pattern}"] if mended else [])


def with_words(**changes: tuple[int, str]) -> Scene:
    """The scene with other heads and relations of some words, by form."""
    whole = scene()
    (only,) = whole.parse.sentences
    words = tuple(
        attrs.evolve(word, head=changes[word.text][0], deprel=changes[word.text][1]) if word.text in changes else word
        for word in only.words
    )
    parse = attrs.evolve(whole.parse, sentences=(attrs.evolve(only, words=words),))
    return Scene.of(whole.article, parse, (), LEXICON)


def revised(each: Reading, given: Scene, before: Decision, *cues: int) -> bool:
    """Whether the content is mended where these words are cues that are taken."""
    others = [attrs.evolve(before.proposal, head=at, cue=(at,), content=()) for at in cues]
    return revisions.revise(given, before, {each.place: each}, {0: [before.proposal, *others]}) != before


def test_a_content_takes_no_other_cue_in() -> None:
    before = decided("speech", "clause", (19, 29))
    assert revised(reading(), scene(), before)
    assert not revised(reading(), scene(), before, 5)


def test_a_content_takes_no_source_in() -> None:
    before = decided("speech", "clause", (19, 35))
    assert revised(reading(content=(3, 4)), scene(), before)
    assert not revised(reading(content=(0, 1, 2, 3, 4, 5)), scene(), before)


@pytest.mark.parametrize(
    ("deprel", "mended"), [("appos", False), ("nmod", False), ("conj", False), ("acl:relcl", True), ("advcl", True)]
)
def test_a_content_tears_no_noun_phrase(deprel: str, mended: bool) -> None:
    given = with_words(asked=(3, deprel), had=(3, "aux"), nobody=(1, "ccomp"))
    assert revised(reading(content=(3, 4)), given, decided("speech", "clause", (19, 35))) == mended


def test_passages_are_kept_and_not_taken_from_others() -> None:
    whole = scene()
    marked = Scene.of(whole.article, whole.parse, (Passage(start=30, end=35, text="asked"),), LEXICON)
    each, short = reading(), decided("speech", "clause", (19, 29))
    other = attrs.evolve(short.proposal, head=5, cue=(), content=((30, 35),))
    assert not revised(reading(content=(3, 4)), marked, decided("speech", "clause", (19, 35)))
    assert revised(each, marked, short)
    assert revisions.revise(marked, short, {each.place: each}, {0: [short.proposal, other]}) == short


def test_who_is_told_is_no_content() -> None:
    entry = LEXICON.verbs["tell"]
    before = decided("speech", "clause", (26, 35))
    unknown = attrs.evolve(before, proposal=attrs.evolve(before.proposal, entry=entry))
    known = attrs.evolve(before, proposal=attrs.evolve(before.proposal, entry=entry, hearer=(0, 3)))
    assert entry.hearer
    assert not revised(reading(), scene(), unknown)
    assert not revised(reading(), scene(), known)
    assert revised(reading(content=(4,)), scene(), known)


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
    path = tmp_path / "trust.json"
    path.write_text(json.dumps(kept), encoding="utf-8")
    rows = [{"one": 0.0, "two": 0.0}, {"one": 0.0, "two": 1.0}, {"one": 1.0, "two": 7.0}]
    logits = [2.0 * (0.5 - 1.0) - 1.0, 2.0 * 0.5 - 1.0, 2.0 * 2.5 - 1.0]
    assert trust.load(path).confidences(rows) == pytest.approx([1 / (1 + 2.718281828**-each) for each in logits])
    assert trust.load(path).confidences([]) == []


@pytest.mark.models
def test_trees_are_those_that_were_fitted(tmp_path: Path) -> None:
    import numpy

    from quotes.attribute import train_trust

    table = numpy.random.default_rng(5).random((400, 3))
    right = table[:, 0] + table[:, 1] * table[:, 2] > 0.8
    names = ("a", "b", "c")
    cases = [
        train_trust.Judged(facts=dict(zip(names, map(float, row), strict=True)), right=bool(yes), article=str(at % 10))
        for at, (row, yes) in enumerate(zip(table, right, strict=True))
    ]
    fitted = train_trust.fit(cases)
    train_trust.save(fitted, tmp_path / "trust.json", "made up")
    wanted = train_trust.booster().fit(table.astype(numpy.float32), right).decision_function(table)
    found = trust.load(tmp_path / "trust.json").confidences([case.facts for case in cases])
    scaled = 1 / (1 + numpy.exp(-(fitted["slope"] * wanted + fitted["shift"])))
    assert numpy.allclose(found, scaled, atol=2e-3)
    assert ((numpy.array(found) > 0.5) == right).mean() > 0.9


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
    from quotes.attribute import recipe, scorer
    from quotes.models import BUNDLED, HERE, reader

    list(annotated(tmp_path))
    told: list[str] = []
    articles = list(recipe._articles(BUNDLED, tmp_path, LEXICON, told.append))
    recipe.write_lessons(articles, tmp_path / recipe.LESSONS)
    lines = [json.loads(line) for line in (tmp_path / recipe.LESSONS).read_text(encoding="utf-8").splitlines()]
    assert {line["name"] for line in lines if line["held"]} == {f"a{number:02}" for number in range(3, 42, 7)}
    (said, *_), (dry, *_) = ([task for each in line["sentences"] for task in each["tasks"]] for line in lines[:2])
    assert said["labels"].count("B-content") == dry["labels"].count("B-content") == 1
    (tmp_path / recipe.READER).write_bytes((HERE / recipe.READER).read_bytes())
    recipe.decide_on(articles, tmp_path, about="made up", progress=told.append)
    assert scorer.load(tmp_path / recipe.SCORER).weights["lemma=say"] > 0
    assert reader.load(tmp_path / recipe.READER).facts
    assert trust.load(tmp_path / recipe.TRUST).names
    assert "of 6 articles" in told[-1]


@pytest.mark.models
def test_vectors_of_another_encoder_are_not_read() -> None:
    """The bundled reader knows the bundled encoder alone: vectors that other models left are passed over."""
    from quotes.article import article_from_text
    from quotes.attribute import reading
    from quotes.models import reader
    from quotes.parse import Parser

    ((_, parse),) = Parser().parse_all([article_from_text("The warden said that the bridge was shut.")])
    strange = tuple(attrs.evolve(each, vectors=-each.vectors) for each in parse.sentences)
    known = reading._vectors(parse, reader.load())
    assert [each is sentence.vectors for each, sentence in zip(known, parse.sentences, strict=True)] == [True]
    (found,) = reading._vectors(attrs.evolve(parse, sentences=strange, model="/some/set"), reader.load())
    assert (abs(found - known[0]) < 1e-4).all()
