"""What a noun phrase without a name stands for: a named figure by role or kind, what it repeats, or itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

import attrs

from quotes import syntax
from quotes.records import SourceKind, Word
from quotes.speakers.figures import Figure, Role
from quotes.speakers.roles import noun_phrase
from quotes.speakers.scene import Found, Place, Scene
from quotes.speakers.vocabulary import LINKS, POSSESSIVE, Vocabulary, lemma_of

DEFINITE = frozenset(["the", "this", "that", "these", "those", "both"])
INDEFINITE = frozenset(["a", "an", "another", "one", "some", "any", "no", "each", "every", "several", "many", "other"])
DROPPED = DEFINITE | {"a", "an"} | {"its", "his", "her", "their", "our", "my", "your"}
LOWERING = frozenset(["vice", "deputy", "assistant", "former", "acting", "under", "associate"])
NEAR = 3  # sentences
UNSEEN = 999  # further than any sentence: not named before
CITING = ("citing", "quoting")  # taken for an adjective in front of a sentence
MADE_BY = ("by", "from")
# What any body may be called; the others are taken up only where the word stands in the body's name.
GENERIC = frozenset(
    [
        "agency",
        "body",
        "charity",
        "company",
        "corporation",
        "firm",
        "group",
        "institution",
        "organisation",
        "organization",
    ]
)
OUTLET_KINDS = {
    "agency": ("agency",),
    "wire": ("agency",),
    "newswire": ("agency",),
    "newspaper": ("paper",),
    "paper": ("paper", "magazine"),
    "daily": ("paper",),
    "tabloid": ("paper",),
    "magazine": ("magazine",),
    "network": ("broadcaster",),
    "broadcaster": ("broadcaster",),
    "channel": ("broadcaster",),
    "station": ("broadcaster",),
    "website": ("site", "aggregator"),
    "site": ("site", "aggregator"),
}

# What may stand before such a noun and tells no outlet from another.
OF_OUTLETS = frozenset(["news", "press", "radio", "same", "state", "state-run", "television", "tv", "wire"])

Find = Callable[[Place], Found]


@attrs.frozen(kw_only=True)
class Phrase:
    """A noun phrase without a name. modifiers: its content words but the head, in lower case."""

    at: Place
    first: int
    last: int
    head: str
    lemma: str
    modifiers: frozenset[str]
    definite: bool
    indefinite: bool
    plural: bool


def read_phrase(scene: Scene, at: Place) -> Phrase:
    sentence = scene.sentences[at[0]]
    words = sentence.words
    first, last = noun_phrase(sentence, at[1])
    while first < at[1] and words[first].xpos == "VBG" and words[first].text.lower() in CITING:
        first += 1
    if last > at[1] and last in scene.at[at[0]]:
        last = scene.at[at[0]][last].last
    word = words[at[1]]
    opening = words[first].text.lower()
    plural = "Number=Plur" in word.feats or word.xpos in ("NNS", "NNPS")
    possessed = any(words[child].deprel == "nmod:poss" for child in sentence.dependents[at[1]])
    content = [
        words[k].text.lower()
        for k in range(first, last + 1)
        if k != at[1] and words[k].upos in ("NOUN", "PROPN", "ADJ")
    ]
    return Phrase(
        at=at,
        first=first,
        last=last,
        head=word.text.lower(),
        lemma=lemma_of(word),
        modifiers=frozenset(content),
        definite=opening in DEFINITE or possessed,
        indefinite=opening in INDEFINITE or words[first].upos == "NUM",
        plural=plural,
    )


def resolve(scene: Scene, phrase: Phrase, find: Find) -> tuple[Figure | None, float, list[Figure]]:
    """The figure that a phrase takes up from elsewhere; None, with all figures that fit, where that is open."""
    vocabulary = scene.vocabulary
    if not phrase.indefinite and not phrase.plural and not _is_body(scene, phrase):
        fitting = _by_role(scene, phrase)
        if fitting:
            return _only(scene, phrase, fitting, find)
    body = phrase.lemma in vocabulary.lexicon.organizations or phrase.lemma in vocabulary.media
    if body and not phrase.indefinite and not (phrase.plural and phrase.head != phrase.lemma):
        fitting = _bodies(scene, phrase, find)
        if fitting:
            return _only(scene, phrase, fitting, find)
    if "same" in phrase.modifiers:
        return last_speaker(scene, phrase.at, find), 0.6, []
    earlier = _repeated(scene, phrase)
    if earlier is not None:
        found = find(earlier)
        same = found.figure is not None and found.figure.kind == kind_of(phrase, vocabulary)
        if found.figure is not None and same and not found.figure.names:
            return found.figure, 0.8, []
    personal = vocabulary.is_role(phrase.lemma) or phrase.lemma in scene.by_role
    if phrase.definite and phrase.modifiers and not phrase.plural and personal:
        figure = _only_one_before(scene, phrase)
        if figure is not None:
            return figure, 0.6, []
    return None, 0.0, []


def _is_body(scene: Scene, phrase: Phrase) -> bool:
    """Whether a noun of role ends the name of a kind of body: "the coast guard"."""
    before = scene.word((phrase.at[0], phrase.at[1] - 1)).text.lower() if phrase.at[1] else ""
    return f"{before} {phrase.head}" in scene.vocabulary.lexicon.organizations


def _only_one_before(scene: Scene, phrase: Phrase) -> Figure | None:
    """The one person whom the sentence before is about: "The Indiana governor" after "Hugh Hill lost."."""
    sentence = phrase.at[0] - 1
    here = scene.sentences[phrase.at[0]]
    owned = any(here.words[child].deprel == "nmod:poss" for child in here.dependents[phrase.at[1]])
    if sentence < 0 or owned or here.words[phrase.first].text.lower() != "the":
        return None
    subjects = {id(each): each for each in (*_main_subjects(scene, sentence), *_subjects_before(scene, phrase.at))}
    figure = next(iter(subjects.values())) if len(subjects) == 1 else None
    gender = scene.vocabulary.gender(phrase.lemma)
    if figure is None or (gender and figure.gender not in ("", gender)):
        return None
    other = any(phrase.lemma in role.heads and _fit(phrase, role, scene.vocabulary) < 0 for role in figure.roles)
    return None if other else figure


def _main_subjects(scene: Scene, sentence: int) -> Iterator[Figure]:
    """The people whom a sentence outside of quotation marks is about."""
    words = scene.sentences[sentence].words
    for name in scene.names[sentence]:
        figure = scene.roll.of.get(name)
        for at in range(name.lead, name.last + 1):
            main = words[at].deprel.startswith("nsubj") and words[words[at].head].deprel == "root"
            if main and figure is not None and figure.kind == "person" and scene.passage(name.start) < 0:
                yield figure


def _subjects_before(scene: Scene, at: Place) -> Iterator[Figure]:
    """The people who are subjects in the same sentence before a place."""
    words = scene.sentences[at[0]].words
    for name in scene.names[at[0]]:
        figure = scene.roll.of.get(name)
        subject = any(words[k].deprel.startswith("nsubj") for k in range(name.lead, name.last + 1))
        if name.last < at[1] and subject and figure is not None and figure.kind == "person":
            yield figure


def _by_role(scene: Scene, phrase: Phrase) -> list[Figure]:
    """The people whose role the phrase tells, the best fitting ones."""
    best: dict[int, tuple[int, Figure]] = {}
    for figure, role in scene.by_role.get(phrase.lemma, scene.by_role.get(phrase.head, ())):
        fit = _fit(phrase, role, scene.vocabulary)
        if fit >= 0 and fit >= best.get(id(figure), (0, figure))[0]:
            best[id(figure)] = (fit, figure)
    top = max((fit for fit, _ in best.values()), default=0)
    return [figure for fit, figure in best.values() if fit == top]


def _fit(phrase: Phrase, role: Role, vocabulary: Vocabulary) -> int:
    """How well a description fits a role: -1 not at all, 1 with no word left over that lowers a rank, else 0."""
    for modifier in phrase.modifiers - LOWERING:
        if not _told(modifier, role.words, vocabulary):
            return -1
    lowered = (role.words & LOWERING) - {"former"} - phrase.modifiers
    return -1 if "vice" in lowered else 0 if lowered else 1


def _only(scene: Scene, phrase: Phrase, fitting: list[Figure], find: Find) -> tuple[Figure | None, float, list[Figure]]:
    """The one figure that fits; of several, the one that speaks or stands clearly nearest before."""
    if len(fitting) == 1:
        return fitting[0], 0.9, []
    speaker = last_speaker(scene, phrase.at, find)
    if speaker in fitting:
        return speaker, 0.75, [each for each in fitting if each is not speaker]
    nearest = sorted(((_distance(each, phrase.at), at) for at, each in enumerate(fitting)))
    if nearest[0][0] <= NEAR and nearest[1][0] > nearest[0][0] + NEAR:
        figure = fitting[nearest[0][1]]
        return figure, 0.65, [each for each in fitting if each is not figure]
    return None, 0.0, fitting


def _distance(figure: Figure, at: Place) -> int:
    """How many sentences lie between a figure's nearest earlier name and a place."""
    before = bisect_left(figure.names, at, key=lambda name: (name.sentence, name.first))
    return at[0] - figure.names[before - 1].sentence if before else UNSEEN


def last_speaker(scene: Scene, at: Place, find: Find, reach: int = NEAR) -> Figure | None:
    """Who spoke last before a place, outside of what others are quoted as saying."""
    for sentence in range(at[0], max(-1, at[0] - reach - 1), -1):
        for source in reversed(scene.turns.get(sentence, [])):
            if (sentence, source) < at and scene.passage(scene.word((sentence, source)).start) < 0:
                return find((sentence, source)).figure
    return None


def _bodies(scene: Scene, phrase: Phrase, find: Find) -> list[Figure]:
    """Named bodies and outlets that "the ministry", "the agency" or "the company" may mean."""
    named = {id(each): each for word in (phrase.lemma, phrase.head) for each in scene.bodies.get(word, ())}
    own = [each for each in named.values() if _named_so(phrase, each, scene.vocabulary)]
    if own or not phrase.definite:
        return own
    kinds = OUTLET_KINDS.get(phrase.lemma, ())
    if (kinds or phrase.lemma in scene.vocabulary.lexicon.media) and phrase.modifiers <= OF_OUTLETS:
        outlets = [each for each in scene.bodies.get("", ()) if _such_an_outlet(each, kinds)]
        outlets = [each for each in outlets if _distance(each, phrase.at) < UNSEEN]
        if outlets:
            return outlets if len(outlets) == 1 else _recent(scene, phrase, outlets, find)
    if phrase.lemma not in GENERIC or phrase.modifiers:
        return []
    near = _named_near(scene, phrase.at)
    bodies = [each for each in near if each.kind == "organization" and not _other_noun(each, phrase, scene.vocabulary)]
    places = [each for each in bodies if each.label == "PLACE" and all(len(key) < 2 for key in each.keys)]
    others = [each for each in bodies if each not in places and each.label != "PLACE"]
    return _recent(scene, phrase, others or [each for each in bodies if each not in places], find)


def _such_an_outlet(figure: Figure, kinds: tuple[str, ...]) -> bool:
    return figure.kind == "outlet" and (not kinds or figure.outlet is None or figure.outlet.kind in kinds)


def _named_near(scene: Scene, at: Place) -> list[Figure]:
    """The figures named in the sentences right before a place."""
    found: dict[int, Figure] = {}
    for sentence in range(max(0, at[0] - NEAR), at[0] + 1):
        for name in scene.names[sentence]:
            figure = scene.roll.of.get(name)
            if figure is not None and (sentence, name.first) < at:
                found[id(figure)] = figure
    return list(found.values())


def _named_so(phrase: Phrase, figure: Figure, vocabulary: Vocabulary) -> bool:
    for key in figure.keys:
        if (phrase.lemma in key or phrase.head in key) and all(
            _told(modifier, key, vocabulary) for modifier in phrase.modifiers
        ):
            return True
    return False


def _told(modifier: str, words: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Whether words hold a modifier, a country and its demonym being one."""
    known = {modifier, vocabulary.lexicon.demonyms.get(modifier, modifier)}
    return any(word in known or vocabulary.lexicon.demonyms.get(word) in known for word in words)


def _other_noun(figure: Figure, phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether a body's name calls it something else: the Port Authority is no company."""
    return any(word in vocabulary.lexicon.organizations and word != phrase.lemma for key in figure.keys for word in key)


def _recent(scene: Scene, phrase: Phrase, figures: list[Figure], find: Find) -> list[Figure]:
    """Of these, the one that speaks or is named nearest before; all where none stands near."""
    speaker = last_speaker(scene, phrase.at, find)
    if speaker in figures:
        return [speaker]
    near = [(distance, figure) for figure in figures if (distance := _distance(figure, phrase.at)) <= NEAR]
    least = min((distance for distance, _ in near), default=0)
    return [figure for distance, figure in near if distance == least]


def _repeated(scene: Scene, phrase: Phrase) -> Place | None:
    """The last earlier phrase with the same head that this one takes up."""
    if (phrase.indefinite and not phrase.plural) or phrase.modifiers & {"other", "another"}:
        return None
    for at in reversed(scene.nouns.get(phrase.lemma, ())):
        if at >= phrase.at or scene.passage(scene.word(at).start) >= 0:
            continue
        if at[1] in scene.at[at[0]] or at[1] in scene.beside[at[0]] or scene.word(at).deprel == "compound":
            continue
        earlier = read_phrase(scene, at)
        if earlier.plural == phrase.plural and _takes_up(phrase, earlier):
            return at
    return None


def _takes_up(phrase: Phrase, earlier: Phrase) -> bool:
    if phrase.definite:
        return phrase.modifiers <= earlier.modifiers
    return phrase.modifiers == earlier.modifiers and not earlier.indefinite


def name_of(scene: Scene, phrase: Phrase, find: Find) -> str:
    """What the source goes by where it has no name: the phrase without its article and what only adds to it."""
    sentence = scene.sentences[phrase.at[0]]
    words = sentence.words
    first = phrase.first
    while first < phrase.at[1] and (
        words[first].text.lower() in DROPPED or words[first].upos in ("PUNCT", "ADP", "SYM")
    ):
        first += 1
    last = _kept_to(scene, phrase)
    if last > phrase.at[1] and words[last].upos == "PRON":
        meant = find((phrase.at[0], last)).figure
        if meant is not None:
            kept = " ".join(scene.article.text[words[first].start : words[last - 1].end].split())
            return f"{kept[:1].lower()}{kept[1:]} {'the ' if not meant.names else ''}{meant.name}"
    while last > phrase.at[1] and (words[last].text.lower() in POSSESSIVE or words[last].upos in ("PUNCT", "ADP")):
        last -= 1
    text = " ".join(scene.article.text[words[first].start : words[last].end].split())
    named = first in scene.at[phrase.at[0]]
    return text[:1].lower() + text[1:] if _only_sentence_case(scene, words[first], first) and not named else text


def _only_sentence_case(scene: Scene, word: Word, index: int) -> bool:
    """Whether a word has its capital only for standing first."""
    common = word.upos != "PROPN" or word.text.lower() in scene.nouns or lemma_of(word) in scene.nouns
    return index == 0 and common and word.text[1:].islower()


def _kept_to(scene: Scene, phrase: Phrase) -> int:
    """The last word of the name: complements stay where the head alone says nothing, or says for whom it speaks."""
    sentence = scene.sentences[phrase.at[0]]
    word = sentence.words[phrase.at[1]]
    vocabulary = scene.vocabulary
    if word.text.lower() in vocabulary.vague and _told_by(sentence.words, word.index, vocabulary):
        return _to_clause(sentence.words, word.index)
    if word.text.lower() in vocabulary.vague:
        inside = [
            at for child in sentence.dependents[word.index] if child > word.index for at in sentence.subtree(child)
        ]
        return _contiguous(sentence.words, word.index, sorted(inside))
    bare = word.upos not in ("NOUN", "PROPN") or word.text.lower() in ("majority", "number", "percent", "group")
    if bare or word.text.lower() in vocabulary.spokespersons:
        return phrase.last
    return word.index


def _told_by(words: tuple[Word, ...], head: int, vocabulary: Vocabulary) -> bool:
    """Whether a vague head goes on as "familiar with", "close to" or "briefed on"."""
    return head + 1 < len(words) and words[head + 1].text.lower() in vocabulary.vague | {"with"}


def _to_clause(words: tuple[Word, ...], head: int) -> int:
    """The last word before a verb, a mark or a relative pronoun."""
    last = head + 1
    while last + 1 < len(words) and words[last + 1].upos not in ("VERB", "AUX", "PUNCT", "PRON", "SCONJ"):
        last += 1
    return last


def _contiguous(words: tuple[Word, ...], head: int, inside: list[int]) -> int:
    last = head
    for at in inside:
        if at != last + 1 or words[at].upos == "PUNCT" or words[at].text.lower() in ("who", "that", "which"):
            break
        last = at
    return last


def kind_of(phrase: Phrase, vocabulary: Vocabulary) -> SourceKind:
    """What a source without a name is, by the head of its description."""
    lexicon = vocabulary.lexicon
    head, lemma = phrase.head, phrase.lemma
    if head in ("media", "press") or (lemma in lexicon.media and lemma not in ("report", "agency", "service", "paper")):
        return "outlet"
    if phrase.modifiers & {"media", "news", "press"} and lemma in vocabulary.media:
        return "outlet"
    if lemma in lexicon.documents or head in lexicon.documents:
        return "document"
    if head in lexicon.groups:
        return "group"
    if head in lexicon.organizations or lemma in lexicon.organizations:
        return "organization"
    if lemma in lexicon.anonymous or head in lexicon.anonymous:
        return "anonymous"
    if vocabulary.is_role(lemma):
        return "group" if phrase.plural else "person"
    return "group" if phrase.plural else "anonymous"


def author_of(scene: Scene, at: Place) -> Place | None:
    """The maker of a document: "the ministry's report", "a letter from the union", "a Reuters report"."""
    sentence = scene.sentences[at[0]]
    words = sentence.words
    own = words[at[1]].text.lower() in scene.vocabulary.lexicon.own_media
    for child in sentence.dependents[at[1]]:
        if words[child].deprel == "nmod:poss" and not syntax.is_time(words[child]):
            return at[0], child
        if (
            own
            and words[child].deprel == "compound"
            and lemma_of(words[child]) in scene.vocabulary.lexicon.organizations
        ):
            return at[0], child
        if words[child].deprel == "acl":
            agents = [k for k in sentence.dependents[child] if words[k].deprel == "obl:agent"]
            name = scene.at[at[0]].get(agents[0]) if agents else None
            if agents and (name is None or name.label != "OUTLET"):
                return at[0], agents[0]
        case = [words[k].text.lower() for k in sentence.dependents[child] if words[k].deprel == "case"]
        if words[child].deprel == "nmod" and child > at[1] and case and case[0] in MADE_BY:
            return at[0], child
        name = scene.at[at[0]].get(child)
        of_body = name is not None and name.last == at[1] - 1 and name.label in ("OUTLET", "ORG")
        if own and of_body and words[child].deprel == "compound":
            return at[0], child
    return _beside_document(scene, at)


def _beside_document(scene: Scene, at: Place) -> Place | None:
    """The maker that was hung from the verb of "citing a report by the union"."""
    sentence = scene.sentences[at[0]]
    word = sentence.words[at[1]]
    if word.deprel != "obj" or word.head > at[1] or syntax.is_passive(sentence, word.head):
        return None
    behind = sentence.subtree(at[1])[-1] + 1
    for each in syntax.children(sentence, word.head, "obl"):
        if sentence.subtree(each)[0] == behind and syntax.case(sentence, each) in MADE_BY:
            return at[0], each
    return None


def body_of(scene: Scene, at: Place) -> Place | None:
    """For whom a spokesperson speaks: the word that heads "the ministry" in "a spokesman for the ministry"."""
    sentence = scene.sentences[at[0]]
    words = sentence.words
    for child in sentence.dependents[at[1]]:
        case = [words[k].text.lower() for k in sentence.dependents[child] if words[k].deprel == "case"]
        if child > at[1] and words[child].deprel in ("nmod", "obl") and case and case[0] in LINKS:
            return at[0], child
    before = [child for child in sentence.dependents[at[1]] if child < at[1]]
    for deprels in (("nmod:poss",), ("compound", "nmod", "amod")):
        for child in reversed(before):
            named = child in scene.at[at[0]]
            if words[child].deprel in deprels and (named or words[child].upos in ("NOUN", "PROPN", "PRON")):
                return at[0], child
    if at[1] and (at[1] - 1) in scene.at[at[0]]:
        return at[0], at[1] - 1
    return None
