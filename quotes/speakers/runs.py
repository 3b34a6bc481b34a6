"""Runs of words that are names: the models' entities put right, the lexicon's outlets, and what neither found."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.lexicon import Outlet
from quotes.records import Article, Entity, Sentence, Word
from quotes.speakers.leads import lead_in
from quotes.speakers.vocabulary import FIRST_WORD, POSSESSIVE, Vocabulary

NAMING = ("PERSON", "ORG", "NORP", "PLACE", "WORK", "PRODUCT", "MISC")
UNTOLD = ""
OPENING, CLOSING = ("“", '"', "‘"), ("”", '"', "’")
# fmt: off
CALENDAR = frozenset([
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "am", "pm",
])
# fmt: on
# Titles and roles that are surnames as well.
NAMES_TOO = frozenset(
    ["abbot", "baker", "bishop", "butcher", "cook", "dean", "judge", "king", "major", "marshal", "mayor"]
)

Run = tuple[int, int, str]  # first word, last word, label
Known = dict[int, tuple[int, Outlet, bool]]  # first word -> last word, outlet, whether nothing else can be meant


def find_runs(
    article: Article, sentence: Sentence, entities: list[Entity], vocabulary: Vocabulary
) -> tuple[list[Run], Known]:
    """The runs of words that are names, in order, and those that the lexicon lists for outlets."""
    words = sentence.words
    free = [True] * len(words)
    runs: list[Run] = []
    known = {first: (last, outlet, sure) for first, last, outlet, sure in _outlets(article, words, vocabulary)}
    labelled = list(_labelled(words, entities))
    for first, last, _ in labelled:
        free[first : last + 1] = [False] * (last + 1 - first)
    for first, last, label in labelled:
        label = _relabel(words, first, last, label, vocabulary)
        first, last = _repair(words, first, last, label, vocabulary, free)
        if label in NAMING and first <= last and not _indefinite(words, first, last, label, vocabulary):
            runs.append((first, last, label))
    runs = _with_outlets(_joined(words, runs, vocabulary), known, free)
    runs.extend(_capitalized(words, free, vocabulary))
    return sorted(run for run in runs if not _common(words, run, known, vocabulary)), known


def _outlets(
    article: Article, words: tuple[Word, ...], vocabulary: Vocabulary
) -> Iterator[tuple[int, int, Outlet, bool]]:
    """First and last word of each name that the lexicon lists for an outlet, longest first."""
    past = -1
    for word in words:
        if word.start < past:
            continue
        key = FIRST_WORD.match(word.text.lower())
        first = key.group() if key else ""
        if not article.text.startswith(vocabulary.forms.get(first, ()), word.start):
            continue
        for form, outlet in vocabulary.aliases[first]:
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


def _labelled(words: tuple[Word, ...], entities: list[Entity]) -> Iterator[Run]:
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
    if label != "PERSON" and any(_abbreviated(words[at].text.lower(), vocabulary) for at in range(first, last)):
        return "PERSON"
    follows = words[first + 1].text.lower() if first < last else ""
    if label == "ORG" and _before_names(words[first], vocabulary) and follows in vocabulary.lexicon.given_names:
        return "PERSON"
    return label


def _indefinite(words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary) -> bool:
    """Whether an organization's name is no name: "a regional charity"."""
    article = first > 0 and words[first - 1].text.lower() in ("a", "an")
    modifies = words[last].deprel in ("compound", "nmod:poss")
    return label == "ORG" and article and not modifies and words[last].text.lower() in vocabulary.lexicon.organizations


def _common(
    words: tuple[Word, ...],
    run: Run,
    known: Known,
    vocabulary: Vocabulary,
) -> bool:
    """Whether a single word is a common noun with a capital letter: "the Ministry", "Police"."""
    first, last, _ = run
    sure = first in known and known[first][2]
    if first == last and first and f"{words[first - 1].text} {words[first].text.lower()}" in vocabulary.lexicon.media:
        return True  # "state TV"
    if first < last or sure or words[first].text.isupper():
        return False
    low, lexicon = words[first].text.lower(), vocabulary.lexicon
    return low in lexicon.organizations or low in lexicon.groups or low in lexicon.media or low in lexicon.documents


def _joined(words: tuple[Word, ...], runs: list[Run], vocabulary: Vocabulary) -> list[Run]:
    """The runs, with names made whole that were cut at "for the", "of" or a nickname."""
    joined: list[Run] = []
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
    while _goes_on(words, first, last, label, vocabulary, free):
        last += 1
        free[last] = False
    while _began_before(words, first, last, label, vocabulary, free):
        first -= 1
        free[first] = False
    return first, last


def _person_only(words: tuple[Word, ...], first: int, last: int, vocabulary: Vocabulary) -> tuple[int, int]:
    """A person's name without titles, possessors and bodies before it, and without "of Vermont" behind."""
    first = _after_titles(words, first, last, vocabulary)
    if words[last].text.lower() in vocabulary.titles and last + 1 < len(words) and words[last + 1].upos == "PROPN":
        return first, first - 1
    last = next((at - 1 for at in range(first + 1, last + 1) if _ends_name(words, at)), last)
    while first < last and (_before_names(words[first], vocabulary) or words[first].upos == "PUNCT"):
        first += 1
    if last - first >= 2 and _belongs_before(words, first, vocabulary):
        first += 1
    if first == last and vocabulary.is_role(words[first].text.lower()) and not _surname(words, first, vocabulary):
        return first, first - 1
    return first, last


def _after_titles(words: tuple[Word, ...], first: int, last: int, vocabulary: Vocabulary) -> int:
    """Where a name begins behind "Fox News’" or "Charlotte Mayor"."""
    for at in range(last - 1, first, -1):
        if words[at].text.endswith(POSSESSIVE):
            first = at + 1
            break
    for at in range(first + 1, last - 1):
        low = words[at].text.lower()
        if _plain_title(low, vocabulary) or _abbreviated(low, vocabulary):
            first = at + 1
    return first


def _ends_name(words: tuple[Word, ...], at: int) -> bool:
    """Whether a person's name ends before a word: at "of Vermont", a colon, a dash between spaces."""
    word = words[at]
    spaced = word.upos == "PUNCT" and words[at - 1].end < word.start and word.text not in OPENING
    return word.text in ("of", ":") or spaced


def _belongs_before(words: tuple[Word, ...], first: int, vocabulary: Vocabulary) -> bool:
    """Whether the first word of a name is the end of what stands before it: "… and Coastal Affairs | Greta Malm"."""
    given = vocabulary.lexicon.given_names
    low, following = words[first].text.lower(), words[first + 1].text.lower()
    if first and low not in given and following in given and lead_in(words, first + 1, vocabulary) < first:
        return True
    return low in vocabulary.lexicon.organizations or _acronym_of_role(words, first, vocabulary)


def _plain_title(low: str, vocabulary: Vocabulary) -> bool:
    """Whether a word inside a person's name ends what stands before it: "Brell Mayor Ada Quint"."""
    return low in vocabulary.titles and low in vocabulary.roles and not vocabulary.gender(low)


def _before_names(word: Word, vocabulary: Vocabulary) -> bool:
    """Whether a word is no part of a person's name: a role, or a member of a group ("Republican")."""
    low = word.text.lower()
    return vocabulary.is_role(low) or f"{low}s" in vocabulary.lexicon.groups


def _surname(words: tuple[Word, ...], at: int, vocabulary: Vocabulary) -> bool:
    """Whether a word that is a title or role elsewhere is a surname here: "Mr. King", "King said"."""
    if at and words[at - 1].upos == "DET":
        return False
    follows = words[at + 1] if at + 1 < len(words) else None
    titled = at > 0 and _abbreviated(words[at - 1].text.lower(), vocabulary)
    return titled or (follows is not None and follows.upos in ("VERB", "AUX") and words[at].text.lower() in NAMES_TOO)


def _abbreviated(low: str, vocabulary: Vocabulary) -> bool:
    """Whether a word is a title that is only written before names, as "Mr." and "Sen." are."""
    return f"{low.rstrip('.')}." in vocabulary.lexicon.titles


def _acronym_of_role(words: tuple[Word, ...], at: int, vocabulary: Vocabulary) -> bool:
    """Whether a word is the body of the role before it: "head of NRV Tomas Reld"."""
    before = words[at - 2].text.lower() if at > 1 and words[at - 1].text == "of" else ""
    return vocabulary.is_role(before) or (len(words[at].text) > 2 and words[at].text.isupper())


def _goes_on(
    words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary, free: list[bool]
) -> bool:
    if last + 1 >= len(words) or not free[last + 1]:
        return False
    following = words[last + 1]
    if not following.text[:1].isupper() or following.upos not in ("PROPN", "NOUN", "X"):
        return False
    if label == "PERSON":
        return following.deprel == "flat" and first <= following.head <= last
    if label not in ("ORG", "PLACE") or following.upos == "X" or vocabulary.is_role(following.text.lower()):
        return False
    return words[last].head == following.index


def _began_before(
    words: tuple[Word, ...], first: int, last: int, label: str, vocabulary: Vocabulary, free: list[bool]
) -> bool:
    if first < 1 or first > last or not free[first - 1] or label not in ("PERSON", "ORG"):
        return False
    before = words[first - 1]
    if before.upos != "PROPN" or not before.text[:1].isupper() or _before_names(before, vocabulary):
        return False
    if label == "PERSON":
        lexicon = vocabulary.lexicon
        whole = words[first].text.lower() in lexicon.given_names or before.text.lower() in lexicon.organizations
        return not whole and words[first].deprel == "flat" and words[first].head == before.index
    return before.deprel == "compound" and first <= before.head <= last


def _with_outlets(runs: list[Run], known: Known, free: list[bool]) -> list[Run]:
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


def _capitalized(words: tuple[Word, ...], free: list[bool], vocabulary: Vocabulary) -> Iterator[Run]:
    """Runs of proper nouns that nothing else has claimed, titles and roles in front left out."""
    at = 0
    while at < len(words):
        first = at
        while at < len(words) and free[at] and _bears_name(words[at]):
            at += 1
        if at == first:
            at += 1
            continue
        while first < at and _before_names(words[first], vocabulary) and not _surname(words, first, vocabulary):
            first += 1
        if first < at:
            yield first, at - 1, UNTOLD


def _bears_name(word: Word) -> bool:
    return word.upos == "PROPN" and word.text[:1].isupper() and word.text.lower().rstrip(".") not in CALENDAR
