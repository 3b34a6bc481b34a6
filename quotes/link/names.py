"""Whether two names stand for one source, across articles: Li Shangfu, Shangfu, Chinese Defense Minister Li."""

from __future__ import annotations

import attrs

from quotes.lexicon import Lexicon
from quotes.link.members import Member, Teller
from quotes.link.wordings import words

BODIES = ("organization", "outlet", "document", "group")
LEAST_IN_COMMON = 2  # words of a body's name, where one name is a part of the other


@attrs.frozen
class Names:
    """Compares names by the titles, roles and light words of a lexicon."""

    lexicon: Lexicon
    _cores: dict[tuple[str, bool], tuple[str, ...]] = attrs.field(factory=dict, init=False, repr=False, eq=False)

    def same(self, one: Teller, other: Teller) -> bool:
        """Whether two sources can be one: the same name, a part of it, or its initials.

        Of a person one word of the name is enough, unless what they are is known of both and differs.
        """
        ours, theirs = self.core(one), self.core(other)
        if not ours or not theirs or "outlet" in (one.kind, other.kind):
            return one.name.casefold() == other.name.casefold() or (bool(ours) and ours == theirs)
        if set(ours) == set(theirs):
            return True
        small, large = sorted((ours, theirs), key=len)
        if "person" in (one.kind, other.kind) or (one.kind is None and other.kind is None):
            return set(small) <= set(large) and (len(small) > 1 or self._one_word(small[0], large, one, other))
        part = set(small) <= set(large) and len(small) >= LEAST_IN_COMMON
        return part or _initials(one.name, theirs) or _initials(other.name, ours)

    def keys(self, teller: Teller) -> set[str]:
        """Words one of which two names share where they can be of one source."""
        core = self.core(teller)
        return {teller.name.casefold().replace(".", ""), *core, "".join(word[0] for word in core)}

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
        key = (teller.name, teller.kind not in BODIES)
        if key not in self._cores:
            self._cores[key] = self._core(*key)
        return self._cores[key]

    def _core(self, name: str, person: bool) -> tuple[str, ...]:
        everything = words(name, self.lexicon)
        found = [word for word in everything if word not in self.lexicon.light] or everything
        titles = [at for at, word in enumerate(found[:-1]) if word in self.lexicon.titles or word in self.lexicon.roles]
        return tuple(found[titles[-1] + 1 :] if titles and person else found)

    def _one_word(self, word: str, large: tuple[str, ...], one: Teller, other: Teller) -> bool:
        if one.role and other.role:
            return bool(set(self._role(one.role)) & set(self._role(other.role)))
        return word in (large[0], large[-1])

    def _role(self, role: str) -> tuple[str, ...]:
        return tuple(word for word in words(role, self.lexicon) if word not in self.lexicon.light)

    def _stands_in(self, one: Member, other: Member) -> bool:
        ends = one.ends or ((Teller(name=one.hearer),) if one.hearer else ())
        way = (*other.ends, *other.hops[:-1], *((Teller(name=other.publisher),) if other.publisher else ()))
        return any(self.same(end, stop) for end in ends for stop in way)


def _initials(short: str, words_of_long: tuple[str, ...]) -> bool:
    letters = short.replace(".", "")
    return letters.isupper() and len(letters) > 2 and letters.casefold() == "".join(word[0] for word in words_of_long)
