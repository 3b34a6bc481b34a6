"""A report as rows of six flat tables, the same for Parquet files and for data frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from quotes.errors import QuotesError
from quotes.export.common import content_text
from quotes.records import Article, Claim, Hop, Issue, Report, Span

ColumnType = Literal["text", "integer", "number", "truth", "texts", "integers"]
Row = dict[str, Any]

VERSION = "quotes-tables/1"

COLUMNS: Mapping[str, Mapping[str, ColumnType]] = {
    "articles": {
        "article": "text",
        "file": "text",
        "title": "text",
        "publisher": "text",
        "byline": "text",
        "dateline": "text",
        "credit": "texts",
        "published": "text",
        "url": "text",
        "language": "text",
        "characters": "integer",
        "duplicate": "truth",
    },
    "sources": {
        "article": "text",
        "source": "text",
        "name": "text",
        "canonical": "text",
        "kind": "text",
        "role": "text",
        "country": "text",
        "ownership": "text",
        "speaks_for": "text",
        "mentions": "integer",
    },
    "passages": {
        "article": "text",
        "start": "integer",
        "end": "integer",
        "text": "text",
        "use": "text",
        "claim": "text",
        "level": "integer",
        "closed": "truth",
    },
    "claims": {
        "article": "text",
        "claim": "text",
        "kind": "text",
        "act": "text",
        "origin": "text",
        "path": "text",
        "text": "text",
        "starts": "integers",
        "ends": "integers",
        "cue": "text",
        "lemma": "text",
        "stance": "text",
        "mention": "text",
        "chain": "texts",
        "confidence": "number",
        "review": "text",
    },
    "hops": {
        "article": "text",
        "claim": "text",
        "position": "integer",
        "source": "text",
        "name": "text",
        "canonical": "text",
        "beside": "texts",
        "relation": "text",
        "basis": "text",
        "cue": "text",
        "mention": "text",
        "rule": "text",
        "resolved": "truth",
        "confidence": "number",
    },
    "issues": {
        "article": "text",
        "file": "text",
        "kind": "text",
        "message": "text",
        "start": "integer",
        "end": "integer",
    },
}


def rows(report: Report, table: str) -> list[Row]:
    """The rows of one table of COLUMNS, each with all of its columns in their order.

    An article's `duplicate` is false here; the spans of a claim's content are joined into one line in `text`, and
    `starts` and `ends` hold their places in code points.
    """
    return _ROWS[table](report)


def to_records(reports: Report | Iterable[Report], table: str = "claims") -> list[Row]:
    """The rows of one table of COLUMNS as plain dictionaries for `datasets.Dataset.from_list` and the like.

    A column has one type throughout: unknown text is "", and lone surrogates, which UTF-8 does not know, are "?". The
    lists `credit` and `beside` may be empty in every row; such a column goes together with one that is not.
    Raises QuotesError where there is no such table, and for `issues`, whose places may be unknown.
    """
    tables = [name for name in COLUMNS if name != "issues"]
    if table not in tables:
        raise QuotesError(f"There are no records of {table!r}.", f"Choose one of: {', '.join(tables)}.")
    listed = [reports] if isinstance(reports, Report) else reports
    found = (row for report in listed for row in rows(report, table))
    return [{name: "" if value is None else storable(value) for name, value in row.items()} for row in found]


def storable(value: Any) -> Any:
    """A cell without lone surrogates, which JSON can bring along and UTF-8 has no form for."""
    if isinstance(value, list):
        return [storable(each) for each in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def article_row(article: Article, *, duplicate: bool = False) -> Row:
    """An article's row; duplicate: whether another article of the same text carries its claims."""
    return {
        "article": article.id,
        "file": article.path,
        "title": article.title,
        "publisher": article.publisher,
        "byline": article.byline,
        "dateline": article.dateline,
        "credit": [credit.name for credit in article.credit],
        "published": article.published,
        "url": article.url,
        "language": article.language,
        "characters": len(article.text),
        "duplicate": duplicate,
    }


def issue_row(issue: Issue, *, article: str | None, file: str | None) -> Row:
    """An issue's row; article: None where there was none to be read."""
    place = {"start": issue.start, "end": issue.end}
    return {"article": article, "file": file, "kind": issue.kind, "message": issue.message, **place}


def _source_rows(report: Report) -> list[Row]:
    return [
        {
            "article": report.article.id,
            "source": source.id,
            "name": source.name,
            "canonical": source.canonical,
            "kind": source.kind,
            "role": source.role,
            "country": source.country,
            "ownership": source.ownership,
            "speaks_for": source.speaks_for,
            "mentions": len(source.mentions),
        }
        for source in report.sources
    ]


def _passage_rows(report: Report) -> list[Row]:
    return [
        {
            "article": report.article.id,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "use": passage.use,
            "claim": passage.claim,
            "level": passage.level,
            "closed": passage.closed,
        }
        for passage in report.passages
    ]


def _claim_rows(report: Report) -> list[Row]:
    return [
        {
            "article": report.article.id,
            "claim": claim.id,
            "kind": claim.kind,
            "act": claim.act,
            "origin": claim.origin,
            "path": claim.path,
            "text": content_text(claim.content),
            "starts": [span.start for span in claim.content],
            "ends": [span.end for span in claim.content],
            "cue": claim.cue.text if claim.cue else None,
            "lemma": claim.cue.lemma if claim.cue else None,
            "stance": claim.cue.stance if claim.cue else None,
            "mention": _text(claim.source),
            "chain": [hop.name for hop in claim.chain],
            "confidence": round(claim.confidence, 2),
            "review": claim.review,
        }
        for claim in report.claims
    ]


def _hop_rows(report: Report) -> list[Row]:
    canonical = {source.id: source.canonical for source in report.sources}
    places = [(claim, at, hop) for claim in report.claims for at, hop in enumerate(claim.chain)]
    return [_hop_row(report.article.id, *place, canonical.get(place[2].source)) for place in places]


def _hop_row(article: str, claim: Claim, position: int, hop: Hop, canonical: str | None) -> Row:
    return {
        "article": article,
        "claim": claim.id,
        "position": position,
        "source": hop.source,
        "name": hop.name,
        "canonical": canonical,
        "beside": [other.name for other in hop.beside],
        "relation": hop.relation,
        "basis": hop.basis,
        "cue": _text(hop.cue),
        "mention": _text(hop.mention),
        "rule": hop.rule,
        "resolved": hop.resolved,
        "confidence": round(hop.confidence, 2),
    }


def _issue_rows(report: Report) -> list[Row]:
    return [issue_row(issue, article=report.article.id, file=report.article.path) for issue in report.issues]


def _text(span: Span | None) -> str | None:
    return span.text if span else None


_ROWS: Mapping[str, Callable[[Report], list[Row]]] = {
    "articles": lambda report: [article_row(report.article)],
    "sources": _source_rows,
    "passages": _passage_rows,
    "claims": _claim_rows,
    "hops": _hop_rows,
    "issues": _issue_rows,
}
