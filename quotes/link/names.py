"""Whether two names stand for one source, across articles: Li Shangfu, Shangfu, Chinese Defense Minister Li."""

from __future__ import annotations

import attrs

from quotes.lexicon import Lexicon
from quotes.link.members import Member, Teller
from quotes.link.people import Person, can_be_one, country, gender, of_one_time, person, whole_names
from quotes.link.wordings import words

BODIES = ("organization", "outlet", "document", "group")
LEAST_IN_COMMON = 2  # words of a body's name, where one name is a part of the other


@attrs.frozen
class Names:
    """Compares names by the titles, roles and light words of a lexicon."""

    lexicon: Lexicon
    _people: dict[str, Person] = attrs.field(factory=dict, init=False, repr=False, eq=False)
    _bodies: dict[str, tuple[str, ...]] = attrs.field(factory=dict, init=False, repr=False, eq=False)

    def same(self, one: Teller, other: Teller) -> bool:
        """Whether two sources can be one: the same name, a part of it, or its initials.

        Of a person one word of the name is enough, unless what they are is known of both and differs.
        """
        ours, theirs = self.core(one), self.core(other)
        if not ours or not theirs or "outlet" in (one.kind, other.kind):
            return one.name.casefold() == other.name.casefold() or (bool(ours) and ours == theirs)
        if "person" in (one.kind, other.kind) or (one.kind is None and other.kind is None):
            return self._one_person(one, other)
        if set(ours) == set(theirs):
            return True
        small, large = sorted((ours, theirs), key=len)
        part = set(small) <= set(large) and len(small) >= LEAST_IN_COMMON
        return part or _initials(one.name, theirs) or _initials(other.name, ours)

    def keys(self, teller: Teller) -> set[str]:
        """Words one of which two names share where they can be of one source."""
        core = self.core(teller)
        found = {teller.name.casefold().replace(".", ""), *core, "".join(word[0] for word in core)}
        return found if teller.kind in BODIES else found | set(whole_names(self._person(teller), self.lexicon))

    def agree(self, one: Member, other: Member) -> bool:
        """Whether two members can rest on the same source.

        Their origins are one; or the origin of one stands on the other's way; or whoever heard an unnamed one does.
        """
        return self._stands_in(one, other) or self._stands_in(other, one)

    def same_end(self, one: Member, other: Member) -> bool:
        """Whether they name the same origin."""
        return any(self.same(end, far) for end in one.ends for far in other.ends)

    def core(self, teller: Teller) -> tuple[str, ...]:
        """The words of a name without articles; of a person's, without a title or role before them."""
        return self._body(teller.name) if teller.kind in BODIES else self._person(teller).words

    def _person(self, teller: Teller) -> Person:
        if teller.name not in self._people:
            self._people[teller.name] = person(teller.name, self.lexicon)
        return self._people[teller.name]

    def _body(self, name: str) -> tuple[str, ...]:
        if name not in self._bodies:
            everything = words(name, self.lexicon)
            self._bodies[name] = tuple(word for word in everything if word not in self.lexicon.light) or everything
        return self._bodies[name]

    def _one_person(self, one: Teller, other: Teller) -> bool:
        ours, theirs = self._person(one), self._person(other)
        if not can_be_one(ours, theirs, self.lexicon) or self._differ(one, other):
            return False
        alone = min(len(ours.words), len(theirs.words)) == 1 and ours.words != theirs.words
        known = alone and bool(one.role and other.role)
        return not known or self._same_role(one, other)

    def _differ(self, one: Teller, other: Teller) -> bool:
        """Whether what is told of two people contradicts: a man and a woman, or ministers of two countries."""
        ours, theirs = ((*self._person(each).lead, *self._role(each)) for each in (one, other))
        facts = [(told(ours, self.lexicon), told(theirs, self.lexicon)) for told in (gender, country)]
        return any(here and there and here != there for here, there in facts)

    def _same_role(self, one: Teller, other: Teller) -> bool:
        """Whether two roles share a word and are of one time: a year later somebody else may have it."""
        ours, theirs = set(self._role(one)), set(self._role(other))
        then, now = ours & self.lexicon.elapsed, theirs & self.lexicon.elapsed
        return bool((ours & theirs) - then) and then == now and of_one_time(one.published, other.published)

    def _role(self, teller: Teller) -> tuple[str, ...]:
        found = words(teller.role or "", self.lexicon)
        return tuple(word for word in found if word not in self.lexicon.light or word in self.lexicon.elapsed)

    def _stands_in(self, one: Member, other: Member) -> bool:
        ends = one.ends or ((Teller(name=one.hearer),) if one.hearer else ())
        way = (*other.ends, *other.hops[:-1], *((Teller(name=other.publisher),) if other.publisher else ()))
        return any(self.same(end, stop) for end in ends for stop in way)


def _initials(short: str, words_of_long: tuple[str, ...]) -> bool:
    letters = short.replace(".", "")
    return letters.isupper() and len(letters) > 2 and letters.casefold() == "".join(word[0] for word in words_of_long)
