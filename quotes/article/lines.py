"""Text -> units: the paragraphs and single lines that are later told apart. Linear in the text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import attrs

WRAP_FROM, WRAP_TO = 40, 110
ENDINGS = ".!?…:;。"
CLOSERS = "\"'”’»›“)]*"
OPENERS = "\"'“‘«‹„‚([*"


@attrs.frozen
class Line:
    """A line that is not blank, without the white space around it, and whether a blank line precedes it."""

    start: int
    end: int
    text: str = attrs.field(repr=False)
    after_blank: bool


@attrs.frozen
class Unit:
    """One paragraph: a line, or several that were wrapped at a width."""

    start: int
    end: int
    text: str = attrs.field(repr=False)


def units(text: str) -> list[Unit]:
    """The paragraphs of a text, in order; together they cover all that is not white space."""
    found = []
    for run in _runs(text):
        for part in _wrapped(run) if _is_wrapped(run) else [[line] for line in run]:
            start, end = part[0].start, part[-1].end
            found.append(Unit(start, end, text[start:end]))
    return found


def ends_sentence(text: str) -> bool:
    """Whether a text ends in a full stop or its kin, closing marks disregarded."""
    return text.rstrip(CLOSERS + " ").endswith(tuple(ENDINGS))


def _lines(text: str) -> Iterator[Line]:
    at, blank = 0, False
    for raw in text.splitlines(keepends=True):
        body = raw.strip()
        if body:
            start = at + len(raw) - len(raw.lstrip())
            yield Line(start, start + len(body), body, blank)
        blank = not body
        at += len(raw)


def _runs(text: str) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in _lines(text):
        if run and line.after_blank:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _is_wrapped(run: list[Line]) -> bool:
    """Whether the lines of a run break where a width, and not a paragraph, ends."""
    if len(run) < 2 or max(len(line.text) for line in run) > WRAP_TO:
        return False
    soft = sum(_is_soft(line, after) for line, after in pairwise(run))
    return soft > 0.4 * (len(run) - 1)


def _is_soft(line: Line, after: Line) -> bool:
    return len(line.text) >= WRAP_FROM and not ends_sentence(line.text) and after.text.lstrip(OPENERS)[:1].islower()


def _wrapped(run: list[Line]) -> Iterator[list[Line]]:
    """The paragraphs of a wrapped run: a line that falls well short of the width ends one."""
    width = max(len(line.text) for line in run)
    part: list[Line] = []
    for line, after in zip(run, [*run[1:], None], strict=True):
        part.append(line)
        short = len(line.text) < (0.75 if ends_sentence(line.text) else 0.6) * width
        if after is None or (short and not after.text.lstrip(OPENERS)[:1].islower()):
            yield part
            part = []
