"""Tests of what is done between the tokenizer and the tagger: words and sentences that it split or joined wrongly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stanza.models.common.doc import Document

from quotes.parse import _mended


def document(*tokens: tuple[str, ...]) -> Any:
    """One sentence of tokens, each given by its words; a token is all of them together."""
    entries: list[dict[str, Any]] = []
    word = at = 0
    for words in tokens:
        text = "".join(words)
        number = word + 1 if len(words) == 1 else (word + 1, word + len(words))
        entries.append({"id": number, "text": text, "start_char": at, "end_char": at + len(text)})
        for part in words if len(words) > 1 else ():
            word += 1
            entries.append({"id": word, "text": part, "start_char": at, "end_char": at + len(part)})
            at += len(part)
        word += len(words) == 1
        at = entries[-1]["end_char"] + 1
    return Document([entries], text=" ".join("".join(words) for words in tokens))


def words_of(found: Any) -> list[str]:
    return [word.text for sentence in found.sentences for word in sentence.words]


def test_contractions_without_apostrophe_are_whole() -> None:
    found = _mended(document(("I", "va"), ("lost",), ("it", "s"), ("mast",)))
    assert words_of(found) == ["Iva", "lost", "its", "mast"]
    assert [token.id for token in found.iter_tokens()] == [(1,), (2,), (3,), (4,)]


def test_contractions_stay() -> None:
    given_one = document(("He",), ("can", "not"), ("stay",), ("they", "'re"), ("gon", "na"), ("go",))
    assert _mended(given_one) is given_one


def test_apostrophe_left_on_its_word() -> None:
    found = _mended(document(("The",), ("workers'",), ("union",), ("can", "not"), ("agree",)))
    assert words_of(found) == ["The", "workers", "'", "union", "can", "not", "agree"]
    spans = [(word.start_char, word.end_char) for word in found.sentences[0].words[1:3]]
    assert spans == [(4, 11), (11, 12)]


def test_a_letter_with_an_apostrophe_is_let_alone() -> None:
    given_one = document(("rock",), ("'n'",), ("o'",), ("clock",))
    assert _mended(given_one) is given_one


def sentences(*parts: str, between: str = " ") -> Any:
    """Sentences of words that stand between spaces."""
    entries, at = [], 0
    for part in parts:
        words = []
        for word in part.split():
            words.append({"id": len(words) + 1, "text": word, "start_char": at, "end_char": at + len(word)})
            at += len(word) + 1
        entries.append(words)
        at += len(between) - 1
    return Document(entries, text=between.join(parts))


@pytest.mark.parametrize("parts", [("spokesman Joris", "Hale resigned ."), ("Still ,", "Reuters", "reported it .")])
def test_sentence_that_ends_without_a_mark_goes_on(parts: tuple[str, ...]) -> None:
    found = _mended(sentences(*parts))
    assert [[word.text for word in each.words] for each in found.sentences] == [" ".join(parts).split()]
    assert [found.text[word.start_char : word.end_char] for word in found.sentences[0].words] == " ".join(parts).split()


@pytest.mark.parametrize(
    ("parts", "between"),
    [
        (("It rained .", "Joris Hale left ."), " "),
        (("Joris Hale left", "It rained ."), "\n\n"),
        (("SAVE A QUARTER", "It rained ."), " "),
        (("What he said :", "It rained ."), " "),
    ],
)
def test_twin_sentences_stay(parts: tuple[str, ...], between: str) -> None:
    given_two = sentences(*parts, between=between)
    assert _mended(given_two) is given_two


def test_no_sentence_grows_beyond_what_the_parser_can_bear() -> None:
    given_two = sentences("word " * 150, "word " * 150)
    assert len(_mended(given_two).sentences) == 2


@given(st.lists(st.sampled_from([("I", "va"), ("workers'",), ("can", "not"), ("go",), ("do", "n't")]), min_size=1))
def test_mending_keeps_every_character_and_numbers_in_order(tokens: list[tuple[str, ...]]) -> None:
    found = _mended(document(*tokens))
    assert [token.text for token in found.iter_tokens()] == ["".join(words) for words in tokens]
    assert [word.id for word in found.sentences[0].words] == list(range(1, len(words_of(found)) + 1))
