"""The lexicon's lists in the shapes that speakers need: outlets by their first word, roles and bodies word by word."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

import attrs

from quotes.lexicon import Gender, Lexicon, Outlet
from quotes.records import Word

POSSESSIVE = ("'s", "’s", "‘s", "'", "’")
LINKS = ("of", "to", "for", "at", "in", "on")
FIRST_WORD = re.compile(r"\w+")
# Last words that mark an unknown name as an outlet's.
# fmt: off
OUTLET_ENDINGS = frozenset([
    "advertiser", "argus", "broadcaster", "bulletin", "chronicle", "clarion", "courier", "daily", "dispatch", "echo",
    "enquirer", "examiner", "fm", "gazette", "globe", "guardian", "herald", "inquirer", "intelligencer", "journal",
    "ledger", "magazine", "media", "mirror", "monitor", "news", "newspaper", "newsroom", "newswire", "observer",
    "online", "podcast", "post", "press", "radio", "record", "recorder", "reporter", "review", "sentinel", "shimbun",
    "standard", "star", "sun", "tageblatt", "telegraph", "television", "times", "today", "tribune", "tv", "weekly",
    "wire", "zeitung",
])
# fmt: on
BROADCASTING = "broadcasting"  # inside a name it makes an outlet of a corporation or service
OUTLET_OPENINGS = frozenset(["canal", "channel", "kanal", "radio", "rádio", "tv"])


@attrs.frozen(kw_only=True)
class Vocabulary:
    """What words tell about who a phrase stands for; all in lower case.

    aliases: first word -> (name as written, outlet), longest first; forms: the names of each, to be tried at once;
    titles: single words that stand before names; roles, bodies: single words, last words of longer entries too.
    """

    lexicon: Lexicon
    aliases: dict[str, list[tuple[str, Outlet]]]
    forms: dict[str, tuple[str, ...]]
    titles: dict[str, Gender]
    roles: frozenset[str]
    media: frozenset[str]
    spokespersons: frozenset[str]
    vague: frozenset[str]

    def is_role(self, word: str) -> bool:
        return word in self.roles or word in self.titles

    def gender(self, word: str) -> Gender:
        """What a title or a noun of role tells of the gender."""
        return self.titles.get(word) or self.lexicon.role_gender.get(word, "")


@attrs.frozen
class _Keyed:
    digest: str
    lexicon: Lexicon = attrs.field(eq=False)


def lemma_of(word: Word) -> str:
    """The word's lemma in lower case, in the singular where the models left the plural as it is."""
    lemma = word.lemma.lower()
    if word.xpos in ("NNS", "NNPS") and lemma == word.text.lower() and lemma.endswith("s"):
        return lemma[:-1]
    return lemma


def vocabulary(lexicon: Lexicon) -> Vocabulary:
    return _build(_Keyed(lexicon.digest, lexicon))


@lru_cache(maxsize=4)
def _build(keyed: _Keyed) -> Vocabulary:
    lexicon = keyed.lexicon
    roles = {entry for entry in lexicon.roles if " " not in entry}
    roles |= {entry.rpartition("-")[2] for entry in lexicon.roles if "-" in entry}
    aliases = _aliases(lexicon)
    return Vocabulary(
        lexicon=lexicon,
        aliases=aliases,
        forms={first: tuple(form for form, _ in named) for first, named in aliases.items()},
        titles={title: gender for title, gender in lexicon.titles.items() if " " not in title},
        roles=frozenset(roles),
        media=frozenset(entry.rpartition(" ")[2] for entry in lexicon.media),
        spokespersons=frozenset(entry.rpartition(" ")[2] for entry in lexicon.spokespersons),
        vague=frozenset(word for entry in lexicon.anonymous if " " in entry for word in entry.split()[:2])
        - {"a", "with"},
    )


def _aliases(lexicon: Lexicon) -> dict[str, list[tuple[str, Outlet]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    outlets = {outlet.name: outlet for outlet in lexicon.outlets.values()}
    for outlet in outlets.values():
        for alias in (outlet.name, *outlet.aliases):
            for form in {alias, alias.removeprefix("The ")}:
                first = FIRST_WORD.search(form.lower())
                if first and lexicon.outlets.get(alias.lower()) is outlet:
                    found[first.group()].add((form, outlet.name))
    return {
        first: [(form, outlets[name]) for form, name in sorted(forms, key=lambda each: (-len(each[0]), each))]
        for first, forms in found.items()
    }
