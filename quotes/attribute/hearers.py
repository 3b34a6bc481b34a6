"""Who is spoken to: the hearer among a verb's arguments, or in a clause that the parser pulled it into."""

from __future__ import annotations

from quotes import syntax
from quotes.attribute import cues
from quotes.lexicon import Lexicon
from quotes.records import Sentence

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
    for at in syntax.children(sentence, verb, "obl"):
        if syntax.case(sentence, at) in ("to", "with") and at not in content:
            return at
    return None


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
        spoken = sentence.words[at].lemma.lower() in lexicon.spoken_to and syntax.case(sentence, at) == "in"
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
