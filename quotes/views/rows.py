"""Rows of a table for the terminal: columns of text, shortened to what the width allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.text import Text

from quotes.views import facts
from quotes.views.cells import padded, print_lines, shorten

_GAP = 2
_NARROWEST = 4


def render(rows: Sequence[Mapping[str, str]], *, width: int, color: bool) -> str:
    """A heading and a line for each row; the widest columns give way first. Columns of numbers stand to the right."""
    names = list(rows[0])
    columns = [[facts.one_line(row[name]) for row in rows] for name in names]
    widths = _widths([max(map(cell_len, (name, *column))) for name, column in zip(names, columns, strict=True)], width)
    right = [all(_is_number(cell) for cell in column if cell) for column in columns]
    lines = [Text(_line(names, widths, right), "bold")]
    lines += [Text(_line(cells, widths, right)) for cells in zip(*columns, strict=True)]
    return print_lines(lines, width=width, color=color)


def _widths(wanted: list[int], width: int) -> list[int]:
    room = width - _GAP * (len(wanted) - 1)
    widths = list(wanted)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        others = sorted(widths)[-2] if len(widths) > 1 else 0
        widths[widest] -= max(min(sum(widths) - room, widths[widest] - others), 1)
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = (
        padded(shorten(cell, width), width, "right" if number else "left")
        for cell, width, number in zip(cells, widths, right, strict=True)
    )
    return (" " * _GAP).join(parts).rstrip()


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
