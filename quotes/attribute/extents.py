"""How far what a verb reports reaches: clauses, objects, infinitives and what hangs on, up to the next statement."""

from __future__ import annotations

from collections.abc import Iterator

from quotes import syntax
from quotes.attribute import cues, frames, hearers
from quotes.lexicon import Lexicon
from quotes.records import Sentence, Word

LONGEST_HEARER = 14
LONGEST_SUBJECT = 12
STARTERS = frozenset(["DET", "PRON", "PROPN", "NOUN", "ADJ", "NUM"])
EMPTY = frozenset(["this", "that", "so", "it", "these", "those"])  # objects that point at a content elsewhere
TIGHT = frozenset(["as", "of", "for", "about", "to"])
PARTS_OF_DAY = ("morning", "afternoon", "evening", "night")
GLOSSING = frozenset(["refer", "allude"])  # "…, referring to the flood" is the writer's own
FINITE_TAGS = ("VBD", "VBZ", "VBP", "MD")
MARKS = ("“", "”", '"', "''", "«", "»")


def past_aside(sentence: Sentence, verb: int, clause: int) -> int:
    """Where a clause begins behind an aside between commas: "said, without naming anybody, that …"."""
    that = next(
        (at for at in syntax.children(sentence, clause, "mark") if sentence.words[at].text.lower() == "that"), 0
    )
    aside = that > verb + 2 and sentence.words[verb + 1].text == "," == sentence.words[that - 1].text
    return that if aside else 0


def complements(sentence: Sentence, verb: int, source: int | None, lexicon: Lexicon) -> Iterator[tuple[str, list[int]]]:
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
    told = [] if participle else that_clause(sentence, verb, lexicon, strict=False)
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


def that_clause(sentence: Sentence, verb: int, lexicon: Lexicon, *, strict: bool) -> list[int]:
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


def run_on_clause(sentence: Sentence, verb: int) -> list[int]:
    """A clause that follows a finite verb right away, wherever the parser hung it: "he said engineers had warned"."""
    start = _past_time(sentence, verb + 1)
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


def _past_time(sentence: Sentence, at: int) -> int:
    """Where words go on behind the day that something was said on: "said on Thursday night she would appeal"."""
    texts = [word.text.lower() for word in sentence.words[at : at + 3]] + ["", "", ""]
    skipped = 1 if texts[0] == "on" else 0
    if texts[skipped] not in syntax.CALENDAR:
        return at
    return at + skipped + (2 if texts[skipped + 1] in PARTS_OF_DAY else 1)


def _run_on(sentence: Sentence, index: int) -> bool:
    """Whether a clause that the parser set beside the verb may be its content: "he said the road was shut"."""
    word = sentence.words[index]
    return word.deprel == "parataxis" and syntax.is_finite(sentence, index)


def _introducer(sentence: Sentence, index: int) -> str:
    marks = [sentence.words[at].text.lower() for at in syntax.children(sentence, index, "case", "mark") if at < index]
    return marks[0] if marks else ""


def with_extensions(sentence: Sentence, verb: int, found: list[int], clauses: list[int]) -> list[int]:
    """A content clause together with adverbial clauses and parts that the parser hung on the cue behind it."""
    last = max(found)
    extended = list(found)
    if min(clauses) < verb and max(clauses) < verb:
        return extended
    for at in sentence.dependents[verb]:
        word = sentence.words[at]
        if at > last and word.deprel in ("advcl", "parataxis", "obl", "conj") and at not in clauses:
            if word.deprel == "conj" and syntax.has_mark(sentence, at, "that"):
                extended += [each for each in sentence.subtree(at) if each > last]
                last = max(extended)
                continue
            if word.deprel == "conj" and word.upos == "VERB":
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


def passive_content(sentence: Sentence, verb: int) -> list[int]:
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
