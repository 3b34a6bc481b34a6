"""Who is spoken to: the hearer among a verb's arguments, or in a clause that the parser pulled it into."""

from __future__ import annotations

from collections.abc import Sequence

from quotes import syntax
from quotes.attribute import cues
from quotes.lexicon import Lexicon
from quotes.records import Sentence, Word

CLAUSES = ("ccomp", "csubj", "csubj:pass")
NOMINAL = frozenset(["ADJ", "DET", "NOUN", "NUM", "PART", "PRON", "PROPN"])
PARTIES = ("to", "with", "on")


def find(sentence: Sentence, verb: int, content: list[int], lexicon: Lexicon) -> int | None:
    """The head of whoever is spoken to; never a word of the content."""
    for at in syntax.children(sentence, verb, "iobj", "obj"):
        if at not in content:
            return at
    for at in syntax.children(sentence, verb, *CLAUSES):
        heard = in_clause(sentence, verb, at, lexicon) if at > verb else None
        if heard is not None and heard not in content:
            return heard
    named = named_behind(sentence, verb, lexicon)
    if named is not None and named not in content:
        return named
    for at in syntax.children(sentence, verb, "obl"):
        if syntax.case(sentence, at) in ("to", "with") and at not in content:
            return at
    return None


def named_behind(sentence: Sentence, verb: int, lexicon: Lexicon) -> int | None:
    """The head of a name right behind a verb that has a hearer, whatever the parser made of it: "told Coast FM"."""
    entry = cues.speech_entry(sentence, verb, lexicon)
    if entry is None or not entry.hearer:
        return None
    words = sentence.words
    first = verb + 2 if verb + 1 < len(words) and words[verb + 1].text.lower() == "the" else verb + 1
    last = first
    while last < len(words) and (_is_name(words[last]) or _joins_names(words, first, last)):
        last += 1
    names = [word for word in words[first:last] if _is_name(word) and word.lemma.lower() not in syntax.CALENDAR]
    if not names:
        return None
    tops = [word.index for word in names if not first <= word.head < last]
    if tops and last < len(words) and words[last].upos == "NOUN" and all(words[at].head == last for at in tops):
        return last  # "the BBC's Hearthside programme"
    return (tops or [names[-1].index])[-1]


def _is_name(word: Word) -> bool:
    return word.text[:1].isupper() and word.upos in ("PROPN", "ADJ", "NOUN")


def _joins_names(words: Sequence[Word], first: int, at: int) -> bool:
    """Whether a word stands between two parts of a name: a possessive, a mark behind it, "of"."""
    if at == first or at + 1 >= len(words):
        return False
    if words[at].xpos == "POS" or words[at].text.lower() in ("of", "the"):
        return _is_name(words[at + 1]) or words[at + 1].upos == "PUNCT" or words[at + 1].text.lower() == "the"
    return words[at].upos == "PUNCT" and words[at - 1].xpos == "POS" and _is_name(words[at + 1])


def in_clause(sentence: Sentence, verb: int, clause: int, lexicon: Lexicon) -> int | None:
    """Who is told a clause without "that", of which the parser made a second subject: "told the crew the ship …"."""
    entry = cues.speech_entry(sentence, verb, lexicon)
    if entry is None or not entry.hearer or syntax.child(sentence, verb, "obj", "iobj") is not None:
        return None
    first, *more = syntax.children(sentence, clause, *syntax.SUBJECTS, *syntax.PASSIVE_SUBJECTS) or [-1]
    if not more or not verb < first < more[0]:
        return None
    between = sentence.words[verb + 1 : more[0] + 1]
    side_by_side = all(word.upos in NOMINAL or word.deprel in ("amod", "compound", "flat") for word in between)
    return first if side_by_side else None


def occasion(sentence: Sentence, verb: int, thing: int, lexicon: Lexicon) -> list[int]:
    """The words behind a verb's object that tell to whom it was said: "denied the charges in comments to X"."""
    for at in (*sentence.subtree(thing), *syntax.children(sentence, verb, "obl")):
        spoken = sentence.words[at].lemma.lower() in lexicon.spoken_to and syntax.case(sentence, at) in ("in", "during")
        heard = any(syntax.case(sentence, to) in PARTIES for to in syntax.children(sentence, at, "nmod"))
        if at > thing and spoken and heard:
            return sentence.subtree(at)
    return []


def past(sentence: Sentence, verb: int, lexicon: Lexicon, words: list[int]) -> list[int]:
    """The words behind whoever is told them: "as telling the envoys that …"; all of them where nobody is."""
    entry = cues.speech_entry(sentence, verb, lexicon)
    heard = syntax.child(sentence, verb, "obj", "iobj") if entry is not None and entry.hearer else None
    last = max(sentence.subtree(heard)) if heard is not None else verb
    that = next((at for at in words if sentence.words[at].text.lower() == "that"), last + 1)
    return [at for at in words if at > min(last, that)] if heard is not None else words
