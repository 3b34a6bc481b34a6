"""The overview of a corpus as notes in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quotes.views.corpus_facts import Overview, lead, shared_row, source_row
from quotes.views.markdown import escape


def render(found: Overview) -> str:
    single = [shared_row(each) for each in found.single]
    circles = [shared_row(each) for each in found.circles]
    parts = [
        "# Corpus",
        escape(lead(found)),
        "\n".join(f"- {name}: {value}" for name, value in found.state.items()),
        _section("Most heard sources", [source_row(each) for each in found.sources]),
        _section("Most used relays", [source_row(each) for each in found.relays]),
        _section("Unnamed origins by publisher", found.unnamed),
        _section("Claims of several outlets that rest on one source", single, ("words", "outlets", "origin", "first")),
        _section("Claims in a circle", circles, ("words", "outlets", "circles", "first")),
        _section("Articles that failed", found.failed),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    if not rows:
        return ""
    names = columns or tuple(rows[0])
    lines = [_line(names), _line(["---"] * len(names))]
    return "\n".join([f"## {title}", "", *lines, *(_line([escape(str(row[name])) for name in names]) for row in rows)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
