"""What the word lists hold: cues, outlets, pairs of marks, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from quotes.records import Act, Relation

Pos = Literal["verb", "noun", "phrase"]
Stance = Literal["neutral", "assertive", "doubtful", "factive", "question", "directive"]
Complement = Literal["clause", "infinitive", "object", "quote"]
OutletKind = Literal["agency", "paper", "broadcaster", "site", "aggregator", "magazine"]
Ownership = Literal["state", "public", "private", "cooperative", "party"]
Gender = Literal["m", "f", ""]
Level = Literal["outer", "inner", "either"]


@attrs.frozen(kw_only=True)
class CueEntry:
    """A word or phrase that signals an attribution.

    takes: the complements that are reported content: a that-, wh- or bare clause, a to-infinitive, a noun phrase,
    words in quotation marks; prepositions: those that introduce content after this cue ("warned of floods");
    hearer: whether a direct object is whoever is spoken to ("told reporters that").
    """

    lemma: str
    pos: Pos
    stance: Stance
    act: Act
    relation: Relation
    takes: frozenset[Complement]
    prepositions: frozenset[str] = frozenset()
    hearer: bool = False


@attrs.frozen(kw_only=True)
class Outlet:
    """A news outlet.

    country: ISO 3166 alpha-2 of its seat; domains: host names without "www."; words: those of its names that are
    ordinary words, people's names or common abbreviations too, to be believed only in context, in lower case;
    since: the year or date from which the ownership holds, where it changed.
    """

    name: str
    aliases: tuple[str, ...]
    country: str
    kind: OutletKind
    ownership: Ownership
    domains: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    since: str | None = None

    @property
    def word(self) -> bool:
        """Whether the outlet's own name is an ordinary word ("Time")."""
        return self.name.lower() in self.words


@attrs.frozen(kw_only=True)
class MarkPair:
    """An opening mark and the mark that closes it. level: where house styles use it, if they agree."""

    open: str
    close: str
    level: Level = "either"


@attrs.frozen(kw_only=True)
class Lexicon:
    """Every word list of the package, keyed and listed in lower case (marks and names of outlets as written).

    verbs, nouns, phrases: cues by lemma, particles after a space ("point out"); outlets: by name and by alias;
    titles: what stands before a name -> the gender that it tells; role_gender, given_names: the same for nouns of
    role and for first names; opposites: groups of sides that exclude each other, the words of a side agreeing;
    numbers: words for whole numbers and their values; demonyms: the country that a word like "chilean" tells;
    countries: all of these;
    spellings, given_forms, role_forms: the form that stands for all transcriptions or short forms of a name, and all
    words for an office;
    digest: twelve hexadecimal digits over the bytes of all files read.
    """

    verbs: Mapping[str, CueEntry]
    nouns: Mapping[str, CueEntry]
    phrases: Mapping[str, CueEntry]
    outlets: Mapping[str, Outlet]
    titles: Mapping[str, Gender]
    role_gender: Mapping[str, Gender]
    given_names: Mapping[str, Gender]
    roles: frozenset[str]
    spokespersons: frozenset[str]
    groups: frozenset[str]
    anonymous: frozenset[str]
    organizations: frozenset[str]
    documents: frozenset[str]
    media: frozenset[str]
    generic_hearers: frozenset[str]
    own_media: frozenset[str]
    times: frozenset[str]
    places: frozenset[str]
    things: frozenset[str]
    comparing: frozenset[str]
    hedge_adverbs: frozenset[str]
    no_sources: frozenset[str]
    negators: frozenset[str]
    decliners: frozenset[str]
    irrealis: frozenset[str]
    anonymity: frozenset[str]
    nobodies: frozenset[str]
    implicatives: frozenset[str]
    light_verbs: frozenset[str]
    content_prepositions: frozenset[str]
    opinions: frozenset[str]
    hearing_bodies: frozenset[str]
    spoken_to: frozenset[str]
    speaking: frozenset[str]
    leading: frozenset[str]
    carriers: frozenset[str]
    citing: frozenset[str]
    quoting: frozenset[str]
    programmes: frozenset[str]
    stories: frozenset[str]
    asking: frozenset[str]
    copies: frozenset[str]
    tidings: frozenset[str]
    occasions: frozenset[str]
    journalists: frozenset[str]
    gleaning: frozenset[str]
    showing: frozenset[str]
    mark_pairs: tuple[MarkPair, ...]
    apostrophe_words: frozenset[str]
    apostrophe_patterns: frozenset[str]
    title_hints: frozenset[str]
    scare_hints: frozenset[str]
    nickname_hints: frozenset[str]
    light: frozenset[str]
    opposites: tuple[tuple[frozenset[str], ...], ...]
    numbers: Mapping[str, int]
    demonyms: Mapping[str, str]
    countries: frozenset[str]
    name_leads: frozenset[str]
    name_tails: frozenset[str]
    parties: frozenset[str]
    states: frozenset[str]
    generations: frozenset[str]
    handle_leads: frozenset[str]
    elapsed: frozenset[str]
    particles: frozenset[str]
    wider_places: frozenset[str]
    spellings: Mapping[str, str]
    given_forms: Mapping[str, str]
    role_forms: Mapping[str, str]
    digest: str
    hosts: Mapping[str, Outlet] = attrs.field(repr=False)

    def is_word(self, alias: str) -> bool:
        """Whether this name of an outlet is an ordinary word too, and needs context to be believed ("Dawn", "AP")."""
        outlet = self.outlets.get(alias.lower())
        return outlet is not None and alias.lower() in outlet.words

    def by_domain(self, host: str) -> Outlet | None:
        """The outlet that publishes under this host name or under a parent of it ("edition.cnn.com")."""
        labels = host.lower().rstrip(".").split(".")
        parents = (".".join(labels[at:]) for at in range(len(labels) - 1))
        return next((self.hosts[parent] for parent in parents if parent in self.hosts), None)
