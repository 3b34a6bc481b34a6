"""Questions that the rules ask of a dependency tree (Universal Dependencies)."""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from quotes.records import Sentence, Word

SUBJECTS = ("nsubj", "nsubj:outer")
PASSIVE_SUBJECTS = ("nsubj:pass",)
NOMINAL = frozenset(["NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ", "SYM", "X"])
CALENDAR = frozenset(name.lower() for name in (*calendar.day_name, *calendar.month_name) if name)
TIMES = frozenset(["day", "week", "month", "year", "morning", "afternoon", "evening", "night"])
ENDINGS = (("ies", ("y",)), ("ied", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ed", ("", "e")), ("ing", ("", "e")))
LOOSE = " \t\r\n\u00a0,;:.–—-"


def child(sentence: Sentence, index: int, *deprels: str) -> int | None:
    """The first dependent with one of these relations."""
    for at in sentence.dependents[index]:
        if sentence.words[at].deprel in deprels:
            return at
    return None


def children(sentence: Sentence, index: int, *deprels: str) -> list[int]:
    return [at for at in sentence.dependents[index] if sentence.words[at].deprel in deprels]


def beside(sentence: Sentence, head: int) -> list[int]:
    """The heads that stand side by side with a mention's: under it, under a part of its name, or, where it was taken
    for one of several things before it, behind it among these."""
    found = [at for part in (head, *_flat(sentence, head)) for at in children(sentence, part, "conj")]
    word = sentence.words[head]
    if word.deprel == "conj" and word.head < head:
        found += [at for at in children(sentence, word.head, "conj") if at > head]
    around = [*sentence.dependents[head], *(sentence.dependents[word.head] if word.head >= 0 else ())]
    return found + [at for at in around if _is_included(sentence, at, head)]


def _is_included(sentence: Sentence, index: int, head: int) -> bool:
    """Whether a word is named right behind a head as one of its kind: "newspapers, including the Tribune"."""
    if index <= head or case(sentence, index) != "including":
        return False
    first = sentence.subtree(index)[0]
    return all(is_punctuation(word) for word in sentence.words[head + 1 : first])


def _flat(sentence: Sentence, head: int) -> list[int]:
    parts = children(sentence, head, "flat")
    return parts + [at for part in parts for at in _flat(sentence, part)]


def case(sentence: Sentence, index: int) -> str:
    """The preposition of a nominal ("in", "according to"), in lower case; empty where it has none."""
    return " ".join(
        sentence.words[at].text.lower()
        for at in sentence.dependents[index]
        if sentence.words[at].deprel == "case" and at < index
    )


def has_mark(sentence: Sentence, index: int, *lemmas: str) -> bool:
    return any(
        sentence.words[at].deprel == "mark" and sentence.words[at].lemma.lower() in lemmas
        for at in sentence.dependents[index]
    )


def is_infinitive(sentence: Sentence, index: int) -> bool:
    return has_mark(sentence, index, "to")


def is_participle(word: Word) -> bool:
    return word.xpos == "VBG" or "VerbForm=Part" in word.feats or "VerbForm=Ger" in word.feats


def is_past_participle(word: Word) -> bool:
    return word.xpos == "VBN"


def is_finite(sentence: Sentence, index: int) -> bool:
    """Whether a clause's head, or an auxiliary or copula of it, is finite."""
    word = sentence.words[index]
    if "VerbForm=Fin" in word.feats or word.xpos in ("VBD", "VBZ", "VBP", "MD"):
        return True
    return any(
        sentence.words[at].deprel in ("aux", "aux:pass", "cop")
        and (sentence.words[at].xpos in ("VBD", "VBZ", "VBP", "MD") or "VerbForm=Fin" in sentence.words[at].feats)
        for at in sentence.dependents[index]
    )


def is_passive(sentence: Sentence, index: int) -> bool:
    return any(sentence.words[at].deprel in ("aux:pass", "nsubj:pass") for at in sentence.dependents[index])


def is_time(word: Word) -> bool:
    """Whether a noun is one for a day, a month or another time."""
    return word.lemma.lower() in CALENDAR or word.lemma.lower() in TIMES


def is_punctuation(word: Word) -> bool:
    return word.upos == "PUNCT" or _is_bare(word.text)


@lru_cache(maxsize=20_000)
def _is_bare(text: str) -> bool:
    return not any(char.isalnum() for char in text)


def runs(sentence: Sentence, indices: Iterable[int]) -> list[tuple[int, int]]:
    """Code point ranges of words, joined where nothing but punctuation lies between."""
    found: list[list[int]] = []
    last = -2
    for index in sorted(indices):
        word = sentence.words[index]
        if is_punctuation(word) and not found:
            continue
        between = sentence.words[last + 1 : index]
        if found and all(is_punctuation(each) for each in between):
            found[-1][1] = max(found[-1][1], word.end)
        elif not is_punctuation(word):
            found.append([word.start, word.end])
        else:
            continue
        last = index
    return [(start, end) for start, end in found]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A range bare of white space, commas and stops, surrounding marks and a leading "that" within a sentence."""
    changed = True
    while changed and start < end:
        before = (start, end)
        while start < end and (text[start] in LOOSE or unicodedata.category(text[start]) == "Cf"):
            start += 1
        while start < end and text[end - 1] in LOOSE and not _abbreviation(text, start, end):
            end -= 1
        start, end = _unwrap(text, start, end)
        if text.startswith(("that ", "that,"), start) and end - start > 5:  # "That" opens a sentence of its own
            start += 5
        changed = (start, end) != before
    return start, end


def _abbreviation(text: str, start: int, end: int) -> bool:
    """Whether the final stop belongs to "U.S." or "Inc."-like short forms with an inner stop."""
    word = text[max(start, end - 12) : end].split()[-1:] or [""]
    return text[end - 1] == "." and word[0].count(".") > 1 and len(word[0]) <= 6


def _unwrap(text: str, start: int, end: int) -> tuple[int, int]:
    """Takes away marks that open without closing inside the range, or close without opening."""
    if start >= end:
        return start, end
    inner = text[start:end]
    first, last = inner[0], inner[-1]
    if first in "“«„‹" and last in "”»“›" and _balanced_inside(inner, first, last):
        return start + 1, end - 1
    if first in '“«„‹"' and _lonely(inner, first):
        return start + 1, end
    if last in '”»›"' and _lonely(inner, last):
        return start, end - 1
    if first == last == '"' and inner.count('"') == 2:
        return start + 1, end - 1
    if inner.startswith("''") or inner.startswith("``"):
        return start + 2, end
    if inner.endswith("''") and inner.count("''") + inner.count("``") == 1:
        return start, end - 2
    if first in "‘'" and last in "’'" and len(inner) > 2 and not any(m in inner[1:-1] for m in "‘"):
        return start + 1, end - 1
    return start, end


PARTNER = {"“": "”", "«": "»", "„": "“”", "‹": "›", '"': '"', "”": "“„", "»": "«", "›": "‹"}


def _lonely(inner: str, mark: str) -> bool:
    if mark == '"':
        return inner.count('"') % 2 == 1
    return not any(partner in inner for partner in PARTNER[mark]) and inner.count(mark) == 1


def _balanced_inside(inner: str, first: str, last: str) -> bool:
    return inner.count(first) == 1 and inner.count(last) == 1


def bases(word: Word) -> tuple[str, ...]:
    """The lemma that the models give, then what the word's regular endings leave: they know few rare verbs."""
    return _bases(word.text.lower(), word.lemma.lower())


@lru_cache(maxsize=20_000)
def _bases(text: str, lemma: str) -> tuple[str, ...]:
    found = [lemma]
    for ending, replacements in ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            stem = text.removesuffix(ending)
            found += [stem + each for each in replacements]
            if ending in ("ed", "ing") and stem[-1] == stem[-2]:
                found.append(stem[:-1])
    return tuple(found)
