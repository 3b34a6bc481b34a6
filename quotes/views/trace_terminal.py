"""A claim's way through articles, as a shell shows it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from quotes.link import Change, Travel
from quotes.views import facts, travel
from quotes.views.cells import Cell, paragraph, print_lines, row, shorten

NARROWEST = 40
_NARROW = 90
_STYLES = {"kept": "", "gone": "red strike", "new": "green bold"}


def render(ways: Sequence[Travel], *, width: int, color: bool) -> str:
    """The claims that were found, one below the other, in lines of at most `width` cells (40 at the least)."""
    width = max(width, NARROWEST)
    lines: list[Text] = []
    for number, way in enumerate(ways, 1):
        head = f"{number} of {len(ways)}  " if len(ways) > 1 else ""
        lines += [*_claim(way, head, width), Text()]
    return print_lines(lines[:-1], width=width, color=color)


def _claim(way: Travel, head: str, width: int) -> list[Text]:
    lines = paragraph(head + travel.words(way.cluster.representative), width, "bold")
    lines += [Text(), *paragraph(" ".join(travel.summary(way)), width), Text()]
    lines += [Text("Articles", "bold"), *_articles(way, width), Text()]
    lines += [Text("From its origins", "bold"), *_tree(way, width)]
    lines += _said("Named elsewhere", travel.named_elsewhere(way), width)
    lines += _said("Named differently", [travel.conflict(each) for each in way.conflicts], width)
    lines += _said("Lost on the way", travel.losses(way), width)
    if way.changes:
        lines += [Text(), Text("Changed on the way", "bold")]
        lines += [line for where, each in travel.changes(way) for line in _change(where, each, width)]
    return lines


def _articles(way: Travel, width: int) -> list[Text]:
    cells = [
        (travel.date(each), travel.carrier(each), travel.chain(each), wording)
        for each, wording in zip(way.carries, travel.wordings(way), strict=True)
    ]
    if width < _NARROW:
        return [line for each in cells for line in _below(each, width)]
    day, carrier, wording = (min(max(cell_len(each[at]) for each in cells), width // 5) for at in (0, 1, 3))
    room = min(width - day - carrier - wording - 10, max(cell_len(each[2]) for each in cells))
    lines: list[Text] = []
    for each in cells:
        shown: list[Cell] = [
            (shorten(each[0], day), day, "left", "dim"),
            (each[1], carrier, "left", ""),
            (f"← {each[2]}", room + 2, "left", ""),
            (shorten(each[3], wording), wording, "left", "dim"),
        ]
        lines += [Text("  ").append_text(line) for line in row(shown)]
    return lines


def _below(cells: tuple[str, str, str, str], width: int) -> list[Text]:
    """An article in lines one below the other."""
    day, carrier, chain, wording = cells
    day = shorten(day, width // 3)
    return [
        Text().append(f"  {shorten(carrier, width - cell_len(day) - 4)}").append(f"  {day}", "dim"),
        *(Text(f"    {each}") for each in _wrapped(f"← {chain}", width - 4)),
        *(Text(f"      {each}", "dim") for each in _wrapped(wording, width - 6)),
    ]


def _wrapped(text: str, cells: int) -> list[str]:
    return [line.plain for line in paragraph(text, cells)] if text else []


def _tree(way: Travel, width: int) -> list[Text]:
    lines = []
    kinds = {origin.names[0]: travel.kind(origin) for origin in way.origins}
    for guide, branch in travel.lines(travel.tree(way)):
        kind = kinds.get(branch.name, "") if len(guide) == 3 and not branch.circle else ""
        note = " · ".join(filter(None, (kind, travel.branch_note(branch))))
        room = width - min(cell_len(guide), width // 2) - 4
        name = shorten(branch.name, max(room - cell_len(note), room // 2))
        line = Text("  ").append(guide[-(width // 2) :], "dim").append(name, "bold" if len(guide) == 3 else "")
        left = width - line.cell_len - 2
        shown = f"  {shorten(note, left)}" if note and left > 0 else ""
        lines.append(line.append(shown, "red" if branch.circle else "dim"))
    return lines


def _said(title: str, sentences: Sequence[str], width: int) -> list[Text]:
    if not sentences:
        return []
    return [Text(), Text(title, "bold"), *(line for each in sentences for line in paragraph(each, width, indent=2))]


def _change(where: str, change: Change, width: int) -> list[Text]:
    """The quotation with what is gone as [-…-] and what is new as {+…+}, which no terminal lacks."""
    marks = {"kept": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
    whole = Text()
    for at, (fate, text) in enumerate(change.pieces):
        begin, end = marks[fate]
        whole.append(" " if at else "").append(begin + facts.one_line(text) + end, _STYLES[fate])
    lines = paragraph(f"{where}:", width, indent=2)
    at = 0
    for part in _wrapped(whole.plain, width - 4):
        at = whole.plain.index(part, at)
        lines.append(Text("    ").append_text(whole[at : at + len(part)]))
        at += len(part)
    return lines
