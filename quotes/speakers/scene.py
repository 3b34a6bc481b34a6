"""An article laid out for finding its speakers: names and figures by place, passages, and who spoke when."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import attrs

from quotes.records import Article, Attribution, Candidate, Mention, Parse, Passage, Sentence, Span, Word
from quotes.speakers.figures import Figure, Role, Roll, enroll
from quotes.speakers.names import Name, find_names
from quotes.speakers.roles import assign_roles
from quotes.speakers.vocabulary import Vocabulary, lemma_of

Place = tuple[int, int]
UNEXPLAINED = ("", "ORG", "MISC", "WORK", "OUTLET")  # labels of names that may be an outlet's
DAYS = frozenset(day.lower() for day in calendar.day_name)  # no names, whatever the models take them for

# What people are called who bear a title that is only written before names.
SPELLED_OUT = {
    "rep": ("representative", "congressman", "congresswoman", "lawmaker"),
    "sen": ("senator", "lawmaker"),
    "gov": ("governor",),
    "gen": ("general",),
    "col": ("colonel",),
    "capt": ("captain",),
    "lt": ("lieutenant",),
    "sgt": ("sergeant",),
    "prof": ("professor",),
    "dr": ("doctor",),
    "rev": ("pastor", "reverend"),
    "insp": ("inspector",),
    "supt": ("superintendent",),
    "fm": ("minister",),
    "pm": ("minister", "premier"),
}


@attrs.define(kw_only=True, eq=False)
class Found:
    """What a word was found to stand for. figure: None where that stays open."""

    figure: Figure | None
    mention: Mention
    confidence: float
    rivals: tuple[Candidate, ...] = ()


@attrs.define(kw_only=True, eq=False)
class Scene:
    """The article's words with all that was found of its names.

    at: for each sentence, name by word; beside: the same for the words of titles and appositions;
    turns: the places of sources, in order, for each sentence; by_source: attributions by the place of their source.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    vocabulary: Vocabulary
    names: list[list[Name]]
    at: list[dict[int, Name]]
    beside: list[dict[int, Name]]
    roll: Roll
    attributions: Sequence[Attribution]
    turns: dict[int, list[int]]
    by_source: dict[Place, list[Attribution]]
    quoted: list[tuple[int, int]]
    by_role: dict[str, list[tuple[Figure, Role]]]
    nouns: dict[str, list[Place]]
    bodies: dict[str, list[Figure]]
    spoken: dict[int, list[tuple[Span, Place]]]
    starts: list[int]

    def word(self, at: Place) -> Word:
        return self.sentences[at[0]].words[at[1]]

    def passage(self, offset: int) -> int:
        """The number of the outermost passage of speech that covers an offset, -1 for none."""
        found = bisect_right(self.starts, offset) - 1
        return found if found >= 0 and offset < self.quoted[found][1] else -1

    def span(self, at: int, first: int, last: int) -> Span:
        words = self.sentences[at].words
        return self.article.span(words[first].start, words[last].end)

    def contents(self, place: Place) -> Iterator[Span]:
        """What is attributed to the source at a place."""
        for attribution in self.by_source.get(place, ()):
            yield from attribution.content


def lay_scene(
    article: Article,
    parse: Parse,
    passages: Sequence[Passage],
    attributions: Sequence[Attribution],
    vocabulary: Vocabulary,
) -> Scene:
    names = [
        [name for name in here if not DAYS.issuperset(name.words)] for here in find_names(article, parse, vocabulary)
    ]
    _believe_people(names, vocabulary)
    roll = enroll([name for here in names for name in here], _short_forms(parse, names), vocabulary)
    at = [{word: name for name in here for word in range(name.first, name.last + 1)} for here in names]
    beside = assign_roles(article, parse.sentences, names, roll, vocabulary)
    for place in _places(attributions):
        name = at[place[0]].get(place[1])
        believe(roll.of.get(name) if name else None, vocabulary)
    for attribution in attributions:
        name = at[attribution.hearer_at[0]].get(attribution.hearer_at[1]) if attribution.hearer_at else None
        figure = roll.of.get(name) if name is not None and attribution.relation == "told" else None
        if name is not None and figure is not None and _hears_as_outlet(figure, name, vocabulary):
            figure.kind = "outlet"
    quoted = sorted(passage.outer for passage in passages if passage.use == "speech" and passage.level == 0)
    turns, by_source = _turns(attributions)
    return Scene(
        article=article,
        sentences=parse.sentences,
        vocabulary=vocabulary,
        names=names,
        at=at,
        beside=beside,
        roll=roll,
        attributions=attributions,
        turns=turns,
        by_source=by_source,
        quoted=quoted,
        by_role=_by_role(roll),
        nouns=_nouns(parse.sentences, vocabulary),
        bodies=_bodies(roll),
        spoken=_spoken(parse.sentences, attributions),
        starts=[start for start, _ in quoted],
    )


def _believe_people(names: Sequence[Sequence[Name]], vocabulary: Vocabulary) -> None:
    """Takes first and last name for a person's where the last alone is a person's elsewhere, whatever its label."""
    alone = {name.words[0] for here in names for name in here if len(name.words) == 1 and name.label == "PERSON"}
    given = vocabulary.lexicon.given_names
    for name in (name for here in names for name in here):
        if name.label == "PLACE" and len(name.words) == 2 and name.words[0] in given and name.words[1] in alone:
            name.label = "PERSON"


def _places(attributions: Iterable[Attribution]) -> Iterator[Place]:
    for attribution in attributions:
        yield from (at for at in (attribution.source_at, attribution.hearer_at) if at is not None)


def believe(figure: Figure | None, vocabulary: Vocabulary) -> None:
    """Takes a name that is an ordinary word too for the outlet of that name, now that it stands at a cue."""
    outlet = next((name.outlet for name in figure.names if name.outlet), None) if figure else None
    if figure is None or outlet is None or figure.kind == "outlet" or len(figure.keys) > 1 or figure.roles:
        return
    named = figure.label == "PERSON" and any(
        figure.gender or word in vocabulary.lexicon.given_names for word in next(iter(figure.keys))
    )
    if not named and figure.label != "NORP":
        figure.kind, figure.outlet = "outlet", outlet


def _hears_as_outlet(figure: Figure, name: Name, vocabulary: Vocabulary) -> bool:
    """Whether a name that something was told to is an outlet's: nobody's, no place's, no other kind of body's."""
    if figure.roles or figure.gender or len(figure.keys) > 1 or figure.label not in UNEXPLAINED:
        return False
    others = vocabulary.lexicon.organizations | vocabulary.lexicon.generic_hearers | vocabulary.lexicon.groups
    return not name.text.isupper() and not name.titled and name.words[-1] not in others


def _turns(attributions: Sequence[Attribution]) -> tuple[dict[int, list[int]], dict[Place, list[Attribution]]]:
    turns: dict[int, list[int]] = defaultdict(list)
    by_source: dict[Place, list[Attribution]] = defaultdict(list)
    for attribution in attributions:
        if attribution.source_at is not None:
            if attribution.source_at not in by_source and attribution.act == "speech":
                turns[attribution.source_at[0]].append(attribution.source_at[1])
            by_source[attribution.source_at].append(attribution)
    for places in turns.values():
        places.sort()
    return turns, by_source


def _bodies(roll: Roll) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = defaultdict(list)
    for figure in roll.figures:
        if figure.kind in ("organization", "outlet") and figure.label != "PLACE":
            for word in sorted({"", *(word for key in figure.keys for word in key)}):
                found[word].append(figure)
    return found


def _spoken(sentences: Sequence[Sentence], attributions: Sequence[Attribution]) -> dict[int, list[tuple[Span, Place]]]:
    starts = [sentence.start for sentence in sentences]
    found: dict[int, list[tuple[Span, Place]]] = defaultdict(list)
    for attribution in attributions:
        if attribution.source_at is None or attribution.kind == "indirect":
            continue
        for span in attribution.content:
            first = max(0, bisect_right(starts, span.start) - 1)
            for sentence in range(first, bisect_right(starts, span.end - 1)):
                found[sentence].append((span, attribution.source_at))
    return found


def _by_role(roll: Roll) -> dict[str, list[tuple[Figure, Role]]]:
    found: dict[str, list[tuple[Figure, Role]]] = defaultdict(list)
    for figure in roll.figures:
        for role in figure.roles:
            for head in role.heads:
                for noun in (head, *SPELLED_OUT.get(head.rstrip("."), ())):
                    found[noun].append((figure, role))
    return found


def _nouns(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> dict[str, list[Place]]:
    """Where each common noun for people, bodies, media and documents stands, by its lemma."""
    lexicon = vocabulary.lexicon
    wanted = (
        lexicon.roles | lexicon.groups | lexicon.organizations | lexicon.documents | lexicon.anonymous | lexicon.media
    )
    found: dict[str, list[Place]] = defaultdict(list)
    for sentence in sentences:
        for word in sentence.words:
            if word.upos in ("NOUN", "PROPN"):
                lemma = lemma_of(word)
                if lemma in wanted or word.text.lower() in wanted:
                    found[lemma].append((sentence.index, word.index))
    return found


def _short_forms(parse: Parse, names: list[list[Name]]) -> dict[Name, Name]:
    """Acronyms in parentheses, with the names that they stand behind: "Vallmere Water Board (VWB)"."""
    found: dict[Name, Name] = {}
    for here, sentence in zip(names, parse.sentences, strict=True):
        for full, short in pairwise(here):
            opened = short.first == full.last + 2 and sentence.words[full.last + 1].text == "("
            if opened and short.text.isupper() and len(full.words) > 1:
                found[short] = full
    return found
