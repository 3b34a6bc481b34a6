"""Branches that a parser hung beside the noun that they belong to, put under it.

A verb has one subject. Where it was given two side by side, they are one noun phrase: a title and a name, a name and
its apposition. A clause that opens with "who" or "which" behind a noun's comma is about that noun, whatever it hangs
from. Relations are those of EWT and GUM.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import attrs

from quotes.records import Sentence, Word

SUBJECTS = frozenset(["nsubj", "nsubj:pass"])
NAMED = frozenset(["PROPN", "NOUN"])
RELATIVES = frozenset(["who", "which", "whose"])
MISTAKEN = frozenset(["ccomp", "advcl", "parataxis", "conj", "dep"])  # for a relative clause
ARTICLES = frozenset(["a", "an", "the"])
COMMA = ","

Graft = tuple[int, int, str]  # a word, its new head, its new relation


def graft(sentence: Sentence) -> Sentence:
    """The sentence with such branches moved; itself where there are none."""
    moved = {at: (head, deprel) for at, head, deprel in (*_doubled(sentence), *_relative(sentence))}
    if not moved:
        return sentence
    words = tuple(
        attrs.evolve(word, head=moved[word.index][0], deprel=moved[word.index][1]) if word.index in moved else word
        for word in sentence.words
    )
    return attrs.evolve(sentence, words=words)


def _doubled(sentence: Sentence) -> Iterator[Graft]:
    """Two subjects on one side of a verb, nothing between them, or a comma: one of them is the other's part."""
    for dependents in sentence.dependents:
        subjects = [sentence.words[at] for at in dependents if sentence.words[at].deprel in SUBJECTS]
        for one, other in pairwise(subjects):
            if one.deprel == other.deprel and (one.index < one.head) == (other.index < other.head):
                yield from _joined(sentence, one, other)


def _joined(sentence: Sentence, one: Word, other: Word) -> Iterator[Graft]:
    last, first = _without_commas(sentence, one.index)[-1], _without_commas(sentence, other.index)[0]
    if other.index == one.index + 1 == last + 1 and other.upos == "PROPN":
        if one.upos == "NOUN" and not _is_determined(sentence, one):
            yield one.index, other.index, "nmod:desc"
        elif one.upos == "NOUN":
            yield other.index, one.index, "appos"
        elif one.upos == "PROPN":
            titled = one.text.endswith(".")
            yield (one.index, other.index, "nmod:desc") if titled else (other.index, one.index, "flat")
    elif first == last + 2 and sentence.words[first - 1].text == COMMA and _is_apposition(sentence, one, other, first):
        yield other.index, one.index, "appos"


def _without_commas(sentence: Sentence, index: int) -> list[int]:
    """A word and all that hangs from it, without the commas around that."""
    return [at for at in sentence.subtree(index) if sentence.words[at].text != COMMA]


def _is_determined(sentence: Sentence, word: Word) -> bool:
    return any(sentence.words[at].deprel in ("det", "nmod:poss") for at in sentence.dependents[word.index])


def _is_apposition(sentence: Sentence, one: Word, other: Word, first: int) -> bool:
    """Whether a subject behind a comma describes the name before it, or names whom that describes."""
    if one.upos == "PROPN":
        return sentence.words[first].lemma.lower() in ARTICLES
    return one.upos in ("NOUN", "NUM") and other.upos == "PROPN" and other.index == first


def _relative(sentence: Sentence) -> Iterator[Graft]:
    """Clauses that open with a relative pronoun behind a comma, beside the noun that stands before it."""
    words = sentence.words
    for word in words[2:]:
        if word.text.lower() not in RELATIVES or words[word.index - 1].text != COMMA:
            continue
        clause = _clause_of(sentence, word.index)
        if clause is None or clause.deprel not in MISTAKEN:
            continue
        for at in sentence.dependents[clause.head]:
            if words[at].upos in NAMED and _without_commas(sentence, at)[-1] == word.index - 2:
                yield clause.index, at, "acl:relcl"


def _clause_of(sentence: Sentence, pronoun: int) -> Word | None:
    """The head of the clause that a pronoun opens."""
    word = sentence.words[pronoun]
    if word.deprel == "nmod:poss" and word.head >= 0:
        word = sentence.words[word.head]
    if word.head < 0 or word.deprel.split(":")[0] not in ("nsubj", "obj", "obl"):
        return None
    clause = sentence.words[word.head]
    return clause if clause.head >= 0 and _without_commas(sentence, clause.index)[0] == pronoun else None
