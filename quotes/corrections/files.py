"""Corrections from a file: JSON of our own form, a report in JSON that was corrected before, or brat's .ann."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from quotes.corrections.standoff import read_standoff
from quotes.errors import InputError
from quotes.records import SCHEMA, Correction, Edit, Party, SourceKind, Span

FORM = "quotes-corrections/1"
_EDITS: tuple[str, ...] = get_args(Edit)
_KINDS: tuple[str, ...] = get_args(SourceKind)
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "accept": ("claim",),
    "reject": ("claim",),
    "attribute": ("claim", "chain"),
    "content": ("claim", "content"),
    "add": ("content", "chain"),
    "join": ("sources",),
    "part": ("sources", "mentions", "chain"),
}
_HINT = f'An object {{"schema": "{FORM}", "corrections": […]}}, a corrected report in JSON, or a brat file (.ann).'


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file, in order. Raises InputError that names the entry which is not understood."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise InputError(f"{path} cannot be read: {reason}.", _HINT) from error
    if path.suffix.lower() == ".ann":
        return read_standoff(text)
    try:
        values = json.loads(text)
    except ValueError as error:
        raise InputError(f"{path} is no JSON: {error}.", _HINT) from error
    return tuple(each for one in (values if isinstance(values, list) else [values]) for each in _document(one))


def _document(values: Any) -> list[Correction]:
    if not isinstance(values, dict) or values.get("schema") not in (FORM, SCHEMA):
        found = values.get("schema") if isinstance(values, dict) else type(values).__name__
        raise InputError(f"This is no file of corrections: its schema is {found!r}.", _HINT)
    entries = values.get("corrections", [])
    if not isinstance(entries, list):
        raise InputError("`corrections` is no list.", _HINT)
    article = values.get("article")
    of = article.get("id") if isinstance(article, dict) else article
    return [_entry(number, entry, of) for number, entry in enumerate(entries, 1)]


def _entry(number: int, entry: Any, article: str | None) -> Correction:
    try:
        return _correction(entry, article)
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(f"Correction {number} is not understood: {reason}.", _HINT) from error


def _correction(entry: Any, article: str | None) -> Correction:
    if not isinstance(entry, dict):
        raise TypeError("it is no object")
    edit = entry["do"]
    if edit not in _EDITS:
        raise ValueError(f"`do` is none of {', '.join(_EDITS)}")
    if "source" in entry and "chain" not in entry:
        entry = {**entry, "chain": [entry["source"]], "whole": False}
    for name in _NEEDS[edit]:
        if not entry.get(name):
            raise ValueError(f"`{name}` is missing")
    return Correction(
        do=edit,
        claim=_spans(entry.get("claim", ())),
        content=_spans(entry.get("content", ())),
        chain=tuple(_party(each) for each in entry.get("chain", ())),
        whole=bool(entry.get("whole", True)),
        sources=tuple(str(each) for each in entry.get("sources", ())),
        mentions=_spans(entry.get("mentions", ())),
        note=str(entry.get("note", "")),
        article=entry.get("article") or article,
    )


def _spans(values: Any) -> tuple[Span, ...]:
    """Spans as we write them; a text by itself is looked for in the article, whatever its place."""
    each = [values] if isinstance(values, str | dict) else values
    return tuple(_span(value) for value in each)


def _span(value: Any) -> Span:
    if isinstance(value, str):
        return Span(start=0, end=len(value), text=value)
    text = str(value["text"])
    start = int(value.get("start", 0))
    return Span(start=start, end=int(value.get("end", start + len(text))), text=text)


def _party(value: Any) -> Party:
    if isinstance(value, str):
        return Party(name=value)
    kind = value.get("kind")
    if kind is not None and kind not in _KINDS:
        raise ValueError(f"`kind` is none of {', '.join(_KINDS)}")
    mention = value.get("mention")
    return Party(name=str(value["name"]), kind=kind, mention=_span(mention) if mention else None)
