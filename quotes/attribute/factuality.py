"""What speaks against a speech act having taken place: negation, modality, refusal, questions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from quotes import syntax
from quotes.lexicon import Lexicon
from quotes.records import Sentence

LONGEST = 8  # words of a condition of anonymity


def doubts(sentence: Sentence, verb: int, source: int | None, lexicon: Lexicon) -> Iterator[str]:
    """What speaks against a speech act having happened: negation, modality, a governor that declined."""
    yield from _of_dependents(sentence, verb, source, lexicon)
    if source is not None:
        yield from _of_source(sentence, source, lexicon)
    yield from _of_governor(sentence, verb, lexicon)
    word = sentence.words[verb]
    before = [each.text.lower() for each in sentence.words[max(0, verb - 3) : verb]]
    if ("yet", "to") in pairwise(before):
        yield "declined"
    if " ".join(each.text.lower() for each in sentence.words[verb : verb + LONGEST]).startswith(_conditions(lexicon)):
        yield "declined"
    if word.xpos == "VB" and word.deprel == "root" and syntax.child(sentence, verb, "nsubj", "aux") is None:
        yield "imperative"


def _conditions(lexicon: Lexicon) -> tuple[str, ...]:
    """What is said of somebody who is not to be named: "asked not to be named" tells nothing else."""
    return tuple(lexicon.anonymity)


def _of_dependents(sentence: Sentence, verb: int, source: int | None, lexicon: Lexicon) -> Iterator[str]:
    """Negators, modals and conditions at the verb; what stands before its source belongs to another clause."""
    first = source if source is not None and source < verb else -1
    for at in sentence.dependents[verb]:
        word = sentence.words[at]
        text, lemma = word.text.lower(), word.lemma.lower()
        if word.deprel == "mark" and text in ("if", "unless", "whether"):
            yield "hypothetical"
        if word.deprel == "mark" and text == "without":
            yield "negated"
        if at < first:
            continue
        if word.deprel in ("advmod", "det", "neg", "cc:preconj") and {text, lemma} & lexicon.negators:
            yield "negated"
        if word.deprel == "aux" and {text, lemma} & lexicon.irrealis:
            yield "irrealis"
        if word.deprel == "aux" and lemma == "do" and at < verb and _inverted_auxiliary(sentence, at, verb):
            yield "asked"


def _of_governor(sentence: Sentence, verb: int, lexicon: Lexicon) -> Iterator[str]:
    """Infinitives and gerunds that did not happen: "declined to say", "hopes to tell"."""
    word = sentence.words[verb]
    infinitive = syntax.is_infinitive(sentence, verb)
    hangs = word.head >= 0 and word.deprel in ("xcomp", "advcl", "ccomp", "csubj", "acl", "conj")
    if not hangs or not (infinitive or word.xpos == "VBG"):
        return
    governor = sentence.words[word.head].lemma.lower()
    if governor in lexicon.decliners:
        yield "declined"
    elif infinitive and word.xpos == "VB" and governor not in lexicon.implicatives:
        yield "infinitive"


def _of_source(sentence: Sentence, source: int, lexicon: Lexicon) -> Iterator[str]:
    """Sources that are nobody: "nobody said", "no official said", "Who says …?"."""
    word = sentence.words[source]
    determiners = {sentence.words[at].lemma.lower() for at in syntax.children(sentence, source, "det")}
    if word.lemma.lower() in lexicon.nobodies or determiners & {"no", "neither"}:
        yield "negated"
    if word.lemma.lower() in ("who", "what") and source == 0 and sentence.words[-1].text.endswith("?"):
        yield "asked"


def _inverted_auxiliary(sentence: Sentence, auxiliary: int, verb: int) -> bool:
    subject = syntax.child(sentence, verb, *syntax.SUBJECTS)
    return subject is not None and auxiliary < subject < verb
