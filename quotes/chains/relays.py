"""What stands at a cue beside its source: outlets spoken to, outlets that carried a statement, sources cited."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from quotes import syntax
from quotes.attribute import sources
from quotes.lexicon import Lexicon
from quotes.records import Article, Attribution, Parse, Relation, Sentence, Span, Word

Place = tuple[int, int]
RULES = frozenset(["told-outlet", "interview", "carried-by", "citing", "quoted-as-saying", "led-in"])
SPOKEN_TO = frozenset(["interview", "remark", "comment", "statement", "conversation", "email", "e-mail", "message", "call", "chat", "letter", "talk", "response"])
LEADING = frozenset(["speak", "talk", "tell", "interview", "appear", "give", "grant", "join", "sit", "call"])
SPEAKING = frozenset(["speak", "talk", "write", "comment"])
CARRIERS = frozenset(["carry", "publish", "report", "quote", "cite", "obtain", "see", "release", "broadcast", "post", "run", "print", "air", "leak", "view", "review", "circulate", "relay"])
CITING = frozenset(["cite", "quote"])
OBLIQUE = frozenset(["obl", "obl:agent", "nmod"])
QUOTING = frozenset(["cite", "quote", "report", "show", "hear", "record", "catch", "describe"])


@attrs.frozen(kw_only=True)
class Relay:
    """A further source at a cue. deeper: behind the cue's own source rather than before it."""

    at: Place
    relation: Relation
    cue: Span
    rule: str
    deeper: bool = False


def find(article: Article, parse: Parse, attribution: Attribution, lexicon: Lexicon, is_outlet: Callable[[Place], bool]) -> Iterator[Relay]:
    """The relays that stand at an attribution's cue and source, in the order they are found."""
    if attribution.cue_at is None:
        return
    sentence = parse.sentences[attribution.cue_at[0]]
    cue = attribution.cue_at[1]
    yield from _quoting(article, sentence, cue, attribution, is_outlet)
    yield from _hearer(article, attribution, is_outlet)
    yield from _spoken_to(article, sentence, cue, attribution, is_outlet)
    yield from _carried_by(article, parse, attribution, lexicon, is_outlet)
    yield from _cited(article, sentence, cue, attribution, lexicon)


def _quoting(
    article: Article, sentence: Sentence, cue: int, attribution: Attribution, is_outlet: Callable[[Place], bool]
) -> Iterator[Relay]:
    """"X quoted Y as saying …", "Y was quoted by X as saying …", "X quoted Y, who alleged …": who quoted."""
    for verb in _quoters(sentence, cue, attribution):
        places = [sources.of_verb(sentence, verb)]
        if syntax.is_passive(sentence, verb) or syntax.is_past_participle(sentence.words[verb]):
            around = [*sentence.dependents[verb], *sentence.dependents[cue]]
            places = [at for at in around if sentence.words[at].deprel in OBLIQUE and _shows(sentence, at, is_outlet)]
        for place in places[:1]:
            own = attribution.source_at is not None and attribution.source_at == (sentence.index, place)
            if place is None or own or place == syntax.child(sentence, verb, "obj"):
                continue
            relation: Relation = "cited" if sentence.words[verb].lemma.lower() == "cite" else "quoted"
            span = article.span(sentence.words[verb].start, sentence.words[verb].end)
            yield Relay(at=(sentence.index, place), relation=relation, cue=span, rule="quoted-as-saying")


def _quoters(sentence: Sentence, cue: int, attribution: Attribution) -> Iterator[int]:
    """Verbs of quoting above the cue, or above its source."""
    head = sentence.words[cue].head
    if head >= 0 and sentence.words[head].lemma.lower() in QUOTING:
        if syntax.has_mark(sentence, cue, "as") or syntax.is_participle(sentence.words[cue]):
            yield head
            return
    if head >= 0 and sentence.words[cue].deprel.startswith("acl"):
        above = sentence.words[head].head
        if above >= 0 and sentence.words[head].deprel == "obj" and sentence.words[above].lemma.lower() in CITING:
            yield above


def _shows(sentence: Sentence, at: int, is_outlet: Callable[[Place], bool]) -> bool:
    preposition = syntax.case(sentence, at)
    return preposition == "by" or (preposition in ("in", "on") and is_outlet((sentence.index, at)))


def _hearer(article: Article, attribution: Attribution, is_outlet: Callable[[Place], bool]) -> Iterator[Relay]:
    if attribution.hearer_at is not None and attribution.cue is not None and is_outlet(attribution.hearer_at):
        yield Relay(at=attribution.hearer_at, relation="told", cue=attribution.cue, rule="told-outlet")


def _spoken_to(
    article: Article, sentence: Sentence, cue: int, attribution: Attribution, is_outlet: Callable[[Place], bool]
) -> Iterator[Relay]:
    """"in an interview with X", "speaking to X", "in remarks to X": a phrase at the cue that names a hearer."""
    for at in sentence.dependents[cue]:
        word = sentence.words[at]
        if _within(attribution, word.start):
            continue
        lemma = word.lemma.lower()
        if word.deprel.startswith("obl") and lemma in SPOKEN_TO or word.deprel in ("advcl", "xcomp") and lemma in SPEAKING:
            for place in _party(sentence, at):
                if is_outlet((sentence.index, place)):
                    yield Relay(at=(sentence.index, place), relation="told", cue=_words(article, sentence, at, place), rule="interview")
        elif word.deprel.startswith("obl") and syntax.case(sentence, at) in ("to", "with", "on", "in") and is_outlet((sentence.index, at)):
            yield Relay(at=(sentence.index, at), relation="told", cue=attribution.cue or article.span(word.start, word.end), rule="told-outlet")


def _party(sentence: Sentence, index: int) -> list[int]:
    found = []
    for at in syntax.children(sentence, index, "nmod", "obl", "compound", "nmod:poss", "obj"):
        if syntax.case(sentence, at) in ("with", "to", "for", "by", "on", "") or sentence.words[at].deprel in ("nmod:poss", "compound"):
            found.append(at)
    return found


def _carried_by(
    article: Article, parse: Parse, attribution: Attribution, lexicon: Lexicon, is_outlet: Callable[[Place], bool]
) -> Iterator[Relay]:
    """"a statement carried by X", "a letter obtained by X": participles on the source or on its document."""
    if attribution.source_at is None or attribution.cue_at is None:
        return
    sentence = parse.sentences[attribution.source_at[0]]
    for word in sentence.words:
        if word.lemma.lower() not in CARRIERS or word.index == 0 or _within(attribution, word.start):
            continue
        if not _of_document(sentence, word, attribution.source_at[1], lexicon):
            continue
        for agent in syntax.children(sentence, word.index, "obl", "obl:agent", "nmod"):
            if syntax.case(sentence, agent) in ("by", "in", "on", "to") and is_outlet((sentence.index, agent)):
                span = article.span(word.start, word.end)
                yield Relay(at=(sentence.index, agent), relation="published", cue=span, rule="carried-by")


def names_outlet(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a noun phrase that stands for an outlet names another's: not "its website", "this newspaper"."""
    word = sentence.words[at]
    if word.upos == "PROPN":
        return True
    if any(sentence.words[each].lemma.lower() in ("this", "our", "its", "his", "her", "their") for each in sentence.dependents[at]):
        return False
    return word.lemma.lower() not in lexicon.own_media


def _of_document(sentence: Sentence, word: Word, source: int, lexicon: Lexicon) -> bool:
    """Whether a participle or relative clause speaks of the source or of its speech, letter, statement."""
    if word.deprel.startswith("acl") and word.head == source:
        return True
    at = word.index - 1
    while at >= 0 and sentence.words[at].upos in ("AUX", "ADV", "PUNCT") or sentence.words[at].lemma.lower() in ("which", "that"):
        at -= 1
    lemma = sentence.words[at].lemma.lower() if at >= 0 else ""
    known = lemma in SPOKEN_TO or lemma in lexicon.documents or lemma in lexicon.nouns or lemma in lexicon.own_media
    return known and (syntax.is_past_participle(word) or word.deprel.startswith("acl"))


def _cited(
    article: Article, sentence: Sentence, cue: int, attribution: Attribution, lexicon: Lexicon
) -> Iterator[Relay]:
    """"X reported, citing Y", "according to X, which quoted Y": who is cited stands behind the cue's own source."""
    for word in sentence.words:
        if word.lemma.lower() not in CITING or _within(attribution, word.start):
            continue
        if not (word.xpos == "VBG" or word.deprel == "acl:relcl") or not _goes_with(sentence, word, cue, attribution):
            continue
        for thing in syntax.children(sentence, word.index, "obj"):
            if can_speak(sentence, thing, lexicon):
                span = article.span(word.start, word.end)
                yield Relay(at=(sentence.index, thing), relation="cited", cue=span, rule="citing", deeper=True)


def _goes_with(sentence: Sentence, word: Word, cue: int, attribution: Attribution) -> bool:
    """Whether a participle of citing belongs to a cue: it hangs from it, follows its frame, or opens its sentence."""
    source = attribution.source_at[1] if attribution.source_at and attribution.source_at[0] == sentence.index else cue
    if word.head in (cue, source) or (word.index == 0 and sentence.words[cue].deprel == "root"):
        return True
    last = max(cue, source)
    between = sentence.words[last + 1 : word.index]
    return word.index > last and all(each.upos in ("PUNCT", "PROPN", "NOUN", "PRON", "ADP", "DET", "ADV") for each in between)


def can_speak(sentence: Sentence, head: int, lexicon: Lexicon) -> bool:
    """Whether a noun phrase can be a source at all: a name, a person, a body or a document, and no reason or thing."""
    word = sentence.words[head]
    lemma = word.lemma.lower()
    known = (
        lexicon.roles, lexicon.groups, lexicon.anonymous, lexicon.organizations, lexicon.documents, lexicon.media, lexicon.spokespersons,
    )
    return word.upos in ("PROPN", "PRON") or any(lemma in words or word.text.lower() in words for words in known)


def _within(attribution: Attribution, offset: int) -> bool:
    return any(span.start <= offset < span.end for span in attribution.content)


def _words(article: Article, sentence: Sentence, first: int, last: int) -> Span:
    low, high = min(first, last), max(first, last) - 1
    while high > low and sentence.words[high].upos in ("DET", "ADJ", "PROPN"):
        high -= 1
    return article.span(sentence.words[low].start, sentence.words[max(low, high)].end)


def led_in(article: Article, sentence: Sentence, is_outlet: Callable[[Place], bool]) -> Iterator[tuple[int, Relay]]:
    """A sentence that only frames the next ("She spoke to X on Monday."): who speaks in it, and the outlet spoken to."""
    for word in sentence.words:
        lemma = word.lemma.lower()
        if word.upos == "VERB" and lemma in LEADING:
            speaker = sources.of_verb(sentence, word.index)
            parties = [at for at in syntax.children(sentence, word.index, "obl", "obj", "nmod", "obl:agent")]
            parties += [each for at in parties for each in _party(sentence, at) if sentence.words[at].lemma.lower() in SPOKEN_TO]
            if syntax.is_passive(sentence, word.index):
                speaker = syntax.child(sentence, word.index, *syntax.PASSIVE_SUBJECTS, *syntax.SUBJECTS)
            for at in parties:
                if speaker is not None and is_outlet((sentence.index, at)):
                    span = article.span(word.start, word.end)
                    yield speaker, Relay(at=(sentence.index, at), relation="told", cue=span, rule="led-in")
                    return
