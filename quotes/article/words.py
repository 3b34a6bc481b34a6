"""The words by which the reader knows languages, dates, places and the furniture of a page: two files of data/."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from quotes.errors import LexiconError

DATA = Path(__file__).parent.parent / "data"
LISTS = (
    "weekdays",
    "date_labels",
    "site_words",
    "sections",
    "slogan_leads",
    "generic_agencies",
    "not_outlets",
    "labels",
    "label_leads",
    "not_places",
    "speaking",
    "connectors",
    "outlet_kinds",
    "editions",
    "nobody",
    "writers",
    "beats",
    "desks",
    "particles",
    "degrees",
)


@attrs.frozen(kw_only=True)
class Languages:
    """scripts: the first word of a letter's Unicode name -> language; function_words: language -> words."""

    scripts: Mapping[str, str]
    function_words: Mapping[str, frozenset[str]]


@attrs.frozen(kw_only=True)
class Layout:
    """What surrounds a story; every word in lower case.

    months: name -> number; the patterns match a whole line, its case disregarded.
    """

    months: Mapping[str, int]
    weekdays: frozenset[str]
    date_labels: frozenset[str]
    site_words: frozenset[str]
    sections: frozenset[str]
    slogan_leads: frozenset[str]
    generic_agencies: frozenset[str]
    not_outlets: frozenset[str]
    labels: frozenset[str]
    label_leads: frozenset[str]
    not_places: frozenset[str]
    speaking: frozenset[str]
    connectors: frozenset[str]
    outlet_kinds: frozenset[str]
    editions: frozenset[str]
    nobody: frozenset[str]
    writers: frozenset[str]
    beats: frozenset[str]
    desks: frozenset[str]
    particles: frozenset[str]
    degrees: frozenset[str]
    cities: frozenset[str]
    countries: frozenset[str]
    boilerplate: re.Pattern[str]
    credit_line: re.Pattern[str]


@cache
def languages() -> Languages:
    table = _read("languages.toml")
    words = {code: frozenset(text.split()) for code, text in _get(table, "languages.toml", "function_words").items()}
    if "en" not in words or not all(words.values()):
        raise LexiconError("languages.toml: function_words lacks English or has an empty list.", "Restore the file.")
    return Languages(scripts=_get(table, "languages.toml", "scripts"), function_words=words)


@cache
def layout() -> Layout:
    table = _read("layout.toml")
    get = {name: _get(table, "layout.toml", name) for name in (*LISTS, "months", "boilerplate", "cities", "countries")}
    return Layout(
        months={name: number for number, names in enumerate(get["months"], 1) for name in names},
        cities=_names(get["cities"]),
        countries=_names(get["countries"]),
        boilerplate=re.compile("|".join(f"(?:{each})" for each in get["boilerplate"]), re.IGNORECASE),
        credit_line=_credit_line(table),
        **{name: frozenset(get[name]) for name in LISTS},
    )


def _credit_line(table: dict[str, Any]) -> re.Pattern[str]:
    colon, plain, openers = (
        "|".join(re.escape(each) for each in _get(table, "layout.toml", name))
        for name in ("credit_leads_colon", "credit_leads", "credit_openers")
    )
    opener = rf"(?:(?:this|the|an?)\s+(?:[\w-]+\s+)?(?:{openers})\s+(?:was\s+|is\s+|has\s+been\s+)?)?"
    lead = rf"(?:(?:{colon})\s*:|{opener}(?:{plain})\b\s*[:/]*)"
    return re.compile(rf"[(\[\s*_–—-]*{lead}\s*(?P<rest>\S.*)?", re.IGNORECASE | re.DOTALL)


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split(","))


def _read(file: str) -> dict[str, Any]:
    try:
        return tomllib.loads((DATA / file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{file} cannot be read: {error}.", "Restore the file.") from error


def _get(table: dict[str, Any], file: str, name: str) -> Any:
    if not table.get(name):
        raise LexiconError(f"{file}: {name} is missing or empty.", "Restore the list.")
    return table[name]
