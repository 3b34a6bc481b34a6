"""Whom a pronoun stands for: everybody in reach is weighed by place, part in the sentence, and turn to speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from quotes.records import Candidate, Word
from quotes.speakers.figures import Figure
from quotes.speakers.scene import Found, Place, Scene
from quotes.speakers.vocabulary import lemma_of

REACH = 8  # sentences
FADING = 0.72  # per sentence
SUBJECT, OTHER, POSSESSOR = 1.0, 0.55, 0.4
SPEAKING = 1.8
OVERTAKEN = 0.35  # what stands before a sentence about somebody else who fits
INSIDE_CONTENT = 0.4
TOO_CLOSE = 0.85  # a runner-up this near to the best leaves a pronoun open
RIGHT_GENDER = 1.25
AHEAD = 0.5  # how sure a pronoun is that takes up what its own frame follows

HE = frozenset(["he", "him", "his", "himself"])
SHE = frozenset(["she", "her", "hers", "herself"])
IT = frozenset(["it", "its", "itself"])
THEY = frozenset(["they", "them", "their", "theirs", "themselves"])
ONESELF = frozenset(["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"])
RELATIVE = frozenset(["who", "which", "that", "whom", "whose"])
DEICTIC = frozenset(["you", "your", "yours", "yourself", "this", "these", "those", "what", "there", "that"])
ALL = HE | SHE | IT | THEY | ONESELF

Find = Callable[[Place], Found]


@attrs.frozen
class Wanted:
    """What a pronoun asks of its antecedent, and how well a figure answers."""

    low: str

    def weight(self, figure: Figure) -> float:
        if self.low in HE or self.low in SHE:
            if (not figure.personal and figure.kind != "anonymous") or figure.plural:
                return 0.0
            gender = "m" if self.low in HE else "f"
            return 0.0 if figure.gender not in ("", gender) else RIGHT_GENDER if figure.gender else 1.0
        if self.low in THEY:
            return 1.2 if figure.plural else 0.8 if figure.kind in ("organization", "outlet") else 0.0
        if figure.plural or figure.kind in ("person", "group"):
            return 0.0
        return 1.0 if figure.kind != "anonymous" else 0.0


def antecedent_of_relative(scene: Scene, at: Place) -> Place | None:
    """The head of the noun phrase that a relative pronoun's clause hangs from."""
    words = scene.sentences[at[0]].words
    before = at[1] - 1
    while before > 0 and words[before].upos == "PUNCT":
        before -= 1
    name = scene.at[at[0]].get(before)
    if words[at[1]].text.lower() == "who" and name is not None and name.label == "PERSON":
        return at[0], before
    seen = set()
    here = at[1]
    while here >= 0 and here not in seen:
        seen.add(here)
        word = words[here]
        if word.deprel.startswith("acl"):
            if word.head < 0 or word.head == at[1]:
                return None
            return (at[0], _personal(scene, at, word.head))
        here = word.head
    nominal = (
        before >= 0 and words[before].upos in ("NOUN", "PROPN") and words[at[1] - 1].text in (",", words[before].text)
    )
    return (at[0], _personal(scene, at, before)) if nominal else None


def _personal(scene: Scene, at: Place, head: int) -> int:
    """Of whom "who" is said, where the parser hung its clause on a body's name: "the chair of the Tidal Trust, who"."""
    words = scene.sentences[at[0]].words
    here = head
    while words[at[1]].text.lower() == "who" and here >= 0:
        name = scene.at[at[0]].get(here)
        if name is None or name.label not in ("ORG", "OUTLET", "PLACE"):
            return here if name is not None or scene.vocabulary.is_role(words[here].lemma.lower()) else head
        if words[here].deprel not in ("nmod", "obl", "compound", "flat", "nmod:poss"):
            return head
        here = words[here].head
    return head


def of_first_person(scene: Scene, at: Place, find: Find) -> Found | None:
    """The speaker of the narrowest content around "I" or "we"."""
    offset = scene.word(at).start
    best: tuple[int, Place] | None = None
    for span, source in scene.spoken.get(at[0], ()):
        if source != at and span.start <= offset < span.end and (best is None or len(span) < best[0]):
            best = (len(span), source)
    return find(best[1]) if best else None


def of_third_person(scene: Scene, at: Place, find: Find) -> tuple[Figure | None, float, tuple[Candidate, ...]]:
    """The figure that a pronoun stands for, how sure that is, and who else could have been meant."""
    wanted = Wanted(scene.word(at).text.lower())
    scores: dict[int, float] = {}
    figures: dict[int, Figure] = {}
    for figure, score in _heard_of(scene, at, wanted, find):
        figures[id(figure)] = figure
        scores[id(figure)] = scores.get(id(figure), 0.0) + score
    ranked = sorted(scores, key=lambda key: -scores[key])
    if not ranked:
        own = _subject_of_own(scene, at, wanted, find)
        return own, AHEAD if own else 0.0, ()
    best = scores[ranked[0]]
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    rivals = tuple(_candidate(scene, figures[key], scores[key]) for key in ranked[1:4])
    if second >= TOO_CLOSE * best:
        return None, 0.0, (_candidate(scene, figures[ranked[0]], best), *rivals)
    return figures[ranked[0]], min(0.95, 0.55 + 0.4 * (best - second) / best), rivals


def _subject_of_own(scene: Scene, at: Place, wanted: Wanted, find: Find) -> Figure | None:
    """Of whom a paraphrase before its frame speaks first: "The cannery knew of it, it admits"."""
    told = [each for each in scene.by_source.get(at, ()) if each.kind == "indirect"]
    for span in (each.content[0] for each in told if each.content):
        for word in scene.sentences[at[0]].words[: at[1]]:
            if (
                span.start <= word.start < span.end
                and word.deprel.startswith("nsubj")
                and word.upos in ("NOUN", "PROPN")
            ):
                figure = find((at[0], word.index)).figure
                thing = figure is not None and figure.kind == "anonymous" and not figure.plural and wanted.low in IT
                return figure if figure is not None and (thing or wanted.weight(figure)) else None
    return None


def _candidate(scene: Scene, figure: Figure, score: float) -> Candidate:
    name = figure.names[0] if figure.names else None
    mention = next(iter(figure.mentions.values()), None)
    place = (name.start, name.end) if name else (mention.start, mention.end) if mention else None
    span = scene.article.span(*place) if place else None
    return Candidate(span=span, reason="less salient", score=round(score, 2))


def _heard_of(scene: Scene, at: Place, wanted: Wanted, find: Find) -> Iterator[tuple[Figure, float]]:
    """Everybody who fits, mentioned or speaking before a place, nearest sentence first, with a weight for each time."""
    own = list(scene.contents(at))
    here = scene.passage(scene.word(at).start)
    fading = 1.0
    for sentence in range(at[0], max(-1, at[0] - REACH - 1), -1):
        limit = at[1] if sentence == at[0] else len(scene.sentences[sentence].words)
        outside = overtaken = False
        for place, score in _actors(scene, sentence, limit):
            offset = scene.word(place).start
            inside = scene.passage(offset)
            if inside not in (-1, here) or any(span.start <= offset < span.end for span in own):
                continue
            outside = True
            figure = find(place).figure
            weight = wanted.weight(figure) if figure is not None else 0.0
            if figure is not None and weight:
                reported = _reported(scene, place, offset, wanted, find)
                overtaken = overtaken or (score >= SUBJECT and not reported)
                yield figure, score * weight * fading * (INSIDE_CONTENT if reported else 1.0)
        if sentence == at[0] or outside or not _all_quoted(scene, sentence):
            fading *= FADING * (OVERTAKEN if overtaken else 1.0)


def _all_quoted(scene: Scene, sentence: int) -> bool:
    words = scene.sentences[sentence].words
    return scene.passage(words[-1].start) >= 0 and scene.passage(words[0].start) >= 0


def _reported(scene: Scene, place: Place, offset: int, wanted: Wanted, find: Find) -> bool:
    """Whether a word stands in what somebody else is reported to have said who may be meant as well."""
    turns = scene.turns.get(place[0], ())
    for source in turns:
        told = any(span.start <= offset < span.end for span in scene.contents((place[0], source)))
        if source != place[1] and told:
            figure = find((place[0], source)).figure if place[1] in turns else None
            if figure is None or wanted.weight(figure):
                return True
    return False


def _actors(scene: Scene, sentence: int, limit: int) -> Iterator[tuple[Place, float]]:
    """The words of a sentence, up to a limit, that may stand for somebody, each with its weight."""
    words = scene.sentences[sentence].words
    speaking = scene.turns.get(sentence, ())
    named = scene.at[sentence]
    for name in scene.names[sentence]:
        if name.last < limit and name in scene.roll.of:
            yield (sentence, name.first), _part(words, name.lead, name.last)
    for source in speaking:
        if source < limit:
            yield (sentence, source), SPEAKING
    for word in words[:limit]:
        if word.index in named or not word.deprel.startswith("nsubj"):
            continue
        if word.upos == "NOUN" or (word.upos == "PROPN" and word.index in scene.beside[sentence]):
            if _person_or_body(scene, word):
                yield (sentence, word.index), SUBJECT
        elif word.upos == "PRON" and word.text.lower() in HE | SHE and sentence < limit:
            yield (sentence, word.index), SUBJECT * 0.6


def _part(words: tuple[Word, ...], first: int, last: int) -> float:
    deprels = [words[at].deprel for at in range(first, last + 1)]
    if any(deprel.startswith("nsubj") for deprel in deprels):
        return SUBJECT
    return POSSESSOR if "nmod:poss" in deprels or "compound" in deprels[-1:] else OTHER


def _person_or_body(scene: Scene, word: Word) -> bool:
    low, lemma, lexicon = word.text.lower(), lemma_of(word), scene.vocabulary.lexicon
    return (
        low in lexicon.groups
        or scene.vocabulary.is_role(lemma)
        or lemma in lexicon.organizations
        or lemma in lexicon.anonymous
        or lemma in lexicon.media
        or lemma in lexicon.documents
    )
