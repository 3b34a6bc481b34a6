"""Whom words at cues stand for: names, titles, descriptions, pronouns, outlets, spokespersons."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from quotes import lexicon as lexicons
from quotes.records import Article, Attribution, Block, Entity, Parse, Passage, Sentence, Source, Span, Word
from quotes.speakers import Cast, find_speakers

SCENES = tomllib.loads((Path(__file__).parent / "speaker_scenes.toml").read_text(encoding="utf-8"))["scene"]
LEXICON = lexicons.load()

Place = tuple[int, int]


# From the compact notation to records


def read_parse(lines: str, entities: Sequence[str]) -> tuple[Article, Parse]:
    """An article whose words stand a space apart, and its parse."""
    rows = [[word.split("/") for word in line.split()] for line in lines.strip().splitlines()]
    text = " ".join(word[0] for row in rows for word in row)
    sentences, at = [], 0
    for number, row in enumerate(rows):
        words = []
        for index, (form, upos, xpos, lemma, head, deprel) in enumerate(row):
            words.append(
                Word(
                    index=index,
                    text=form,
                    lemma=lemma or form.lower(),
                    upos=upos,
                    xpos=xpos,
                    feats="Number=Plur" if xpos in ("NNS", "NNPS") else "",
                    head=int(head) - 1,
                    deprel=deprel,
                    start=at,
                    end=at + len(form),
                )
            )
            at += len(form) + 1
        sentences.append(Sentence(index=number, block=0, start=words[0].start, end=words[-1].end, words=tuple(words)))
    block = Block(start=0, end=len(text), kind="paragraph")
    parse = Parse(sentences=tuple(sentences), entities=tuple(read_entities(text, entities)), model="by hand")
    return Article(text=text, blocks=(block,)), parse


def read_entities(text: str, entities: Sequence[str]) -> list[Entity]:
    found, at = [], 0
    for entity in entities:
        kind, words = entity.split(" ", 1)
        start = text.index(words, at)
        at = start + len(words)
        found.append(Entity(start=start, end=at, text=words, kind=kind))
    return found


def read_passages(text: str) -> list[Passage]:
    return [
        Passage(start=match.start(1), end=match.end(1), text=match[1], outer=match.span())
        for match in re.finditer("“([^”]*)”", text)
    ]


def place_of(word: str, parse: Parse) -> Place:
    """The place behind "1.0 Duarte"."""
    numbers, _, text = word.partition(" ")
    sentence, index = (int(number) for number in numbers.split("."))
    assert not text or parse.sentences[sentence].words[index].text == text
    return sentence, index


def attribution(article: Article, parse: Parse, at: Place, content: str) -> Attribution:
    start = article.text.index(content) if content else 0
    word = parse.sentences[at[0]].words[at[1]]
    return Attribution(
        cue=None,
        content=(article.span(start, start + len(content)),) if content else (),
        source=Span(start=word.start, end=word.end, text=word.text),
        kind="direct" if content and "“" in article.text else "indirect",
        act="speech",
        relation="said",
        rule="by hand",
        confidence=1.0,
        source_at=at,
    )


def cast_of(scene: Mapping[str, Any]) -> tuple[Cast, Parse]:
    article, parse = read_parse(scene["parse"], scene["entities"])
    attributions = [
        attribution(article, parse, place_of(each["word"], parse), each.get("content", "")) for each in scene["asked"]
    ]
    return find_speakers(article, parse, read_passages(article.text), attributions, LEXICON), parse


def scene(name: str) -> Mapping[str, Any]:
    return next(each for each in SCENES if each["name"] == name)


def source_named(cast: Cast, name: str) -> Source:
    return next(source for source in cast.sources if source.name == name)


# The scenes


@pytest.mark.parametrize("scene", SCENES, ids=[scene["name"] for scene in SCENES])
def test_whom_a_word_stands_for(scene: Mapping[str, Any]) -> None:
    cast, parse = cast_of(scene)
    sources = {source.id: source for source in cast.sources}
    for asked in scene["asked"]:
        found = cast.of(place_of(asked["word"], parse))
        assert found.name == asked["name"]
        assert found.resolved == asked.get("resolved", True)
        assert sources[found.source_id].name == found.name
        if "kind" in asked:
            assert found.source.kind == asked["kind"]
        if "role" in asked:
            assert found.source.role == asked["role"]
        if "speaks_for" in asked:
            assert found.source.speaks_for is not None
            assert sources[found.source.speaks_for].name == asked["speaks_for"]
        if "same_as" in asked:
            assert found.source_id == cast.of(place_of(asked["same_as"], parse)).source_id
        if "other_than" in asked:
            assert found.source_id != cast.of(place_of(asked["other_than"], parse)).source_id


# What holds for all of them


@pytest.mark.parametrize("scene", SCENES, ids=[scene["name"] for scene in SCENES])
def test_mentions_are_spans_of_the_text_in_order(scene: Mapping[str, Any]) -> None:
    article, _ = read_parse(scene["parse"], scene["entities"])
    cast, _ = cast_of(scene)
    for source in cast.sources:
        assert source.mentions
        assert all(article.text[each.start : each.end] == each.text for each in source.mentions)
        assert list(source.mentions) == sorted(source.mentions, key=lambda each: (each.start, each.end))
        assert not source.name.endswith(("'s", "’s"))


@pytest.mark.parametrize("scene", SCENES, ids=[scene["name"] for scene in SCENES])
def test_every_word_gets_an_answer(scene: Mapping[str, Any]) -> None:
    cast, parse = cast_of(scene)
    for sentence in parse.sentences:
        for word in sentence.words:
            found = cast.of((sentence.index, word.index))
            assert found.name
            assert 0 <= found.confidence <= 1


def test_ids_do_not_depend_on_what_was_asked_before() -> None:
    first, parse = cast_of(scene("anonymous"))
    second, _ = cast_of(scene("anonymous"))
    places = [(sentence.index, word.index) for sentence in parse.sentences for word in sentence.words]
    forwards = {at: first.of(at).source_id for at in places}
    backwards = {at: second.of(at).source_id for at in reversed(places)}
    assert forwards == backwards


def test_an_open_mention_names_its_rivals() -> None:
    cast, parse = cast_of(scene("namesakes"))
    found = cast.of(place_of("1.0", parse))
    assert not found.resolved
    assert {rival.span.text for rival in found.rivals if rival.span} == {"Tomas Brandt", "Iva Brandt"}


def test_an_outlet_tells_what_the_lexicon_knows_of_it() -> None:
    cast, _ = cast_of(scene("agency"))
    source = source_named(cast, "TASS")
    assert (source.canonical, source.country, source.ownership) == ("TASS", "RU", "state")
    assert [mention.form for mention in source.mentions] == ["name", "description"]


def test_sources_side_by_side() -> None:
    ana = "Ana/PROPN/NNP//6/nsubj Duarte/PROPN/NNP//1/flat"
    hugh = "and/CCONJ/CC//5/cc Hugh/PROPN/NNP//5/compound Hill/PROPN/NNP//1/conj"
    parse = f"{ana} {hugh} agreed/VERB/VBD/agree/0/root ./PUNCT/.//6/punct"
    words = {"parse": parse, "entities": ["PERSON Ana Duarte", "PERSON Hugh Hill"]}
    cast, _ = cast_of({**words, "asked": [{"word": "0.0 Ana"}]})
    assert [each.name for each in cast.beside((0, 0))] == ["Hugh Hill"]


def test_a_pronoun_in_a_quotation_is_not_its_speaker() -> None:
    cast, _ = cast_of(scene("first-person"))
    them = cast.of((0, 3))
    assert them.mention.form == "pronoun"
    assert them.name != "Ana Duarte"
