"""Figures: whom an article's names stand for, one figure to all names of the same person, body, outlet or place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import attrs

from quotes.lexicon import Outlet
from quotes.records import Mention, SourceKind
from quotes.speakers.names import Name
from quotes.speakers.vocabulary import POSSESSIVE, Vocabulary

LINE_BREAKS = re.compile(r"[ \t\r\n]+")
DOMINANT = 3  # so many times as often named, one of two namesakes is meant by the bare surname
LONGEST_PERSON = 4  # words of a name that nothing else tells to be a person's
KINDS: dict[str, SourceKind] = {
    "PERSON": "person",
    "OUTLET": "outlet",
    "ORG": "organization",
    "PLACE": "organization",
    "NORP": "group",
    "WORK": "document",
}


@attrs.define(kw_only=True, eq=False)
class Role:
    """What a person is said to be. heads: its nouns of role; words: all its words; at: its last noun of role."""

    text: str
    heads: frozenset[str]
    words: frozenset[str]
    at: tuple[int, int]


@attrs.define(kw_only=True, eq=False)
class Figure:
    """Somebody or something that the article speaks of.

    labels: how often its names were found to be what; keys: its names in lower-case words; called, start: the
    description that it goes by where it has no name, and where that stands; speaks: the place of its word
    "spokesman", whose phrase tells for whom.
    """

    labels: Counter[str] = attrs.field(factory=Counter)
    names: list[Name] = attrs.field(factory=list)
    keys: set[tuple[str, ...]] = attrs.field(factory=set)
    roles: list[Role] = attrs.field(factory=list)
    gender: str = ""
    plural: bool = False
    outlet: Outlet | None = None
    called: str = ""
    start: int = 0
    kind: SourceKind | None = None
    speaks: tuple[int, int] | None = None
    mentions: dict[tuple[int, int], Mention] = attrs.field(factory=dict)

    @property
    def label(self) -> str:
        return self.labels.most_common(1)[0][0] if self.labels else ""

    @property
    def name(self) -> str:
        """The fullest form in which the article names it; what it goes by where it has no name."""
        if not self.names:
            return self.called
        fullest = max(self.names, key=lambda each: (each.words in self.keys, len(each.words), each.titled, -each.start))
        text = LINE_BREAKS.sub(" ", fullest.text)
        for mark in POSSESSIVE:
            text = text.removesuffix(mark)
        titled = fullest.titled and len(fullest.words) == 1 and self.personal
        return f"{fullest.title} {text}" if titled else text

    @property
    def personal(self) -> bool:
        return self.kind == "person" if self.kind else self.label in ("PERSON", "")


@attrs.define(kw_only=True, eq=False)
class Roll:
    """The figures behind an article's names. ambiguous: names that fit several figures, with those that they fit."""

    figures: list[Figure]
    of: dict[Name, Figure]
    ambiguous: dict[Name, list[Figure]]


def enroll(names: Iterable[Name], short_forms: dict[Name, Name], vocabulary: Vocabulary) -> Roll:
    """Sorts names into figures: full names first, then shorter ones, in reading order.

    short_forms: acronyms in parentheses with the names that they stand behind.
    """
    roll = Roll(figures=[], of={}, ambiguous={})
    index: dict[str, list[Figure]] = defaultdict(list)
    ordered = list(names)
    for name in ordered:
        if len(name.words) > 1 and not name.loose:
            _join(roll, index, name, _same_full(index, name), vocabulary)
    alone = {name.words[0] for name in ordered if len(name.words) == 1}
    for name in ordered:
        if name.loose and _first_and_last(name, alone, vocabulary):
            name.loose = False
            _join(roll, index, name, _same_full(index, name), vocabulary)
    for name in ordered:
        if len(name.words) == 1:
            _add_short(roll, index, name, short_forms.get(name), vocabulary)
    for name in ordered:
        if len(name.words) > 1 and name.loose:
            _join(roll, index, name, _same_full(index, name) or _inside(index, name), vocabulary)
    for figure in roll.figures:
        _settle(figure, vocabulary)
    return roll


def _first_and_last(name: Name, alone: set[str], vocabulary: Vocabulary) -> bool:
    """Whether a headline's run is a person's name after all: its last word stands alone elsewhere."""
    words = name.words
    return len(words) in (2, 3) and words[0] in vocabulary.lexicon.given_names and words[-1] in alone


def _join(
    roll: Roll, index: dict[str, list[Figure]], name: Name, figure: Figure | None, vocabulary: Vocabulary
) -> None:
    if figure is None:
        figure = Figure()
        roll.figures.append(figure)
    figure.names.append(name)
    if name.label and not (name.loose and figure.labels):
        figure.labels[name.label] += len(name.words)
    figure.gender = figure.gender or name.gender or _given_gender(name, vocabulary)
    if name.sure:
        figure.outlet = figure.outlet or name.outlet
    roll.of[name] = figure
    if name.words not in figure.keys and not (name.loose and figure.keys):
        figure.keys.add(name.words)
        for word in set(name.words):
            if figure not in index[word]:
                index[word].append(figure)


def _given_gender(name: Name, vocabulary: Vocabulary) -> str:
    if len(name.words) < 2 or name.label not in ("PERSON", ""):
        return ""
    return vocabulary.lexicon.given_names.get(name.words[0], "")


def _same_full(index: dict[str, list[Figure]], name: Name) -> Figure | None:
    """The figure that a name of several words names, if one does."""
    rare = min(name.words, key=lambda word: len(index.get(word, ())))
    candidates = {id(each): each for word in (rare, name.words[-1], name.words[0]) for each in index.get(word, ())}
    for figure in candidates.values():
        if any(_one_name(key, name) for key in figure.keys):
            return figure
    return None


def _inside(index: dict[str, list[Figure]], name: Name) -> Figure | None:
    """The figure whose name stands inside a headline's run of capitals: "Ferry Ada Quint"."""
    found = {
        id(figure): figure
        for word in name.words
        for figure in index.get(word, ())
        if any(_within(key, name.words) for key in figure.keys)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _one_name(key: tuple[str, ...], name: Name) -> bool:
    """Whether two forms of several words name the same."""
    short, long = sorted((key, name.words), key=len)
    if short == long:
        return True
    if len(short) < 2 or not _within(short, long):
        return False
    if name.label in ("PERSON", ""):
        return short[-1] == long[-1] or short[0] == long[0]
    return (short[-1] == long[-1] and name.label in ("ORG", "OUTLET")) or (
        long[: len(short)] == short and name.label == "OUTLET"
    )


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the words of one stand in the other, in their order."""
    rest = iter(long)
    return all(word in rest for word in short)


def _add_short(
    roll: Roll, index: dict[str, list[Figure]], name: Name, full: Name | None, vocabulary: Vocabulary
) -> None:
    if full is not None and full in roll.of:
        _join(roll, index, name, roll.of[full], vocabulary)
        return
    candidates = _candidates(index, name, vocabulary)
    if len(candidates) > 1:
        candidates = _narrowed(candidates, name)
    if len(candidates) > 1:
        roll.ambiguous[name] = candidates
        return
    _join(roll, index, name, candidates[0] if candidates else None, vocabulary)


def _candidates(index: dict[str, list[Figure]], name: Name, vocabulary: Vocabulary) -> list[Figure]:
    """The figures that a single word may name, by its best place in their names: whole, last, first, any."""
    word = name.words[0]
    figures = index.get(word, ())
    whole = [each for each in figures if (word,) in each.keys and not (each.personal and len(each.keys) > 1)]
    if whole and not name.gender:
        return whole[:1]
    people = [each for each in figures if each.label in ("PERSON", "")]
    if name.label not in ("NORP", "OUTLET") and not name.sure:
        for place in (-1, 0, None):
            found = [each for each in people if _stands(each, word, place)]
            if place == 0 and name.label == "PLACE":
                found = []
            if found:
                return found
    if whole:
        return whole[:1]
    initials = _by_initials(index, name)
    if initials:
        return initials
    return [each for each in figures if each.label in ("ORG", "OUTLET") and _short_body(each, word, vocabulary)][:1]


def _stands(figure: Figure, word: str, place: int | None) -> bool:
    return any(word in key if place is None else key[place] == word for key in figure.keys)


def _by_initials(index: dict[str, list[Figure]], name: Name) -> list[Figure]:
    letters = name.words[0].replace(".", "")
    if not name.text.replace(".", "").isupper() or len(letters) < 2:
        return []
    seen = {id(each): each for figures in list(index.values()) for each in figures} if len(letters) > 1 else {}
    return [each for each in seen.values() if any(_initials(key) == letters for key in each.keys)][:1]


def _initials(key: tuple[str, ...]) -> str:
    return (
        "".join(word[0] for word in key if word not in ("of", "for", "the", "and", "on", "&")) if len(key) > 1 else ""
    )


def _short_body(figure: Figure, word: str, vocabulary: Vocabulary) -> bool:
    """Whether a body or outlet goes by this word of its name: "Fars" (News), "the (New York) Times"."""
    if word in vocabulary.lexicon.organizations:
        return any(key[-1] == word for key in figure.keys)
    return any(key[0] == word or (key[-1] == word and figure.label == "OUTLET") for key in figure.keys)


def _narrowed(candidates: list[Figure], name: Name) -> list[Figure]:
    """Of namesakes, those of the title's gender; those named before; the one that is named far more often."""
    if name.gender:
        candidates = [each for each in candidates if each.gender in ("", name.gender)] or candidates
    place = (name.sentence, name.first)
    before = [each for each in candidates if any((n.sentence, n.first) <= place for n in each.names)]
    candidates = before or candidates
    if len(candidates) < 2:
        return candidates
    candidates = sorted(candidates, key=lambda each: -_times(each, place))
    first, second = _times(candidates[0], place), _times(candidates[1], place)
    latest = max(
        candidates, key=lambda each: max((_place(n) for n in each.names if _place(n) <= place), default=(-1, -1))
    )
    if first >= DOMINANT * second or (first > second and latest is candidates[0]):
        return candidates[:1]
    bearers = [each for each in candidates if _bears_alone(each, name)]
    fresh = max(_place(n)[0] for n in latest.names if _place(n) <= place) >= name.sentence - 1
    if len(bearers) == 1 and (latest is bearers[0] or not fresh):
        return bearers
    return candidates


def _bears_alone(figure: Figure, name: Name) -> bool:
    """Whether the same single word has stood for a figure before."""
    return any(each.words == name.words and _place(each) < _place(name) for each in figure.names)


def _place(name: Name) -> tuple[int, int]:
    return name.sentence, name.first


def _times(figure: Figure, place: tuple[int, int]) -> int:
    """How often a figure was named up to a place."""
    return sum(_place(name) <= place for name in figure.names)


def _settle(figure: Figure, vocabulary: Vocabulary) -> None:
    """What the figure is, now that all its names are known; a headline's runs of capitals are no names to go by."""
    figure.names.sort(key=lambda name: name.start)
    if any(not name.loose for name in figure.names):
        figure.names = [name for name in figure.names if not name.loose or name.words in figure.keys]
    figure.kind = KINDS.get(figure.label)
    if figure.outlet is not None and figure.label != "PERSON":
        figure.kind = "outlet"
    if figure.kind is None:
        longest = max(figure.keys, key=len)
        lexicon = vocabulary.lexicon
        if longest[-1] in lexicon.documents:
            figure.kind = "document"
        else:
            person = 1 < len(longest) <= LONGEST_PERSON and longest[-1] not in lexicon.organizations
            acronym = all(name.text.isupper() for name in figure.names)
            figure.kind = "person" if person and not acronym else "organization"
    if figure.kind == "group":
        figure.plural = True
