"""Cues that are no verbs: "according to" and its kin, nouns of speaking, adverbs of hearsay."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from quotes import syntax
from quotes.attribute import cues, frames, sources
from quotes.attribute.extents import one_statement
from quotes.attribute.proposal import Proposal
from quotes.attribute.verbs import ranges
from quotes.lexicon import CueEntry, Lexicon
from quotes.records import Article, Sentence

REPORTED = frozenset(["reported", "quoted", "cited", "published", "credited"])


@lru_cache(maxsize=4)
def _openers(phrases: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        parts = tuple(phrase.split())
        found.setdefault(parts[0], []).append(parts)
    return {first: sorted(each, key=len, reverse=True) for first, each in found.items()}


def propose(article: Article, sentence: Sentence, lexicon: Lexicon) -> Iterator[Proposal]:
    openers = _openers(tuple(lexicon.phrases))
    texts = [word.text.lower() for word in sentence.words]
    covered = -1
    for word in sentence.words:
        if word.index <= covered:
            continue
        for parts in openers.get(texts[word.index], ()):
            if tuple(texts[word.index : word.index + len(parts)]) == parts:
                proposal = _of_phrase(article, sentence, word.index, parts, lexicon)
                if proposal is not None:
                    yield proposal
                    covered = word.index + len(parts) - 1
                break
    for word in sentence.words:
        lemma = word.lemma.lower()
        if word.upos in ("NOUN", "PROPN") and lemma in lexicon.nouns:
            yield from _of_noun(article, sentence, word.index, lexicon)
        elif word.upos == "ADV" and lemma in lexicon.hedge_adverbs:
            yield from _of_hedge(article, sentence, word.index, lexicon)


def _of_phrase(
    article: Article, sentence: Sentence, start: int, parts: tuple[str, ...], lexicon: Lexicon
) -> Proposal | None:
    entry = lexicon.phrases[" ".join(parts)]
    last = start + len(parts) - 1
    head = _nominal_after(sentence, last)
    if entry.relation == "told" or head is None:
        return None
    named = next((word for word in sentence.words[last + 1 : head + 1] if word.upos in ("NOUN", "PROPN", "PRON")), None)
    told = {
        sentence.words[head].lemma.lower(),
        sentence.words[last + 1].lemma.lower(),
        named.lemma.lower() if named else "",
    }
    if told & lexicon.no_sources:
        return None
    if entry.relation in REPORTED and not _credits(sentence, start, parts, head, lexicon):
        return None
    mention = [at for at in sources.phrase(sentence, head) if at > last] or [head]
    if parts == ("per",) and not any(sentence.words[at].upos == "PROPN" for at in mention):
        return None
    end = _mention_end(sentence, mention)
    content = _outside(sentence, start, end, lexicon)
    return Proposal(
        sentence=sentence.index,
        head=start,
        cue=tuple(range(start, last + 1)),
        pattern=parts[0] + "-" + parts[-1] if len(parts) > 1 else parts[0],
        content=ranges(article, sentence, content),
        source=(sentence.index, head),
        entry=entry,
    )


def _credits(sentence: Sentence, start: int, parts: tuple[str, ...], head: int, lexicon: Lexicon) -> bool:
    """Whether a phrase such as "as reported by" or "via" is set off and names somebody who can have reported."""
    before = sentence.words[start - 1] if start else None
    if before is not None and not syntax.is_punctuation(before) and parts[0] != "as":
        return False
    if before is not None and (before.upos == "AUX" or _describes(sentence, start)):
        return False
    words = [sentence.words[at] for at in sources.phrase(sentence, head)]
    if parts[0] in ("via", "courtesy"):
        text = " ".join(word.text for word in words).lower()
        return text.removeprefix("the ") in lexicon.outlets or any(
            word.lemma.lower() in lexicon.media for word in words
        )
    return any(word.upos == "PROPN" or word.lemma.lower() in lexicon.media for word in words)


def _describes(sentence: Sentence, start: int) -> bool:
    """Whether a participle tells of the noun phrase that opens its sentence: "The report, published in X, says"."""
    before = sentence.words[:start]
    participle = sentence.words[start].xpos in ("VBN", "VBD")
    return participle and not any(syntax.is_finite(sentence, word.index) for word in before if word.upos != "DET")


def _nominal_after(sentence: Sentence, last: int) -> int | None:
    """The head of the noun phrase that a preposition at `last` introduces."""
    governor = sentence.words[last].head
    if governor > last and sentence.words[governor].upos in syntax.NOMINAL:
        return governor
    for word in sentence.words[last + 1 : last + 12]:
        if word.upos in ("NOUN", "PROPN", "PRON"):
            top = word.index
            while sentence.words[top].head > top and sentence.words[top].deprel in (
                "compound",
                "nmod:poss",
                "nmod:desc",
                "amod",
                "flat",
                "nmod",
            ):
                top = sentence.words[top].head
            return top
        if syntax.is_punctuation(word) and word.text not in ("“", '"', "‘", "'", "(", ")"):
            return None
    return None


def _mention_end(sentence: Sentence, mention: list[int]) -> int:
    """The mention's end, run on to the next comma or the sentence's end."""
    at = mention[-1]
    while at + 1 < len(sentence.words) and not syntax.is_punctuation(sentence.words[at + 1]):
        at += 1
    if at > mention[-1] and sentence.words[mention[-1]].index + 12 < at:
        return mention[-1]
    return at


def _outside(sentence: Sentence, start: int, end: int, lexicon: Lexicon) -> list[int]:
    """The content of a phrase: what follows it at the sentence's front, what stands around it elsewhere."""
    words = sentence.words
    front = all(syntax.is_punctuation(word) or word.upos in ("CCONJ", "ADV", "SCONJ") for word in words[:start])
    if front or _opens_clause(sentence, start, end, lexicon):
        return list(range(max(end + 1, frames.past(sentence, end + 1, lexicon)), len(words)))
    rest = list(range(end + 1, len(words)))
    goes_on = frames.continuation(sentence, end, lexicon)
    return [*range(start), *(goes_on if rest else [])]


def _opens_clause(sentence: Sentence, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a phrase stands at the front of what is reported: "She said that according to X, the dam held"."""
    words = sentence.words
    before = words[start - 1]
    said = before.text.lower() == "that" or (
        before.upos == "VERB" and cues.speech_entry(sentence, before.index, lexicon) is not None
    )
    return said and end + 2 < len(words) and words[end + 1].text == ","


def _of_noun(article: Article, sentence: Sentence, noun: int, lexicon: Lexicon) -> Iterator[Proposal]:
    entry = lexicon.nouns[sentence.words[noun].lemma.lower()]
    clauses = [
        at
        for at in syntax.children(sentence, noun, "acl", "ccomp", "acl:relcl", "advcl")
        if at > noun and (syntax.has_mark(sentence, at, "that", "whether") or _bare_infinitive(sentence, at, entry))
    ]
    governor = sentence.words[noun].head
    subject = sentence.words[noun].deprel in ("nsubj", "nsubj:outer") and governor >= 0
    if not clauses and subject and cues.speech_entry(sentence, governor, lexicon) is None:
        clauses = [
            at for at in syntax.children(sentence, governor, "ccomp", "xcomp") if syntax.has_mark(sentence, at, "that")
        ]
        if syntax.child(sentence, governor, "cop") is not None and syntax.has_mark(sentence, governor, "that"):
            clauses = [governor]
    pattern = "noun"
    obliques = []
    if not clauses:
        obliques = [
            at
            for at in syntax.children(sentence, noun, "nmod", "acl")
            if _introduces(sentence, at, entry) and at > noun
        ]
        pattern = "noun-of"
    source = _noun_source(sentence, noun, lexicon)
    words = [at for top in (clauses or obliques)[:1] for at in sentence.subtree(top) if at != noun]
    if not words:
        pattern, words = "noun", _that_behind(sentence, noun)
    if not words and source is None:
        return
    yield Proposal(
        sentence=sentence.index,
        head=noun,
        cue=(noun,),
        pattern=pattern,
        content=ranges(article, sentence, words),
        source=(sentence.index, source) if source is not None else None,
        entry=entry,
    )


def _that_behind(sentence: Sentence, noun: int) -> list[int]:
    """A that-clause that the parser hung elsewhere: "a warning from X that the cranes were unsafe"."""
    for word in sentence.words[noun + 1 : noun + 10]:
        if word.text.lower() == "that" and word.deprel == "mark" and word.head > word.index:
            return [at for at in sentence.subtree(word.head) if at > word.index]
        if word.upos in ("VERB", "PUNCT"):
            return []
    return []


def _introduces(sentence: Sentence, index: int, entry: CueEntry) -> bool:
    words = [sentence.words[at].text.lower() for at in syntax.children(sentence, index, "case", "mark") if at < index]
    return bool(words) and words[0] in entry.prepositions


def _bare_infinitive(sentence: Sentence, index: int, entry: CueEntry) -> bool:
    return "infinitive" in entry.takes and syntax.is_infinitive(sentence, index)


def _noun_source(sentence: Sentence, noun: int, lexicon: Lexicon) -> int | None:
    possessor = syntax.child(sentence, noun, "nmod:poss")
    if possessor is not None:
        return possessor
    for at in syntax.children(sentence, noun, "nmod"):
        if syntax.case(sentence, at) in ("from", "by"):
            return at
    governor = sentence.words[noun].head
    if (
        governor >= 0
        and sentence.words[noun].deprel in ("obj", "obl")
        and sentence.words[governor].lemma.lower() in lexicon.light_verbs
    ):
        return sources.of_verb(sentence, governor)
    return None


def _of_hedge(article: Article, sentence: Sentence, adverb: int, lexicon: Lexicon) -> Iterator[Proposal]:
    governor = sentence.words[adverb].head
    if governor < 0 or sentence.words[governor].upos not in ("VERB", "AUX", "ADJ", "NOUN"):
        return
    verbal = sentence.words[governor].upos in ("VERB", "AUX") or syntax.child(sentence, governor, "cop") is not None
    if not verbal or sentence.words[governor].deprel == "amod":
        return
    words = sentence.subtree(governor)
    if sentence.words[governor].deprel in ("acl", "acl:relcl") and sentence.words[governor].head >= 0:
        words = sentence.subtree(sentence.words[governor].head)
    if cues.speech_entry(sentence, governor, lexicon) is None:  # else all of what is said, and that it is said
        words = one_statement(sentence, lexicon, words)
    lead = {at for at in syntax.children(sentence, governor, "mark", "case", "punct") if at < adverb}
    yield Proposal(
        sentence=sentence.index,
        head=adverb,
        cue=(adverb,),
        pattern="hedge",
        content=ranges(article, sentence, [at for at in words if at != adverb and at not in lead]),
    )
