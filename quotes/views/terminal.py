"""The report that a shell shows."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from rich.cells import cell_len
from rich.text import Text

from quotes.records import Claim, Hop, Report, Source
from quotes.views import facts, pieces
from quotes.views.cells import Cell, padded, paragraph, print_lines, row, shorten, wrap
from quotes.views.masthead import masthead

NARROWEST = 40
_NARROW = 72
_META = 24
_KIND = {"direct": "green", "mixed": "cyan", "indirect": "blue", "belief": "magenta"}
_ORIGIN = {"named": "", "document": "", "unnamed": "yellow", "unsourced": "yellow"}
_SURENESS = {"sure": "green", "fair": "yellow", "unsure": "red"}
_PATH = {"straight": "", "relayed": "cyan", "circular": "bold red"}


@attrs.frozen(kw_only=True)
class _Line:
    """A hop before it is laid out: its branch, whom it names (with styles), its cue."""

    guide: str
    label: tuple[tuple[str, str], ...]
    cue: str
    carried: bool
    note: str = ""

    @property
    def plain(self) -> str:
        return "".join(text for text, _ in self.label)


@attrs.frozen(kw_only=True)
class _Grid:
    """Where the columns stand, in cells from the left edge."""

    width: int
    indent: int
    label: int
    meta: int
    narrow: bool


def render(report: Report, *, width: int, color: bool, include_belief: bool, include_uncertain: bool) -> str:
    """The report of one article in lines of at most `width` cells (40 at the least)."""
    width = max(width, NARROWEST)
    numbered = facts.number_claims(report, include_belief=include_belief)
    likely, doubtful = facts.told_apart(numbered)
    lines = [*_head(report, width), Text()]
    if likely:
        lines += [*_claims(report, numbered, likely, width), Text()]
    if doubtful and include_uncertain:
        lines += [Text(facts.uncertain_note(len(doubtful)), "bold")]
        lines += [*_claims(report, numbered, doubtful, width), Text()]
    elif doubtful:
        lines += [*paragraph(facts.hidden_note(len(doubtful)), width, "dim"), Text()]
    if any(each.claim.act == "speech" for each in likely):
        lines += [*_sources(report, width), *_relays(report, width)]
    lines += _left_over(report, width)
    lines += _corrections(report, width)
    lines += _issues(report, width)
    while lines and not lines[-1].plain:
        lines.pop()
    return print_lines(lines, width=width, color=color)


def _head(report: Report, width: int) -> list[Text]:
    lines = paragraph(facts.title(report.article), width, "bold")
    lines += paragraph(" · ".join(masthead(report.article)), width, "dim")
    return [*lines, Text(), *paragraph(" ".join(facts.summary(report)), width)]


def _claims(
    report: Report, numbered: Sequence[facts.Numbered], shown: Sequence[facts.Numbered], width: int
) -> list[Text]:
    """Those of the numbered claims that are to be shown, with their trees."""
    sources = facts.sources_by_id(report)
    seen: set[str] = set()
    places = facts.places(numbered)
    trees = [_tree(numbered, places[each.number], sources, seen) for each in shown]
    digits = max(3, *(len(each.number) + 1 for each in numbered))
    grid = _grid([line for tree in trees for line in tree], width, digits + 2)
    lines: list[Text] = []
    for each, tree in zip(shown, trees, strict=True):
        kind = "belief" if each.claim.act == "belief" else each.claim.kind
        head = Text().append(f"{each.number:>{digits}}  ", "bold").append(f"{kind:<8}  ", _KIND[kind])
        head.append(shorten(facts.words(each.claim), width - digits - 12))
        lines.append(head)
        if each.claim.review:
            lines.append(Text(" " * grid.indent + facts.review_note(each.claim), "bold magenta"))
        if grid.narrow:
            lines.append(Text(" " * grid.indent).append_text(_meta(each.claim, compact=True)))
        for at, line in enumerate(tree):
            lines += _place(line, grid, None if at or grid.narrow else _meta(each.claim))
    if any(line.carried for tree in trees for line in tree):
        legend = "┄ carried: inferred from neighbouring sentences, stated by none"
        lines += [Text(), *paragraph(legend, width, "dim", indent=grid.indent)]
    return lines


def _grid(lines: Sequence[_Line], width: int, indent: int) -> _Grid:
    """Labels get the room they need, unless that leaves the cues less than a third of what there is."""
    narrow = width < _NARROW
    room = width - indent - (0 if narrow else _META + 2)
    longest = max((cell_len(line.guide + line.plain) for line in lines), default=0)
    cue = min(max((cell_len(line.cue) for line in lines), default=0) + 2, room // 3 + 2)
    label = min(longest, room - cue)
    return _Grid(
        width=width, indent=indent, label=label, meta=min(indent + label + cue, width - _META - 2), narrow=narrow
    )


def _tree(numbered: Sequence[facts.Numbered], place: int, sources: dict[str, Source], seen: set[str]) -> list[_Line]:
    claim = numbered[place].claim
    lines = []
    for depth, hop in enumerate(claim.chain):
        carried = hop.basis == "carried"
        branch = "" if claim.act == "belief" else "   " * depth + ("└┄ " if carried else "└─ ")
        note = facts.carried_note(numbered, place, hop) if carried else ""
        anonymity = f"“{facts.one_line(hop.anonymity.text)}”" if hop.anonymity else ""
        lines.append(
            _Line(
                guide=branch,
                label=tuple(_label(claim, hop, sources, seen, note)),
                cue="" if carried else facts.hop_cue(hop),
                carried=carried,
                note=anonymity,
            )
        )
    return lines


def _label(claim: Claim, hop: Hop, sources: dict[str, Source], seen: set[str], note: str) -> list[tuple[str, str]]:
    """Styled runs: the names of a hop, with what is known of each source the first time it is named."""
    parts: list[tuple[str, str]] = []
    named = facts.hop_sources(hop)
    for at, (source_id, name) in enumerate(named):
        if at:
            parts.append((" and " if at == len(named) - 1 else ", ", ""))
        parts.append((facts.hop_name(claim, hop, name), "italic" if note or not hop.resolved else "bold"))
        source = sources.get(source_id)
        known = facts.describe(source, sources)
        if known and not note and (source_id not in seen or (source and source.kind == "outlet")):
            parts.append((known, "magenta" if known.startswith(" [") else ""))
            seen.add(source_id)
    if note:
        parts.append((f" [{note}]", "dim"))
    return parts


def _meta(claim: Claim, *, compact: bool = False) -> Text:
    """Origin, path and confidence: in columns, or on a line of their own."""
    sure = _SURENESS[pieces.certainty(claim.confidence)]
    number = facts.score(claim.confidence)
    if compact:
        text = Text().append(claim.origin, _ORIGIN[claim.origin]).append(" · ", "dim")
        return text.append(claim.path, _PATH[claim.path]).append(" · ", "dim").append(number, sure)
    text = Text().append(f"{claim.origin:<9} ", _ORIGIN[claim.origin])
    return text.append(f"{claim.path:<8}", _PATH[claim.path]).append(f"{number:>6}", sure)


def _place(line: _Line, grid: _Grid, meta: Text | None) -> list[Text]:
    """One hop as lines: branch and label, dots, cue, dots, meta; a long label goes on below."""
    room = grid.label - cell_len(line.guide)
    labels = _styled_wrap(line.label, max(room, 8))
    first = Text(" " * grid.indent).append(line.guide, "dim").append_text(labels[0])
    if line.cue:
        start = grid.indent + grid.label + 1
        _dots(first, start)
        first.append(" ").append(shorten(line.cue, max((grid.meta if meta else grid.width) - start - 1, 6)), "italic")
    if meta:
        _dots(first, grid.meta)
        first.append("  ").append_text(meta)
    below = " " * (grid.indent + cell_len(line.guide))
    rest = [Text(below).append_text(label) for label in labels[1:]]
    if line.note:
        rest += [Text(below + each, "italic yellow") for each in wrap(line.note, max(grid.width - len(below), 8))]
    return [first, *rest]


def _dots(text: Text, until: int) -> None:
    """Leads the eye to a column; a gap of fewer than three cells stays blank."""
    gap = until - text.cell_len
    if gap >= 3:
        text.append(" " + "·" * (gap - 1), "dim")
    elif gap > 0:
        text.append(" " * gap)


def _styled_wrap(parts: Sequence[tuple[str, str]], cells: int) -> list[Text]:
    """Wraps styled runs: the lines of their joined text, each with the styles of the characters it holds."""
    whole = Text()
    for text, style in parts:
        whole.append(text, style)
    lines, at = [], 0
    for line in wrap(whole.plain, cells):
        at = whole.plain.index(line, at)
        lines.append(whole[at : at + len(line)])
        at += len(line)
    return lines


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[Text]:
    """A name, two counts, and a text that takes what is left."""
    counts = [cell_len(head) for head in heads[1:3]]
    room = width - sum(counts) - 6
    longest = max(cell_len(each[0]) for each in rows)
    name = max(min(longest, room * 3 // 5), cell_len(heads[0]))
    lines = row(_cells(heads, name, counts, room - name, ("bold", "dim", "dim", "dim")))
    for each in rows:
        lines += row(_cells(each, name, counts, room - name, ("", "", "", "")))
    return [*lines, Text()]


def _cells(texts: Sequence[str], name: int, counts: Sequence[int], last: int, styles: Sequence[str]) -> list[Cell]:
    return [
        (texts[0], name, "left", styles[0]),
        (texts[1], counts[0], "right", styles[1]),
        (texts[2], counts[1], "right", styles[2]),
        (texts[3], last, "left", styles[3]),
    ]


def _sources(report: Report, width: int) -> list[Text]:
    sources = facts.sources_by_id(report)
    rows = [
        (each.name + facts.describe(each.source, sources), str(each.claims), str(each.direct), facts.heard(each))
        for each in facts.source_rows(report)
    ]
    return _table(("Sources", "claims", "direct", "heard through"), rows, width) if rows else []


def _relays(report: Report, width: int) -> list[Text]:
    sources = facts.sources_by_id(report)
    rows = [
        (
            each.name + facts.describe(each.source, sources),
            str(each.stated),
            f"+{each.carried}" if each.carried else "–",
            facts.listed(each.origins),
        )
        for each in facts.relay_rows(report)
    ]
    return _table(("Relays", "stated", "carried", "for"), rows, width) if rows else []


def _left_over(report: Report, width: int) -> list[Text]:
    lines: list[Text] = []
    loose = facts.unattributed(report)
    if loose:
        lines.append(Text("Not attributed to anybody", "bold"))
        for number, passage in loose:
            place = f"paragraph {number}" if number else f"at {passage.start}"
            words = shorten(f"“{facts.one_line(passage.text)}”", width - 16)
            lines.append(Text().append(f"  {padded(place, 12)}  ", "dim").append(words))
        lines.append(Text())
    others = [f"“{shorten(text, 40)}” ({use})" for text, use in facts.no_speech(report)]
    if others:
        lines += paragraph(f"No speech: {', '.join(others)}", width, "dim")
    silent, count, total = facts.silent_paragraphs(report)
    if count and count < total:
        lines += paragraph(f"Nobody is heard in {count} of {total} paragraphs: {silent}", width, "dim")
    return [*lines, Text()]


def _corrections(report: Report, width: int) -> list[Text]:
    found = facts.corrections(report)
    if not found:
        return []
    lines = [Text("Corrected by a reader", "bold")]
    return [*lines, *(line for each in found for line in paragraph(each, width, indent=2)), Text()]


def _issues(report: Report, width: int) -> list[Text]:
    return [
        line
        for issue in facts.issues(report)
        for line in paragraph(f"Note: {facts.one_line(issue.message)}", width, "yellow")
    ]
