"""Branches that a parser hung where the grammar has no place for them, put where it has one.

A verb has one subject: where it was given two side by side, they are a title and a name, or a name and its
apposition. A relative clause behind a comma is about the noun before it. What "that" and a subject open behind a name
is about no name, but what the verb above says. Of a noun and the name that it introduces, the name is the head.
Relations are those of EWT and GUM.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import attrs

from quotes import syntax
from quotes.records import Sentence, Word

SUBJECTS = frozenset([*syntax.SUBJECTS, *syntax.PASSIVE_SUBJECTS])
OBJECTS = frozenset(["obj", "iobj"])
NAMED = frozenset(["PROPN", "NOUN"])
RELATIVES = frozenset(["who", "which", "whose"])
MISTAKEN = frozenset(["ccomp", "advcl", "parataxis", "conj", "dep"])  # for a relative clause
FINITE = frozenset(["VBD", "VBP", "VBZ"])
NOUN_CLAUSES = frozenset(["acl", "acl:relcl"])
ARTICLES = frozenset(["a", "an", "the"])
OWN_PARTS = frozenset(["amod", "compound", "nmod", "nmod:poss", "nummod"])  # what a noun keeps when a name heads it
CITING = frozenset(["citing", "quoting"])
COMMA = ","

Graft = tuple[int, int, str]  # a word, its new head, its new relation


def graft(sentence: Sentence) -> Sentence:
    """The sentence with such branches moved; itself where there are none."""
    for rule in RULES:
        moved = {at: (head, deprel) for at, head, deprel in rule(sentence)}
        if moved and _stays_tree(sentence, moved):
            words = (_moved(word, *moved[word.index]) if word.index in moved else word for word in sentence.words)
            sentence = attrs.evolve(sentence, words=tuple(words))
    return sentence


def _stays_tree(sentence: Sentence, moved: Mapping[int, tuple[int, str]]) -> bool:
    """Whether from every moved word the heads lead to the root: what two grafts do together neither can see."""
    for at in moved:
        steps = 0
        while at >= 0 and steps <= len(sentence.words):
            at = moved[at][0] if at in moved else sentence.words[at].head
            steps += 1
        if at >= 0:
            return False
    return True


def _moved(word: Word, head: int, deprel: str) -> Word:
    return attrs.evolve(word, head=head, deprel=deprel)


def _fixed(sentence: Sentence) -> Iterator[Graft]:
    """Determiners taken for a part of "according to" before them."""
    for word in sentence.words[2:]:
        if word.deprel != "fixed" or word.xpos not in ("DT", "PRP$") or sentence.words[word.index - 1].text != "to":
            continue
        preposition = sentence.words[word.head]
        if preposition.deprel == "case" and preposition.head > word.index:
            yield word.index, preposition.head, "det" if word.xpos == "DT" else "nmod:poss"


def _introduced(sentence: Sentence) -> Iterator[Graft]:
    """A common noun that heads the name it introduces: "agency head Nam Ji-hoon"."""
    words = sentence.words
    for noun in words:
        dependents = sentence.dependents[noun.index]
        names = [at for at in dependents if words[at].deprel == "flat" and words[at].text.istitle() and at > noun.index]
        if noun.upos != "NOUN" or not names or names[0] != noun.index + 1 or noun.deprel == "flat":
            continue
        yield noun.index, names[0], "nmod:desc"
        yield names[0], noun.head, noun.deprel
        for at in dependents:
            if at != names[0] and not (at < noun.index and words[at].deprel in OWN_PARTS):
                yield at, names[0], words[at].deprel


def _according(sentence: Sentence) -> Iterator[Graft]:
    """ "According to" taken for a verb above what it is about: "X said it would rain, according to Y"."""
    for word in sentence.words:
        if word.text.lower() != "according" or word.deprel in ("case", "fixed"):
            continue
        clause = syntax.child(sentence, word.index, "ccomp", "advcl", "xcomp")
        behind = sentence.words[word.index + 2 :]
        end = next((each.index for each in behind if syntax.is_punctuation(each)), len(sentence.words))
        named = [each.index for each in behind if each.index < end and not word.index + 1 < each.head < end]
        if clause is not None and clause < word.index and named:
            yield clause, word.head, word.deprel
            yield named[0], clause, "obl"
            yield word.index, named[0], "case"


def _opening(sentence: Sentence) -> Iterator[Graft]:
    """The participle that a sentence opens with, hung above the clause that it opens: "Speaking in Brell, X said …,
    Y reported": it is X who spoke in Brell."""
    first = sentence.words[0]
    if first.xpos != "VBG" or first.deprel != "advcl" or first.head < 0:
        return
    own = sentence.subtree(0)
    behind = next((at for at, word in enumerate(own) if at != word), len(own))  # where its own words first break off
    for clause in syntax.children(sentence, first.head, "ccomp"):
        if clause < first.head and _without_commas(sentence, clause)[0] in (behind, behind + 1):
            yield 0, clause, "advcl"


def _past_citing(sentence: Sentence) -> Iterator[Graft]:
    """The clause that a verb reports, hung into an aside before it: "reported, citing a letter, that …"."""
    for word in sentence.words:
        if word.text.lower() not in CITING or word.deprel != "advcl" or word.head > word.index:
            continue
        if syntax.child(sentence, word.head, "ccomp") is not None:
            continue
        for at in sentence.subtree(word.index):
            that = next((m for m in syntax.children(sentence, at, "mark") if sentence.words[m].text == "that"), 0)
            if that and sentence.words[that - 1].text == COMMA:
                yield at, word.head, "ccomp"
                break


def _indirect(sentence: Sentence) -> Iterator[Graft]:
    """A verb's only object taken for an indirect one where no clause is told: "urged residents to boil it"."""
    for word in sentence.words:
        if word.deprel == "iobj" and syntax.child(sentence, word.head, "obj", "ccomp") is None:
            yield word.index, word.head, "obj"


def _and_another(sentence: Sentence) -> Iterator[Graft]:
    """Of two subjects or objects with "and" between, the second: it is the first's conjunct."""
    for dependents in sentence.dependents:
        arguments = [at for at in dependents if sentence.words[at].deprel in SUBJECTS | OBJECTS]
        for one, other in pairwise(arguments):
            alike = sentence.words[one].deprel == sentence.words[other].deprel in SUBJECTS | OBJECTS
            between = max(sentence.subtree(one)) + 1 if alike else 0
            if not 0 < between < other or sentence.words[between].deprel != "cc":
                continue
            if between + 1 == min(at for at in sentence.subtree(other) if at > between):
                yield other, one, "conj"
                yield between, other, "cc"


def _doubled(sentence: Sentence) -> Iterator[Graft]:
    """Two subjects on one side of a verb, nothing between them, or a comma: one of them is the other's part."""
    for one, other in _subject_pairs(sentence):
        if (one.index < one.head) == (other.index < other.head):
            yield from _joined(sentence, one, other)


def _subject_pairs(sentence: Sentence) -> Iterator[tuple[Word, Word]]:
    for dependents in sentence.dependents:
        found = [sentence.words[at] for at in dependents if sentence.words[at].deprel in SUBJECTS]
        subjects = [word for word in found if word.lemma.lower() not in syntax.CALENDAR]
        yield from ((one, other) for one, other in pairwise(subjects) if one.deprel == other.deprel)


def _behind_frame(sentence: Sentence) -> Iterator[Graft]:
    """What stands right behind the frame of words before it, hung into these: "The pier is shut, she said of it in
    an interview"; behind a comma only what no clause goes on with, a bare noun phrase."""
    words = sentence.words
    for clause in words:
        verb = words[clause.head]
        if clause.deprel != "ccomp" or not 0 <= clause.index < clause.head or verb.upos != "VERB":
            continue
        told = set(sentence.subtree(clause.index))
        subjects = [at for at in sentence.dependents[verb.index] if words[at].deprel in SUBJECTS and at > verb.index]
        end = max((max(_without_commas(sentence, at)) for at in subjects), default=verb.index)
        for word in words[end + 1 :]:
            if word.index not in told or word.head not in told or word.head > verb.index or syntax.is_punctuation(word):
                continue
            first = _without_commas(sentence, word.index)[0]
            if any(syntax.is_punctuation(each) for each in words[end + 1 : first]):
                if word.deprel == "obj" and words[first].text.lower() in ARTICLES:
                    yield word.index, verb.index, "obl:unmarked"
            elif word.deprel in ("obl", "obl:unmarked", "nmod", "advmod", "obj") and first > end:
                yield word.index, verb.index, "advmod" if word.deprel == "advmod" else "obl"


def _joined(sentence: Sentence, one: Word, other: Word) -> Iterator[Graft]:
    last, first = _without_commas(sentence, one.index)[-1], _without_commas(sentence, other.index)[0]
    beside = other.index == last + 1 and not syntax.is_punctuation(sentence.words[last])
    if beside and other.upos == "PROPN" and one.upos in NAMED:
        if _is_determined(sentence, one):
            if last == one.index:
                yield other.index, one.index, "appos"
        elif one.upos == "NOUN" or last > one.index or one.text.endswith("."):
            yield one.index, other.index, "nmod:desc"
        else:
            yield other.index, one.index, "flat"
    elif first == last + 2 and sentence.words[first - 1].text == COMMA and _is_apposition(sentence, one, other, first):
        yield other.index, one.index, "appos"


def _without_commas(sentence: Sentence, index: int) -> list[int]:
    """A word and all that hangs from it, without the commas around that."""
    return [at for at in sentence.subtree(index) if sentence.words[at].text != COMMA]


def _is_determined(sentence: Sentence, word: Word) -> bool:
    return any(sentence.words[at].deprel in ("det", "nmod:poss") for at in sentence.dependents[word.index])


def _is_apposition(sentence: Sentence, one: Word, other: Word, first: int) -> bool:
    """Whether a subject behind a comma describes the name before it, or names whom that describes."""
    if one.upos == "PROPN":
        return sentence.words[first].lemma.lower() in ARTICLES
    return one.upos in ("NOUN", "NUM") and other.upos == "PROPN" and other.index == first


def _coordinated(sentence: Sentence) -> Iterator[Graft]:
    """Of two subjects with "and" between, a first that was taken for a part of what stands before."""
    words = sentence.words
    for conjunction in words[1:]:
        one, other = words[conjunction.index - 1], words[conjunction.head]
        while other.deprel in ("compound", "amod") and other.head >= 0:
            other = words[other.head]
        if conjunction.deprel != "cc" or other.deprel not in SUBJECTS or other.index < conjunction.index:
            continue
        if one.deprel == "conj" and one.upos in NAMED and sentence.subtree(other.index)[0] == conjunction.index:
            yield one.index, other.head, other.deprel
            yield other.index, one.index, "conj"


def _conjoined(sentence: Sentence) -> Iterator[Graft]:
    """The subject of a further clause that was taken for one more noun: "left on Sunday and the board said …"."""
    words = sentence.words
    for verb in words:
        cc = syntax.child(sentence, verb.index, "cc")
        if verb.deprel != "conj" or verb.xpos not in FINITE or _has_subject(sentence, verb.index) or cc is not None:
            continue
        for noun in words[verb.head + 1 : verb.index]:
            own = sentence.subtree(noun.index) if noun.deprel == "conj" and noun.upos in NAMED else []
            conjunction = syntax.child(sentence, noun.index, "cc")
            apart = own and _first_of_all(sentence, noun).deprel not in SUBJECTS
            if apart and own[0] == conjunction and own[-1] == verb.index - 1:
                yield noun.index, verb.index, "nsubj"
                yield own[0], verb.index, "cc"


def _postposed(sentence: Sentence) -> Iterator[Graft]:
    """An adjective behind its noun that was taken for a clause: "people familiar with the plan told …"."""
    for adjective in sentence.words:
        noun = syntax.child(sentence, adjective.index, "nsubj")
        if adjective.upos != "ADJ" or noun is None or noun != adjective.index - 1:
            continue
        verb = sentence.words[min(sentence.subtree(adjective.index)[-1] + 1, len(sentence.words) - 1)]
        bare = syntax.child(sentence, adjective.index, "cop", "aux", "mark", "cc") is None
        if bare and verb.xpos in FINITE and not _has_subject(sentence, verb.index):
            yield noun, verb.index, "nsubj"
            yield adjective.index, noun, "amod"


def _parallel(sentence: Sentence) -> Iterator[Graft]:
    """A verb joined to what is said, though it has the form of the verb that says it: "said it had ended and left"."""
    words = sentence.words
    for verb in words:
        clause = words[verb.head]
        above = words[clause.head]
        joined = verb.deprel == "conj" and clause.deprel == "ccomp" and above.index < clause.index < verb.index
        if not joined or verb.xpos not in FINITE or verb.xpos != above.xpos or _has_subject(sentence, verb.index):
            continue
        if syntax.child(sentence, clause.index, "aux", "aux:pass") is not None:
            yield verb.index, above.index, "conj"


def _objects_as_subjects(sentence: Sentence) -> Iterator[Graft]:
    """A name taken for a second subject, right behind a verb that has its own in front: "TASS quoted Brandt"."""
    for one, other in _subject_pairs(sentence):
        verb = sentence.words[one.head]
        named = other.upos == "PROPN" and syntax.case(sentence, other.index) == ""
        if named and verb.upos == "VERB" and sentence.subtree(other.index)[0] == verb.index + 1:
            before = [word for word in sentence.words[one.index + 1 : verb.index] if word.upos not in ("AUX", "ADV")]
            if one.index < verb.index and (not before or not syntax.is_punctuation(before[-1])):
                yield other.index, verb.index, "obj"


def _arguments(sentence: Sentence) -> Iterator[Graft]:
    """What stands between a verb and the clause that it governs: "told Reuters the bank had …", "said Rome wants …"."""
    for clause in sentence.words:
        if clause.deprel != "ccomp" or clause.head < 0 or clause.head > clause.index:
            continue
        subject = next((at for at in sentence.dependents[clause.index] if sentence.words[at].deprel in SUBJECTS), None)
        first = sentence.subtree(clause.index)[0]
        if subject is not None and first == clause.head + 1:
            yield from _heard(sentence, clause, subject)
        elif subject is None and _is_finite_by_itself(sentence, clause):
            yield from _subject_before(sentence, clause, first)


def _heard(sentence: Sentence, clause: Word, subject: int) -> Iterator[Graft]:
    """The clause's object that stands before its subject, right behind the governor: it is whom that speaks to."""
    for at in sentence.dependents[clause.index]:
        word = sentence.words[at]
        if word.deprel in OBJECTS and at < subject and word.upos in NAMED and not word.xpos.startswith("W"):
            yield at, clause.head, "iobj"


def _subject_before(sentence: Sentence, clause: Word, first: int) -> Iterator[Graft]:
    """The governor's object that ends where a finite clause without a subject or a question word begins."""
    if sentence.words[first].xpos.startswith("W"):
        return
    for at in sentence.dependents[clause.head]:
        if at > clause.head and sentence.words[at].deprel in OBJECTS and sentence.subtree(at)[-1] == first - 1:
            yield at, clause.index, "nsubj"


def _complements(sentence: Sentence) -> Iterator[Graft]:
    """Clauses right behind the verb that governs them: "explained why the …", "the dam, which they say is …"."""
    words = sentence.words
    for clause in words:
        above = words[clause.head]
        if (
            clause.deprel == "advcl:relcl"
            and above.xpos == "WRB"
            and above.deprel == "obj"
            and above.head < above.index
        ):
            yield clause.index, above.head, "ccomp"
            yield above.index, clause.index, "advmod"
        elif clause.deprel == "advcl" and not _has_subject(sentence, clause.index):
            verb = sentence.subtree(clause.index)[0] - 1
            objects = [at for at in sentence.dependents[verb] if words[at].deprel == "obj" and at < verb]
            if syntax.is_finite(sentence, clause.index) and any(words[at].xpos in ("WDT", "WP") for at in objects):
                yield clause.index, verb, "ccomp"


def _is_finite_by_itself(sentence: Sentence, clause: Word) -> bool:
    marked = any(sentence.words[at].deprel in ("mark", "csubj") for at in sentence.dependents[clause.index])
    return not marked and syntax.is_finite(sentence, clause.index)


def _said_clauses(sentence: Sentence) -> Iterator[Graft]:
    """A clause with "that" and a subject, hung from a name, a time or an agent: "told Reuters that the bank …"."""
    for clause in sentence.words:
        if clause.deprel not in NOUN_CLAUSES or not _is_whole(sentence, clause.index):
            continue
        noun = sentence.words[clause.head]
        top = _first_of_all(sentence, noun)
        by = syntax.case(sentence, top.index) if clause.deprel == "acl:relcl" else ""
        if by in ("by", "from") and top.deprel == "nmod":
            yield clause.index, top.head, "acl"  # "claims by X that …"
        elif by == "by" or noun.upos == "PROPN" or noun.lemma in syntax.TIMES:
            verb = _verb_above(sentence, top)
            if verb is not None and verb < noun.index:
                yield clause.index, verb, "ccomp"


def _first_of_all(sentence: Sentence, noun: Word) -> Word:
    """The first of the nouns that one stands side by side with."""
    while noun.deprel == "conj" and noun.head < noun.index:
        noun = sentence.words[noun.head]
    return noun


def _is_whole(sentence: Sentence, clause: int) -> bool:
    """Whether a clause opens with "that" and lacks no subject; "the next day that" holds no relative pronoun."""
    first = sentence.words[sentence.subtree(clause)[0]]
    subject = any(sentence.words[at].deprel in SUBJECTS for at in sentence.dependents[clause])
    noun = sentence.words[clause].head
    told_when = sentence.words[noun].lemma in syntax.TIMES and syntax.child(sentence, noun, "amod") is not None
    opens = first.text.lower() == "that" and first.head == clause
    return subject and opens and (first.deprel == "mark" or (told_when and first.deprel == "obj"))


def _verb_above(sentence: Sentence, noun: Word) -> int | None:
    """The verb that a noun is an object or oblique of, perhaps as another's part."""
    while noun.head >= 0 and noun.deprel in ("obj", "iobj", "obl", "obl:agent", "nmod", "appos", "flat", "compound"):
        above = sentence.words[noun.head]
        if above.upos == "VERB":
            return above.index
        noun = above
    return None


def _participles(sentence: Sentence) -> Iterator[Graft]:
    """Participles behind a cue: a second complement, or one of what was said before it: "…, said X, speaking to Y"."""
    words = sentence.words
    for word in words:
        copula = syntax.child(sentence, word.index, "cop")
        if word.xpos != "VBG" or word.head < 0 or copula is not None or _has_subject(sentence, word.index):
            continue
        above = words[word.head]
        if word.deprel == "ccomp":
            others = [at for at in sentence.dependents[above.index] if words[at].deprel == "ccomp" and at < word.index]
            if others and above.index < word.index:
                yield word.index, above.index, "advcl"
        elif word.deprel == "advcl" and above.deprel == "ccomp" and above.index < above.head < word.index:
            yield word.index, above.head, "advcl"


def _has_subject(sentence: Sentence, index: int) -> bool:
    return any(sentence.words[at].deprel in (*SUBJECTS, "mark", "aux") for at in sentence.dependents[index])


def _reduced(sentence: Sentence) -> Iterator[Graft]:
    """A participle taken for the verb of the sentence, and its verb for a clause: "A memo leaked to X says …"."""
    words = sentence.words
    for verb in words:
        if verb.deprel != "advcl" or verb.xpos not in FINITE or _has_subject(sentence, verb.index):
            continue
        other = words[verb.head]
        first = sentence.subtree(verb.index)[0]
        subject = other.index - 1
        if (
            other.index > verb.index
            or other.xpos not in ("VBD", "VBN")
            or syntax.child(sentence, other.index, "obj", "ccomp") is not None
            or first != verb.index
            or subject not in sentence.dependents[other.index]
            or words[subject].deprel not in SUBJECTS
            or any(word.text == COMMA for word in words[other.index : first])
        ):
            continue
        yield verb.index, other.head, other.deprel
        yield other.index, subject, "acl"
        yield subject, verb.index, "nsubj"
        for at in sentence.dependents[other.index]:
            if at > verb.index:
                yield at, verb.index, words[at].deprel


def _relative(sentence: Sentence) -> Iterator[Graft]:
    """Clauses that open with a relative pronoun behind a comma, beside the noun that stands before it."""
    words = sentence.words
    for word in words[2:]:
        if word.text.lower() not in RELATIVES or words[word.index - 1].text != COMMA:
            continue
        clause = _clause_of(sentence, word.index)
        if clause is None or clause.deprel not in MISTAKEN:
            continue
        for at in sentence.dependents[clause.head]:
            if words[at].upos in NAMED and _without_commas(sentence, at)[-1] == word.index - 2:
                yield clause.index, at, "acl:relcl"


def _clause_of(sentence: Sentence, pronoun: int) -> Word | None:
    """The head of the clause that a pronoun opens."""
    word = sentence.words[pronoun]
    if word.deprel == "nmod:poss" and word.head >= 0:
        word = sentence.words[word.head]
    if word.head < 0 or word.deprel.split(":")[0] not in ("nsubj", "obj", "obl"):
        return None
    clause = sentence.words[word.head]
    return clause if clause.head >= 0 and _without_commas(sentence, clause.index)[0] == pronoun else None


RULES = (
    _according,
    _opening,
    _past_citing,
    _and_another,
    _indirect,
    _behind_frame,
    _fixed,
    _introduced,
    _doubled,
    _coordinated,
    _conjoined,
    _postposed,
    _parallel,
    _objects_as_subjects,
    _arguments,
    _complements,
    _said_clauses,
    _participles,
    _reduced,
    _relative,
)
