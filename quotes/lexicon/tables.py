"""The TOML tables of the word lists: read, checked one by one, and refused with the entry and what to do."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import attrs

from quotes.errors import LexiconError
from quotes.lexicon.entries import (
    Complement,
    CueEntry,
    Gender,
    Level,
    MarkPair,
    Outlet,
    OutletKind,
    Ownership,
    Pos,
    Stance,
)
from quotes.records import Act, Relation

DATA = Path(__file__).parent.parent / "data"
FILES = (
    "cues.toml",
    "demonyms.toml",
    "hedges.toml",
    "identities.toml",
    "marks.toml",
    "outlets.toml",
    "relays.toml",
    "titles.toml",
    "wordings.toml",
)
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
COUNTRY = re.compile(r"[A-Z]{2}")
SINCE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
WORD_LISTS: Mapping[str, tuple[str, ...]] = {
    "cues.toml": ("light_verbs", "content_prepositions", "opinions", "hearing_bodies"),
    "relays.toml": (
        "spoken_to",
        "speaking",
        "leading",
        "carriers",
        "citing",
        "quoting",
        "programmes",
        "stories",
        "asking",
        "copies",
        "tidings",
        "occasions",
        "journalists",
        "gleaning",
        "showing",
    ),
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
        "times",
        "places",
        "things",
        "comparing",
    ),
    "wordings.toml": ("light",),
    "identities.toml": (
        "name_leads",
        "name_tails",
        "parties",
        "states",
        "generations",
        "handle_leads",
        "elapsed",
        "particles",
        "wider_places",
    ),
}
FORM_LISTS = ("spellings", "given_forms", "role_forms")
GENDER_LISTS = ("titles", "role_gender", "given_names")
CUE_TABLES: Mapping[str, Pos] = {"verb": "verb", "noun": "noun", "phrase": "phrase"}
PREPOSITION_TABLES: Mapping[str, Pos] = {"verb_prepositions": "verb", "noun_prepositions": "noun"}

Layers = list[dict[str, Any]]


def read_all(directories: tuple[Path, ...]) -> tuple[dict[str, Layers], str]:
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
        "wordings.toml": ("opposites", "numbers"),
        "demonyms.toml": ("demonyms",),
        "identities.toml": FORM_LISTS,
    }
    return {*WORD_LISTS.get(file, ()), *extra.get(file, ())}


def cues_of(layers: Layers) -> dict[tuple[Pos, str], CueEntry]:
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


def outlets_of(layers: Layers) -> list[Outlet]:
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


def by_alias(outlets: list[Outlet]) -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in outlets:
        for alias in (outlet.name, *outlet.aliases):
            rival = found.get(alias.lower())
            if rival is not None:
                problem = f"has the name {alias!r}, which {rival.name} has already"
                raise _refusal("outlets.toml", outlet.name, problem, "Leave it with the one that is meant by it.")
            found[alias.lower()] = outlet
    return found


def by_host(outlets: list[Outlet]) -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in outlets:
        for host in outlet.domains:
            rival = found.setdefault(host, outlet)
            if rival is not outlet:
                problem = f"has the domain {host}, which {rival.name} has already"
                raise _refusal("outlets.toml", outlet.name, problem, "Leave it with the one that publishes there.")
    return found


def words_of(layers: Layers, file: str, name: str) -> frozenset[str]:
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


def genders_of(layers: Layers, name: str) -> dict[str, Gender]:
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


def with_and_without_stop(titles: dict[str, Gender]) -> dict[str, Gender]:
    return {title.removesuffix("."): gender for title, gender in titles.items()} | titles


def mark_pairs_of(layers: Layers) -> tuple[MarkPair, ...]:
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


def opposites_of(layers: Layers) -> tuple[tuple[frozenset[str], ...], ...]:
    """Groups of sides that exclude each other, each side a set of words that agree."""
    file = "wordings.toml"
    groups: list[tuple[frozenset[str], ...]] = []
    for layer in layers:
        given = layer.get("opposites", [])
        if not isinstance(given, list) or not all(isinstance(group, list) for group in given):
            raise _refusal(file, "opposites", "is not a list of lists", 'Write it as [[["open"], ["closed", "shut"]]].')
        for group in given:
            sides = tuple(frozenset(map(str.lower, _strings(file, "opposites", "each side", side))) for side in group)
            if len(sides) < 2:
                raise _refusal(file, f"opposites {group}", "has one side only", "Add a side that it excludes.")
            groups.append(sides)
    return tuple(groups)


def numbers_of(layers: Layers) -> dict[str, int]:
    file = "wordings.toml"
    found: dict[str, int] = {}
    for layer in layers:
        table = layer.get("numbers", {})
        if not isinstance(table, dict):
            raise _refusal(file, "numbers", "is not a table", "Write it as [numbers] with lines like: two = 2.")
        for word, value in table.items():
            if type(value) is not int or value < 0:
                raise _refusal(file, f"numbers {word}", f"has the value {value!r}", "Write a whole number from 0 up.")
            found[word.lower()] = value
    return found


def demonyms_of(layers: Layers) -> dict[str, str]:
    """The country of each demonym, in lower case."""
    file = "demonyms.toml"
    found: dict[str, str] = {}
    for layer in layers:
        table = layer.get("demonyms", {})
        if not isinstance(table, dict):
            raise _refusal(file, "demonyms", "is not a table", 'Write it with lines like: Chile = ["Chilean"].')
        for country, words in table.items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise _refusal(file, f"demonyms {country}", f"has the value {words!r}", "Write a list of words.")
            found |= {word.lower(): country.lower() for word in words}
    return found


def forms_of(layers: Layers, name: str) -> dict[str, str]:
    """The form that stands for each word of a group of forms: the group's first."""
    file = "identities.toml"
    found: dict[str, str] = {}
    for layer in layers:
        groups = layer.get(name, [])
        if not isinstance(groups, list):
            raise _refusal(file, name, "is not a list of lists", 'Write it as [["sergei", "sergey"]].')
        here: dict[str, str] = {}
        for group in groups:
            forms = [word.lower() for word in _strings(file, name, "each group", group)]
            twice = [word for word in forms if word in here]
            if twice:
                raise _refusal(file, f"{name} {twice[0]}", "stands in two groups", "Keep it in one, or in none.")
            here |= dict.fromkeys(forms, forms[0])
        found |= here
    return found


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
