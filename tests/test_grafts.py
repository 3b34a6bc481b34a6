"""Branches that a parser hung beside their noun are put under it, and those that stand where they belong stay."""

from __future__ import annotations

import pytest
from small_trees import sentence_of

from quotes.grafts import graft
from quotes.records import Sentence

Row = tuple[str, str, int, str]  # form, part of speech, head, relation


def sentence(*rows: Row) -> Sentence:
    return sentence_of([(form, upos, "", head, deprel) for form, upos, head, deprel in rows])


def moved(*rows: Row) -> dict[str, tuple[str, str]]:
    """The words that were moved, each with its new head and relation."""
    before = sentence(*rows)
    after = graft(before)
    return {
        new.text: (after.words[new.head].text, new.deprel)
        for old, new in zip(before.words, after.words, strict=True)
        if (old.head, old.deprel) != (new.head, new.deprel)
    }


def test_title_in_front_hangs_from_the_name() -> None:
    found = moved(
        ("harbour", "NOUN", 1, "compound"),
        ("master", "NOUN", 4, "nsubj"),
        ("Ana", "PROPN", 4, "nsubj"),
        ("Duarte", "PROPN", 2, "flat"),
        ("resigned", "VERB", -1, "root"),
    )
    assert found == {"master": ("Ana", "nmod:desc")}


def test_name_behind_a_determined_noun_is_its_apposition() -> None:
    found = moved(
        ("The", "DET", 2, "det"),
        ("harbour", "NOUN", 2, "compound"),
        ("master", "NOUN", 4, "nsubj"),
        ("Ana", "PROPN", 4, "nsubj"),
        ("resigned", "VERB", -1, "root"),
    )
    assert found == {"Ana": ("master", "appos")}


@pytest.mark.parametrize(
    ("first", "found"),
    [("Ms.", {"Ms.": ("Duarte", "nmod:desc")}), ("Ana", {"Duarte": ("Ana", "flat")})],
)
def test_parts_of_a_name_are_one_name(first: str, found: dict[str, tuple[str, str]]) -> None:
    assert moved(("said", "VERB", -1, "root"), (first, "PROPN", 0, "nsubj"), ("Duarte", "PROPN", 0, "nsubj")) == found


def test_apposition_between_commas() -> None:
    found = moved(
        ("Duarte", "PROPN", 6, "nsubj"),
        (",", "PUNCT", 3, "punct"),
        ("the", "DET", 3, "det"),
        ("master", "NOUN", 6, "nsubj"),
        (",", "PUNCT", 0, "punct"),
        ("also", "ADV", 6, "advmod"),
        ("resigned", "VERB", -1, "root"),
    )
    assert found == {"master": ("Duarte", "appos")}


def test_twin_two_names_between_commas_stay() -> None:
    assert not moved(
        ("Duarte", "PROPN", 4, "nsubj"),
        (",", "PUNCT", 2, "punct"),
        ("Hill", "PROPN", 4, "nsubj"),
        (",", "PUNCT", 0, "punct"),
        ("resigned", "VERB", -1, "root"),
    )


@pytest.mark.parametrize("deprel", ["ccomp", "advcl", "parataxis"])
def test_relative_clause_behind_a_comma(deprel: str) -> None:
    found = moved(
        ("said", "VERB", -1, "root"),
        ("Duarte", "PROPN", 0, "nsubj"),
        (",", "PUNCT", 4, "punct"),
        ("who", "PRON", 4, "nsubj"),
        ("sailed", "VERB", 0, deprel),
    )
    assert found == {"sailed": ("Duarte", "acl:relcl")}


def test_relative_clause_that_a_possessive_opens() -> None:
    found = moved(
        ("Duarte", "PROPN", 6, "nsubj"),
        (",", "PUNCT", 0, "punct"),
        ("whose", "PRON", 3, "nmod:poss"),
        ("boat", "NOUN", 4, "nsubj"),
        ("sank", "VERB", 6, "ccomp"),
        (",", "PUNCT", 0, "punct"),
        ("resigned", "VERB", -1, "root"),
    )
    assert found == {"sank": ("Duarte", "acl:relcl")}


def test_twin_question_that_is_asked_stays() -> None:
    assert not moved(
        ("Duarte", "PROPN", 1, "nsubj"),
        ("asked", "VERB", -1, "root"),
        ("who", "PRON", 3, "nsubj"),
        ("sailed", "VERB", 1, "ccomp"),
    )


def test_twin_subjects_on_both_sides_of_a_verb_stay() -> None:
    assert not moved(("engineer", "NOUN", 1, "nsubj"), ("said", "VERB", -1, "root"), ("Ana", "PROPN", 1, "nsubj"))


def test_sentence_without_such_branches_is_itself() -> None:
    whole = sentence(("Duarte", "PROPN", 1, "nsubj"), ("resigned", "VERB", -1, "root"))
    assert graft(whole) is whole
