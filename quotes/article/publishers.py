"""Under which names a publisher stands on its own pages: in full, by its site, its agency, its short names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from quotes.article.words import layout
from quotes.lexicon import Lexicon, Outlet

ADDRESS = re.compile(r"(?:https?://)?(?P<host>(?:[\w-]+\.)+[a-zA-Z]{2,24})(?:/\S*)?")
HOST_PREFIXES = frozenset(("www", "m", "en", "eng", "english", "edition", "amp", "mobile"))
# The second label of hosts such as pellhamcourier.co.uk.
SECOND = frozenset(("ac", "co", "com", "gov", "net", "org"))
ACRONYM = 3


@attrs.frozen(kw_only=True)
class Publisher:
    """The names of one publisher.

    full: squeezed to small letters and digits, without "the"; short: likewise, believed only of a name that is
    capitalised and stands for an outlet; words: the words of its name, in lower case.
    """

    full: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, name: str | None, url: str | None, lexicon: Lexicon) -> Publisher:
        """The names of the publisher of this name, or of the site with this address."""
        if not name:
            return cls()
        outlet = lexicon.outlets.get(name.lower()) or lexicon.by_domain(host(name) or "")
        names = [name, *((outlet.name, *outlet.aliases) if outlet else ())]
        names += [_without_edition(each) for each in names]
        full = {squeezed(each) for each in names} | {_label(name)}
        short = {squeezed(each) for each in _short(names) if not _is_others(each, outlet, lexicon)} | {
            _label(url or "")
        }
        words = {word.lower() for word in re.findall(r"[^\W_]+", name)}
        return cls(full=frozenset(full - {""}), short=frozenset(short - full - {""}), words=frozenset(words))

    def is_named(self, name: str, *, short: bool = False) -> bool:
        """Whether a name is the publisher's; short: whether its short names count."""
        if {squeezed(name), squeezed(_without_kind(name)), _label(name)} & self.full:
            return True
        bare = name.removeprefix("the ").removeprefix("The ")
        return short and bare[:1].isupper() and squeezed(bare) in self.short


def squeezed(name: str) -> str:
    """A name's letters and digits in small letters, without "the": "The Pellham Courier" -> "pellhamcourier"."""
    bare = re.sub(r"^the\s+", "", name.strip(), flags=re.IGNORECASE)
    return "".join(filter(str.isalnum, bare)).casefold()


def host(name: str) -> str | None:
    """The host of an address, with or without scheme and path; None where a name is no address."""
    found = ADDRESS.fullmatch(name.strip())
    return found["host"].lower() if found else None


def readable_host(host: str) -> str:
    """The name of a site from its host: www.thecoastcourier.com -> thecoastcourier.com."""
    labels = host.lower().split(".")
    while len(labels) > 2 and labels[0] in HOST_PREFIXES:
        labels = labels[1:]
    return ".".join(labels)


def _label(address: str) -> str:
    """The part of an address that names the site: "www.pellhamcourier.co.uk" -> "pellhamcourier"; "" for none."""
    labels = readable_host(host(address) or "").split(".")
    at = -3 if len(labels) > 2 and labels[-2] in SECOND else -2
    return squeezed(labels[at].removeprefix("the")) if len(labels) > 1 else ""


def _without_edition(name: str) -> str:
    """A name without the country or the region that it is the edition of: "Marlow Standard UK"."""
    words = re.sub(r"[()]", " ", name).split()
    while len(words) > 2 and words[-1].lower() in layout().editions | layout().countries:
        words = words[:-1]
    return " ".join(words)


def _without_kind(name: str) -> str:
    """A name without the noun that says what it is: "the Pellham Courier newspaper", "Velna news agency"."""
    words = re.sub(r"['’]s\s", " ", name).split()
    while len(words) > 1 and _is_kind(words[-1]):
        words = words[:-1]
    return " ".join(words)


def _is_kind(word: str) -> bool:
    return word.lower() in layout().outlet_kinds or word.lower() == "news"


def _short(names: list[str]) -> Iterator[str]:
    """The Courier of "Pellham Courier", the Kestrel of "Kestrel News", the PBC of "Pellham Broadcasting Company"."""
    for name in names:
        words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", re.sub(r"^the\s+", "", name, flags=re.IGNORECASE))
        if len(words) < 2 or host(name):
            continue
        if words[-1].lower() in layout().site_words - layout().outlet_kinds:
            yield words[-1]
        letters = "".join(word[0] for word in words if word[0].isupper())
        if len(letters) >= ACRONYM:
            yield letters
        while len(words) > 1 and _is_kind(words[-1]):
            words = words[:-1]
            bare = " ".join(words)
            if bare.lower() not in layout().cities | layout().countries:
                yield bare


def _is_others(short: str, outlet: Outlet | None, lexicon: Lexicon) -> bool:
    """Whether a listed publisher's short name is that of another outlet: the Times of the "Financial Times"."""
    keys = (short.lower(), f"the {short.lower()}")
    other = next((lexicon.outlets[key] for key in keys if key in lexicon.outlets), None)
    return outlet is not None and other is not None and other.name != outlet.name
