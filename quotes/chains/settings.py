"""Sentences that only say where something was said ("She spoke to X on Monday."), and cues that say so anew."""

from __future__ import annotations

from collections.abc import Iterator

from quotes import syntax
from quotes.attribute import factuality, sources
from quotes.chains.outlets import Outlets
from quotes.chains.relays import OBLIQUE, Relay, is_any, parties
from quotes.lexicon import Lexicon
from quotes.records import Article, Attribution, Parse, Sentence, Word

POINTING = frozenset(["his", "her", "its", "their", "the", "this", "that", "these", "those"])


def led_in(article: Article, sentence: Sentence, lexicon: Lexicon, who: Outlets) -> Iterator[tuple[int, Relay]]:
    """Of a sentence that frames others ("She spoke to X on Monday."): who speaks, and the outlet spoken to."""
    for word in sentence.words:
        asked = _asked_by(sentence, word, lexicon)
        party = who.hearer((sentence.index, asked[1])) if asked else None
        if asked and party is not None:
            yield asked[0], Relay(at=party, relation="told", cue=article.span(word.start, word.end), rule="led-in")
            return
        quoted = _quoted_by(sentence, word, lexicon, who)
        if quoted is not None:
            shown = article.span(word.start, word.end)
            yield quoted[0], Relay(at=(sentence.index, quoted[1]), relation="quoted", cue=shown, rule="led-in")
            return
        talks = _talks(sentence, word, lexicon) if word.upos == "VERB" else []
        leads = word.upos == "VERB" and is_any(word, lexicon.leading)
        if not leads and not talks:
            continue
        speaker = sources.of_verb(sentence, word.index)
        if syntax.is_passive(sentence, word.index):
            speaker = syntax.child(sentence, word.index, *syntax.PASSIVE_SUBJECTS, *syntax.SUBJECTS)
        if speaker is None or any(factuality.doubts(sentence, word.index, speaker, lexicon)):
            continue
        near = syntax.children(sentence, word.index, *OBLIQUE, "obj") if leads else []
        heard = (
            who.hearer((sentence.index, at)) for at in [*near, *(p for at in talks for p in parties(sentence, at))]
        )
        party = next(filter(None, heard), None)
        if party is not None:
            span = article.span(word.start, word.end)
            yield speaker, Relay(at=party, relation="told", cue=span, rule="led-in")
            return


def _asked_by(sentence: Sentence, word: Word, lexicon: Lexicon) -> tuple[int, int] | None:
    """Who was asked or reached, and by whom: "Reached by X, she had little to say."."""
    aside = word.deprel in ("advcl", "acl") and syntax.is_past_participle(word) and is_any(word, lexicon.asking)
    if not aside or syntax.child(sentence, word.index, *syntax.SUBJECTS) is not None:
        return None
    asked = word.head if word.deprel == "acl" else syntax.child(sentence, word.head, *syntax.SUBJECTS)
    by = next((at for at in syntax.children(sentence, word.index, *OBLIQUE) if syntax.case(sentence, at) == "by"), None)
    return (asked, by) if asked is not None and by is not None else None


def _quoted_by(sentence: Sentence, word: Word, lexicon: Lexicon, who: Outlets) -> tuple[int, int] | None:
    """Whom an outlet quoted: "X quoted Y on Monday."."""
    if word.upos != "VERB" or not is_any(word, lexicon.citing) or syntax.is_passive(sentence, word.index):
        return None
    outlet, speaker = sources.of_verb(sentence, word.index), syntax.child(sentence, word.index, "obj")
    if outlet is None or speaker is None or not who.is_outlet((sentence.index, outlet)):
        return None
    return speaker, outlet


def _talks(sentence: Sentence, word: Word, lexicon: Lexicon) -> list[int]:
    """The nouns of speech at a verb or its object: "explained it in an interview with X"."""
    near = syntax.children(sentence, word.index, *OBLIQUE, "obj")
    near += [at for each in near for at in syntax.children(sentence, each, "nmod") if syntax.case(sentence, at) == "in"]
    return [at for at in near if sentence.words[at].lemma.lower() in lexicon.spoken_to]


def led_out(article: Article, sentence: Sentence, lexicon: Lexicon, who: Outlets) -> Relay | None:
    """Who carried what the sentence before says: "His remark was reported by X."; not who was first to report it."""
    for word in sentence.words:
        verbal = word.upos == "VERB" and is_any(word, lexicon.carriers) and syntax.is_passive(sentence, word.index)
        subject = syntax.child(sentence, word.index, *syntax.PASSIVE_SUBJECTS, *syntax.SUBJECTS) if verbal else None
        if subject is None or not _points_back(sentence, subject, lexicon) or _is_first(sentence, word.index):
            continue
        for at in syntax.children(sentence, word.index, *OBLIQUE):
            if syntax.case(sentence, at) in ("by", "in", "on") and who.is_outlet((sentence.index, at)):
                span = article.span(word.start, word.end)
                return Relay(at=(sentence.index, at), relation="reported", cue=span, rule="led-out")
    return None


def _points_back(sentence: Sentence, subject: int, lexicon: Lexicon) -> bool:
    word = sentence.words[subject]
    if word.text.lower() in ("it", "this", "that", "these"):
        return True
    first = {sentence.words[at].text.lower() for at in syntax.children(sentence, subject, "det", "nmod:poss")}
    lemma = word.lemma.lower()
    said = lemma in lexicon.spoken_to or lemma in lexicon.nouns or lemma in lexicon.tidings
    return bool(first & POINTING) and said


def _is_first(sentence: Sentence, verb: int) -> bool:
    return any(sentence.words[at].lemma.lower() in ("first", "earlier") for at in sentence.dependents[verb])


def is_anew(parse: Parse, attribution: Attribution, lexicon: Lexicon) -> bool:
    """Whether a cue names an occasion of its own, which ends what is carried: "in a statement", "told reporters"."""
    if attribution.cue_at is None:
        return False
    index, cue = attribution.cue_at
    sentence = parse.sentences[index]
    if attribution.hearer_at is not None and attribution.hearer_at[0] == index:
        hearer = sentence.words[attribution.hearer_at[1]]
        if hearer.upos == "NOUN" and hearer.text.lower() in lexicon.generic_hearers:
            return True
    return any(
        sentence.words[at].lemma.lower() in lexicon.occasions and _is_indefinite(sentence, at)
        for at in sentence.dependents[cue]
        if sentence.words[at].deprel.startswith("obl")
    )


def _is_indefinite(sentence: Sentence, at: int) -> bool:
    return any(
        sentence.words[each].text.lower() in ("a", "an", "another") for each in syntax.children(sentence, at, "det")
    )
