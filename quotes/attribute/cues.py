"""The lexicon's entry for a verb in its sentence."""

from __future__ import annotations

from quotes import syntax
from quotes.lexicon import CueEntry, Lexicon
from quotes.records import Sentence


def entry_of(sentence: Sentence, index: int, lexicon: Lexicon) -> CueEntry | None:
    """The entry of a verb, with its particle where it has one ("point out"); None for a verb that is none of ours."""
    followers = [sentence.words[at].lemma.lower() for at in syntax.children(sentence, index, "compound:prt")]
    followers += [word.lemma.lower() for word in sentence.words[index + 1 : index + 2]]
    for base in syntax.bases(sentence.words[index]):
        for key in (*(f"{base} {follower}" for follower in followers), base):
            if key in lexicon.verbs:
                return lexicon.verbs[key]
    return None


def speech_entry(sentence: Sentence, index: int, lexicon: Lexicon) -> CueEntry | None:
    """The same, of verbs of speech alone."""
    entry = entry_of(sentence, index, lexicon)
    return entry if entry is not None and entry.act == "speech" else None
