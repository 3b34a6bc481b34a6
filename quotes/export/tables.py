"""Flat forms: CSV, CoNLL-style columns, brat standoff."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import attrs

from quotes.errors import QuotesError
from quotes.export.common import content_text, one_line, shown_claims, visible
from quotes.records import Claim, Cue, Hop, Report, Span

CSV_COLUMNS = (
    "article", "file", "publisher", "published", "url", "claim", "kind", "act", "origin", "path", "confidence",
    "start", "end", "content", "cue", "lemma", "mention", "source", "nested_source", "carried", "review",
)  # fmt: skip
CONLL_COLUMNS = ("start", "end", "token", "source", "cue", "content", "claims")

# The first characters by which spreadsheets take a cell for a formula, full-width forms too; a tab or carriage return,
# which would do it as well, cannot stand there after one_line.
_FORMULA = "=+-@＝＋－＠"


def csv_table(reports: Sequence[Report], *, include_belief: bool) -> str:
    """A row per claim under CSV_COLUMNS, cells on one line each, formula cells led in by an apostrophe.

    nested_source: the writer and the stated chain as in `w,tass,li-shangfu`, sources side by side joined by +;
    carried: the hops that are inferred; start, end: code points, from the content's first span to its last.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for report in reports:
        names = _slugs(report)
        for claim in shown_claims(report, include_belief=include_belief):
            writer.writerow(csv_cell(value) for value in _row(report, claim, names))
    return out.getvalue()


def _row(report: Report, claim: Claim, names: dict[str, str]) -> tuple[object, ...]:
    article = report.article
    return (
        article.id, article.path, article.publisher, article.published, article.url,
        claim.id, claim.kind, claim.act, claim.origin, claim.path, f"{claim.confidence:.2f}",
        min(span.start for span in claim.content), max(span.end for span in claim.content), content_text(claim.content),
        claim.cue and claim.cue.text, claim.cue and claim.cue.lemma, claim.source and claim.source.text,
        claim.chain[-1].name if claim.chain else None, nested_source(claim, names),
        ",".join(_hop_slug(hop, names) for hop in claim.chain if hop.basis == "carried"), claim.review,
    )  # fmt: skip


def nested_source(claim: Claim, names: dict[str, str]) -> str:
    """The claim's stated sources as MPQA nests them, the writer (w) first: `w,tass,li-shangfu`."""
    return ",".join(["w", *(_hop_slug(hop, names) for hop in claim.chain if hop.basis == "stated")])


def _hop_slug(hop: Hop, names: dict[str, str]) -> str:
    together = [(hop.source, hop.name), *((each.source, each.name) for each in hop.beside)]
    return "+".join(names.get(source) or _slug(name) for source, name in together)


def _slugs(report: Report) -> dict[str, str]:
    """A short name for each source id; a second source of the same name gets a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for source in report.sources:
        slug, number = _slug(source.name), 1
        while (named := slug if number == 1 else f"{slug}-{number}") in taken:
            number += 1
        taken.add(named)
        found[source.id] = named
    return found


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name).casefold()).strip("-") or "unnamed"


def csv_cell(value: object) -> str:
    """A value on one line that no spreadsheet takes for a formula."""
    text = "" if value is None else one_line(str(value))
    return f"'{text}" if looks_like_formula(text) else text


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet takes a cell of this one line for a formula."""
    return text.startswith(tuple(_FORMULA))


def conll(reports: Sequence[Report], *, include_belief: bool) -> str:
    """Tab-separated rows under CONLL_COLUMNS, one per run of characters that are no white space.

    Blank lines where the article breaks a line; comment lines (# article = …) before each article. A token gets
    B- or I- where a span overlaps it; of spans that overlap each other the one that starts first is shown.
    SOURCE and CUE are those of claims and of their chains' hops; claims: the ids whose content the token is in,
    joined by |, _ where none.
    """
    lines: list[str] = []
    for report in reports:
        lines += [f"# article = {report.article.id}", f"# file = {one_line(report.article.path or '_')}"]
        lines += ["# columns = " + " ".join(CONLL_COLUMNS), *_token_rows(report, include_belief), ""]
    return "\n".join(lines) + "\n" if lines else ""


def _token_rows(report: Report, include_belief: bool) -> Iterator[str]:
    claims = shown_claims(report, include_belief=include_belief)
    tokens = [(match.start(), match.end()) for match in re.finditer(r"\S+", report.article.text)]
    content = [(span.start, span.end, claim.id) for claim in claims for span in claim.content]
    columns = [_tags(tokens, _places(_sources(claims)), "SOURCE"), _tags(tokens, _places(_cues(claims)), "CUE")]
    columns.append(_tags(tokens, [(start, end) for start, end, _ in content], "CONTENT"))
    owners = _owners(tokens, content)
    end_before = 0
    for index, (start, end) in enumerate(tokens):
        if index and re.search(r"[\r\n]", report.article.text[end_before:start]):
            yield ""
        end_before = end
        cells = [str(start), str(end), visible(report.article.text[start:end]), *(column[index] for column in columns)]
        yield "\t".join([*cells, "|".join(owners[index]) or "_"])


def _sources(claims: Iterable[Claim]) -> Iterator[Span | None]:
    for claim in claims:
        yield claim.source
        yield from (hop.mention for hop in claim.chain)


def _cues(claims: Iterable[Claim]) -> Iterator[Span | Cue | None]:
    for claim in claims:
        yield claim.cue
        yield from (hop.cue for hop in claim.chain)


def _places(spans: Iterable[Span | Cue | None]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans if span is not None]


def _tags(tokens: Sequence[tuple[int, int]], places: Iterable[tuple[int, int]], label: str) -> list[str]:
    """One IOB tag per token, in a single walk over tokens and places."""
    tags = ["O"] * len(tokens)
    free = first = 0
    for start, end in sorted(set(places)):
        while first < len(tokens) and tokens[first][1] <= start:
            first += 1
        at = max(first, free)
        prefix = "B"
        while at < len(tokens) and tokens[at][0] < end:
            tags[at], prefix, at = f"{prefix}-{label}", "I", at + 1
        free = max(free, at)
    return tags


def _owners(tokens: Sequence[tuple[int, int]], content: Iterable[tuple[int, int, str]]) -> list[list[str]]:
    owners: list[list[str]] = [[] for _ in tokens]
    first = 0
    for start, end, claim in sorted(content):
        while first < len(tokens) and tokens[first][1] <= start:
            first += 1
        at = first
        while at < len(tokens) and tokens[at][0] < end:
            if claim not in owners[at]:
                owners[at].append(claim)
            at += 1
    return owners


def brat(reports: Sequence[Report], *, include_belief: bool) -> str:
    """Standoff annotation of one article, to lie beside its text as .ann.

    T: Content, Cue and Source, in code points, in fragments where a span runs over lines. R: HasCue and HasSource
    from a content, Via (or CarriedVia) from a content to each outer hop's mention. A: Kind, Act, Origin and Path of
    a content. #: the claim's id, its confidence and its whole chain. The first annotation, Exported, keeps what was
    written, so that an edited file can be read as corrections (quotes/corrections).
    Raises QuotesError unless there is exactly one report.
    """
    if len(reports) != 1:
        raise QuotesError(
            f"brat keeps one article per file, and there are {len(reports)}.", "Export each article by itself."
        )
    notes = _Standoff(text=reports[0].article.text)
    claims = shown_claims(reports[0], include_belief=include_belief)
    notes.keep(claims)
    for claim in claims:
        notes.add(claim)
    return "".join(line + "\n" for line in notes.lines)


@attrs.define(kw_only=True)
class _Standoff:
    """The lines of an .ann file while it is written; a cue or source span that returns keeps its number."""

    text: str
    lines: list[str] = attrs.field(factory=list)
    numbers: dict[str, int] = attrs.field(factory=dict)
    known: dict[tuple[str, int, int], str] = attrs.field(factory=dict)

    def keep(self, claims: Sequence[Claim]) -> None:
        """An annotation of the article's first word whose note holds the content and the mentions of every claim."""
        word = re.search(r"\S+", self.text)
        if word is None or not claims:
            return
        first = self._textbound("Exported", (Span(start=word.start(), end=word.end(), text=word[0]),))
        written = {
            claim.id: {"content": self._kept(claim.content), "chain": self._kept_chain(claim)} for claim in claims
        }
        note = json.dumps({"claims": written}, ensure_ascii=True, separators=(",", ":"))
        self._line("#", f"AnnotatorNotes {first}\t{note}")

    def _kept(self, spans: Sequence[Span]) -> list[tuple[int, int, str]]:
        pieces = [piece for span in spans for piece in self._fragments(span)]
        return [(start, end, self.text[start:end]) for start, end in pieces]

    def _kept_chain(self, claim: Claim) -> list[tuple[int | None, int | None, str]]:
        """The mention of each hop; of a hop without one, the name alone."""
        mentions = [*(hop.mention for hop in claim.chain[:-1]), claim.source]
        named = [hop.name for hop in claim.chain] or [""]
        places = [self._kept((mention,)) if mention else [] for mention in mentions]
        return [place[0] if place else (None, None, name) for place, name in zip(places, named, strict=True)]

    def add(self, claim: Claim) -> None:
        content = self._textbound("Content", claim.content)
        if content is None:
            return
        for label, value in (("Kind", claim.kind), ("Act", claim.act), ("Origin", claim.origin), ("Path", claim.path)):
            self._line("A", f"{label} {content} {value}")
        if claim.review:
            self._line("A", f"Review {content} {claim.review}")
        self._relation("HasCue", content, self._again("Cue", claim.cue))
        self._relation("HasSource", content, self._again("Source", claim.source))
        for hop in claim.chain[:-1]:
            self._again("Cue", hop.cue)
            via = "Via" if hop.basis == "stated" else "CarriedVia"
            self._relation(via, content, self._again("Source", hop.mention))
        chain = " > ".join(one_line(hop.name) for hop in claim.chain)
        self._line("#", f"AnnotatorNotes {content}\tclaim {claim.id}; confidence {claim.confidence:.2f}; chain {chain}")

    def _relation(self, label: str, content: str, other: str | None) -> None:
        if other is not None:
            self._line("R", f"{label} Arg1:{content} Arg2:{other}")

    def _again(self, label: str, span: Span | Cue | None) -> str | None:
        if span is None:
            return None
        key = (label, span.start, span.end)
        if key not in self.known:
            number = self._textbound(label, (Span(start=span.start, end=span.end, text=span.text),))
            if number is None:
                return None
            self.known[key] = number
        return self.known[key]

    def _textbound(self, label: str, spans: Sequence[Span]) -> str | None:
        pieces = [piece for span in spans for piece in self._fragments(span)]
        if not pieces:
            return None
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(visible(self.text[start:end]).replace("\t", " ") for start, end in pieces)
        return self._line("T", f"{label} {places}\t{words}")

    def _fragments(self, span: Span) -> list[tuple[int, int]]:
        found = re.finditer(r"[^\r\n]+", self.text[span.start : span.end])
        return [(span.start + each.start(), span.start + each.end()) for each in found]

    def _line(self, letter: str, rest: str) -> str:
        self.numbers[letter] = self.numbers.get(letter, 0) + 1
        name = f"{letter}{self.numbers[letter]}"
        self.lines.append(f"{name}\t{rest}")
        return name
