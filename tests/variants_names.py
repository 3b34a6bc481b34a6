"""Variants of texts with other names: people, outlets, organizations and places, consistently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import attrs
from variants_cases import Case, Edit, edited, standing

from quotes import lexicon

WORDS = standing(Path(__file__).with_name("variants.toml"))
PEOPLE, OUTLETS, PLACES = WORDS["people"], WORDS["outlets"], WORDS["places"]
ARTICLE = r"(?:\b[Tt]he\s+)?"
KIND_IN_FRONT = re.compile(
    r"\b(?:daily|agency|television|TV|broadcaster|newspaper|radio|channel|magazine|paper),?\s+$", re.IGNORECASE
)
SIGNS = {
    "broadcaster": (
        r"broadcast|television|TV|program|show\b|aired|(?:appearance|interview) on|radio\b|FM\b|"
        r"speaking on (?!condition)"
    ),
    "paper": r"(?:wrote|writing|writes|column|report|op-ed|saying|quoted|published) in\b|newspaper|daily|front page",
    "agency": r"agency|\(\) [-–—]|[Rr]eporting by|Source:|\n\s*By",
}
NAMED = {
    "broadcaster": r"Radio|TV|Television|FM|Channel|Broadcasting|Meet the Press",
    "paper": r"Times|Herald|Post|Gazette|Courier|Sentinel|Daily|Weekly|Mirror|Observer|Star|Trust|Monitor|Standard",
    "agency": r"Agency|Press",
}


@attrs.frozen(kw_only=True)
class Outlet:
    """An outlet of a text. old: its name there without an article; new: its name in the variant; the: whether that
    takes an article."""

    old: str
    new: str
    the: bool


def renamed(case: Case, draw: Random, *, the: bool = False) -> dict[str, Any] | None:
    """The case with all names that are known replaced. the: some outlet's new name takes the article."""
    outlets = list(_outlets(case, draw, the=the))
    people = _people(case, draw)
    if people is None or (the and not any(outlet.the for outlet in outlets)):
        return None
    names = {**_bodies(case.text, draw), **people}
    for outlet in outlets:
        names |= _short_forms(case.text, outlet)
    swap = _Swap.of(outlets, names)
    edits = list(swap.edits(case.text))
    return edited(case.row, edits, swap.string) if edits else None


@attrs.frozen
class _Swap:
    """Replaces names in running text and in what is expected of it."""

    pattern: re.Pattern[str]
    outlets: dict[str, Outlet]
    names: dict[str, str]

    @classmethod
    def of(cls, outlets: Iterable[Outlet], names: dict[str, str]) -> _Swap:
        by_name = {outlet.old: outlet for outlet in outlets}
        parts = [
            (name, rf"(?:{ARTICLE}\b{_spaced(name)}\b(?! news agency)|\b{_spaced(name)}\b)(?:[’'](?!\w))?")
            for name in by_name
        ]
        parts += [(name, rf"\b{_spaced(name)}\b") for name in names if name not in by_name]
        longest = sorted(parts, key=lambda part: -len(part[0]))
        return cls(re.compile("|".join(part for _, part in longest) or r"(?!)"), by_name, names)

    def edits(self, text: str) -> Iterator[Edit]:
        for found in self.pattern.finditer(text):
            yield Edit(found.start(), found.end(), self._new(found[0], first=_opens(text, found.start())))

    def string(self, text: str) -> str:
        return self.pattern.sub(lambda found: self._new(found[0], first=False), text)

    def _new(self, old: str, *, first: bool) -> str:
        name = re.sub(r"\s+", " ", re.sub(r"^[Tt]he\s+", "", old))
        outlet = self.outlets.get(name.rstrip("’'"))
        if outlet is None:
            return self.names[re.sub(r"\s+", " ", old)]
        genitive = "" if name == outlet.old else "’" if outlet.new.endswith("s") else "’s"
        article = ("The " if first or old.startswith("The ") else "the ") if outlet.the else ""
        return f"{article}{outlet.new}{genitive}"


def _spaced(name: str) -> str:
    return r"\s+".join(re.escape(word) for word in name.split())


def _opens(text: str, at: int) -> bool:
    return not text[:at].strip() or re.search(r"(?:[.!?:][”’\"']?\s+|\n\s*|[“‘\"]|[–—-] )$", text[:at]) is not None


# People


def _people(case: Case, draw: Random) -> dict[str, str] | None:
    """New words for the words of people's names; None where a pronoun may tell what the first name does not."""
    found: dict[str, str] = {}
    family = draw.sample(PEOPLE["family"], len(PEOPLE["family"]))
    pools = {gender: draw.sample(PEOPLE[gender], len(PEOPLE[gender])) for gender in ("women", "men")}
    told = set(PEOPLE["gendered"]) & set(re.findall(r"\w+", case.text.lower()))
    for name in sorted(_names_of_people(case), key=lambda name: (-len(name), name)):
        words = [word for word in name if word not in found]
        if name[0] in words and (len(name) > 1 or name[0].lower() in lexicon.load(None).given_names):
            gender = _gender(case, name[0])
            if not gender and told:
                return None
            found[name[0]] = pools[gender or "men"].pop()
            words.remove(name[0])
        if len(family) < len(words):
            return None
        found |= {word: family.pop() for word in words}
    return found | {word.upper(): new.upper() for word, new in found.items()}


def _gender(case: Case, given: str) -> str:
    known = lexicon.load(None).given_names.get(given.lower())
    if known in ("f", "m"):
        return "women" if known == "f" else "men"
    if given in PEOPLE["known_women"]:
        return "women"
    return "" if case.family == "held_out" else "men"


def _names_of_people(case: Case) -> set[tuple[str, ...]]:
    """The names as their words, without titles and particles."""
    given = [source.name for source in case.report.sources if source.kind == "person"]
    given += [name for name, kind in _gold_names(case) if kind == "person"]
    if case.family != "held_out":
        given += [each.text for each in case.parse.entities if each.kind == "PERSON"]
    others = {*PEOPLE["nobody"], *_outlet_names(case), *WORDS["organizations"]}
    return {words for name in given if name not in others and (words := _words(name, others))}


def _words(name: str, others: set[str]) -> tuple[str, ...]:
    """The words of a person's name; none where it holds anything else."""
    words = re.sub(r"[’‘']s?$", "", re.sub(r"[“‘][^”’]*[”’]", "", name)).split()
    while words and words[0].rstrip(".") in PEOPLE["titles"]:
        words = words[1:]
    kept = [word for word in words if word not in PEOPLE["particles"] and not word.endswith(".")]
    plain = all(word.replace("-", "").isalpha() and word[0].isupper() for word in kept)
    return tuple(kept) if plain and " ".join(kept) not in others else ()


def _gold_names(case: Case) -> Iterator[tuple[str, str]]:
    """The sources of the gold with their types."""
    for claim in case.row.get("claims", []) if case.gold else []:
        for hop, kind in zip(claim["chain"], claim["types"], strict=True):
            yield from ((name, kind) for name in ([hop] if isinstance(hop, str) else hop))


# Outlets


def _outlets(case: Case, draw: Random, *, the: bool) -> Iterator[Outlet]:
    if case.key.split("/")[1].removeprefix("twin-") in OUTLETS["known"]["kept"]:
        return
    names = [name for name in sorted(_outlet_names(case)) if re.search(rf"\b{_spaced(name)}\b", case.text)]
    taken: set[str] = set()
    for name in names:
        places = [found.span() for found in re.finditer(rf"{ARTICLE}\b{_spaced(name)}\b", case.text)]
        before = [case.text[:start] for start, _ in places]
        after = [case.text[end:] for _, end in places]
        pools = OUTLETS[_medium(case.text, name, places, alone=len(names) == 1)]
        article = the and _may_take_article(before, after)
        if any(KIND_IN_FRONT.search(text) for text in before) or any(re.match(r" news agency", text) for text in after):
            pool, article = pools["title"], False
        else:
            rest = re.sub(_spaced(name), "", case.text)
            article = article or re.search(rf"\bThe {name.split()[-1]}\b", rest) is not None
            pool = pools["the" if article else "bare"]
        free = [new for new in pool if not set(new.split()) & taken] or list(pool)
        new = draw.choice(free)
        taken |= set(new.split()) - {"News", "Press", "Radio", "TV", "Agency", "Daily"}
        yield Outlet(old=name, new=new, the=article)


def _may_take_article(before: list[str], after: list[str]) -> bool:
    """Whether "the" may stand before a name in all its places: no other determiner, no noun that it stands before."""
    determined = re.compile(r"(?:[’']s|\b[Aa]n?|\(|Source:|\n\s*By|reporting by)\s*$")
    noun_behind = re.compile(r"(?:\s+(?:correspondent|reporter|report|journalist)\b|\))")
    return not any(determined.search(text) for text in before) and not any(noun_behind.match(text) for text in after)


def _medium(text: str, name: str, places: list[tuple[int, int]], *, alone: bool) -> str:
    """What an outlet is by the words around it, or by its name."""
    near = text if alone else " ".join(text[max(0, start - 40) : end + 25] for start, end in places)
    near = near.replace(name, "")
    known = "broadcaster" if name in OUTLETS["known"]["broadcasters"] else ""
    known = "paper" if name in OUTLETS["known"]["papers"] else known
    signs = [medium for medium in ("agency", "paper") if re.search(SIGNS[medium], near)]
    if known != "paper" and re.search(SIGNS["broadcaster"], near):
        return "broadcaster"
    if signs:
        return signs[0]
    return known or next((medium for medium, words in NAMED.items() if re.search(words, name)), "any")


def _outlet_names(case: Case) -> set[str]:
    """The outlets' names in a text, without articles, their programmes and what is no name."""
    given = [source.name for source in case.report.sources if source.kind == "outlet"]
    given += [name for name, kind in _gold_names(case) if kind == "outlet"]
    given += [each.name for each in case.report.article.credit]
    given += OUTLETS["known"]["names"] if case.family != "held_out" else []
    return {name for each in given if (name := _outlet_name(each)) and name not in OUTLETS["known"]["kept"]}


def _outlet_name(name: str) -> str:
    words = re.sub(r"[’'].*", "", name.removeprefix("The ")).split()
    if words[-2:] == ["news", "agency"]:
        words = words[:-2]
    return " ".join(words) if words and all(re.match(r"[A-ZÄÖÜ\d]|al-|dpa|bdnews", word) for word in words) else ""


def _short_forms(text: str, outlet: Outlet) -> dict[str, str]:
    """The last or first word of an outlet's name, where it stands for the whole elsewhere in the text."""
    rest = re.sub(_spaced(outlet.old), "", text)
    words, new = outlet.old.split(), outlet.new.split()
    if len(words) < 2:
        return {}
    found = {}
    if re.search(rf"\bThe {words[-1]}\b", rest) and outlet.the:
        found[f"The {words[-1]}"] = f"The {new[-1]}"
    if words[-1] == "Agency" and re.search(rf"\b{words[0]}\b", rest):
        found[words[0]] = new[0]
    return found


# Organizations and places


def _bodies(text: str, draw: Random) -> dict[str, str]:
    found: dict[str, str] = {}
    which = draw.randrange(2)
    for names in (WORDS["organizations"], PLACES["country"]):
        found |= {name: new[which] for name, new in names.items() if re.search(rf"\b{name}\b", text)}
    for size in ("one", "two"):
        pool = draw.sample(PLACES[size], len(PLACES[size]))
        for name in PLACES["known"][size]:
            if re.search(rf"\b(?:{name}|{name.upper()})\b", text) and pool:
                found[name] = pool.pop()
    return found | {name.upper(): new.upper() for name, new in found.items()}
