"""The word lists: data/*.toml read into one validated Lexicon, with a digest of every byte that went into it.

A directory of files of the same names adds to the package's lists; an entry of the same lemma, name or word wins
over the package's. Words are compared in lower case.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from quotes.lexicon.entries import (
    CueEntry,
    Gender,
    Level,
    Lexicon,
    MarkPair,
    Outlet,
    OutletKind,
    Ownership,
    Pos,
    Stance,
)
from quotes.lexicon.tables import (
    DATA,
    FORM_LISTS,
    GENDER_LISTS,
    WORD_LISTS,
    by_alias,
    by_host,
    cues_of,
    demonyms_of,
    forms_of,
    genders_of,
    mark_pairs_of,
    numbers_of,
    opposites_of,
    outlets_of,
    read_all,
    with_and_without_stop,
    words_of,
)
from quotes.records import Act

__all__ = [
    "CueEntry",
    "Gender",
    "Level",
    "Lexicon",
    "MarkPair",
    "Outlet",
    "OutletKind",
    "Ownership",
    "Pos",
    "Stance",
    "describe",
    "load",
]


OTHER_LISTS = ("mark_pairs", "opposites", "numbers", "demonyms", *FORM_LISTS)


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
    for name in (*GENDER_LISTS, *(each for names in WORD_LISTS.values() for each in names), *OTHER_LISTS):
        counts[name] = len(getattr(lexicon, name))
    return counts


@cache
def _default() -> Lexicon:
    return _build((DATA,))


def _build(directories: tuple[Path, ...]) -> Lexicon:
    tables, code = read_all(directories)
    cues = cues_of(tables["cues.toml"])
    outlets = outlets_of(tables["outlets.toml"])
    words: dict[str, Any] = {
        name: words_of(tables[file], file, name) for file, names in WORD_LISTS.items() for name in names
    }
    genders: dict[str, Any] = {name: genders_of(tables["titles.toml"], name) for name in GENDER_LISTS}
    genders["titles"] = with_and_without_stop(genders["titles"])
    demonyms = demonyms_of(tables["demonyms.toml"])
    forms: dict[str, Any] = {name: forms_of(tables["identities.toml"], name) for name in FORM_LISTS}
    return Lexicon(
        verbs={lemma: entry for (pos, lemma), entry in cues.items() if pos == "verb"},
        nouns={lemma: entry for (pos, lemma), entry in cues.items() if pos == "noun"},
        phrases={lemma: entry for (pos, lemma), entry in cues.items() if pos == "phrase"},
        outlets=by_alias(outlets),
        hosts=by_host(outlets),
        mark_pairs=mark_pairs_of(tables["marks.toml"]),
        opposites=opposites_of(tables["wordings.toml"]),
        numbers=numbers_of(tables["wordings.toml"]),
        demonyms=demonyms,
        countries=frozenset(demonyms.values()),
        digest=code,
        **words,
        **genders,
        **forms,
    )
