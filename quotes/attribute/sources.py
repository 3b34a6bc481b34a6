"""Who stands at a cue: the source mention that a verb's arguments and its governors give."""

from __future__ import annotations

from quotes import syntax
from quotes.lexicon import Lexicon
from quotes.records import Sentence

RELATIVE_TAGS = frozenset(["WP", "WDT", "WP$"])
OUTSIDE = frozenset(["case", "mark", "cc", "discourse", "ccomp", "advcl", "punct"])
CLAUSE_PARTS = frozenset(["nsubj", "cop", "aux", "obl", "obj", "advmod"])
SHORT = 8  # words of a sentence that is no more than a frame: "asked Hugh Hill."
NOMINAL_PHRASE = frozenset(["NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM", "ADP", "PART"])


def of_verb(sentence: Sentence, verb: int, depth: int = 0) -> int | None:
    """The head word of whoever does what the verb says, or None where the sentence does not tell."""
    if depth > 6:
        return None
    subjects = syntax.children(sentence, verb, *syntax.SUBJECTS)
    if subjects:
        names = [at for at in subjects if at < verb and sentence.words[at].upos == "PROPN"]
        names = [at for at in names if sentence.words[at].lemma.lower() not in syntax.CALENDAR]
        return names[-1] if names else subjects[0]
    passive = syntax.is_passive(sentence, verb)
    agent = _agent(sentence, verb)
    if agent is not None:
        return agent
    if passive:
        return None
    word = sentence.words[verb]
    if word.head >= 0:
        return _from_governor(sentence, verb, depth)
    return None


def _agent(sentence: Sentence, verb: int) -> int | None:
    if not (syntax.is_passive(sentence, verb) or syntax.is_past_participle(sentence.words[verb])):
        return None
    for at in syntax.children(sentence, verb, "obl", "obl:agent", "nmod"):
        if syntax.case(sentence, at) == "by":
            return at
    return None


def quoting_before(sentence: Sentence, verb: int, lexicon: Lexicon) -> int | None:
    """The verb of quoting that "as saying" goes back to, where the parser hung it elsewhere."""
    if (
        not verb
        or sentence.words[verb - 1].text.lower() != "as"
        or _quotes(sentence, sentence.words[verb].head, lexicon)
    ):
        return None
    return next((at for at in range(verb - 2, -1, -1) if _quotes(sentence, at, lexicon)), None)


def _quotes(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    known = at >= 0 and any(base in lexicon.quoting for base in syntax.bases(sentence.words[at]))
    return known and sentence.words[at].upos == "VERB"


def quoted_by(sentence: Sentence, verb: int) -> int | None:
    """Whom a verb of quoting quotes: its object, or its subject in the passive."""
    if syntax.is_passive(sentence, verb):
        return syntax.child(sentence, verb, *syntax.PASSIVE_SUBJECTS, *syntax.SUBJECTS)
    return syntax.child(sentence, verb, "obj", "iobj")


def _from_governor(sentence: Sentence, verb: int, depth: int) -> int | None:
    """A verb without a subject of its own takes its governor's: conjunction, control, participles."""
    word = sentence.words[verb]
    governor = word.head
    participle = syntax.is_past_participle(word) and not syntax.is_finite(sentence, verb)
    if word.deprel == "advcl" and participle and not syntax.has_mark(sentence, verb, "as"):
        return None  # "Asked about it, she …": what was done to the governor's subject
    if word.deprel == "csubj" and sentence.words[governor].upos == "ADJ" and governor < verb:
        return of_verb(sentence, governor, depth + 1)  # "she was quick to add"
    if word.deprel in ("conj", "parataxis", "xcomp", "advcl", "ccomp", "dep") and sentence.words[governor].upos in (
        "VERB",
        "AUX",
        "ADJ",
        "NOUN",
    ):
        if word.deprel in ("parataxis", "ccomp") and syntax.is_finite(sentence, verb):
            return None
        if (
            word.deprel == "conj"
            and sentence.words[governor].upos == "NOUN"
            and syntax.child(sentence, governor, "nsubj") is None
        ):
            return None
        if syntax.is_passive(sentence, governor):
            return syntax.child(sentence, governor, *syntax.PASSIVE_SUBJECTS, *syntax.SUBJECTS)
        if word.deprel == "xcomp" or (word.deprel == "advcl" and syntax.has_mark(sentence, verb, "as")):
            controlled = syntax.child(sentence, governor, "obj", "iobj")
            if controlled is not None:
                return controlled
        return of_verb(sentence, governor, depth + 1)
    if word.deprel == "acl" and not syntax.is_infinitive(sentence, verb) and not syntax.is_past_participle(word):
        return governor
    return None


def _run_before(sentence: Sentence, end: int) -> range:
    """The words of nothing but noun phrases that stand right before a place."""
    start = end - 1
    while start >= 0 and _is_nominal(sentence, start):
        start -= 1
    return range(start + 1, end)


def _is_nominal(sentence: Sentence, at: int) -> bool:
    word = sentence.words[at]
    conjoins = word.text in ("and", "&") and at > 0 and sentence.words[at - 1].upos in ("NOUN", "PROPN")
    return word.upos in NOMINAL_PHRASE or conjoins or word.text in ("(", ")", "-", "’", "'", "/", ".")


def subject_run(sentence: Sentence, verb: int) -> range:
    """The noun phrase right before a verb and its auxiliaries, or before the apposition between commas there."""
    end = verb
    while end > 0 and sentence.words[end - 1].upos in ("ADV", "AUX"):
        end -= 1
    if end > 1 and sentence.words[end - 1].text == ",":
        apposition = _run_before(sentence, end - 1)
        if not apposition or apposition[0] == 0 or sentence.words[apposition[0] - 1].text != ",":
            return range(0)
        return _run_before(sentence, apposition[0] - 1)
    return _run_before(sentence, end)


def _names_somebody(sentence: Sentence, run: range) -> bool:
    if not run or sentence.words[run[0]].upos == "ADP" or any(sentence.words[at].xpos in RELATIVE_TAGS for at in run):
        return False
    nouns = [sentence.words[at] for at in run if sentence.words[at].upos in ("NOUN", "PROPN", "PRON")]
    return any(word.lemma.lower() not in syntax.CALENDAR for word in nouns)


def set_off(sentence: Sentence, verb: int) -> bool:
    """Whether a comma or mark stands before the noun phrase that stands before a verb."""
    run = subject_run(sentence, verb)
    if not _names_somebody(sentence, run) or run[0] == 0:
        return False
    return sentence.words[run[0] - 1].text[-1:] in ",”\"'’?!—–"


def adjacent(sentence: Sentence, verb: int) -> int | None:
    """The noun phrase between a comma or mark and the verb, whatever subject the parser gave the verb."""
    run = subject_run(sentence, verb)
    if not _names_somebody(sentence, run) or not _begins_clause(sentence, run[0]):
        return None
    nouns = [at for at in run if sentence.words[at].upos in ("NOUN", "PROPN", "PRON")]
    nouns = [at for at in nouns if sentence.words[at].lemma.lower() not in syntax.CALENDAR]
    tops = [at for at in nouns if sentence.words[at].head not in run]
    return (tops or nouns)[0]


def _begins_clause(sentence: Sentence, start: int) -> bool:
    """Whether a mark or "that" stands right before a place."""
    before = sentence.words[start - 1] if start else None
    return before is None or syntax.is_punctuation(before) or before.text.lower() == "that"


def as_subject(sentence: Sentence, verb: int) -> int | None:
    """The X of "as X said", which parsers take for a prepositional phrase."""
    for at in syntax.children(sentence, verb, "obl", "nmod"):
        if at < verb and syntax.case(sentence, at) == "as":
            return at
    return None


def inverted(sentence: Sentence, verb: int) -> int | None:
    """The noun phrase right behind a reporting verb that stands behind its content: “…,” said X."""
    before = verb - 1
    while before >= 0 and sentence.words[before].deprel in ("advmod", "aux"):
        before -= 1
    if before >= 0 and not syntax.is_punctuation(sentence.words[before]):
        return None
    opening = sentence.words[verb + 1 : verb + 9]
    if before < 0 and len(sentence.words) > SHORT and not any(word.text == ":" for word in opening):
        return None
    after = verb + 1
    if after >= len(sentence.words):
        return None
    for at in syntax.children(sentence, verb, "obj", "iobj", "obl", "ccomp", "xcomp", "appos", "parataxis", "conj"):
        words = sentence.subtree(at)
        if (
            words[0] == after
            and sentence.words[at].upos in ("PROPN", "NOUN", "PRON")
            and syntax.case(sentence, at) == ""
            and sentence.words[at].lemma not in syntax.TIMES
        ):
            return at
    nominal = sentence.words[after]
    while nominal.upos in ("DET", "ADJ", "ADV", "NUM") and nominal.index + 1 < len(sentence.words):
        nominal = sentence.words[nominal.index + 1]
    if nominal.upos not in ("PROPN", "NOUN", "PRON"):
        return None
    while nominal.head > nominal.index and nominal.deprel in ("compound", "nmod:poss", "nmod:desc", "amod", "flat"):
        nominal = sentence.words[nominal.head]
    return nominal.index if nominal.index > verb else None


def phrase(sentence: Sentence, head: int, *, without: frozenset[int] = frozenset()) -> list[int]:
    """The words of a mention: the noun phrase with titles, appositions and relative clauses, nothing of a clause above.

    without: words that belong to the cue or its content and are left out with all that hangs from them.
    """
    found: list[int] = []
    todo = [head]
    clausal = sentence.words[head].deprel in ("root", "ccomp", "parataxis", "conj", "advcl")
    while todo:
        at = todo.pop()
        if at in without:
            continue
        found.append(at)
        for dependent in sentence.dependents[at]:
            deprel = sentence.words[dependent].deprel
            if at == head and _stays_out(sentence, head, dependent, clausal):
                continue
            if (
                deprel in ("nmod", "obl", "nmod:unmarked")
                and sentence.words[dependent].lemma.lower() in syntax.CALENDAR
            ):
                continue
            todo.append(dependent)
    return _contiguous(sentence, sorted({*found, *_name_parts(sentence, head, without)}), head)


def occasions(sentence: Sentence, head: int, lexicon: Lexicon) -> frozenset[int]:
    """What a mention's head was given of the cue's: "said the ministry in a statement"."""
    around = syntax.children(sentence, head, "nmod")
    spoken = (at for at in around if at > head and sentence.words[at].lemma.lower() in lexicon.spoken_to)
    return frozenset(at for at in spoken if syntax.case(sentence, at) == "in")


def _stays_out(sentence: Sentence, head: int, dependent: int, clausal: bool) -> bool:
    """Whether what hangs from a mention's head belongs to the clause around it. clausal: whether the head heads one."""
    deprel = sentence.words[dependent].deprel
    if deprel.startswith("parataxis"):
        return not (dependent > head and _bracketed(sentence, dependent))
    return deprel in OUTSIDE or (clausal and deprel in CLAUSE_PARTS)


def _name_parts(sentence: Sentence, head: int, without: frozenset[int]) -> list[int]:
    """Parts of a name that the parser set beside its head rather than under it: "Ana" and "Duarte", both subjects."""
    if sentence.words[head].upos != "PROPN":
        return []
    found = []
    for step in (-1, 1):
        at = head + step
        while 0 <= at < len(sentence.words) and at not in without and _same_name(sentence, head, at):
            found.append(at)
            at += step
    return found


def _same_name(sentence: Sentence, head: int, at: int) -> bool:
    word, top = sentence.words[at], sentence.words[head]
    return word.upos == "PROPN" and word.head == top.head and word.deprel in (top.deprel, "nsubj", "obj", "flat")


def _bracketed(sentence: Sentence, index: int) -> bool:
    return index > 0 and sentence.words[index - 1].text == "("


def _contiguous(sentence: Sentence, words: list[int], head: int) -> list[int]:
    """The run of words around the head that only punctuation interrupts."""
    kept = [head]
    for at in reversed([each for each in words if each < head]):
        if all(syntax.is_punctuation(sentence.words[i]) for i in range(at + 1, kept[0])):
            kept.insert(0, at)
        else:
            break
    for at in [each for each in words if each > head]:
        if all(syntax.is_punctuation(sentence.words[i]) for i in range(kept[-1] + 1, at)):
            kept.append(at)
        else:
            break
    while (
        len(kept) > 1
        and syntax.is_punctuation(sentence.words[kept[-1]])
        and sentence.words[kept[-1]].text not in (")", ".")
    ):
        kept.pop()
    while len(kept) > 1 and syntax.is_punctuation(sentence.words[kept[0]]):
        kept.pop(0)
    return kept
