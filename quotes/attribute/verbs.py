"""Verbs as cues: what a verb's arguments, or the clause that it is put into, give as content and source."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from quotes import syntax
from quotes.attribute import cues, extents, factuality, frames, hearers, sources
from quotes.attribute.proposal import Proposal, Range
from quotes.lexicon import CueEntry, Lexicon
from quotes.records import Article, Sentence, Word

HEARD = ("bare", "clause", "infinitive", "around")
AUXILIARIES = ("aux", "aux:pass", "compound:prt", "cop")
SPEECHLESS_FORMS = {"based", "according", "including", "following", "regarding", "concerning"}


def propose(article: Article, sentence: Sentence, lexicon: Lexicon) -> Iterator[Proposal]:
    """Proposals for every verb of a sentence that could report something."""
    for word in sentence.words:
        if _is_verb(word) or _is_disguised(sentence, word, lexicon):
            yield from _of_verb(article, sentence, word.index, lexicon)


def _is_verb(word: Word) -> bool:
    if word.text.lower() in SPEECHLESS_FORMS or word.deprel in ("amod", "case", "compound"):
        return False
    return word.upos == "VERB" or (word.xpos.startswith("VB") and word.upos == "AUX" and word.deprel not in AUXILIARIES)


def _is_disguised(sentence: Sentence, word: Word, lexicon: Lexicon) -> bool:
    """Whether a reporting verb was taken for a noun: "AFP reports that …", "…, police reports."."""
    if word.upos != "NOUN" or word.index in (0, len(sentence.words) - 1) or not word.text.endswith("s"):
        return False
    if cues.speech_entry(sentence, word.index, lexicon) is None:
        return False
    following = sentence.words[word.index + 1 :]
    if sentence.words[word.index - 1].upos == "PROPN" and following[0].text == ",":
        return sources.set_off(sentence, word.index)
    if sentence.words[word.index - 1].text == ",":
        return following[0].upos in ("PROPN", "DET") and frames.is_trailing_name(sentence, word.index + 1)
    if sentence.words[word.index - 1].upos not in ("PROPN", "NOUN", "PRON"):
        return False
    if following and following[0].text.lower() == "that":
        return True
    return sources.set_off(sentence, word.index) and all(syntax.is_punctuation(each) for each in following)


def _of_verb(article: Article, sentence: Sentence, verb: int, lexicon: Lexicon) -> Iterator[Proposal]:
    """One proposal for each way in which the verb's surroundings could be its content."""
    entry = cues.entry_of(sentence, verb, lexicon)
    source = _source(sentence, verb, entry, lexicon)
    cue = cue_words(sentence, verb)
    own = frozenset(cue)
    parties = [source, *syntax.beside(sentence, source)] if source is not None else []
    mention = frozenset(at for party in parties for at in sources.phrase(sentence, party, without=own))
    basis = Proposal(
        sentence=sentence.index,
        head=verb,
        cue=cue,
        pattern="bare",
        source=(sentence.index, source) if source is not None else None,
        entry=entry,
        doubts=tuple(factuality.doubts(sentence, verb, source, lexicon)),
    )
    seen: set[tuple[Range, ...]] = set()
    for pattern, content in _contents(sentence, verb, source, lexicon):
        if pattern in ("run-on", "gerund") and not _may_run_on(sentence, verb, entry):
            continue
        words = [at for at in content if at not in own and at not in mention]
        found = ranges(article, sentence, words)
        if (found and found not in seen) or pattern == "bare":
            seen.add(found)
            hearer = hearers.find(sentence, verb, content, lexicon) if pattern in HEARD else None
            place = (sentence.index, hearer) if hearer is not None else None
            yield attrs.evolve(basis, pattern=pattern, content=found, hearer=place)


def _may_run_on(sentence: Sentence, verb: int, entry: CueEntry | None) -> bool:
    if entry is None or entry.act != "speech" or "clause" not in entry.takes:
        return False
    return not entry.hearer or any(
        word.upos == "PRON" and word.deprel != "nmod:poss" for word in sentence.words[verb + 1 : verb + 2]
    )


def _source(sentence: Sentence, verb: int, entry: CueEntry | None, lexicon: Lexicon) -> int | None:
    """The verb's own arguments first; what stands beside a reporting verb before what a governor lends."""
    word = sentence.words[verb]
    quoting = sources.quoting_before(sentence, verb, lexicon) if word.xpos == "VBG" else None
    if quoting is not None:
        return sources.quoted_by(sentence, quoting)
    if word.xpos == "VBG" and _quotes_saying(sentence, word, lexicon) and sentence.words[word.head].upos == "VERB":
        return sources.quoted_by(sentence, word.head)
    speech = entry is not None and entry.act == "speech"
    speaks = speech and (syntax.is_finite(sentence, verb) or word.xpos == "VBN" or word.upos == "NOUN")
    own = syntax.child(sentence, verb, *syntax.SUBJECTS, *syntax.PASSIVE_SUBJECTS)
    if own is not None and own > verb + 1 and speaks:
        return sources.inverted(sentence, verb) or own
    if (
        (own is None or (sources.set_off(sentence, verb) and _is_apart(sentence, verb, own)))
        and speaks
        and not syntax.is_passive(sentence, verb)
    ):
        beside = sources.adjacent(sentence, verb)
        if beside is None:
            beside = sources.inverted(sentence, verb)
        if beside is not None:
            return beside
    if own is None and speech and word.xpos == "VBG" and verb > 0 and sentence.words[verb - 1].text == ",":
        speaker = _speaker_before(sentence, verb, lexicon)
        if speaker is not None:
            return speaker
    found = sources.of_verb(sentence, verb)
    return sources.as_subject(sentence, verb) if found is None and speaks else found


def _speaker_before(sentence: Sentence, verb: int, lexicon: Lexicon) -> int | None:
    """Whose words a participle of speech goes on with: "…, she said, adding that …"."""
    for word in reversed(sentence.words[:verb]):
        entry = cues.speech_entry(sentence, word.index, lexicon) if word.upos == "VERB" else None
        if entry is not None and syntax.is_finite(sentence, word.index):
            source = _source(sentence, word.index, entry, lexicon)
            if not any(factuality.doubts(sentence, word.index, source, lexicon)):
                return source
    return None


def _is_apart(sentence: Sentence, verb: int, own: int) -> bool:
    """Whether the parser's subject stands beyond the comma before the noun phrase that is next to the verb."""
    if own in sources.subject_run(sentence, verb):
        return False
    beside = sources.adjacent(sentence, verb)
    return (beside is not None and own < beside and sentence.words[beside].head != own) or _ends_soon(sentence, verb)


def _ends_soon(sentence: Sentence, verb: int) -> bool:
    """Whether the clause of a verb ends without a complement: "…, X said on Friday."."""
    for word in sentence.words[verb + 1 : verb + 9]:
        if syntax.is_punctuation(word):
            return True
        if word.upos in ("VERB", "SCONJ", "AUX"):
            return False
    return len(sentence.words) <= verb + 9


def ranges(article: Article, sentence: Sentence, words: list[int]) -> tuple[Range, ...]:
    trimmed = (syntax.trim(article.text, start, end) for start, end in syntax.runs(sentence, words))
    return tuple((start, end) for start, end in trimmed if any(c.isalnum() for c in article.text[start:end]))


def cue_words(sentence: Sentence, verb: int) -> tuple[int, ...]:
    """The verb with its auxiliaries and particle where nothing but adverbs stands between."""
    words = {verb}
    for at in sentence.dependents[verb]:
        word = sentence.words[at]
        if word.deprel in ("aux", "aux:pass", "compound:prt") or (
            word.deprel == "advmod" and word.lemma in ("not", "never")
        ):
            words.add(at)
    low = verb
    while low - 1 >= 0 and (
        low - 1 in words or (sentence.words[low - 1].deprel == "advmod" and any(w < low - 1 for w in words))
    ):
        low -= 1
    high = verb
    while high + 1 in words:
        high += 1
    return tuple(range(low, high + 1))


def _contents(sentence: Sentence, verb: int, source: int | None, lexicon: Lexicon) -> Iterator[tuple[str, list[int]]]:
    """The ways in which a verb's surroundings could be its content, each with its words."""
    yield "bare", []
    if _is_aside(sentence, verb):
        return
    if _is_as_saying(sentence, verb, lexicon):
        behind = hearers.past(sentence, verb, lexicon, _behind_agent(sentence, verb))
        yield "as-saying", extents.one_statement(sentence, lexicon, behind)
        return
    clauses = [
        at
        for at in syntax.children(sentence, verb, *hearers.CLAUSES)
        if at != source and not _is_frame(sentence, at, lexicon)
    ]
    medial = frames.around_verb(sentence, verb, source, lexicon) if frames.is_medial(sentence, verb, source) else []
    if medial:
        yield "around", medial
    elif any(at > verb for at in clauses):
        behind = [at for at in clauses if at > verb]
        heard = hearers.in_clause(sentence, verb, behind[0], lexicon)
        told = range(verb + 1, max(sentence.subtree(heard)) + 1) if heard is not None else ()
        first = extents.past_aside(sentence, verb, behind[0])
        found = [at for clause in behind for at in sentence.subtree(clause) if at not in told and at >= first]
        name = "passive-clause" if syntax.is_passive(sentence, verb) else "clause"
        yield name, extents.one_statement(sentence, lexicon, extents.with_extensions(sentence, verb, found, behind))
    else:
        around = frames.around_verb(sentence, verb, source, lexicon)
        if around:
            yield "around", around
        elif clauses:
            yield "clause", [at for clause in clauses for at in sentence.subtree(clause)]
        else:
            yield "run-on", extents.one_statement(sentence, lexicon, extents.run_on_clause(sentence, verb))
    if syntax.is_passive(sentence, verb):
        passive = extents.passive_content(sentence, verb)
        stated = extents.one_statement(sentence, lexicon, passive)
        yield "passive", stated if stated and stated[-1] > verb else passive
        if not clauses:
            yield "passive-clause", extents.that_clause(sentence, verb, lexicon, strict=True)
    else:
        yield from extents.complements(sentence, verb, source, lexicon)


def _is_aside(sentence: Sentence, verb: int) -> bool:
    """Whether a participle only tells who carried the noun before it: "said in a filing first reported by X that"."""
    before = verb - 1
    while before > 0 and sentence.words[before].upos == "ADV":
        before -= 1
    by = verb + 1 < len(sentence.words) and sentence.words[verb + 1].text.lower() == "by"
    participle = syntax.is_past_participle(sentence.words[verb]) and not syntax.is_finite(sentence, verb)
    return by and participle and before >= 0 and sentence.words[before].upos == "NOUN"


def _is_as_saying(sentence: Sentence, verb: int, lexicon: Lexicon) -> bool:
    """Whether a participle is what somebody is quoted in: "as saying", "as having said", "quoted X saying"."""
    before = [word.lemma.lower() for word in sentence.words[max(0, verb - 2) : verb]]
    word = sentence.words[verb]
    if word.xpos != "VBG":
        return before == ["as", "have"]
    return before[-1:] == ["as"] or _quotes_saying(sentence, word, lexicon)


def _behind_agent(sentence: Sentence, verb: int) -> list[int]:
    """The words behind "as saying", or behind "as saying by X": none where nothing but X follows."""
    first = verb + 1
    if first < len(sentence.words) and sentence.words[first].text.lower() == "by":
        agent = sentence.words[first].head
        first = max(sentence.subtree(agent), default=first) + 1 if agent > first else first
    return list(range(first, len(sentence.words)))


def _quotes_saying(sentence: Sentence, word: Word, lexicon: Lexicon) -> bool:
    """Whether a participle hangs from a verb of quoting, or from whom it quotes."""
    if word.lemma.lower() != "say" or word.head < 0 or sentence.words[word.index - 1].text == ",":
        return False
    governor = sentence.words[word.head]
    if governor.deprel == "obj" and word.deprel == "acl":
        governor = sentence.words[governor.head]
    return any(base in lexicon.quoting for base in syntax.bases(governor))


def _is_frame(sentence: Sentence, index: int, lexicon: Lexicon) -> bool:
    """Whether a clause is another frame that the parser took for a complement ("he said, according to X")."""
    first = next((at for at in sentence.subtree(index) if not syntax.is_punctuation(sentence.words[at])), index)
    if sentence.words[first].lemma.lower() in ("according", "accord"):
        comma = next((word.index for word in sentence.words[first:] if word.text == ","), len(sentence.words))
        return syntax.is_punctuation(sentence.words[first - 1]) or index < comma
    return first > 0 and sentence.words[first - 1].text == "," and frames.is_closing(sentence, first, lexicon)
