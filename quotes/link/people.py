"""What of a person's name is compared: neither titles nor tags, nor what ran into it from beside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs

from quotes.lexicon import Gender, Lexicon
from quotes.link.wordings import words

ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]?\s*$")
TAG = re.compile(r"[\s,]+(?P<party>[A-Za-z]{1,3})[-–](?P<state>[A-Z][A-Za-z. ]*)[.,]*$")
LEAST = 2  # words that tags and the like leave of a name
ROLE_DAYS = 366  # that a role is taken to tell who somebody is


@attrs.frozen(kw_only=True)
class Person:
    """A person's name in the form that is compared.

    words: the given names first; generation: jr and the like, "" where there is none; handle: whether it is one word
    of a platform (@name); lead: the words before the name.
    """

    words: tuple[str, ...]
    generation: str = ""
    handle: bool = False
    lead: tuple[str, ...] = ()


def person(name: str, lexicon: Lexicon) -> Person:
    """What is compared of a name, by the lists of a lexicon."""
    if name.startswith("@"):
        return Person(words=(name[1:].replace("_", "").casefold(),), handle=True)
    bare = _untagged(name, lexicon)
    found = words(" ".join(_telling(bare.split(), lexicon)) or bare, lexicon)
    start = _start(found, lexicon)
    lead, rest = tuple(found[:start]), list(found[start:])
    while len(rest) > LEAST and rest[-1] in lexicon.name_tails:
        rest.pop()
    generation = rest.pop() if len(rest) > 1 and rest[-1] in lexicon.generations else ""
    return Person(words=_spelled(rest, lexicon), generation=generation, lead=lead)


def is_first_name(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.given_names or word in lexicon.given_forms


def is_nothing_but_first_name(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is a first name and neither a title nor a place."""
    place = word in lexicon.states or word in lexicon.countries
    return is_first_name(word, lexicon) and word not in lexicon.titles and not place


def country(told: Iterable[str], lexicon: Lexicon) -> str:
    """The one country that words tell of, "" where they tell of none, of several or of a wider place."""
    found = {lexicon.demonyms.get(word, word) for word in told if word in lexicon.demonyms or word in lexicon.countries}
    return found.pop() if len(found) == 1 and not found & lexicon.wider_places else ""


def gender(told: Iterable[str], lexicon: Lexicon) -> Gender:
    """The gender that titles and roles tell, "" where they tell none or two."""
    found = {lexicon.titles.get(word) or lexicon.role_gender.get(word) or "" for word in told} - {""}
    return found.pop() if len(found) == 1 else ""


def of_one_time(one: str | None, other: str | None) -> bool:
    """Whether two dates (ISO 8601) lie so close that a role is held by one person; where one is unknown they may."""
    try:
        days = (date.fromisoformat((one or "")[:10]) - date.fromisoformat((other or "")[:10])).days
    except ValueError:
        return True
    return abs(days) <= ROLE_DAYS


def whole_names(name: Person, lexicon: Lexicon) -> Iterator[str]:
    """The handles that are the whole of a name."""
    whole = "".join(name.words)
    yield whole
    yield from (f"{lead}{whole}" for lead in lexicon.handle_leads)


def can_be_one(one: Person, other: Person, lexicon: Lexicon) -> bool:
    """Whether nothing in two names keeps them apart, and they share two words, or one has no more than one."""
    if one.handle or other.handle:
        return _same_handle(one, other, lexicon)
    small, large = sorted((one, other), key=lambda each: len(each.words))
    if one.generation != other.generation and (small.generation or len(small.words) > 1):
        return False
    if len(small.words) == 1:
        [word] = small.words
        return word in (large.words[0], large.words[-1]) or lexicon.given_forms.get(word) == large.words[0]
    return Counter(small.words) <= Counter(large.words) or _same_initials(small.words, large.words)


def _same_initials(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether first and last names agree, and each name between them with the other's, or its initial."""
    if one[0] != other[0] or one[-1] != other[-1]:
        return False
    between = (one[1:-1], other[1:-1])
    return all(map(_same_or_initial, *between)) if len(between[0]) == len(between[1]) else False


def _same_or_initial(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _same_handle(one: Person, other: Person, lexicon: Lexicon) -> bool:
    """Whether a handle is the other one, or the whole of a name in one word, after a title or not."""
    if one.handle and other.handle:
        return one.words == other.words
    handle, name = (one, other) if one.handle else (other, one)
    return len(name.words) > 1 and handle.words[0] in whole_names(name, lexicon)


def untangled(name: str, role: str | None, lexicon: Lexicon) -> tuple[str, str | None]:
    """A person's name and role; where the name is party and state and nothing else, the role has both."""
    if not role or _untagged(f" {name}", lexicon).strip():
        return name, role
    parts = role.split()
    start = _start([part.casefold().strip(".,") for part in parts], lexicon)
    return " ".join(parts[start:]), " ".join(parts[:start]) or None


def _untagged(name: str, lexicon: Lexicon) -> str:
    """A name without what stands in brackets behind it, and without party and state."""
    bare = ASIDE.sub("", name) or name
    tag = TAG.search(bare)
    if tag is None or tag["party"].casefold() not in lexicon.parties:
        return bare
    state = "".join(sign for sign in tag["state"] if sign.isalpha()).casefold()
    return bare[: tag.start()] if state in lexicon.states else bare


def _telling(found: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """The words of a name without those that carry no content; a first name such as Will stays, and a last one."""
    for at, word in enumerate(found):
        low = word.casefold()
        if low not in lexicon.light or (word[0].isupper() and (at > 0 or is_first_name(low, lexicon))):
            yield word


def _start(found: Sequence[str], lexicon: Lexicon) -> int:
    """Where the name begins behind titles, roles and parties.

    A title that is a first name is one where nothing but the last name follows (Don Doe), and a name where it follows
    a first name.
    """
    for at in range(len(found) - 2, -1, -1):
        word = found[at]
        if word in lexicon.titles or word in lexicon.roles or word in lexicon.name_leads:
            own = is_first_name(word, lexicon) and at == len(found) - 2
            if not own and not (at > 0 and is_nothing_but_first_name(found[at - 1], lexicon)):
                return at + 1
    return 0


def _spelled(found: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    kept = [word for word in found if word not in lexicon.particles]
    kept = kept if len(kept) >= LEAST else list(found)
    spelled = [lexicon.spellings.get(word, word) for word in kept]
    return (*(lexicon.given_forms.get(word, word) for word in spelled[:-1]), *spelled[-1:])
