"""The picture of a claim's way: origins on the left, then each article's publisher under its day, and who has it from
whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quotes.link import Step, Travel
from quotes.views import facts, travel
from quotes.views.cells import shorten

_MOST = 60  # places drawn
_LABEL = 20  # cells of a name
_SIDE = 96  # units from the edge to the first and last column
_COLUMN = 168
_ROW = 44
_TOP = 44


def draw(way: Travel) -> dict[str, Any] | None:
    """Nodes, edges and days with their places, in units of an SVG that is `width` by `height`; None for one
    place, or for more than can be told apart."""
    if not 1 < len({place for step in way.steps for place in (step.near, step.far)}) <= _MOST:
        return None
    steps = travel.direct_steps(way)
    columns, days = _columns(way, steps)
    rows = _rows(columns, steps)
    last = max(columns.values())
    spots = {place: (_SIDE + _COLUMN * columns[place], _TOP + _ROW * rows[place] + _ROW // 2) for place in columns}
    rings = {name for ring in way.circles for name in ring}
    origins = {name for origin in way.origins if origin.kind != "unsourced" for name in origin.names}
    return {
        "width": 2 * _SIDE + _COLUMN * last,
        "height": _TOP + _ROW * (max(rows.values()) + 1) + 12,
        "days": [{"x": _SIDE + _COLUMN * at, "text": day} for at, day in days],
        "nodes": [
            {
                "name": shorten(facts.one_line(place), _LABEL),
                "full": facts.one_line(place),
                "origin": place in origins,
                "circle": place in rings,
                "only_named": place not in way.outlets,
                "x": x,
                "y": y,
            }
            for place, (x, y) in spots.items()
        ],
        "edges": [
            {
                "path": _curve(spots[step.far], spots[step.near]),
                "carried": not step.stated,
                "circle": step.near in rings and step.far in rings,
                "title": f"{facts.one_line(step.near)} has it from {facts.one_line(step.far)}",
            }
            for step in steps
        ],
    }


def _columns(way: Travel, steps: Sequence[Step]) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """Each place's column, and the headings: sources that publish nothing here, then day by day, whoever has it from
    somebody of the same day further right.
    """
    first: dict[str, str] = {}
    for member in way.carries:
        first.setdefault(member.carrier, travel.date(member))
    named = dict.fromkeys(place for step in steps for place in (step.far, step.near))
    origins = {name for origin in way.origins for name in origin.names}
    columns = {place: 0 for place in named if place not in first and place in origins}
    between = [place for place in named if place not in first and place not in origins]
    at = 1 if columns else 0
    columns |= dict.fromkeys(between, at)
    at += bool(between)
    headings: list[tuple[int, str]] = []
    for day in dict.fromkeys(first.values()):
        headings.append((at, day))
        depths = _depths([place for place, own in first.items() if own == day], steps)
        columns |= {place: at + depth for place, depth in depths.items()}
        at += max(depths.values()) + 1
    return columns, headings


def _depths(places: Sequence[str], steps: Sequence[Step]) -> dict[str, int]:
    """How many of these places each has it from, one through the other; a ring is cut where it closes."""
    behind = {place: [step.far for step in steps if step.near == place and step.far in places] for place in places}
    depths: dict[str, int] = {}
    open_: set[str] = set()

    def visit(place: str) -> None:
        open_.add(place)
        for far in behind[place]:
            if far not in depths and far not in open_:
                visit(far)
        depths[place] = max((depths[far] + 1 for far in behind[place] if far in depths), default=0)

    for place in places:
        if place not in depths:
            visit(place)
    return depths


def _rows(columns: Mapping[str, int], steps: Sequence[Step]) -> dict[str, int]:
    """Each place's row: near those that it has it from, where no other place stands on the way."""
    rows: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    for place in sorted(columns, key=lambda each: (columns[each], list(columns).index(each))):
        column = columns[place]
        behind = [step.far for step in steps if step.near == place and step.far in rows and columns[step.far] < column]
        row = min((rows[far] for far in behind), default=0)
        nearest = min((columns[far] for far in behind), default=column - 1)
        while any((between, row) in taken for between in range(nearest + 1, column + 1)):
            row += 1
        rows[place] = row
        taken |= {(between, row) for between in range(nearest + 1, column + 1)}
    return rows


def _curve(far: tuple[int, int], near: tuple[int, int]) -> str:
    """A line from one place to another: within the first column over to the row, then straight on; back from below."""
    (x1, y1), (x2, y2) = far, near
    if x1 >= x2:
        low = max(y1, y2) + 30
        return f"M{x1} {y1}C{x1} {low} {x2} {low} {x2} {y2}"
    turn = x1 + _COLUMN
    bend = (x1 + turn) // 2
    return f"M{x1} {y1}C{bend} {y1} {bend} {y2} {turn} {y2}L{x2} {y2}"
