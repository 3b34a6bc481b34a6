"""The texts that variants are made of: rows of tests/tables and of the chain gold, with what is found in them.

A case is a text that passes as it stands. What a variant expects is its row with the same edits made in every string
that is cut from the text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import scoring
import test_tables as tables

from quotes.analyzer import Analyzer
from quotes.article import article_from_text
from quotes.records import Article, Attribution, Claim, Parse, Report, Sentence, Span, Word

Row = Mapping[str, Any]
HELD_OUT = scoring.GOLD.parent / "held_out" / "chains.toml"


@attrs.frozen(kw_only=True)
class Case:
    """A text, its expected answer and what is found in it.

    family: the table or gold file; gold: whether the row is one of the chain gold; parse, report: of the text.
    """

    family: str
    key: str
    row: Row
    gold: bool
    parse: Parse = attrs.field(repr=False)
    report: Report = attrs.field(repr=False)

    @property
    def text(self) -> str:
        return str(self.row["text"])


@attrs.frozen(kw_only=True)
class Said:
    """An expected claim that is found as expected, with the cue of its innermost source.

    at: its place among the row's claims; sentence: of the cue; cue, source: the words at their heads, None where the
    source stands in no sentence.
    """

    at: int
    claim: Claim
    attribution: Attribution
    sentence: Sentence
    cue: Word
    source: Word | None


@attrs.frozen(order=True)
class Edit:
    """What stands instead of text[start:end], half-open, in code points."""

    start: int
    end: int
    text: str


def read_rows() -> Iterator[tuple[str, str, Row, bool]]:
    """Family, key and row of every text, and whether it is gold."""
    for key, row in tables.ROWS.items():
        yield key.split("/")[0], key, row, False
    for path in [*scoring.gold_files(), HELD_OUT]:
        family = "held_out" if path == HELD_OUT else f"gold_{path.stem}"
        for row in tomllib.loads(path.read_text("utf-8"))["text"]:
            yield family, f"{family}/{row['name']}", row, True


def article_of(row: Row) -> Article:
    return article_from_text(row["text"], publisher=row.get("publisher"))


def read_cases(analyzer: Analyzer, only: Callable[[str], bool] | None = None) -> list[Case]:
    """The cases that pass, of those whose key is asked for."""
    rows = [each for each in read_rows() if only is None or only(each[1])]
    parsed = analyzer.parser.parse_all(article_of(row) for _, _, row, _ in rows)
    cases = [
        Case(family=family, key=key, row=row, gold=gold, parse=parse, report=analyzer.report(article, parse))
        for (family, key, row, gold), (article, parse) in zip(rows, parsed, strict=True)
    ]
    return [case for case in cases if not faults(case.row, case.report, gold=case.gold)]


def faults(row: Row, report: Report, *, gold: bool) -> list[str]:
    """All that differs between what is expected and what was found; empty where they agree."""
    if not gold:
        return tables.row_faults(row, report)
    text = scoring.as_text(dict(row), "")
    return list(scoring.score([text], [scoring.found_in(report)]).misses)


# What is found in a case


def said(case: Case) -> Iterator[Said]:
    """The claims of a case that are expected with exactly this content and rest on a cue."""
    innermost = {each.claim: each.attributions[-1] for each in case.report.evidence if each.attributions}
    for claim in case.report.claims:
        attribution = innermost.get(claim.id)
        at = _expected(case.row, claim)
        if at is None or attribution is None or attribution.cue is None or attribution.cue_at is None:
            continue
        sentence = case.parse.sentences[attribution.cue_at[0]]
        source = attribution.source_at
        same = source is not None and source[0] == sentence.index
        yield Said(
            at=at,
            claim=claim,
            attribution=attribution,
            sentence=sentence,
            cue=sentence.words[attribution.cue_at[1]],
            source=sentence.words[source[1]] if source is not None and same else None,
        )


def _expected(row: Row, claim: Claim) -> int | None:
    parts = tuple(tables.bare(span.text) for span in claim.content)
    ways = (tables.contents(each) for each in row.get("claims", []))
    return next((at for at, way in enumerate(ways) if parts in way), None)


def in_headline(case: Case, sentence: Sentence) -> bool:
    return case.report.article.blocks[sentence.block].kind == "headline"


def outside(case: Case, sentence: Sentence) -> str:
    """The words of a sentence that belong to no claim."""
    inside = {at for claim in case.report.claims for span in claim.content for at in range(span.start, span.end)}
    return "".join(case.text[at] for at in range(sentence.start, sentence.end) if at not in inside)


# Edits


def edited(row: Row, edits: Iterable[Edit], renamed: Callable[[str], str] = lambda text: text) -> dict[str, Any] | None:
    """The row after these edits of its text; None where one cuts through the edge of an expected string.

    renamed: what becomes of names in what is expected. What is inserted at the edge of a content stays outside it.
    """
    text, ordered = row["text"], sorted(edits)
    if any(left.end > right.start for left, right in pairwise(ordered)):
        return None
    place = _Places(ordered)
    after: dict[str, Any] = {**row, "text": place.apply(text)}
    try:
        if "claims" in row:
            after["claims"] = list(_claims(row, place, renamed))
        if "passages" in row:
            spans = scoring.locate(text, [each["text"] for each in row["passages"]], 0)
            pairs = zip(row["passages"], spans, strict=True)
            after["passages"] = [{**each, "text": place.cut(text, span)} for each, span in pairs]
    except ValueError:
        return None
    if "publisher" in row:
        named = tables.plain(row["publisher"]) in text.casefold()
        after["publisher"] = renamed(row["publisher"]) if named else row["publisher"]
    if "credit" in row:
        after["credit"] = [renamed(each) for each in row["credit"]]
    return after


def _claims(row: Row, place: _Places, renamed: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    text, at = row["text"], 0
    for claim in row["claims"]:
        spans = list(scoring.locate(text, claim["content"], at))
        at = at if claim.get("optional") else spans[0][0]
        after = {**claim, "content": [place.cut(text, span) for span in spans]}
        if "content_or" in claim:
            ways = [scoring.locate(text, [part.strip() for part in way], 0) for way in claim["content_or"]]
            after["content_or"] = [[place.cut(text, span) for span in way] for way in ways]
        for key in {"chain", "carried", "names", "cue", "source", "speaks_for"} & set(claim):
            after[key] = _mapped(claim[key], renamed)
        yield after


def _mapped(value: Any, renamed: Callable[[str], str]) -> Any:
    return renamed(value) if isinstance(value, str) else [_mapped(each, renamed) for each in value]


@attrs.frozen
class _Places:
    """Where the places of a text are after its edits."""

    edits: Sequence[Edit]

    def apply(self, text: str) -> str:
        parts, at = [], 0
        for edit in self.edits:
            parts += [text[at : edit.start], edit.text]
            at = edit.end
        return "".join([*parts, text[at:]])

    def cut(self, text: str, span: tuple[int, int]) -> str:
        start, end = self._moved(span[0], closing=False), self._moved(span[1], closing=True)
        return self.apply(text)[start:end]

    def _moved(self, at: int, *, closing: bool) -> int:
        """ValueError where the place is replaced."""
        if any(edit.start < at < edit.end for edit in self.edits):
            raise ValueError(f"replaced: {at}")
        before = [edit for edit in self.edits if edit.end <= at and not (closing and edit.start == edit.end == at)]
        return at + sum(len(edit.text) - (edit.end - edit.start) for edit in before)


def without(row: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The row without these keys of its claims: what a variant moves or makes longer on purpose is not compared."""
    claims = [{key: value for key, value in claim.items() if key not in keys} for claim in row.get("claims", [])]
    return {**row, "claims": claims} if "claims" in row else dict(row)


def mention(each: Said) -> Span | None:
    """The mention of the innermost source, where it stands in the cue's sentence."""
    span = each.attribution.source
    if span is None or each.source is None:
        return None
    return span if each.sentence.start <= span.start and span.end <= each.sentence.end else None


def standing(path: Path) -> dict[str, Any]:
    """A TOML file's contents."""
    return tomllib.loads(path.read_text("utf-8"))
