"""The lexicon's entry for a verb in its sentence."""

from __future__ import annotations

import attrs

from quotes import syntax
from quotes.lexicon import CueEntry, Lexicon
from quotes.records import Sentence

HEARING = "hear"


def entry_of(sentence: Sentence, index: int, lexicon: Lexicon) -> CueEntry | None:
    """The entry of a verb, with its particle where it has one ("point out"); None for a verb that is none of ours."""
    followers = [sentence.words[at].lemma.lower() for at in syntax.children(sentence, index, "compound:prt")]
    followers += [word.lemma.lower() for word in sentence.words[index + 1 : index + 2]]
    for base in syntax.bases(sentence.words[index]):
        for key in (*(f"{base} {follower}" for follower in followers), base):
            if key in lexicon.verbs:
                heard = key == HEARING and _is_heard_by_body(sentence, index, lexicon)
                return attrs.evolve(lexicon.verbs[key], act="speech") if heard else lexicon.verbs[key]
    return None


def _is_heard_by_body(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether the subject of a verb of hearing is a body that reports it: "the court heard"."""
    before = [at for at in (syntax.child(sentence, index, *syntax.SUBJECTS), index - 1) if at is not None and at >= 0]
    return any(sentence.words[at].lemma.lower() in lexicon.hearing_bodies for at in before)


def speech_entry(sentence: Sentence, index: int, lexicon: Lexicon) -> CueEntry | None:
    """The same, of verbs of speech alone."""
    entry = entry_of(sentence, index, lexicon)
    return entry if entry is not None and entry.act == "speech" else None
