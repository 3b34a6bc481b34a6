"""The JSON form "quotes/1" (data/report.schema.json), written, read back and validated."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from quotes.errors import MissingExtra, QuotesError
from quotes.records import (
    SCHEMA,
    Article,
    Beside,
    Claim,
    Correction,
    Credit,
    Cue,
    Hop,
    Issue,
    Mention,
    Node,
    Party,
    Passage,
    Report,
    Source,
    Span,
    Tree,
)

Json = dict[str, Any]

SCHEMA_FILE = Path(__file__).parent.parent / "data" / "report.schema.json"

# What may stand raw in JSON but moves a terminal, ends a line for some readers, or cannot be encoded.
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def to_dict(report: Report) -> Json:
    """The report as JSON values, keys in the order of the schema; the article's text is not part of it."""
    return {
        "schema": SCHEMA,
        "article": _article_dict(report.article),
        "sources": _plain(report.sources),
        "passages": _plain(report.passages),
        "claims": _plain(report.claims),
        "trees": _plain(report.trees),
        "issues": _plain(report.issues),
        "corrections": _plain(report.corrections),
        "settings": _sorted(report.settings),
        "versions": _sorted(report.versions),
    }


def from_dict(values: Mapping[str, Any], text: str) -> Report:
    """The report that to_dict was given, without evidence, blocks and the article's own list of issues.

    text: the article's text. Raises QuotesError where values are of another form or about another text.
    """
    if values.get("schema") != SCHEMA:
        raise QuotesError(
            f"This is no report in the form {SCHEMA!r}: its schema is {values.get('schema')!r}.",
            "Write it with: quotes report FILE --format json",
        )
    try:
        return _report(values, text)
    except (KeyError, TypeError) as error:
        raise QuotesError(f"This is no report in the form {SCHEMA!r}: {error}.", "Check it with validate().") from error


def to_json(report: Report, *, indent: int | None = 2) -> str:
    """The report as JSON text, without a final line end. indent: blanks per level, None for one line."""
    return _dumps(to_dict(report), indent)


def to_jsonl_line(report: Report) -> str:
    """The report as JSON on one line, without a final line end."""
    return to_json(report, indent=None)


def to_json_text(reports: Sequence[Report]) -> str:
    """One report as an object, none or several as an array of objects."""
    values = [to_dict(report) for report in reports]
    return _dumps(values[0] if len(values) == 1 else values, 2) + "\n"


def to_json_lines(reports: Sequence[Report]) -> str:
    return "".join(to_jsonl_line(report) + "\n" for report in reports)


def validate(values: Mapping[str, Any]) -> None:
    """Raise QuotesError that says where values depart from the schema, MissingExtra without jsonschema."""
    try:
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import best_match
    except ImportError:
        raise MissingExtra("jsonschema", "schema") from None
    error = best_match(Draft202012Validator(schema()).iter_errors(values))
    if error is not None:
        raise QuotesError(
            f"The report departs from the schema at {error.json_path}: {error.message}",
            "The form is described in quotes/data/report.schema.json.",
        )


@cache
def schema() -> Json:
    """The JSON Schema of a report."""
    found: Json = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found


def _dumps(value: object, indent: int | None) -> str:
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _article_dict(article: Article) -> Json:
    return {
        "id": article.id,
        "path": article.path,
        "title": article.title,
        "publisher": article.publisher,
        "byline": article.byline,
        "dateline": article.dateline,
        "credit": _plain(article.credit),
        "published": article.published,
        "url": article.url,
        "language": article.language,
        "characters": len(article.text),
        "offsets": "code points",
    }


def _plain(records: Sequence[attrs.AttrsInstance]) -> list[Json]:
    return [attrs.asdict(record, value_serializer=_json_value) for record in records]


def _json_value(_: object, field: attrs.Attribute[Any] | None, value: Any) -> Any:
    if field is not None and field.name == "confidence":
        return round(float(value), 2)
    return list(value) if isinstance(value, tuple) else value


def _sorted(values: Mapping[str, Any]) -> Json:
    return {key: values[key] for key in sorted(values)}


def _report(values: Mapping[str, Any], text: str) -> Report:
    article = _article(values["article"], text)
    return Report(
        article=article,
        sources=tuple(_source(each) for each in values["sources"]),
        passages=tuple(Passage(**{**each, "outer": tuple(each["outer"])}) for each in values["passages"]),
        claims=tuple(_claim(each) for each in values["claims"]),
        trees=tuple(_tree(each) for each in values["trees"]),
        issues=tuple(Issue(**each) for each in values["issues"]),
        corrections=tuple(_correction(each) for each in values.get("corrections", ())),
        settings=dict(values["settings"]),
        versions=dict(values["versions"]),
    )


def _article(values: Mapping[str, Any], text: str) -> Article:
    known = {key: value for key, value in values.items() if key not in ("id", "characters", "offsets", "credit")}
    article = Article(text=text, credit=tuple(Credit(**each) for each in values["credit"]), **known)
    if article.id != values["id"]:
        raise QuotesError("The text is not the one that the report is about.", "Give the article as it was read.")
    return article


def _source(values: Json) -> Source:
    return Source(**{**values, "mentions": tuple(Mention(**each) for each in values["mentions"])})


def _claim(values: Json) -> Claim:
    read = {
        "content": tuple(Span(**each) for each in values["content"]),
        "cue": Cue(**values["cue"]) if values["cue"] else None,
        "source": _span(values["source"]),
        "chain": tuple(_hop(each) for each in values["chain"]),
    }
    return Claim(**{**values, **read})


def _correction(values: Json) -> Correction:
    spans = {key: tuple(Span(**each) for each in values[key]) for key in ("claim", "content", "mentions")}
    chain = tuple(Party(**{**each, "mention": _span(each["mention"])}) for each in values["chain"])
    return Correction(**{**values, **spans, "chain": chain, "sources": tuple(values["sources"])})


def _hop(values: Json) -> Hop:
    spans = {key: _span(values[key]) for key in ("cue", "mention", "anonymity")}
    return Hop(**{**values, **spans, "beside": tuple(Beside(**each) for each in values["beside"])})


def _span(values: Json | None) -> Span | None:
    return Span(**values) if values else None


def _tree(values: Json) -> Tree:
    return Tree(**{**values, "children": _nodes(values["children"])})


def _nodes(values: Sequence[Json]) -> tuple[Node, ...]:
    return tuple(Node(**{**each, "children": _nodes(each["children"])}) for each in values)
