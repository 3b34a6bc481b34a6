"""Names in the text: what the models and the lexicon found, put right, with the title or role that stands before each."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from quotes.lexicon import Outlet
from quotes.records import Article, Entity, Parse, Sentence, Word
from quotes.speakers.vocabulary import FIRST_WORD, OUTLET_ENDINGS, Vocabulary

NAMING = ("PERSON", "ORG", "NORP", "PLACE", "WORK", "PRODUCT", "MISC")
POSSESSIVE = ("'s", "’s", "'", "’")
LINKS = ("of", "to", "for", "at", "in", "on")
LONGEST_LEAD = 16  # words of title and role before a name
OPENING, CLOSING = ("“", '"', "‘"), ("”", '"', "’")
CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec am pm""".split()
)
LONG_WORD = 3  # letters; shorter words keep their small letters in headlines too
UNTOLD = ""
HONORIFICS = ("mr", "mrs", "ms", "miss", "mx")


@attrs.define(kw_only=True, eq=False)
class Name:
    """A name where it stands. first, last: its words in the sentence; lead: the first word of the title or role before it.

    words: its words in lower case; label: PERSON, ORG, PLACE, NORP, WORK, OUTLET, … or "" where nothing tells;
    outlet: what the lexicon knows under this name; sure: whether the name can mean nothing but the outlet;
    title: the title right before it, where titled; loose: found in a headline, where capitals tell nothing.
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
        names = _of_sentence(article, sentence, entities, vocabulary)
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


def _of_sentence(article: Article, sentence: Sentence, entities: list[Entity], vocabulary: Vocabulary) -> list[Name]:
    words = sentence.words
    free = [True] * len(words)
    runs: list[tuple[int, int, str]] = []
    known = {first: (last, outlet, sure) for first, last, outlet, sure in _outlets(article, words, vocabulary)}
    labelled = list(_labelled(words, entities))
    for first, last, _ in labelled:
        free[first : last + 1] = [False] * (last + 1 - first)
    for first, last, label in labelled:
        label = _relabel(words, first, last, label, vocabulary)
        first, last = _repair(words, first, last, label, vocabulary, free)
        if label in NAMING and first <= last and not _indefinite(words, first, last, label, vocabulary):
            runs.append((first, last, label))
    runs = _joined(words, runs, vocabulary)
    runs = _with_outlets(runs, known, free)
    runs.extend(_capitalized(words, free, vocabulary))
    runs = [run for run in runs if not _common(words, run, known, vocabulary)]
    return [_name(article, sentence, run, known, vocabulary) for run in sorted(runs)]


def _outlets(
    article: Article, words: tuple[Word, ...], vocabulary: Vocabulary
) -> Iterator[tuple[int, int, Outlet, bool]]:
    """First and last word of each name that the lexicon lists for an outlet, longest first."""
    past = -1
    for word in words:
        if word.start < past or not word.text[:1].isupper():
            continue
        key = FIRST_WORD.match(word.text.lower())
        for form, outlet in vocabulary.aliases.get(key.group() if key else "", ()):
            past = word.start + len(form)
            if article.text.startswith(form, word.start) and not article.text[past : past + 1].isalnum():
                last = word.index
                while last + 1 < len(words) and words[last + 1].start < past:
                    last += 1
                sure = form.lower() not in outlet.words and f"the {form.lower()}" not in outlet.words
                role = last + 1 < len(words) and vocabulary.is_role(words[last + 1].text.lower())
                if sure or not (role and words[last + 1].text[:1].isupper()):
                    yield word.index, last, outlet, sure
                break
        else:
            past = -1


def _labelled(words: tuple[Word, ...], entities: list[Entity]) -> Iterator[tuple[int, int, str]]:
    at = 0
    for entity in entities:
        while at < len(words) and words[at].end <= entity.start:
            at += 1
        first = at
        while at < len(words) and words[at].start < entity.end:
            at += 1
        if at > first:
            yield first, at - 1, entity.kind


def _relabel(words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary) -> str:
    """PERSON for what begins with a title that only people bear ("Mrs. Clinton" found as an organization)."""
    title = words[first].text.lower().rstrip(".")
    if label != "PERSON" and first < last and f"{title}." in vocabulary.lexicon.titles:
        return "PERSON"
    follows = words[first + 1].text.lower() if first < last else ""
    if label == "ORG" and vocabulary.is_role(title) and follows in vocabulary.lexicon.given_names:
        return "PERSON"
    return label


def _indefinite(words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary) -> bool:
    """Whether an organization's name is no name: "a Spanish NGO"."""
    article = first > 0 and words[first - 1].text.lower() in ("a", "an")
    modifies = words[last].deprel in ("compound", "nmod:poss")
    return label == "ORG" and article and not modifies and words[last].text.lower() in vocabulary.lexicon.organizations


def _joined(
    words: tuple[Word, ...], runs: list[tuple[int, int, str]], vocabulary: Vocabulary
) -> list[tuple[int, int, str]]:
    """The runs, with names made whole that were cut at "for the", "of" or a nickname."""
    joined: list[tuple[int, int, str]] = []
    for run in runs:
        first, last, label = joined[-1] if joined else (0, -1, UNTOLD)
        if run[0] <= last:
            continue
        if label == run[2] == "ORG" and _cut_at_link(words, last, run[0], vocabulary):
            joined[-1] = (first, run[1], label)
            continue
        surname = _past_nickname(words, last) if label == "PERSON" else None
        if surname is not None and run[0] <= surname:
            joined[-1] = (first, max(surname, run[1]), label)
            continue
        joined.append(run)
    if joined and joined[-1][2] == "PERSON":
        first, last, label = joined[-1]
        joined[-1] = (first, _past_nickname(words, last) or last, label)
    return joined


def _plain_title(low: str, vocabulary: Vocabulary) -> bool:
    """Whether a word inside a person's name ends what stands before it: "Charlotte Mayor Jennifer Roberts"."""
    return low in vocabulary.titles and low in vocabulary.roles and not vocabulary.gender(low)


def _before_names(word: Word, vocabulary: Vocabulary) -> bool:
    """Whether a word is no part of a person's name: a role, or a member of a group ("Republican")."""
    low = word.text.lower()
    return vocabulary.is_role(low) or f"{low}s" in vocabulary.lexicon.groups


def _cut_at_link(words: tuple[Word, ...], last: int, following: int, vocabulary: Vocabulary) -> bool:
    between = [word.text.lower() for word in words[last + 1 : following]]
    body = words[last].text.lower() in vocabulary.lexicon.organizations
    return body and between in (["for"], ["of"], ["for", "the"], ["of", "the"], ["on"])


def _past_nickname(words: tuple[Word, ...], last: int) -> int | None:
    """The surname behind a nickname in marks: Samuel “Sparrow” Okoro."""
    if last + 4 > len(words) or words[last + 1].text not in OPENING:
        return None
    for at in range(last + 3, min(last + 6, len(words) - 1)):
        if words[at].text in CLOSING:
            surname = words[at + 1]
            return at + 1 if surname.upos == "PROPN" and surname.text[:1].isupper() else None
    return None


def _repair(
    words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary, free: list[bool]
) -> tuple[int, int]:
    """An entity's words without what is no part of the name, and with what was cut off."""
    while first <= last and (words[first].upos in ("DET", "PUNCT") or words[first].text.lower() in POSSESSIVE):
        first += 1
    while first <= last and (words[last].upos == "PUNCT" or words[last].text.lower() in POSSESSIVE):
        last -= 1
    if label == "PERSON":
        first, last = _person_only(words, first, last, vocabulary)
    while _goes_on(words, first, last, label, free):
        last += 1
        free[last] = False
    while _began_before(words, first, last, label, vocabulary, free):
        first -= 1
        free[first] = False
    return first, last


def _person_only(words: tuple[Word, ...], first: int, last: int, vocabulary: Vocabulary) -> tuple[int, int]:
    """A person's name without titles, possessors and bodies before it, and without "of Vermont" behind."""
    for at in range(last, first, -1):
        if words[at].text.endswith(POSSESSIVE) and at < last:
            first = at + 1
            break
    for at in range(first + 1, last - 1):
        if _plain_title(words[at].text.lower(), vocabulary):
            first = at + 1
    if words[last].text.lower() in vocabulary.titles and last + 1 < len(words) and words[last + 1].upos == "PROPN":
        return first, first - 1
    for at in range(first + 1, last):
        if words[at].upos == "PUNCT" and words[at - 1].end < words[at].start:
            last = at - 1
            break
    while first < last and (_before_names(words[first], vocabulary) or words[first].upos == "PUNCT"):
        first += 1
    bodies = vocabulary.lexicon.organizations
    given = vocabulary.lexicon.given_names
    if last - first >= 2 and first and words[first].text.lower() not in given:
        if words[first + 1].text.lower() in given and lead_in(words, first + 1, vocabulary) < first:
            first += 1
    if last - first >= 2 and (words[first].text.lower() in bodies or _acronym_of_role(words, first, vocabulary)):
        first += 1
    for at in range(first + 1, last):
        if words[at].text == "of":
            last = at - 1
            break
    if first == last and vocabulary.is_role(words[first].text.lower()):
        return first, first - 1
    return first, last


def _acronym_of_role(words: tuple[Word, ...], at: int, vocabulary: Vocabulary) -> bool:
    """Whether a word is the body of the role before it: "CEO of ADC Hussein Safadi"."""
    before = words[at - 2].text.lower() if at > 1 and words[at - 1].text == "of" else ""
    return vocabulary.is_role(before) or (len(words[at].text) > 2 and words[at].text.isupper())


def _goes_on(words: tuple[Word, ...], first: int, last: int, label: str, free: list[bool]) -> bool:
    if last + 1 >= len(words) or not free[last + 1]:
        return False
    following = words[last + 1]
    if not following.text[:1].isupper() or following.upos not in ("PROPN", "NOUN", "X"):
        return False
    if label == "PERSON":
        return following.deprel == "flat" and first <= following.head <= last
    return label in ("ORG", "PLACE") and following.upos != "X" and words[last].head == following.index


def _began_before(
    words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary, free: list[bool]
) -> bool:
    if first < 1 or first > last or not free[first - 1] or label not in ("PERSON", "ORG"):
        return False
    before = words[first - 1]
    if before.upos != "PROPN" or not before.text[:1].isupper() or _before_names(before, vocabulary):
        return False
    if label == "PERSON":
        whole = words[first].text.lower() in vocabulary.lexicon.given_names
        return not whole and words[first].deprel == "flat" and words[first].head == before.index
    return before.deprel == "compound" and first <= before.head <= last


def _with_outlets(
    runs: list[tuple[int, int, str]], known: dict[int, tuple[int, Outlet, bool]], free: list[bool]
) -> list[tuple[int, int, str]]:
    """The runs, those that lie inside a known outlet's name replaced by that name."""
    for first, (last, _, sure) in known.items():
        overlapping = [run for run in runs if run[0] <= last and first <= run[1]]
        inside = all(first <= run[0] and run[1] <= last for run in overlapping)
        if not inside:
            continue
        label = "OUTLET" if sure else overlapping[0][2] if overlapping else UNTOLD
        runs = [run for run in runs if run not in overlapping]
        runs.append((first, last, label))
        for at in range(first, last + 1):
            free[at] = False
    return runs


def _capitalized(words: tuple[Word, ...], free: list[bool], vocabulary: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """Runs of proper nouns that nothing else has claimed, titles and roles in front left out."""
    at = 0
    while at < len(words):
        first = at
        while at < len(words) and free[at] and _bears_name(words[at]):
            at += 1
        if at == first:
            at += 1
            continue
        while first < at and vocabulary.is_role(words[first].text.lower()):
            first += 1
        if first < at and not (at - first == 1 and vocabulary.is_role(words[first].text.lower())):
            yield first, at - 1, UNTOLD


def _bears_name(word: Word) -> bool:
    return word.upos == "PROPN" and word.text[:1].isupper() and word.text.lower().rstrip(".") not in CALENDAR


def _common(
    words: tuple[Word, ...],
    run: tuple[int, int, str],
    known: dict[int, tuple[int, Outlet, bool]],
    vocabulary: Vocabulary,
) -> bool:
    """Whether a single word is a common noun with a capital letter: "the Ministry", "Police"."""
    first, last, _ = run
    if first < last or first in known or words[first].text.isupper():
        return False
    low, lexicon = words[first].text.lower(), vocabulary.lexicon
    return low in lexicon.organizations or low in lexicon.groups or low in lexicon.media or low in lexicon.documents


def _name(
    article: Article,
    sentence: Sentence,
    run: tuple[int, int, str],
    known: dict[int, tuple[int, Outlet, bool]],
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
            low.append(word.text.lower())
    return tuple(low)


def _beside_medium(words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary) -> bool:
    """Whether a noun for an outlet stands right beside the name: "the daily X", "the X news agency"."""
    media = vocabulary.lexicon.media
    if first and words[first - 1].text in media and words[first - 1].upos != "ADJ" and label not in ("PLACE", "NORP"):
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
        if tail in OUTLET_ENDINGS or words[0] in ("radio", "tv") or words[-1] in OUTLET_ENDINGS:
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


def lead_in(words: tuple[Word, ...], first: int, vocabulary: Vocabulary) -> int:
    """Where the title or role before a name begins; the name's own first word where there is none."""
    role = first > 0 and _noun_of_role(words, first)
    start = at = first
    while at > 0 and first - at < LONGEST_LEAD:
        word = words[at - 1]
        low = word.text.lower()
        if word.upos in ("NOUN", "PROPN", "ADJ") or (word.upos == "VERB" and word.deprel == "amod"):
            role = role or vocabulary.is_role(low)
            start = at - 1
        elif not _links(words, at - 1, role, start < first, vocabulary):
            break
        at -= 1
    last = first - 2 if first > 1 and words[first - 1].text == "." else first - 1
    if role and start < first and words[last].text.lower().rstrip(".") in HONORIFICS:
        return last
    return start if role else first


def _noun_of_role(words: tuple[Word, ...], first: int) -> bool:
    """Whether the common noun right before a name says what the person is: "nominee Hillary Clinton"."""
    before = words[first - 1]
    tied = before.index in (words[first].head, first) or before.head in (first, words[first].head)
    return before.upos == "NOUN" and tied and before.xpos == "NN" and words[first].deprel != "nmod:poss"


def _links(words: tuple[Word, ...], at: int, role: bool, begun: bool, vocabulary: Vocabulary) -> bool:
    """Whether a small word inside a title ties what stands before it to what follows."""
    low = words[at].text.lower()
    before = words[at - 1].text.lower() if at else ""
    if low == ".":
        return before in vocabulary.titles and words[at - 1].end == words[at].start
    if low == "-":
        return bool(begun)
    if low in POSSESSIVE:
        return role and words[at].upos == "PART"
    if low in LINKS:
        return begun and vocabulary.is_role(before)
    if low == "the":
        return begun and before in LINKS and at > 1 and vocabulary.is_role(words[at - 2].text.lower())
    return low == "and" and begun and not role
