"""What an article calls a source that it does not name: the judge, a statement, they; and whether a name fits it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import attrs

from quotes.lexicon import Gender, Lexicon
from quotes.link.members import Teller
from quotes.link.people import country, gender, is_nothing_but_first_name, of_one_time, person
from quotes.link.wordings import words

Shape = Literal["person", "people", "body", "document"]

PRONOUNS: dict[str, tuple[Shape, Gender]] = {
    "he": ("person", "m"),
    "him": ("person", "m"),
    "she": ("person", "f"),
    "her": ("person", "f"),
    "i": ("person", ""),
    "it": ("body", ""),
    "they": ("people", ""),
    "them": ("people", ""),
    "we": ("people", ""),
}
# Who can be meant by what: a company says what "they" say, and a person or a body what "a statement" says.
FITTING: dict[Shape, tuple[str, ...]] = {
    "person": ("person",),
    "people": ("organization", "group"),
    "body": ("organization", "group"),
    "document": ("person", "organization", "document"),
}
ARTICLES = ("the", "a", "an")
HEAD_ENDS = frozenset(
    {"of", "for", "in", "at", "from", "with", "who", "on", "to", "by", "close", "familiar", "briefed"}
)


@attrs.frozen(kw_only=True)
class Described:
    """A source without a name.

    head: the noun that it turns on, in the form of lexicon.role_forms; office: whether the noun is a title; told: all
    words of the description.
    """

    shape: Shape
    head: str
    office: bool
    gender: Gender
    country: str
    told: frozenset[str]


def is_named(teller: Teller, lexicon: Lexicon) -> bool:
    """Whether a source has a name of its own, and not only a description such as Texas governor."""
    if teller.kind == "outlet" or teller.name.startswith("@"):
        return True
    found = teller.name.split()
    low = [each for word in found for each in words(word, lexicon)]
    if not low or not any(map(_has_capital, found)) or (len(low) == 1 and low[0] in PRONOUNS):
        return False
    if low[-1] in lexicon.name_leads or _head_is_a_noun(found, lexicon):
        return False
    if teller.kind in ("organization", "document") and _capitals(found) > 1:
        return not _is_role(low[-1], lexicon)
    own = any(_names(found, lexicon))
    if _is_noun(low[-1], lexicon) and not (len(low) > 1 and is_nothing_but_first_name(low[0], lexicon)):
        return own and teller.kind in ("organization", "document")
    return own


def described(teller: Teller, lexicon: Lexicon) -> Described | None:
    """What is known of a source that has no name; None where its words do not tell whether it is a person."""
    low = words(teller.name, lexicon)
    if len(low) == 1 and low[0] in PRONOUNS:
        shape, sex = PRONOUNS[low[0]]
        return Described(shape=shape, head="", office=False, gender=sex, country="", told=frozenset())
    role = words(teller.role or "", lexicon)
    told = [*low, *role]
    head = _head(role if low and low[0] in HEAD_ENDS else low)
    found = _shape(teller, head, lexicon)
    if found is None:
        return None
    return Described(
        shape=found,
        head=lexicon.role_forms.get(head, head),
        office=head in lexicon.titles,
        gender=gender(told, lexicon),
        country=country(told, lexicon),
        told=frozenset(told) - lexicon.light,
    )


def fits(source: Described, name: Teller, known: Known, lexicon: Lexicon, *, published: str | None) -> bool:
    """Whether nothing keeps a named source from being the one described.

    known: what all articles say of the named one; published: when the description was.
    """
    if (name.kind or "person") not in FITTING[source.shape]:
        return False
    if source.gender and known.gender and source.gender != known.gender:
        return False
    if source.country and known.country and source.country != known.country:
        return False
    if source.shape == "body":
        return not source.head or not known.nouns or source.head in known.nouns
    if source.shape == "document":
        return name.kind != "document" or bool(source.told & set(words(name.name, lexicon)))
    if not source.office or not known.roles:
        return True
    return source.head in known.roles and of_one_time(published, name.published)


@attrs.frozen(kw_only=True)
class Known:
    """What articles say of a named source: roles that it has, nouns of a body's name, gender and country."""

    roles: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    gender: Gender = ""
    country: str = ""


def known_of(tellers: Sequence[Teller], lexicon: Lexicon) -> Known:
    """What is known of one source by all that articles call it."""
    told = [word for each in tellers for text in (each.name, each.role or "") for word in words(text, lexicon)]
    return Known(
        roles=frozenset(lexicon.role_forms.get(word, word) for word in told if _is_role(word, lexicon)),
        nouns=frozenset(word for word in told if word in lexicon.organizations),
        gender=gender(told, lexicon) or _gender_of_first_name(tellers, lexicon),
        country=country(told, lexicon),
    )


def _gender_of_first_name(tellers: Sequence[Teller], lexicon: Lexicon) -> Gender:
    first = [person(each.name, lexicon).words[0] for each in tellers if each.kind == "person"]
    found: set[Gender] = {lexicon.given_names.get(word, "") for word in first} - {""}
    return found.pop() if len(found) == 1 else ""


def _shape(teller: Teller, head: str, lexicon: Lexicon) -> Shape | None:
    low = words(teller.name, lexicon)
    if head in lexicon.name_leads:
        return "person"
    if teller.kind == "document" or head in lexicon.documents:
        return "document"
    if teller.kind == "group" or head in lexicon.groups or head == "people" or (low and low[0] in lexicon.numbers):
        return "people"
    if head in lexicon.roles or head in lexicon.titles or head in lexicon.spokespersons:
        return "person"
    if head in lexicon.anonymous:
        return "people" if head.endswith("s") else "person"
    if teller.kind == "organization" or head in lexicon.organizations:
        return "body"
    return "person" if teller.kind == "person" else None


def _head(low: tuple[str, ...]) -> str:
    end = next((at for at, word in enumerate(low) if at and word in HEAD_ENDS), len(low))
    return low[end - 1] if low else ""


def _is_role(word: str, lexicon: Lexicon) -> bool:
    return (word in lexicon.roles or word in lexicon.titles) and word not in lexicon.name_leads


def _is_noun(word: str, lexicon: Lexicon) -> bool:
    """Whether a word says what somebody is."""
    lists = (lexicon.roles, lexicon.titles, lexicon.spokespersons, lexicon.groups, lexicon.anonymous)
    return any(word in each for each in (*lists, lexicon.organizations, lexicon.documents))


def _names(found: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """The words with a capital that are neither titles, roles nor places."""
    for word in found:
        low = (words(word, lexicon) or ("",))[0]
        told = _is_noun(low, lexicon) or low in lexicon.light or low in lexicon.name_leads or low in lexicon.demonyms
        if _has_capital(word) and low and not told and low not in lexicon.states and low not in lexicon.countries:
            yield word


def _head_is_a_noun(found: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether it turns on a noun in small letters (spokeswoman for the Harbour Board), or on none (of the Board)."""
    low = [(words(word, lexicon) or ("",))[0] for word in found]
    end = next((at for at, word in enumerate(low) if word in HEAD_ENDS), len(low))
    return end == 0 or (end < len(low) and found[end - 1].islower() and _is_noun(low[end - 1], lexicon))


def _capitals(found: Sequence[str]) -> int:
    """The words with a capital, without an article in front."""
    return sum(_has_capital(word) for at, word in enumerate(found) if at or word.casefold() not in ARTICLES)


def _has_capital(word: str) -> bool:
    return any(sign.isupper() for sign in word)
