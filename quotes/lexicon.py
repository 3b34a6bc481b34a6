"""The word lists: data/*.toml read into one validated Lexicon, with a digest of every byte that went into it.

A directory of files of the same names adds to the package's lists; an entry of the same lemma, name or word wins
over the package's. Words are compared in lower case.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import attrs

from quotes.errors import LexiconError
from quotes.records import Act, Relation

Pos = Literal["verb", "noun", "phrase"]
Stance = Literal["neutral", "assertive", "doubtful", "factive", "question", "directive"]
Complement = Literal["clause", "infinitive", "object", "quote"]
OutletKind = Literal["agency", "paper", "broadcaster", "site", "aggregator", "magazine"]
Ownership = Literal["state", "public", "private", "cooperative", "party"]
Gender = Literal["m", "f", ""]
Level = Literal["outer", "inner", "either"]

DATA = Path(__file__).parent / "data"
FILES = ("cues.toml", "hedges.toml", "marks.toml", "outlets.toml", "relays.toml", "titles.toml")

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
COUNTRY = re.compile(r"[A-Z]{2}")
SINCE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


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
    role and for first names; digest: twelve hexadecimal digits over the bytes of all files read.
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
    spoken_to: frozenset[str]
    speaking: frozenset[str]
    leading: frozenset[str]
    carriers: frozenset[str]
    citing: frozenset[str]
    quoting: frozenset[str]
    mark_pairs: tuple[MarkPair, ...]
    apostrophe_words: frozenset[str]
    apostrophe_patterns: frozenset[str]
    title_hints: frozenset[str]
    scare_hints: frozenset[str]
    nickname_hints: frozenset[str]
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


WORD_LISTS: Mapping[str, tuple[str, ...]] = {
    "cues.toml": ("light_verbs", "content_prepositions", "opinions"),
    "relays.toml": ("spoken_to", "speaking", "leading", "carriers", "citing", "quoting"),
    "hedges.toml": (
        "hedge_adverbs",
        "no_sources",
        "negators",
        "decliners",
        "irrealis",
        "anonymity",
        "nobodies",
        "implicatives",
    ),
    "marks.toml": ("apostrophe_words", "apostrophe_patterns", "title_hints", "scare_hints", "nickname_hints"),
    "titles.toml": (
        "roles",
        "spokespersons",
        "groups",
        "anonymous",
        "organizations",
        "documents",
        "media",
        "generic_hearers",
        "own_media",
    ),
}
GENDER_LISTS = ("titles", "role_gender", "given_names")
CUE_TABLES: Mapping[str, Pos] = {"verb": "verb", "noun": "noun", "phrase": "phrase"}
PREPOSITION_TABLES: Mapping[str, Pos] = {"verb_prepositions": "verb", "noun_prepositions": "noun"}


def load(directory: Path | None = None) -> Lexicon:
    """The package's lexicon, or that lexicon with the files of a directory laid over it.

    Raises LexiconError where a file cannot be read, is malformed, or contradicts itself.
    """
    return _default() if directory is None else _build((DATA, Path(directory)))


def describe(lexicon: Lexicon) -> dict[str, int]:
    """How many entries each list has, cues also by act and by stance ("verbs: question")."""
    counts: dict[str, int] = {}
    for name in ("verbs", "nouns", "phrases"):
        entries: Mapping[str, CueEntry] = getattr(lexicon, name)
        counts[name] = len(entries)
        for act in get_args(Act):
            counts[f"{name}: {act}"] = sum(entry.act == act for entry in entries.values())
        for stance in get_args(Stance):
            counts[f"{name}: {stance}"] = sum(entry.stance == stance for entry in entries.values())
    counts["outlets"] = len({outlet.name for outlet in lexicon.outlets.values()})
    counts["outlet names and aliases"] = len(lexicon.outlets)
    counts["outlet domains"] = len(lexicon.hosts)
    for name in (*GENDER_LISTS, *(each for names in WORD_LISTS.values() for each in names), "mark_pairs"):
        counts[name] = len(getattr(lexicon, name))
    return counts


@cache
def _default() -> Lexicon:
    return _build((DATA,))


def _build(directories: tuple[Path, ...]) -> Lexicon:
    tables, code = _read_all(directories)
    cues = _cues(tables["cues.toml"])
    outlets = _outlets(tables["outlets.toml"])
    words: dict[str, Any] = {
        name: _words(tables[file], file, name) for file, names in WORD_LISTS.items() for name in names
    }
    genders: dict[str, Any] = {name: _genders(tables["titles.toml"], name) for name in GENDER_LISTS}
    genders["titles"] = _with_and_without_stop(genders["titles"])
    return Lexicon(
        verbs={lemma: entry for (pos, lemma), entry in cues.items() if pos == "verb"},
        nouns={lemma: entry for (pos, lemma), entry in cues.items() if pos == "noun"},
        phrases={lemma: entry for (pos, lemma), entry in cues.items() if pos == "phrase"},
        outlets=_by_alias(outlets),
        hosts=_by_host(outlets),
        mark_pairs=_mark_pairs(tables["marks.toml"]),
        digest=code,
        **words,
        **genders,
    )


Layers = list[dict[str, Any]]


def _read_all(directories: tuple[Path, ...]) -> tuple[dict[str, Layers], str]:
    """Each file's tables, the package's first, and a digest of all their bytes."""
    tables: dict[str, Layers] = {file: [] for file in FILES}
    seen = hashlib.sha256()
    for directory in directories:
        paths = [directory / file for file in FILES if directory == DATA or (directory / file).is_file()]
        if not paths:
            raise LexiconError(f"{directory} has no word lists.", f"Put any of these files in it: {', '.join(FILES)}.")
        for path in paths:
            data = _read(path)
            seen.update(path.name.encode() + b"\0" + data + b"\0")
            tables[path.name].append(_parse(path, data))
    return tables, seen.hexdigest()[:12]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LexiconError(
            f"{path} cannot be read: {error.strerror}.", "Restore the file, or mend its rights."
        ) from error


def _parse(path: Path, data: bytes) -> dict[str, Any]:
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{path} is not valid TOML in UTF-8: {error}.", "Mend the place that it names.") from error
    unknown = sorted(table.keys() - _known_tables(path.name))
    if unknown:
        known = ", ".join(sorted(_known_tables(path.name)))
        raise _refusal(path.name, unknown[0], "is not a table of this file", f"Use one of: {known}.")
    return table


def _known_tables(file: str) -> set[str]:
    extra: dict[str, Iterable[str]] = {
        "cues.toml": (*CUE_TABLES, *PREPOSITION_TABLES),
        "outlets.toml": ("outlet",),
        "titles.toml": GENDER_LISTS,
        "marks.toml": ("mark_pairs",),
    }
    return {*WORD_LISTS.get(file, ()), *extra.get(file, ())}


def _cues(layers: Layers) -> dict[tuple[Pos, str], CueEntry]:
    cues: dict[tuple[Pos, str], CueEntry] = {}
    for layer in layers:
        here: dict[tuple[Pos, str], CueEntry] = {}
        for table, pos in CUE_TABLES.items():
            for group in _groups(layer, "cues.toml", table):
                for entry in _cue_group(group, pos):
                    _add_cue(here, entry)
        cues |= here
        for table, pos in PREPOSITION_TABLES.items():
            _add_prepositions(cues, layer.get(table, {}), table, pos)
    return cues


def _cue_group(group: dict[str, Any], pos: Pos) -> list[CueEntry]:
    lemmas = _strings("cues.toml", pos, "lemmas", group.get("lemmas"))
    entry = f"{pos} {lemmas[0]}"
    _check_keys(
        "cues.toml", entry, group, required={"stance", "act", "takes", "lemmas"}, allowed={"relation", "hearer"}
    )
    takes = _strings("cues.toml", entry, "takes", group["takes"])
    template = CueEntry(
        lemma="",
        pos=pos,
        stance=_choice("cues.toml", entry, "stance", group["stance"], Stance),
        act=_choice("cues.toml", entry, "act", group["act"], Act),
        relation=_choice("cues.toml", entry, "relation", group.get("relation", "said"), Relation),
        takes=frozenset(_choice("cues.toml", entry, "takes", each, Complement) for each in takes),
        hearer=_flag("cues.toml", entry, "hearer", group.get("hearer", False)),
    )
    return [attrs.evolve(template, lemma=lemma.lower()) for lemma in lemmas]


def _add_cue(cues: dict[tuple[Pos, str], CueEntry], entry: CueEntry) -> None:
    rival = cues.get((entry.pos, entry.lemma))
    if rival is None:
        cues[entry.pos, entry.lemma] = entry
    elif rival == entry:
        raise _refusal("cues.toml", f"{entry.pos} {entry.lemma}", "is listed twice", "Strike one of the two.")
    else:
        differing = [
            field
            for field in ("stance", "act", "relation", "takes", "hearer")
            if getattr(rival, field) != getattr(entry, field)
        ]
        problem = f"stands in two groups that contradict each other in {', '.join(differing)}"
        raise _refusal("cues.toml", f"{entry.pos} {entry.lemma}", problem, "Keep it in the group that fits.")


def _add_prepositions(cues: dict[tuple[Pos, str], CueEntry], table: Any, name: str, pos: Pos) -> None:
    if not isinstance(table, dict):
        raise _refusal("cues.toml", name, "is not a table", 'Write it as [{name}] with lines like: warn = ["of"].')
    for lemma, prepositions in table.items():
        if (pos, lemma) not in cues:
            raise _refusal("cues.toml", f"{name} {lemma}", f"names no {pos} of the lexicon", "Add it to a group first.")
        found = frozenset(_strings("cues.toml", name, lemma, prepositions))
        cues[pos, lemma] = attrs.evolve(cues[pos, lemma], prepositions=found)


def _outlets(layers: Layers) -> list[Outlet]:
    outlets: dict[str, Outlet] = {}
    for layer in layers:
        here: dict[str, Outlet] = {}
        for table in _groups(layer, "outlets.toml", "outlet"):
            outlet = _outlet(table)
            if outlet.name.lower() in here:
                raise _refusal("outlets.toml", outlet.name, "is listed twice", "Merge the two entries.")
            here[outlet.name.lower()] = outlet
        outlets |= here
    return list(outlets.values())


def _outlet(table: dict[str, Any]) -> Outlet:
    file = "outlets.toml"
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise _refusal(file, "outlet", "has no name", 'Give every outlet a name = "…".')
    allowed = {"aliases", "domains", "words", "since"}
    _check_keys(file, name, table, required={"name", "country", "kind", "ownership"}, allowed=allowed)
    aliases = _strings(file, name, "aliases", table["aliases"]) if "aliases" in table else []
    since = table.get("since")
    return Outlet(
        name=name,
        aliases=tuple(aliases),
        country=_matching(file, name, "country", table["country"], COUNTRY, "two capitals of ISO 3166, such as FR"),
        kind=_choice(file, name, "kind", table["kind"], OutletKind),
        ownership=_choice(file, name, "ownership", table["ownership"], Ownership),
        domains=tuple(_hosts(name, table["domains"])) if "domains" in table else (),
        words=_outlet_words(table, [name, *aliases]),
        since=None if since is None else _matching(file, name, "since", since, SINCE, "a year or date, such as 2013"),
    )


def _outlet_words(table: dict[str, Any], names: list[str]) -> frozenset[str]:
    if "words" not in table:
        return frozenset()
    words = {word.lower() for word in _strings("outlets.toml", names[0], "words", table["words"])}
    strangers = sorted(words - {name.lower() for name in names})
    if strangers:
        raise _refusal("outlets.toml", names[0], f"has no such name: {strangers[0]!r}", "Add it to the aliases.")
    return frozenset(words)


def _hosts(name: str, value: Any) -> list[str]:
    hosts = _strings("outlets.toml", name, "domains", value)
    return [_matching("outlets.toml", name, "domains", each, HOST, "a host such as example.org") for each in hosts]


def _by_alias(outlets: list[Outlet]) -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in outlets:
        for alias in (outlet.name, *outlet.aliases):
            rival = found.get(alias.lower())
            if rival is not None:
                problem = f"has the name {alias!r}, which {rival.name} has already"
                raise _refusal("outlets.toml", outlet.name, problem, "Leave it with the one that is meant by it.")
            found[alias.lower()] = outlet
    return found


def _by_host(outlets: list[Outlet]) -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in outlets:
        for host in outlet.domains:
            rival = found.setdefault(host, outlet)
            if rival is not outlet:
                problem = f"has the domain {host}, which {rival.name} has already"
                raise _refusal("outlets.toml", outlet.name, problem, "Leave it with the one that publishes there.")
    return found


def _words(layers: Layers, file: str, name: str) -> frozenset[str]:
    lists = [_strings(file, name, name, layer[name]) for layer in layers if name in layer]
    if not lists:
        raise _refusal(file, name, "is missing", "Add the list with at least one word.")
    if name == "apostrophe_patterns":
        return frozenset(_pattern(file, name, each) for words in lists for each in words)
    return frozenset(each.lower() for words in lists for each in words)


def _pattern(file: str, name: str, value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise _refusal(file, name, f"has {value!r}, no regular expression: {error}", "Mend the pattern.") from error
    return value


def _genders(layers: Layers, name: str) -> dict[str, Gender]:
    """A table of lists m, f and any -> word to gender."""
    found: dict[str, Gender] = {}
    for layer in layers:
        table = layer.get(name, {})
        if not isinstance(table, dict):
            raise _refusal("titles.toml", name, "is not a table", f"Write it as [{name}] with lists m, f and any.")
        _check_keys("titles.toml", name, table, required=set(), allowed={"m", "f", "any"})
        here: dict[str, Gender] = {}
        for key, words in table.items():
            for word in _strings("titles.toml", name, key, words):
                if word.lower() in here:
                    raise _refusal("titles.toml", f"{name} {word}", "is listed twice", "Strike one of the two.")
                here[word.lower()] = {"m": "m", "f": "f"}.get(key, "")  # type: ignore[assignment]
        found |= here
    if not found:
        raise _refusal("titles.toml", name, "is missing or empty", "Add the table with lists m, f or any.")
    return found


def _with_and_without_stop(titles: dict[str, Gender]) -> dict[str, Gender]:
    return {title.removesuffix("."): gender for title, gender in titles.items()} | titles


def _mark_pairs(layers: Layers) -> tuple[MarkPair, ...]:
    pairs: dict[tuple[str, str], MarkPair] = {}
    for layer in layers:
        for table in _groups(layer, "marks.toml", "mark_pairs"):
            entry = f"mark_pairs {table.get('open', '')}"
            _check_keys("marks.toml", entry, table, required={"open", "close"}, allowed={"level"})
            open_, close = _strings("marks.toml", entry, "open and close", [table["open"], table["close"]])
            level = _choice("marks.toml", entry, "level", table.get("level", "either"), Level)
            pairs[open_, close] = MarkPair(open=open_, close=close, level=level)
    if not pairs:
        raise _refusal("marks.toml", "mark_pairs", "is missing", "Add at least one pair of marks.")
    return tuple(pairs.values())


def _groups(layer: dict[str, Any], file: str, name: str) -> list[dict[str, Any]]:
    groups = layer.get(name, [])
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise _refusal(file, name, "is not a list of tables", f"Write each as [[{name}]].")
    if name in layer and not groups:
        raise _refusal(file, name, "is empty", "Add an entry, or leave the list out.")
    return groups


def _check_keys(file: str, entry: str, table: dict[str, Any], *, required: set[str], allowed: set[str]) -> None:
    unknown, missing = sorted(table.keys() - required - allowed), sorted(required - table.keys())
    if unknown:
        known = ", ".join(sorted(required | allowed))
        raise _refusal(file, entry, f"has the unknown key {unknown[0]!r}", f"Use only: {known}.")
    if missing:
        raise _refusal(file, entry, f"lacks the key {missing[0]!r}", f"Add {missing[0]} = …")


def _strings(file: str, entry: str, key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise _refusal(file, entry, f"has no list of words under {key!r}", 'Write it as ["one", "two"].')
    if not value:
        raise _refusal(file, entry, f"has an empty list under {key!r}", "Add a word, or leave the list out.")
    return value


def _choice(file: str, entry: str, key: str, value: Any, choices: Any) -> Any:
    allowed = get_args(choices)
    if value not in allowed:
        raise _refusal(file, entry, f"has {key} = {value!r}", f"Use one of: {', '.join(allowed)}.")
    return value


def _matching(file: str, entry: str, key: str, value: Any, pattern: re.Pattern[str], wanted: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _refusal(file, entry, f"has {key} = {value!r}", f"Write {wanted}.")
    return value


def _flag(file: str, entry: str, key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _refusal(file, entry, f"has {key} = {value!r}", "Write true or false.")
    return value


def _refusal(file: str, entry: str, problem: str, hint: str) -> LexiconError:
    return LexiconError(f"{file}: {entry} {problem}.", hint)
