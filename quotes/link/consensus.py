"""Whom other articles name for the same words, where one does not; and where articles name different people.

Nothing of it goes back into the report of an article: what it says stays what it says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import attrs

from quotes.lexicon import Lexicon
from quotes.link.clusters import Cluster
from quotes.link.compare import REASONS, Comparer, Found
from quotes.link.described import Known, described, fits, is_named, known_of
from quotes.link.members import Elsewhere, Evidence, Member, Teller
from quotes.link.names import Names
from quotes.link.wordings import Wording, wordings

Naming = tuple[Member, Teller]
OFFICE_UNKNOWN = 0.8  # how much less sure a join is where no article says that the named one holds the office
ENOUGH = 12  # articles of one wording that show who is named


@attrs.frozen(kw_only=True)
class Conflict:
    """Two articles of different outlets that name different people for the same words.

    one, other: by date; names: of the two, in this order; evidence: how the words of the other agree with the one's.
    """

    one: Member
    other: Member
    names: tuple[str, str]
    evidence: Evidence


@attrs.frozen(kw_only=True)
class Consensus:
    """A cluster in which members without a name have the one that others give; conflicts: where these disagree."""

    cluster: Cluster
    conflicts: tuple[Conflict, ...]


def consensus(cluster: Cluster, names: Names) -> Consensus:
    """Joins each source that is not named with the one name that other articles give for the same words."""
    people = _People(names, cluster.members)
    found = {id(member): people.elsewhere(member) for member in cluster.members}
    joined = {key: each for key, each in found.items() if each is not None}

    def with_name(member: Member) -> Member:
        return attrs.evolve(member, elsewhere=joined[id(member)]) if id(member) in joined else member

    links = tuple(attrs.evolve(link, member=with_name(link.member), to=with_name(link.to)) for link in cluster.links)
    named = attrs.evolve(cluster, representative=with_name(cluster.representative), links=links)
    return Consensus(cluster=named if joined else cluster, conflicts=tuple(people.conflicts()))


class _People:
    """Who is named in a cluster's articles. groups: by source, the members that name it and what they call it."""

    def __init__(self, names: Names, members: Sequence[Member]) -> None:
        self.names = names
        self.lexicon: Lexicon = names.lexicon
        self.comparer = Comparer(self.lexicon, names)
        self.groups = self._grouped([each for member in members for each in self._named(member)])
        self.known: list[Known] = [known_of([teller for _, teller in group], self.lexicon) for group in self.groups]
        self._wordings: dict[str, Wording] = {}
        self._found: dict[tuple[str, str], Found | None] = {}

    def elsewhere(self, member: Member) -> Elsewhere | None:
        """The one source that other articles name for the same words, where it fits what this one says."""
        last = member.hops[-1]
        if member.origin == "unsourced" or last.beside or any(self._named(member)):
            return None
        evidence = [self._evidence(member, group) for group in self.groups]
        places = [at for at, found in enumerate(evidence) if found]
        if len(places) != 1 or not self._fits(member, last, places[0]):
            return None
        [at] = places
        _, source = self.groups[at][0]
        surest = tuple(sorted(evidence[at], key=lambda each: (-each.confidence, each.member.published or "~")))
        told = described(last, self.lexicon)
        unknown = told is not None and told.office and not self.known[at].roles
        sure = surest[0].confidence * (OFFICE_UNKNOWN if unknown else 1)
        return Elsewhere(source=source, evidence=surest, confidence=round(sure, 2))

    def conflicts(self) -> Iterator[Conflict]:
        """One for each two people that are named for the same words, with the pair of articles that shows it best."""
        for ours, theirs in combinations(self.groups, 2):
            if ours[0][1].kind != "person" or theirs[0][1].kind != "person":
                continue
            found = [
                (evidence, member, teller, self._called(evidence.member, theirs))
                for member, teller in ours[:ENOUGH]
                for evidence in self._evidence(member, theirs)
                if evidence.member.carrier != member.carrier and not self.names.agree(member, evidence.member)
            ]
            if found:
                evidence, member, teller, other = min(found, key=lambda each: _rank(each[0], each[1]))
                yield _conflict(member, teller, other, evidence)

    def _named(self, member: Member) -> Iterator[Naming]:
        """The member with the source that it names, if it names one person or body and no outlet."""
        if len(member.ends) == 1 and member.ends[0].kind != "outlet" and is_named(member.ends[0], self.lexicon):
            yield member, member.ends[0]

    def _grouped(self, namings: Sequence[Naming]) -> list[list[Naming]]:
        """The namings by source, the fullest name first; a name that fits several is left out."""
        groups: list[list[Naming]] = []
        for member, teller in sorted(namings, key=lambda each: (-len(self.names.core(each[1])), each[1].name)):
            same = [group for group in groups if self.names.same(group[0][1], teller)]
            if len(same) == 1:
                same[0].append((member, teller))
            elif not same:
                groups.append([(member, teller)])
        return groups

    def _fits(self, member: Member, last: Teller, at: int) -> bool:
        _, name = self.groups[at][0]
        if member.publisher and self.names.same(Teller(name=member.publisher), name):
            return False
        if is_named(last, self.lexicon):  # a last name that two people of the article share
            return self.names.same(last, name)
        found = described(last, self.lexicon)
        return found is not None and fits(found, name, self.known[at], self.lexicon, published=member.published)

    def _evidence(self, member: Member, group: Sequence[Naming]) -> list[Evidence]:
        """The members of a group, of other articles, that carry the same words, or a part of them."""
        texts: dict[str, list[Member]] = defaultdict(list)
        for other, _ in group:
            if other.article != member.article and len(texts[other.text]) < ENOUGH:
                texts[other.text].append(other)
        return [
            Evidence(member=other, reason=found[0], score=found[1], confidence=round(found[1] * other.confidence, 2))
            for text, others in texts.items()
            if (found := self._same_words(member.text, text))
            for other in others
        ]

    def _same_words(self, one: str, other: str) -> Found | None:
        if (one, other) not in self._found:
            pair = sorted((self._wording(one), self._wording(other)), key=lambda each: (-len(each.tokens), each.tokens))
            self._found[one, other] = self._found[other, one] = self.comparer.whoever(*pair)
        return self._found[one, other]

    def _wording(self, text: str) -> Wording:
        if text not in self._wordings:
            made = Member(article="", claim="", text=text, origin="unnamed", hops=(Teller(name=""),))
            [self._wordings[text]] = wordings([made], self.lexicon)
        return self._wordings[text]

    @staticmethod
    def _called(member: Member, group: Sequence[Naming]) -> Teller:
        return next(teller for each, teller in group if each is member)


def _rank(evidence: Evidence, member: Member) -> tuple[int, float, list[str]]:
    dates = sorted((evidence.member.published or "~", member.published or "~"))
    return REASONS.index(evidence.reason), -evidence.score, dates


def _conflict(member: Member, teller: Teller, other: Teller, evidence: Evidence) -> Conflict:
    """The two by date. The confidence is that of the less certain claim, for the share of words that agree."""
    sure = round(evidence.score * min(member.confidence, evidence.member.confidence), 2)
    pair = [(member, teller.name), (evidence.member, other.name)]
    (one, first), (later, second) = sorted(pair, key=lambda each: (each[0].published or "~", each[0].carrier, each[1]))
    shown = Evidence(member=later, reason=evidence.reason, score=evidence.score, confidence=sure)
    return Conflict(one=one, other=later, names=(first, second), evidence=shown)
