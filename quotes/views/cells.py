"""Laying out text in terminal cells, where a wide character takes two."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

Cell = tuple[str, int, Literal["left", "right"], str]
_JOINERS = "\u200d\ufe0e\ufe0f"


def fit(text: str, cells: int) -> int:
    """The length, in code points, of the longest beginning of a text that takes at most so many cells."""
    if cell_len(text) <= cells:
        return len(text)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cell_len(text[:middle]) <= cells else (low, middle - 1)
    while 0 < low < len(text) and (text[low] in _JOINERS or text[low - 1] == "\u200d"):
        low -= 1
    return low


def shorten(text: str, cells: int) -> str:
    """The text in at most so many cells, with an ellipsis where it was cut; a closing quotation mark is kept."""
    if cell_len(text) <= cells:
        return text
    tail = "…”" if text.startswith("“") and cells > 4 else "…"
    kept = text[: fit(text, max(cells - len(tail), 0))]
    space = kept.rfind(" ")
    if space >= 0 and cell_len(kept[space:]) <= 8 and space > len(kept) // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:.…”“") + tail


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most so many cells, parted at spaces where there are any."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= cells:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        while cell_len(word) > cells:
            cut = max(fit(word, cells), 1)
            lines[-1:] = [word[:cut], ""]
            word = word[cut:]
        lines[-1] = word
    return lines


def padded(text: str, cells: int, align: Literal["left", "right"] = "left") -> str:
    room = " " * max(cells - cell_len(text), 0)
    return room + text if align == "right" else text + room


def row(cells: Sequence[Cell], *, gap: int = 2) -> list[Text]:
    """A table's row as lines: each cell is (text, width, alignment, style) and wraps within its width."""
    columns = [wrap(text, width) for text, width, _, _ in cells]
    lines = []
    for at in range(max(len(column) for column in columns)):
        line = Text()
        for column, (_, width, align, style) in zip(columns, cells, strict=True):
            line.append(padded(column[at] if at < len(column) else "", width, align), style)
            line.append(" " * gap)
        line.rstrip()
        lines.append(line)
    return lines


def paragraph(text: str, width: int, style: str = "", *, indent: int = 0) -> list[Text]:
    """A wrapped paragraph; lines after the first are indented as the first is."""
    return [Text(" " * indent + line, style) for line in wrap(text, max(width - indent, 8))]


def print_lines(lines: Sequence[Text], *, width: int, color: bool) -> str:
    """The lines as one string, with ANSI colours or with none at all, whatever the environment says."""
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        force_jupyter=False,
        no_color=False,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as captured:
        for line in lines:
            console.print(line, soft_wrap=True)
    return captured.get()
