"""How often outlets that carry the same words give them the same origin, for reading and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from quotes.link import Agreement, Member, Pair, share
from quotes.views import facts, travel
from quotes.views.cells import padded, paragraph, print_lines
from quotes.views.trace_data import place

_HEADS = ("", "pairs", "same origin", "both named", "same origin", "named elsewhere")
_ABSENT = "–"


def render(found: Sequence[Agreement], *, show: int, width: int, color: bool) -> str:
    """The counts by kind of link, and up to `show` disagreements of each kind."""
    lines = paragraph("How often do outlets that carry the same words give them the same origin?", width, "bold")
    lines += [Text(), *_table([_HEADS, *(_row(each) for each in found)])]
    for each in found:
        shown = each.disagreements[:show]
        if shown:
            count = f"{len(shown)} of {facts.plural(len(each.disagreements), 'disagreement')}"
            lines += [Text(), Text(f"{travel.KINDS_OF_LINK[each.reason].capitalize()}: {count}", "bold")]
            lines += [line for pair in shown for line in _pair(pair, width)]
    return print_lines(lines, width=width, color=color)


def values(found: Sequence[Agreement], *, show: int) -> dict[str, Any]:
    """The same for JSON: shares in %, None where there are no pairs."""
    return {
        "kinds": [
            {
                "kind": each.reason,
                "pairs": len(each.pairs),
                "agree": share(each.pairs),
                "named": len(each.named),
                "named_agree": share(each.named),
                "joined": sum(pair.joined for pair in each.pairs),
            }
            for each in found
        ],
        "disagreements": [
            {
                "kind": each.reason,
                "score": pair.score,
                "named": pair.named,
                "joined": pair.joined,
                "claims": list(map(_values, (pair.one, pair.other))),
            }
            for each in found
            for pair in each.disagreements[:show]
        ],
    }


def _values(member: Member) -> dict[str, Any]:
    return {
        **place(member),
        "text": member.text,
        "chain": list(member.chain),
        "origin": member.origin,
        "confidence": member.confidence,
    }


def _row(found: Agreement) -> tuple[str, ...]:
    both = (found.pairs, found.named)
    counts = [cell for pairs in both for cell in (str(len(pairs)), _percent(share(pairs)))]
    return (travel.KINDS_OF_LINK[found.reason], *counts, str(sum(pair.joined for pair in found.pairs)))


def _percent(value: float | None) -> str:
    return _ABSENT if value is None else f"{value:.0f} %"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[Text]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            padded(cell, size, "right" if at else "left")
            for at, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        yield Text("  ".join(cells), "bold" if row is _HEADS else "")


def _pair(pair: Pair, width: int) -> Iterator[Text]:
    yield Text()
    for member in (pair.one, pair.other):
        yield from paragraph(
            f"{travel.carrier(member)}, {travel.date(member)} ← {travel.chain(member)}", width, indent=2
        )
        yield from (Text(line.plain, "dim") for line in paragraph(travel.words(member), width, indent=4))
        if member.path:
            yield from (Text(line.plain, "dim") for line in paragraph(facts.one_line(member.path), width, indent=4))
