"""Names in the text: where each stands, what kind of thing it names, and the title or role before it."""

from __future__ import annotations

import attrs

from quotes.lexicon import Outlet
from quotes.records import Article, Entity, Parse, Sentence, Word
from quotes.speakers.leads import lead_in
from quotes.speakers.runs import CLOSING, OPENING, UNTOLD, Known, Run, find_runs
from quotes.speakers.vocabulary import BROADCASTING, OUTLET_ENDINGS, OUTLET_OPENINGS, POSSESSIVE, Vocabulary

LONG_WORD = 3  # letters; shorter words keep their small letters in headlines too


@attrs.define(kw_only=True, eq=False)
class Name:
    """A name where it stands.

    first, last: its words in the sentence; lead: the first word of the title or role before it; words: its words in
    lower case; label: PERSON, ORG, PLACE, NORP, WORK, OUTLET, … or "" where nothing tells; outlet: what the lexicon
    knows under this name; sure: whether the name can mean nothing but the outlet; title: the title right before it,
    where titled; loose: found in a headline, where capitals tell nothing.
    """

    sentence: int
    first: int
    last: int
    lead: int
    start: int
    end: int
    text: str
    words: tuple[str, ...]
    label: str
    outlet: Outlet | None = None
    sure: bool = False
    gender: str = ""
    titled: bool = False
    title: str = ""
    loose: bool = False


def find_names(article: Article, parse: Parse, vocabulary: Vocabulary) -> list[list[Name]]:
    """The names of each sentence, in order."""
    found = []
    for sentence, entities in zip(parse.sentences, _by_sentence(parse), strict=True):
        runs, known = find_runs(article, sentence, entities, vocabulary)
        names = [_name(article, sentence, run, known, vocabulary) for run in runs]
        if names and _capitals_tell_nothing(article, sentence):
            for name in names:
                name.loose = not name.sure
        found.append(names)
    return found


def _capitals_tell_nothing(article: Article, sentence: Sentence) -> bool:
    if article.blocks and article.blocks[sentence.block].kind == "headline":
        return True
    capitals = [word.text[:1].isupper() for word in sentence.words if len(word.text) > LONG_WORD]
    return len(capitals) >= 4 and sum(capitals) >= 0.75 * len(capitals)


def _by_sentence(parse: Parse) -> list[list[Entity]]:
    found: list[list[Entity]] = [[] for _ in parse.sentences]
    at = 0
    for entity in parse.entities:
        while at < len(parse.sentences) and parse.sentences[at].end <= entity.start:
            at += 1
        if at < len(parse.sentences) and entity.start >= parse.sentences[at].start:
            found[at].append(entity)
    return found


def _name(
    article: Article,
    sentence: Sentence,
    run: Run,
    known: Known,
    vocabulary: Vocabulary,
) -> Name:
    first, last, label = run
    words = sentence.words
    low = _in_lower_case(words, first, last)
    listed = known.get(first)
    outlet, sure = (listed[1], listed[2]) if listed and listed[0] == last else (None, False)
    label = _label(low, label, listed is not None and listed[2], vocabulary)
    if _beside_medium(words, first, last, label, vocabulary):
        label = "OUTLET"
    owned = _without_possessor(words, first, last) if listed is None else first
    if owned > first and _label(_in_lower_case(words, owned, last), label, False, vocabulary) == "OUTLET":
        first, low, label = owned, _in_lower_case(words, owned, last), "OUTLET"
    person = label in ("PERSON", UNTOLD)
    lead = lead_in(words, first, vocabulary) if person else first
    stop = first > lead + 1 and words[first - 1].text == "."
    titled = person and first > lead and words[first - 1 - stop].text.lower() in vocabulary.titles
    genders = [vocabulary.gender(words[at].text.lower()) for at in range(lead, first)]
    if label == UNTOLD and lead < first:
        label = "PERSON"
    start, end = words[first].start, words[last].end
    return Name(
        sentence=sentence.index,
        first=first,
        last=last,
        lead=lead,
        start=start,
        end=end,
        text=article.text[start:end],
        words=low,
        label=label,
        outlet=outlet,
        sure=sure,
        gender=next((gender for gender in reversed(genders) if gender), ""),
        titled=titled,
        title=_title(article, words, lead, first, vocabulary) if titled else "",
    )


def _title(article: Article, words: tuple[Word, ...], lead: int, first: int, vocabulary: Vocabulary) -> str:
    """The titles right before a name, without the role that goes before them."""
    start = first
    while start > lead and (words[start - 1].text.lower() in vocabulary.titles or words[start - 1].text == "."):
        start -= 1
    return " ".join(article.text[words[start].start : words[first].start].split())


def _without_possessor(words: tuple[Word, ...], first: int, last: int) -> int:
    """Where an outlet's name begins behind "Tarsia’s"."""
    return next((at + 1 for at in range(last - 1, first, -1) if words[at].text in POSSESSIVE), first)


def _in_lower_case(words: tuple[Word, ...], first: int, last: int) -> tuple[str, ...]:
    """A name's words without punctuation and without a nickname in marks."""
    low: list[str] = []
    inside = False
    for word in words[first : last + 1]:
        if word.text in (*OPENING, *CLOSING):
            inside = not inside and word.text in OPENING
        elif not inside and (word.upos != "PUNCT" or word.text == "&"):
            low.append(word.text.lower().replace("’", "'"))
    return tuple(low)


def _beside_medium(words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary) -> bool:
    """Whether a noun for an outlet stands right beside the name: "the daily X", "the X news agency"."""
    media = vocabulary.lexicon.media
    if (
        first
        and words[first - 1].text in media
        and (words[first - 1].upos != "ADJ" or words[first - 2].upos == "DET")
        and label not in ("PLACE", "NORP")
    ):
        return True
    behind = [word.text for word in words[last + 1 : last + 3]]
    pair = " ".join(behind)
    return label in ("ORG", UNTOLD, "MISC", "WORK") and (pair in media or behind[:1] == ["newspaper"])


def _label(words: tuple[str, ...], label: str, of_outlet: bool, vocabulary: Vocabulary) -> str:
    """What kind of thing a name names, by its own words before the models' word for it."""
    if label == "OUTLET" or not words:
        return label
    tail = _head_word(words)
    if label in ("ORG", "MISC") and _like_a_person(words, tail, vocabulary):
        return "PERSON"
    if len(words) > 1 and label != "PERSON":
        if of_outlet and tail not in vocabulary.lexicon.organizations:
            return "OUTLET"
        agency = " ".join(words[-2:]) in vocabulary.lexicon.media  # "Velna News Agency"; other agencies are bodies
        ending = tail in OUTLET_ENDINGS or words[-1] in OUTLET_ENDINGS
        if agency or ending or words[0] in OUTLET_OPENINGS or BROADCASTING in words[1:]:
            return "OUTLET"
        if tail in vocabulary.lexicon.organizations:
            return "ORG"
    if len(words) > 1 and tail in vocabulary.lexicon.organizations and words[0] not in vocabulary.lexicon.given_names:
        return "ORG"
    if label == UNTOLD:
        if words[0] in vocabulary.lexicon.given_names:
            return "PERSON"
        if words[-1] in vocabulary.lexicon.groups:
            return "NORP"
    return label


def _like_a_person(words: tuple[str, ...], tail: str, vocabulary: Vocabulary) -> bool:
    lexicon = vocabulary.lexicon
    body = tail in lexicon.organizations or tail in OUTLET_ENDINGS or tail in lexicon.media
    return 2 <= len(words) <= 3 and bool(lexicon.given_names.get(words[0])) and not body and "of" not in words


def _head_word(words: tuple[str, ...]) -> str:
    """The noun that an organization's name turns on: "ministry" in "Ministry of Health"."""
    for link in ("of", "for"):
        if link in words[1:]:
            return words[words.index(link, 1) - 1]
    return words[-1]
