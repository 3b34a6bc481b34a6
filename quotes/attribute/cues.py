"""Cues in their sentence: the lexicon's entry for a verb, and the words that are shown as the cue."""

from __future__ import annotations

import attrs

from quotes import syntax
from quotes.attribute.proposal import Proposal
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


def in_full(sentence: Sentence, proposal: Proposal, lexicon: Lexicon) -> range:
    """The words of a cue with adverbs beside its verb ("also said", "said again") and the preposition that its content
    follows ("called for")."""
    first, last, verb = proposal.cue[0], proposal.cue[-1], proposal.head
    if sentence.words[verb].upos != "VERB" or not first <= verb <= last:
        return range(first, last + 1)
    while first > 0 and _is_adverb(sentence, first - 1, verb, lexicon):
        first -= 1
    if last == verb and last + 1 < len(sentence.words) and _is_adverb(sentence, last + 1, verb, lexicon):
        last += 1
    if last + 2 < len(sentence.words) and sentence.words[last + 1].upos == "ADP":
        last += any(_opens(sentence, last + 2, start) for start, _ in proposal.content)
    return range(first, last + 1)


def _is_adverb(sentence: Sentence, index: int, verb: int, lexicon: Lexicon) -> bool:
    """Whether a word is an adverb of the verb, and neither a question's nor one of hearsay, which is a cue itself."""
    word = sentence.words[index]
    if word.upos != "ADV" or word.deprel != "advmod" or word.head != verb or sentence.dependents[index]:
        return False
    return word.xpos != "WRB" and word.lemma.lower() not in lexicon.hedge_adverbs


def _opens(sentence: Sentence, index: int, start: int) -> bool:
    """Whether a content begins with a word, or with the one behind the mark that it is."""
    first = sentence.words[index]
    return start in [word.start for word in sentence.words[index : index + 1 + syntax.is_punctuation(first)]]
