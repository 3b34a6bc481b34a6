"""Verbs as cues: what a verb's arguments, or the clause that it is put into, give as content and source."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from quotes import syntax
from quotes.attribute import cues, frames, hearers, restraint, sources
from quotes.attribute.proposal import Proposal, Range
from quotes.lexicon import CueEntry, Lexicon
from quotes.records import Article, Sentence, Word

LONGEST_HEARER = 14
LONGEST_SUBJECT = 12
STARTERS = frozenset(["DET", "PRON", "PROPN", "NOUN", "ADJ", "NUM"])
EMPTY = frozenset(["this", "that", "so", "it", "these", "those"])  # objects that point at a content elsewhere
TIGHT = frozenset(["as", "of", "for", "about", "to"])
GLOSSING = frozenset(["refer", "allude"])  # "…, referring to the flood" is the writer's own
FINITE_TAGS = ("VBD", "VBZ", "VBP", "MD")
MARKS = ("“", "”", '"', "''", "«", "»")
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
        doubts=tuple(restraint.doubts(sentence, verb, source, lexicon)),
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
            if not any(restraint.doubts(sentence, word.index, source, lexicon)):
                return source
    return None


def _is_apart(sentence: Sentence, verb: int, own: int) -> bool:
    """Whether the parser's subject stands beyond the comma before the noun phrase that is next to the verb."""
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
        yield "as-saying", one_statement(sentence, lexicon, _behind_agent(sentence, verb))
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
        told = sentence.subtree(heard) if heard is not None else []
        found = [at for clause in behind for at in sentence.subtree(clause) if at not in told]
        name = "passive-clause" if syntax.is_passive(sentence, verb) else "clause"
        yield name, one_statement(sentence, lexicon, _with_extensions(sentence, verb, found, behind))
    else:
        around = frames.around_verb(sentence, verb, source, lexicon)
        if around:
            yield "around", around
        elif clauses:
            yield "clause", [at for clause in clauses for at in sentence.subtree(clause)]
        else:
            yield "run-on", one_statement(sentence, lexicon, _run_on_clause(sentence, verb))
    if syntax.is_passive(sentence, verb):
        passive = _passive_content(sentence, verb)
        stated = one_statement(sentence, lexicon, passive)
        yield "passive", stated if stated and stated[-1] > verb else passive
        if not clauses:
            yield "passive-clause", _that_clause(sentence, verb, lexicon, strict=True)
    else:
        yield from _complements(sentence, verb, source, lexicon)


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


def _complements(
    sentence: Sentence, verb: int, source: int | None, lexicon: Lexicon
) -> Iterator[tuple[str, list[int]]]:
    """Objects, infinitives, prepositional phrases and loosely attached clauses behind a verb in the active voice."""
    objects = [
        at
        for at in syntax.children(sentence, verb, "obj")
        if at != source and at > verb and sentence.words[at].text.lower() not in EMPTY
    ]
    infinitives = [
        at
        for at in syntax.children(sentence, verb, "xcomp", "advcl")
        if at > verb and syntax.is_infinitive(sentence, at)
    ]
    gerund = next(
        (at for at in syntax.children(sentence, verb, "xcomp", "ccomp") if _is_gerund(sentence, verb, at)), None
    )
    if gerund is not None:
        yield "gerund", one_statement(sentence, lexicon, sentence.subtree(gerund))
    if infinitives:
        yield "infinitive", sentence.subtree(infinitives[0])
        if objects and objects[0] < infinitives[0]:
            yield "object-infinitive", sentence.subtree(objects[0]) + sentence.subtree(infinitives[0])
    participle = syntax.is_past_participle(sentence.words[verb]) and not syntax.is_finite(sentence, verb)
    told = [] if participle else _that_clause(sentence, verb, lexicon, strict=False)
    if told:
        yield "clause", told
    if objects:
        occasion = hearers.occasion(sentence, verb, objects[0], lexicon)
        own = [at for at in sentence.subtree(objects[0]) if at not in occasion]
        yield "object", one_statement(sentence, lexicon, own)
        extended = [at for at in _object_content(sentence, verb, objects[0]) if at not in occasion]
        if len(extended) > len(own):
            yield "object-more", one_statement(sentence, lexicon, extended)
    for at in syntax.children(sentence, verb, "obl", "advcl", "nmod"):
        if at > verb and _introducer(sentence, at) in lexicon.content_prepositions:
            yield "oblique", one_statement(sentence, lexicon, sentence.subtree(at))
            break
    for at in syntax.children(sentence, verb, "advcl", "xcomp", "parataxis", "obl"):
        if at > verb and (syntax.has_mark(sentence, at, "that", "whether") or _run_on(sentence, at)):
            yield "clause", sentence.subtree(at)
            break


def _is_gerund(sentence: Sentence, verb: int, at: int) -> bool:
    """Whether a complement is a gerund right behind the verb: "denied taking money"."""
    return at > verb and sentence.words[at].xpos == "VBG" and syntax.child(sentence, at, "mark", "nsubj") is None


def _that_clause(sentence: Sentence, verb: int, lexicon: Lexicon, *, strict: bool) -> list[int]:
    """A clause behind the verb that the parser hung on a noun between: "told a crowd in the square that …"."""
    heard = syntax.child(sentence, verb, "obj", "iobj")
    if heard is not None and heard > verb:
        for clause in syntax.children(sentence, heard, "acl:relcl", "ccomp"):
            words = sentence.subtree(clause)
            if words[0] == heard + 1 and sentence.words[words[0]].xpos not in ("WP", "WDT", "VBG", "VBN"):
                return one_statement(sentence, lexicon, words)
    own = set(sentence.subtree(verb))
    for word in sentence.words[verb + 1 :]:
        at = word.index
        if word.text.lower() == "that" and (word.deprel == "mark" or (at - verb > 1 and not strict)):
            rest = [each for each in range(at + 1, len(sentence.words)) if each in own or at not in own]
            return (
                one_statement(sentence, lexicon, rest) if any(syntax.is_finite(sentence, each) for each in rest) else []
            )
        if _ends_hearer(word) or at - verb > LONGEST_HEARER:
            return []
    return []


def _ends_hearer(word: Word) -> bool:
    """Whether no that-clause can follow a word: participles stand in "said in a statement carried by X that …"."""
    aside = word.deprel in ("acl", "amod") and word.xpos != "VBG"
    aside = aside or (word.deprel == "advcl" and syntax.is_past_participle(word))
    verbal = word.upos == "VERB" and not aside
    return verbal or word.upos == "SCONJ" or word.text in (";", ":")


def one_statement(sentence: Sentence, lexicon: Lexicon, words: list[int]) -> list[int]:
    """A clause's words up to where another statement begins: a semicolon, or ", adding that"."""
    words = sorted(words)
    inside = stated = False
    for at in words[1:]:
        word = sentence.words[at]
        stated = stated or word.xpos in FINITE_TAGS
        if word.text in MARKS:
            inside = word.text in "“«" or (word.text in ('"', "''") and not inside)
        if not inside and _parts(sentence, lexicon, at, stated):
            return [each for each in words if each < at]
    return words


def _parts(sentence: Sentence, lexicon: Lexicon, at: int, stated: bool) -> bool:
    """Whether a statement ends here. stated: whether a finite verb stood before."""
    text, behind = sentence.words[at].text, at + 1
    if text in MARKS and sentence.words[at - 1].text == ",":
        text = ","
    if text != "," or behind >= len(sentence.words):
        return text == ";"
    if sentence.words[behind].lemma.lower() in ("according", "accord"):
        return True
    resumes = stated and sentence.words[behind].xpos in FINITE_TAGS
    return resumes or _adds(sentence, lexicon, behind) or frames.closes(sentence, at, lexicon)


def _adds(sentence: Sentence, lexicon: Lexicon, at: int) -> bool:
    """Whether a participle stands here that the cue's source goes on with, or that only glosses: "referring to"."""
    if at >= len(sentence.words) or sentence.words[at].xpos != "VBG":
        return False
    entry = cues.entry_of(sentence, at, lexicon)
    following = sentence.words[at + 1].text.lower() if at + 1 < len(sentence.words) else ""
    if sentence.words[at].lemma.lower() in GLOSSING:
        return following == "to"
    if entry is None or "clause" not in entry.takes:
        return False
    return entry.act == "speech" or following == "that"


def _run_on_clause(sentence: Sentence, verb: int) -> list[int]:
    """A clause that follows a finite verb right away, wherever the parser hung it: "he said engineers had warned"."""
    start = verb + 1
    if (
        start < len(sentence.words)
        and sentence.words[start].upos == "PRON"
        and sentence.words[start].deprel in ("obj", "iobj")
    ):
        start += 1
    if not syntax.is_finite(sentence, verb) or start >= len(sentence.words):
        return []
    if sentence.words[start].upos not in STARTERS:
        return []
    for word in sentence.words[start + 1 : start + LONGEST_SUBJECT]:
        if syntax.is_punctuation(word):
            return []
        if word.xpos in FINITE_TAGS:
            return list(range(start, len(sentence.words)))
    return []


def _run_on(sentence: Sentence, index: int) -> bool:
    """Whether a clause that the parser set beside the verb may be its content: "he said the road was shut"."""
    word = sentence.words[index]
    return word.deprel == "parataxis" and syntax.is_finite(sentence, index)


def _introducer(sentence: Sentence, index: int) -> str:
    marks = [sentence.words[at].text.lower() for at in syntax.children(sentence, index, "case", "mark") if at < index]
    return marks[0] if marks else ""


def _with_extensions(sentence: Sentence, verb: int, found: list[int], clauses: list[int]) -> list[int]:
    """A content clause together with adverbial clauses and parts that the parser hung on the cue behind it."""
    last = max(found)
    extended = list(found)
    if min(clauses) < verb and max(clauses) < verb:
        return extended
    for at in sentence.dependents[verb]:
        word = sentence.words[at]
        if at > last and word.deprel in ("advcl", "parataxis", "obl", "conj") and at not in clauses:
            if word.deprel == "conj" and sentence.words[at].upos == "VERB":
                continue
            if word.deprel in ("advcl", "parataxis") and _separate(sentence, at, last):
                continue
            subtree = sentence.subtree(at)
            if subtree[0] > last and not any(
                syntax.is_punctuation(sentence.words[i]) for i in range(last + 1, subtree[0])
            ):
                extended += subtree
                last = max(extended)
    return extended


def _separate(sentence: Sentence, index: int, after: int) -> bool:
    """Whether an adverbial clause behind the content belongs to the cue: a participle after a comma."""
    first = min(sentence.subtree(index))
    comma = any(sentence.words[i].text == "," for i in range(after + 1, first + 1))
    return comma or (
        syntax.is_participle(sentence.words[index]) and syntax.child(sentence, index, "nsubj") is None and comma
    )


def _object_content(sentence: Sentence, verb: int, obj: int) -> list[int]:
    found = sentence.subtree(obj)
    last = max(found)
    for at in sentence.dependents[verb]:
        if at > last and sentence.words[at].deprel in ("obl", "xcomp", "advcl", "ccomp"):
            subtree = sentence.subtree(at)
            if subtree[0] == last + 1 and (sentence.words[at].deprel != "advcl" or _introducer(sentence, at) in TIGHT):
                found = found + subtree
                last = max(found)
    return found


def _passive_content(sentence: Sentence, verb: int) -> list[int]:
    """The subject and the infinitive of "X is said to …": both are what is reported."""
    subject = syntax.child(sentence, verb, "nsubj:pass", "nsubj")
    if subject is None:
        return []
    infinitive = [
        at
        for at in syntax.children(sentence, verb, "xcomp", "advcl")
        if at > verb and syntax.is_infinitive(sentence, at)
    ]
    if infinitive:
        return sentence.subtree(subject) + [at for top in infinitive for at in sentence.subtree(top)]
    as_clause = [
        at
        for at in syntax.children(sentence, verb, "advcl", "xcomp", "obl", "ccomp")
        if at > verb and (syntax.has_mark(sentence, at, "as", "of") or syntax.case(sentence, at) in ("as", "of"))
    ]
    if as_clause and sentence.words[subject].lemma.lower() != "it":
        return sentence.subtree(subject) + sentence.subtree(as_clause[0])
    return []
