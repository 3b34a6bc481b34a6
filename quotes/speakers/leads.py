"""The title or role before a person's name, and where it begins."""

from __future__ import annotations

from quotes.records import Word
from quotes.speakers.vocabulary import LINKS, POSSESSIVE, Vocabulary

LONGEST_LEAD = 16  # words of title and role before a name
HONORIFICS = ("mr", "mrs", "ms", "miss", "mx")


def lead_in(words: tuple[Word, ...], first: int, vocabulary: Vocabulary) -> int:
    """The first word of the title or role before a name; the name's own first word where there is none."""
    role = first > 0 and _noun_of_role(words, first)
    start = at = first
    while at > 0 and first - at < LONGEST_LEAD:
        word = words[at - 1]
        low = word.text.lower()
        if word.upos in ("NOUN", "PROPN", "ADJ") or (word.upos == "VERB" and word.deprel == "amod"):
            role = role or vocabulary.is_role(low)
            start = at - 1
        elif not _links(words, at - 1, role, start < first, vocabulary):
            break
        at -= 1
    last = first - 2 if first > 1 and words[first - 1].text == "." else first - 1
    if role and start < first and words[last].text.lower().rstrip(".") in HONORIFICS:
        return last
    return start if role else first


def _noun_of_role(words: tuple[Word, ...], first: int) -> bool:
    """Whether the common noun right before a name says what the person is: "nominee Hillary Clinton"."""
    before = words[first - 1]
    tied = before.index in (words[first].head, first) or before.head in (first, words[first].head)
    return before.upos == "NOUN" and tied and before.xpos == "NN" and words[first].deprel != "nmod:poss"


def _links(words: tuple[Word, ...], at: int, role: bool, begun: bool, vocabulary: Vocabulary) -> bool:
    """Whether a small word inside a title ties what stands before it to what follows."""
    low = words[at].text.lower()
    before = words[at - 1].text.lower() if at else ""
    if low == ".":
        return before in vocabulary.titles and words[at - 1].end == words[at].start
    if low == "-":
        return bool(begun)
    if low in POSSESSIVE:
        return role and words[at].upos == "PART"
    if low in LINKS:
        return begun and vocabulary.is_role(before)
    if low == "the":
        return begun and before in LINKS and at > 1 and vocabulary.is_role(words[at - 2].text.lower())
    return low == "and" and begun and not role
